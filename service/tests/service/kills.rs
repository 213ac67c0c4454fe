//! Killed at random moments under load: what was told is true, whatever came in between.
//!
//! `KILLS_CALLS` is the number of creates and deletes, `KILLS_SEED` the seed of the moments; the
//! service is killed once in 200 calls.

use std::{
    collections::HashMap,
    env, fs,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    path::Path,
    sync::{
        Mutex, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use rustix::process::Signal;
use sha2::{Digest, Sha256};

use crate::support::{Answer, Service, TOKEN, WATCHDOG, path_of, post, request};

const CONNECTIONS: usize = 64;
const CALLS_A_KILL: usize = 200;

/// What a client knows of a key whose file it has.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known {
    Stored,
    /// A delete is under way, or broke off.
    Either,
    Deleted,
}

/// What all clients know.
#[derive(Default)]
struct World {
    /// By the key's id: the digest of its secret, and what became of it.
    keys: Mutex<HashMap<String, (String, Known)>>,
    calls: AtomicUsize,
    broken_creates: AtomicUsize,
    broken_deletes: AtomicUsize,
}

#[test]
fn what_was_told_outlives_kills_at_any_moment() {
    let calls = variable("KILLS_CALLS").unwrap_or(1_000);
    let seed = variable("KILLS_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("KILLS_CALLS={calls} KILLS_SEED={seed}");
    let calls = usize::try_from(calls).unwrap();
    let mut random = fastrand::Rng::with_seed(seed);

    let first = Service::start();
    let address = RwLock::new(first.address());
    let world = World::default();
    let mut kills = 0;
    let service = thread::scope(|scope| {
        let mut service = first;
        for worker in 0..CONNECTIONS {
            let (world, address) = (&world, &address);
            let random = fastrand::Rng::with_seed(seed.wrapping_add(worker as u64));
            scope.spawn(move || work(world, address, calls, random));
        }
        while kills < calls / CALLS_A_KILL {
            let moment = kills * CALLS_A_KILL + random.usize(..CALLS_A_KILL);
            wait_for_calls(&world, moment);
            thread::sleep(Duration::from_micros(random.u64(..20_000)));
            let folder = service.folder();
            service.signal(Signal::KILL);
            service.wait();
            kills += 1;
            check(folder.path(), &world);
            service = Service::again(folder, &[]);
            *address.write().unwrap() = service.address();
        }
        service
    });
    check(service.folder().path(), &world);
    let World {
        keys,
        broken_creates,
        broken_deletes,
        ..
    } = world;
    let keys = keys.into_inner().unwrap();
    let ids = |known| {
        keys.iter()
            .filter(move |(_, key)| key.1 == known)
            .map(|(id, _)| id)
    };
    println!(
        "figure: {calls} calls over {CONNECTIONS} connections, {kills} kills: {} files arrived whole, {} keys were deleted, \
         {} creates and {} deletes broke off",
        keys.len(),
        ids(Known::Deleted).count(),
        broken_creates.into_inner(),
        broken_deletes.into_inner(),
    );
    assert!(ids(Known::Deleted).count() > 0);

    // Back to normal: each key that is there can be revoked, once.
    let left: Vec<_> = ids(Known::Stored).take(100).collect();
    assert!(!left.is_empty());
    for id in left {
        assert_eq!(service.delete(id).text(), "null");
        service.delete(id).assert_failure(404);
    }
}

fn variable(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
    )
}

fn wait_for_calls(world: &World, count: usize) {
    let begun = Instant::now();
    while world.calls.load(Ordering::Relaxed) < count {
        assert!(begun.elapsed() < WATCHDOG * 5, "the clients are stuck");
        thread::sleep(Duration::from_millis(1));
    }
}

/// One client: two creates for each delete, until all calls are made.
fn work(world: &World, address: &RwLock<SocketAddr>, calls: usize, mut random: fastrand::Rng) {
    let mut mine: Vec<String> = Vec::new();
    loop {
        let call = world.calls.fetch_add(1, Ordering::Relaxed);
        if call >= calls {
            return;
        }
        if mine.is_empty() || random.u8(..3) > 0 {
            // Every call has a description of its own: so a key that was made twice is found.
            let body = format!("{{\"description\":\"call {call}\"}}");
            match exchange(address, &post(body)) {
                Some(answer) => {
                    let key = answer.key();
                    let known = (digest(&key.secret), Known::Stored);
                    world.keys.lock().unwrap().insert(key.id.clone(), known);
                    mine.push(key.id);
                }
                None => drop(world.broken_creates.fetch_add(1, Ordering::Relaxed)),
            }
        } else {
            let id = mine.swap_remove(random.usize(..mine.len()));
            let learn = |known| world.keys.lock().unwrap().get_mut(&id).unwrap().1 = known;
            learn(Known::Either);
            let headers = [("X-Auth-Token", TOKEN)];
            match exchange(address, &request("DELETE", &path_of(&id), &headers, "")) {
                Some(answer) => {
                    assert_eq!((answer.status, answer.text()), (200, "null"));
                    learn(Known::Deleted);
                }
                None => drop(world.broken_deletes.fetch_add(1, Ordering::Relaxed)),
            }
        }
    }
}

/// Sends a request once, as soon as the service can be reached, and gives the answer if all of
/// it arrived.
fn exchange(address: &RwLock<SocketAddr>, request: &[u8]) -> Option<Answer> {
    let begun = Instant::now();
    let mut stream = loop {
        let address = *address.read().unwrap();
        match TcpStream::connect(address) {
            Ok(stream) => break stream,
            Err(_) => thread::sleep(Duration::from_millis(2)),
        }
        assert!(begun.elapsed() < WATCHDOG, "the service cannot be reached");
    };
    stream.set_read_timeout(Some(WATCHDOG)).unwrap();
    let mut bytes = Vec::new();
    // However it ends, what has come counts.
    let _ = stream.write_all(request);
    let _ = stream.read_to_end(&mut bytes);
    let _ = stream.shutdown(Shutdown::Both);
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let answer = Answer::unchecked(&bytes);
    let length: usize = answer.header("content-length")?.parse().unwrap();
    (bytes.len() == head + 4 + length).then_some(answer)
}

/// Looks into a copy of the files, so that the service itself finds them as the kill left them.
fn check(folder: &Path, world: &World) {
    let copy = tempfile::tempdir().unwrap();
    for name in ["keys.sqlite", "keys.sqlite-wal"] {
        // A kill at the start can leave no log.
        if folder.join(name).exists() {
            fs::copy(folder.join(name), copy.path().join(name)).unwrap();
        }
    }
    let database = Connection::open(copy.path().join("keys.sqlite")).unwrap();
    let verdict: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");

    let rows: Vec<(String, String, String)> = database
        .prepare("SELECT id, sha256, description FROM credentials")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let stored: HashMap<_, _> = rows.iter().map(|row| (&row.0, &row.1)).collect();
    let calls: HashMap<_, _> = rows.iter().map(|row| (&row.2, &row.0)).collect();
    assert_eq!((stored.len(), calls.len()), (rows.len(), rows.len()));

    let keys = world.keys.lock().unwrap();
    for (id, (digest, known)) in keys.iter() {
        match known {
            Known::Stored => assert_eq!(stored.get(id), Some(&digest), "lost: {id}"),
            Known::Deleted => assert_eq!(stored.get(id), None, "back again: {id}"),
            Known::Either => {}
        }
    }
    // What nobody has a file of is of a create that broke off, and of one such create only.
    let unknown = rows.iter().filter(|row| !keys.contains_key(&row.0)).count();
    let in_doubt = world.broken_creates.load(Ordering::Relaxed) + CONNECTIONS;
    assert!(unknown <= in_doubt, "{unknown} keys of nobody");
}

fn digest(secret: &str) -> String {
    let digest = Sha256::digest(secret);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
