//! A storm: many clients create and delete while the service is killed at random moments. What was told is true,
//! whatever came in between.

use std::{
    collections::{HashMap, HashSet},
    fs,
    io::{ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use fastrand::Rng;
use rusqlite::Connection;
use rustix::process::Signal;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::{Answer, Service, TOKEN, WATCHDOG, path_of, post, request};

pub const CONNECTIONS: usize = 64;
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
    /// The descriptions of creates that were answered with an error: no key was made.
    refused: Mutex<HashSet<String>>,
    refused_deletes: AtomicUsize,
    /// By the key's id: the digest of its secret, and what became of it.
    keys: Mutex<HashMap<String, (String, Known)>>,
    calls: AtomicUsize,
    broken_creates: AtomicUsize,
    broken_deletes: AtomicUsize,
}

/// Where a storm is, and what else there comes and goes.
pub trait Place {
    fn folder(&self) -> Arc<TempDir>;

    /// Starts the service on what is there.
    fn start(&self) -> Service;

    /// What happens between two kills, beside the calls.
    fn change(&self) {}

    /// Ends what was changed.
    fn calm(&self) {}

    /// Whether it is in a state in which calls are refused.
    fn refuses(&self) -> bool {
        false
    }

    /// Whether it ever was.
    fn has_refused(&self) -> bool {
        false
    }
}

/// Lets `calls` go by and kills the service once in so many of them; then each key that is there can be revoked, once.
pub fn rage(name: &str, place: &impl Place, calls: usize, seed: u64) {
    println!("KILLS_CALLS={calls} KILLS_SEED={seed} for {name}");
    let mut random = Rng::with_seed(seed);
    let first = place.start();
    let address = RwLock::new(first.address());
    let world = World::default();
    let mut kills = 0;
    let service = thread::scope(|scope| {
        let mut service = first;
        for worker in 0..CONNECTIONS {
            let (world, address) = (&world, &address);
            let random = Rng::with_seed(seed.wrapping_add(worker as u64));
            scope.spawn(move || work(world, address, calls, random));
        }
        while kills < calls / CALLS_A_KILL {
            let moment = kills * CALLS_A_KILL + random.usize(..CALLS_A_KILL);
            place.change();
            let (refused, refuses) = (world.refusals(), place.refuses());
            wait_until(|| world.made() >= moment);
            if refuses {
                wait_until(|| world.refusals() > refused || world.made() >= calls);
            }
            thread::sleep(Duration::from_micros(random.u64(..20_000)));
            service.signal(Signal::KILL);
            service.wait();
            kills += 1;
            check(place.folder().path(), &world);
            service = place.start();
            *address.write().unwrap() = service.address();
        }
        place.calm();
        service
    });
    check(place.folder().path(), &world);
    let told = sum(&world);
    assert_eq!(world.refusals() > 0, place.has_refused(), "{told}");
    println!("figure: {name}: {calls} calls over {CONNECTIONS} connections, {kills} kills, {told}");

    // Back to normal: each key that is there can be revoked, once.
    let left: Vec<_> = world.ids(Known::Stored).into_iter().take(100).collect();
    assert!(!left.is_empty());
    for id in left {
        assert_eq!(service.delete(&id).text(), "null");
        service.delete(&id).assert_failure(404);
    }
    assert!(service.stop().0.success());
}

/// Says what came of the calls; a storm without each kind of it has shown nothing.
fn sum(world: &World) -> String {
    let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    let files = world.keys.lock().unwrap().len();
    let deleted = world.ids(Known::Deleted).len();
    let refused = world.refusals();
    assert!(deleted > 0);
    format!(
        "{files} files arrived whole, {deleted} keys were deleted, {} creates and {} deletes broke off, {refused} and {} \
         were refused",
        count(&world.broken_creates),
        count(&world.broken_deletes),
        count(&world.refused_deletes),
    )
}

impl World {
    /// How many calls were begun.
    fn made(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    fn refusals(&self) -> usize {
        self.refused.lock().unwrap().len()
    }

    fn ids(&self, known: Known) -> Vec<String> {
        let keys = self.keys.lock().unwrap();
        let of_these = keys.iter().filter(|(_, key)| key.1 == known);
        of_these.map(|(id, _)| id.clone()).collect()
    }
}

fn wait_until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < WATCHDOG * 5, "the clients are stuck");
        thread::sleep(Duration::from_millis(1));
    }
}

