//! Clients that are slow, silent or many.

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Resource, Rlimit, getrlimit, prlimit};

use crate::support::{Answer, Service, WATCHDOG, post, post_head, request};

/// A patience short enough to be used up; nothing is measured.
const IMPATIENT: [&str; 2] = ["--client-timeout", "1000"];

fn is_closed_without_answer(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    // A reset ends a connection as well as an orderly end.
    let _ = stream.read_to_end(&mut rest);
    assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
}

#[test]
fn a_head_that_does_not_arrive_ends_the_connection() {
    let service = Service::with(&IMPATIENT);
    let mut silent = service.connect();
    let mut half = service.connect();
    half.write_all(b"POST / HTTP/1.1\r\nHost: a\r\n").unwrap();
    is_closed_without_answer(&mut silent);
    is_closed_without_answer(&mut half);
    assert_eq!(service.create("{}").status, 200);
}

#[test]
fn a_body_that_does_not_arrive_is_400() {
    let service = Service::with(&IMPATIENT);
    for sent in ["", "{", "{}"] {
        let mut stream = service.connect();
        stream.write_all(post_head(3).as_bytes()).unwrap();
        stream.write_all(sent.as_bytes()).unwrap();
        Answer::read(&mut stream).assert_failure(400);
    }
    assert_eq!(service.count(), 0);
}

#[test]
fn a_body_that_drips_is_400() {
    let service = Service::with(&IMPATIENT);
    let mut stream = service.connect();
    stream.write_all(post_head(60_000).as_bytes()).unwrap();
    let mut dripping = stream.try_clone().unwrap();
    let drip = thread::spawn(move || {
        while dripping.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    Answer::parse(&bytes).assert_failure(400);
    stream.shutdown(Shutdown::Both).unwrap();
    drip.join().unwrap();
}

#[test]
fn a_request_in_small_pieces_is_read() {
    let service = Service::start();
    let mut stream = service.connect();
    stream.set_nodelay(true).unwrap();
    for piece in post("{\"description\":\"piecemeal\"}").chunks(3) {
        stream.write_all(piece).unwrap();
    }
    assert_eq!(Answer::read(&mut stream).key().description, "piecemeal");
}

#[test]
fn a_client_that_has_closed_its_side_is_answered() {
    let service = Service::start();
    let mut stream = service.connect();
    stream.write_all(&post("{}")).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    Answer::read(&mut stream).key();
}

#[test]
fn the_service_waits_for_a_client_that_asks_whether_to_go_on() {
    let service = Service::start();
    let mut stream = service.connect();
    let head = post_head(2).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"{}").unwrap();
    Answer::read(&mut stream).key();
}

#[test]
fn a_stranger_that_asks_whether_to_go_on_is_told_no() {
    let service = Service::start();
    let head = post_head(2)
        .replace("X-Auth-Token", "X-Other")
        .replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    service.raw(head).assert_failure(401);
}

#[test]
fn silent_clients_do_not_keep_others_out() {
    // Whoever were to wait for their end would wait too long.
    let service = Service::with(&["--client-timeout", "3600000"]);
    let silent: Vec<_> = (0..400).map(|_| service.connect()).collect();
    assert_eq!(service.create("{}").status, 200);
    drop(silent);
    assert_eq!(service.create("{}").status, 200);
}

#[test]
fn clients_that_vanish_leave_the_service_well() {
    let service = Service::start();
    for length in [0, 1, 20, 60, 150] {
        for _ in 0..20 {
            let request = post("{}");
            let mut stream = service.connect();
            stream
                .write_all(&request[..length.min(request.len())])
                .unwrap();
        }
    }
    for _ in 0..20 {
        let mut stream = service.connect();
        stream.write_all(&post("{}")).unwrap();
    }
    assert_eq!(service.create("{}").status, 200);
}

/// How many sockets the service holds.
fn sockets(service: &Service) -> usize {
    let folder = format!("/proc/{}/fd", service.pid().as_raw_nonzero());
    fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.unwrap().path()).ok())
        .filter(|target| target.to_string_lossy().starts_with("socket:"))
        .count()
}

fn wait_for_sockets(service: &Service, count: usize) {
    let begun = Instant::now();
    while sockets(service) != count {
        assert!(
            begun.elapsed() < WATCHDOG,
            "{} sockets, not {count}",
            sockets(service)
        );
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_client_that_does_not_read_is_let_go() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("www")).unwrap();
    fs::write(site.path().join("www/large"), vec![b'x'; 50_000_000]).unwrap();
    let folder = site.path().to_str().unwrap();
    let service = Service::with(&["--www", folder, "--client-timeout", "500"]);
    let before = sockets(&service);
    let mut stream = service.connect();
    stream
        .write_all(&request("GET", "/www/large", &[], ""))
        .unwrap();
    wait_for_sockets(&service, before + 1);
    wait_for_sockets(&service, before);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    assert!(bytes.len() < 50_000_000, "it was sent whole");
}

#[test]
fn a_client_that_does_not_close_is_let_go() {
    let service = Service::with(&IMPATIENT);
    let before = sockets(&service);
    let mut stream = service.connect();
    stream.write_all(&post("{}")).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    Answer::parse(&bytes).key();
    wait_for_sockets(&service, before);
}

#[test]
fn a_lack_of_sockets_passes() {
    let service = Service::start();
    let few = Rlimit {
        current: Some(30),
        ..getrlimit(Resource::Nofile)
    };
    prlimit(Some(service.pid()), Resource::Nofile, few).unwrap();
    let crowd: Vec<_> = (0..60).map(|_| service.connect()).collect();
    service.wait_for_log("no connection could be accepted");
    drop(crowd);
    assert_eq!(service.create("{}").status, 200);
    assert!(service.stop().0.success());
}
