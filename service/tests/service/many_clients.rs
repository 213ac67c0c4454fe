//! A thousand clients at a time, idle, slow or greedy: others are served, memory stays bounded,
//! and afterwards all is as before.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{
    front::{End, Front},
    relay::relay,
    support::{Answer, Service, TOKEN, path, post_head, request},
};

const MANY: usize = 1_000;

/// More connections than are let in at a time.
const TOO_MANY: usize = 1_100;

/// What the service may hold, in KiB: of 1,024 clients a head and a body each, twice over, and
/// more than ten times what it needs itself.
const MEMORY_MAX: u64 = 512 * 1024;

const IMPATIENT: [&str; 2] = ["--client-timeout", "3000"];

/// Nobody is let go while a test runs.
const PATIENT: [&str; 2] = ["--client-timeout", "3600000"];

/// Lets this process, and the services that it starts, have enough sockets.
fn service(patience: &[&str]) -> Service {
    have_enough_sockets();
    Service::with(patience)
}

fn have_enough_sockets() {
    let limit = getrlimit(Resource::Nofile);
    let needed = 4_096;
    assert!(
        limit.maximum.is_none_or(|most| most >= needed),
        "{needed} open files are needed: raise the hard limit, as with `ulimit -Hn {needed}`"
    );
    let current = limit.current.map(|current| current.max(needed));
    setrlimit(Resource::Nofile, Rlimit { current, ..limit }).unwrap();
}