/// One client: two creates for each delete, until all calls are made.
fn work(world: &World, address: &RwLock<SocketAddr>, calls: usize, mut random: Rng) {
    let mut mine: Vec<String> = Vec::new();
    loop {
        let call = world.calls.fetch_add(1, Ordering::Relaxed);
        if call >= calls {
            return;
        }
        if mine.is_empty() || random.u8(..3) > 0 {
            // Every call has a description of its own: so a key that was made twice is found.
            let description = format!("call {call}");
            let body = format!("{{\"description\":\"{description}\"}}");
            match exchange(address, &post(body)) {
                Some(answer) if answer.status == 500 => {
                    answer.assert_failure(500);
                    world.refused.lock().unwrap().insert(description);
                }
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
                Some(answer) if answer.status == 500 => {
                    answer.assert_failure(500);
                    world.refused_deletes.fetch_add(1, Ordering::Relaxed);
                    learn(Known::Stored);
                    mine.push(id);
                }
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
    // However it ends, what has come counts; but a service that neither answers nor ends is held up.
    let _ = stream.write_all(request);
    if let Err(error) = stream.read_to_end(&mut bytes) {
        let is_held_up = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
        assert!(!is_held_up, "no answer, and no end");
    }
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

    for description in world.refused.lock().unwrap().iter() {
        assert_eq!(calls.get(description), None, "made and refused");
    }
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

/// Whether the check finds fault with what is said of two keys that are there, or with what is there.
fn is_seen(change: impl FnOnce(&mut World, &Connection)) -> bool {
    is_seen_with(2, change)
}

/// The same of so many keys.
fn is_seen_with(count: usize, change: impl FnOnce(&mut World, &Connection)) -> bool {
    let service = Service::start();
    service.fill(i64::try_from(count).unwrap());
    let mut world = World::default();
    for key in 0..count {
        tell_of(&mut world, key, &digest_of(key), Known::Stored);
    }
    check(service.folder().path(), &world);
    change(&mut world, &service.database());
    catch_unwind(AssertUnwindSafe(|| check(service.folder().path(), &world))).is_err()
}

/// As the tests fill a database.
fn digest_of(key: usize) -> String {
    format!("{key:064}")
}

fn tell_of(world: &mut World, key: usize, digest: &str, known: Known) {
    let keys = world.keys.get_mut().unwrap();
    keys.insert(format!("{key:036}"), (digest.to_owned(), known));
}

#[test]
fn a_storm_sees_what_is_lost_back_twice_or_of_nobody() {
    let (zero, other) = (&digest_of(0), "another");
    let run = |database: &Connection, sql: &str| database.execute_batch(sql).unwrap();
    let delete = "DELETE FROM credentials WHERE description = '1'";
    let double = "UPDATE credentials SET description = '0'";

    assert!(!is_seen(|_, _| ()));
    assert!(!is_seen(|world, _| tell_of(world, 0, other, Known::Either)));
    assert!(is_seen(|world, _| tell_of(world, 0, other, Known::Stored)));
    assert!(is_seen(|world, _| tell_of(world, 0, zero, Known::Deleted)));
    assert!(is_seen(|world, _| tell_of(world, 2, zero, Known::Stored)));
    assert!(is_seen(|world, _| {
        world.refused.get_mut().unwrap().insert("0".to_owned());
    }));
    assert!(is_seen(|_, database| run(database, delete)));
    assert!(is_seen(|_, database| run(database, double)));
    // Each connection may have one create of which it does not know yet.
    for (orphans, seen) in [(CONNECTIONS, false), (CONNECTIONS + 1, true)] {
        let is_seen = is_seen_with(orphans, |world, _| world.keys.get_mut().unwrap().clear());
        assert_eq!(is_seen, seen, "{orphans} orphans");
    }
}
