//! Starting, draining, and coming back.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::support::{Answer, Service, WATCHDOG, post_head};

fn wait_until_refused(service: &Service) {
    let begun = Instant::now();
    while TcpStream::connect(service.address()).is_ok() {
        assert!(begun.elapsed() < WATCHDOG, "it still takes connections");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn three_signals_end_it_with_0() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let service = Service::start();
        assert_eq!(service.create("{}").status, 200);
        service.signal(signal);
        let (status, log) = service.wait();
        assert_eq!(status.code(), Some(0));
        assert!(log.contains("draining"), "{log}");
    }
}

#[test]
fn requests_under_way_are_finished() {
    let service = Service::start();
    let folder = service.folder();
    let mut stream = service.connect();
    let head = post_head(2).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    // The answer to `Expect` shows that the request is under way.
    stream.read_exact(&mut [0; 25]).unwrap();
    stream.write_all(b"{").unwrap();
    service.signal(Signal::TERM);
    wait_until_refused(&service);
    stream.write_all(b"}").unwrap();
    let key = Answer::read(&mut stream).key();
    let (status, _) = service.wait();
    assert_eq!(status.code(), Some(0));
    let service = Service::again(folder, &[]);
    assert_eq!(service.delete(&key.id).text(), "null");
}

#[test]
fn silent_connections_do_not_hold_it() {
    let service = Service::with(&["--client-timeout", "3600000"]);
    let mut silent = service.connect();
    assert_eq!(service.create("{}").status, 200);
    service.signal(Signal::TERM);
    let mut rest = Vec::new();
    silent.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty());
    drop(silent);
    assert_eq!(service.wait().0.code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    // Whoever were to wait for the stalled client would wait too long.
    let service = Service::with(&["--client-timeout", "3600000"]);
    let mut stalled = service.connect();
    let head = post_head(100).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    stalled.write_all(head.as_bytes()).unwrap();
    stalled.read_exact(&mut [0; 25]).unwrap();
    service.signal(Signal::INT);
    service.wait_for_log("draining");
    service.signal(Signal::INT);
    let (status, log) = service.wait();
    assert_eq!(status.code(), Some(1));
    assert!(log.contains("ended at the second request"), "{log}");
    assert!(!log.contains("gave up"), "{log}");
}

#[test]
fn a_client_that_waits_for_ever_does_not_hold_it_for_ever() {
    let service = Service::with(&["--client-timeout", "3600000"]);
    let mut stalled = service.connect();
    let head = post_head(100).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    stalled.write_all(head.as_bytes()).unwrap();
    stalled.read_exact(&mut [0; 25]).unwrap();
    let (status, log) = service.stop();
    assert_eq!(status.code(), Some(0));
    assert!(log.contains("gave up waiting for clients"), "{log}");
}

#[test]
fn stalled_clients_are_given_up() {
    let service = Service::with(&["--client-timeout", "1000"]);
    let mut stalled = service.connect();
    stalled.write_all(post_head(100).as_bytes()).unwrap();
    assert_eq!(service.create("{}").status, 200);
    let (status, _) = service.stop();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn keys_outlive_a_restart_and_a_kill() {
    let service = Service::start();
    let folder = service.folder();
    let first = service.create("{}").key();
    service.stop();
    let service = Service::again(folder.clone(), &[]);
    let second = service.create("{}").key();
    service.signal(Signal::KILL);
    service.wait();
    let service = Service::again(folder, &[]);
    assert_eq!(service.count(), 2);
    for key in [first, second] {
        assert_eq!(service.delete(&key.id).text(), "null");
    }
}

#[test]
fn the_database_is_in_wal_mode_and_tidy_after_the_end() {
    let service = Service::start();
    let mode: String = service
        .database()
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    assert_eq!(service.create("{}").status, 200);
    let folder = service.folder();
    service.stop();
    let files: Vec<_> = folder
        .path()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(files, ["keys.sqlite"]);
}