/// The memory that the service holds, in KiB.
fn memory(service: &Service) -> u64 {
    let status = format!("/proc/{}/status", service.pid().as_raw_nonzero());
    let status = fs::read_to_string(status).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn assert_bounded(service: &Service) {
    let memory = memory(service);
    println!("{memory} KiB");
    assert!(memory < MEMORY_MAX, "{memory} KiB");
}

/// Connections with these bytes sent over each.
fn open(service: &Service, count: usize, sent: &[u8]) -> Vec<TcpStream> {
    let connect = |_| {
        let mut stream = service.connect();
        // Once the socket is full the service has stopped to read, which is its right.
        stream.set_nonblocking(true).unwrap();
        let _ = stream.write_all(sent);
        stream.set_nonblocking(false).unwrap();
        stream
    };
    (0..count).map(connect).collect()
}

fn assert_let_go(streams: Vec<TcpStream>) {
    for mut stream in streams {
        // A reset ends a connection as well as an orderly end.
        let _ = stream.read_to_end(&mut Vec::new());
    }
}

#[test]
fn a_thousand_open_connections_keep_nobody_out() {
    let service = service(&PATIENT);
    let silent = open(&service, MANY, b"");
    let id = service.create("{}").key().id;
    assert_eq!(service.delete(&id).text(), "null");
    assert_bounded(&service);
    drop(silent);
    assert_eq!(service.create("{}").status, 200);
    assert_eq!(service.count(), 1);
}

#[test]
fn beyond_the_most_connections_the_silent_ones_make_room() {
    let service = service(&PATIENT);
    let silent = open(&service, TOO_MANY, b"");
    let half = open(&service, TOO_MANY, b"POST / HTTP/1.1\r\n");
    // Nobody's patience ends while the test runs.
    service.create("{}").key();
    // What is under way is not what makes room.
    let mut waiting = service.connect();
    let head = post_head(2).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    waiting.write_all(head.as_bytes()).unwrap();
    waiting.read_exact(&mut [0; 25]).unwrap();
    let more = open(&service, TOO_MANY, b"");
    waiting.write_all(b"{}").unwrap();
    Answer::read(&mut waiting).key();
    assert_eq!(service.count(), 2);
    drop((silent, half, more));
}

#[test]
fn clients_that_are_answered_and_stay_make_room() {
    let service = service(&PATIENT);
    let staying = open(&service, TOO_MANY, &request("POST", &path(), &[], "{}"));
    // Nobody's patience ends while the test runs.
    service.create("{}").key();
    assert_eq!(service.count(), 1);
    drop(staying);
}

#[test]
fn creates_that_stay_half_way_make_room_at_a_relay() {
    have_enough_sockets();
    let last = Service::start();
    let service = relay(&Front::before(&last), &PATIENT);
    let half = open(&service, TOO_MANY, format!("{}{{", post_head(2)).as_bytes());
    // Nobody's patience ends while the test runs.
    service.create("{}").key();
    assert_eq!(last.count(), 1);
    drop(half);
}

#[test]
fn beyond_the_most_connections_clients_wait_their_turn() {
    let service = service(&IMPATIENT);
    let silent = open(&service, TOO_MANY, b"");
    service.create("{}").key();
    assert_bounded(&service);
    assert_let_go(silent);
    assert_eq!(service.create("{}").status, 200);
    assert_eq!(service.count(), 2);
}

#[test]
fn a_thousand_heads_that_drip_are_cut_off_and_forgotten() {
    let service = service(&IMPATIENT);
    for _ in 0..2 {
        let slow = open(&service, MANY, b"POST / HTTP/1.1\r\nHost: a\r\n");
        thread::scope(|scope| {
            let drip = scope.spawn(|| {
                let mut open: Vec<_> = slow.iter().collect();
                while !open.is_empty() {
                    open.retain_mut(|stream| stream.write_all(b"a: b\r\n").is_ok());
                }
            });
            assert_eq!(service.create("{}").status, 200);
            drip.join().unwrap();
        });
        assert_bounded(&service);
    }
    assert_eq!(service.create("{}").status, 200);
}

#[test]
fn a_thousand_large_heads_without_an_end_are_cut_off_and_forgotten() {
    let service = service(&IMPATIENT);
    let head = format!(
        "POST {} HTTP/1.1\r\nX-Auth-Token: {}",
        path(),
        "a".repeat(100_000)
    );
    for _ in 0..3 {
        let greedy = open(&service, MANY, head.as_bytes());
        assert_eq!(service.create("{}").status, 200);
        assert_bounded(&service);
        assert_let_go(greedy);
    }
    assert_bounded(&service);
    assert_eq!(service.count(), 3);
}

#[test]
fn a_thousand_large_bodies_without_an_end_are_400() {
    let service = service(&IMPATIENT);
    let request = format!("{}{}", post_head(60_001), " ".repeat(60_000));
    assert!(request.contains(TOKEN));
    for _ in 0..3 {
        let greedy = open(&service, MANY, request.as_bytes());
        service.create("{}").key();
        assert_bounded(&service);
        for mut stream in greedy {
            Answer::read(&mut stream).assert_failure(400);
        }
    }
    assert_bounded(&service);
    assert_eq!(service.count(), 3);
}

#[test]
fn a_relay_holds_little_for_clients_that_read_nothing() {
    let front = Front::start(|_, socket| {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 16000000\r\n\r\n");
        // The relay ends first.
        let _ = socket.write_all(&vec![b'x'; 16_000_000]);
        End::Cut
    });
    have_enough_sockets();
    let patience = ["--upstream-timeout", "3600000"];
    let service = relay(&front, &[PATIENT, patience].concat());
    let before = memory(&service);
    let list = request("GET", &path(), &[("X-Auth-Token", TOKEN)], "");
    let mut clients = open(&service, 100, &list);
    for client in &mut clients {
        client.read_exact(&mut [0]).unwrap();
    }
    let mut held = memory(&service);
    loop {
        // As much as the relay takes has come by the time when it takes no more.
        thread::sleep(Duration::from_secs(1));
        match memory(&service) {
            now if now == held => break,
            now => held = now,
        }
    }
    let each = (held - before) / 100;
    println!("{each} KiB a connection");
    assert!(each < 512, "{each} KiB a connection");
}
