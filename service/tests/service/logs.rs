//! The log: whatever becomes of it, each call is answered and the service ends when asked to.

use std::{
    collections::HashSet,
    fs::OpenOptions,
    io::{Read, pipe},
    process::{Command, Stdio},
    sync::Arc,
    thread,
};

use crate::support::{CALLER, Service, TOKEN, binary, path, post, request};

const CLIENTS: usize = 16;
const CREATES_EACH: usize = 128;

/// Creates by many clients at once, more than any pipe has room for in lines of a log.
fn crowd(service: &Service) -> HashSet<String> {
    let create = || service.create("{}").key().id;
    let work = || (0..CREATES_EACH).map(|_| create()).collect::<Vec<_>>();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(work)).collect();
        clients
            .into_iter()
            .flat_map(|client| client.join().unwrap())
            .collect()
    })
}

/// Runs the service and a relay to another one, each with such a log.
fn in_both_modes(log: impl Fn() -> Stdio) {
    let mut own = binary();
    own.args(CALLER);
    let folder = Arc::new(tempfile::tempdir().unwrap());
    own.arg("--data").arg(folder.path().join("keys.sqlite"));
    let service = Service::logging(folder, own, log());
    let made = crowd(&service);
    assert_eq!(made.len(), CLIENTS * CREATES_EACH);
    assert_eq!(service.stored(), made);
    assert!(service.stop().0.success());

    let second = Service::start();
    let mut relay = binary();
    relay.args(["--upstream", &format!("http://{}", second.address())]);
    let relay = Service::logging(Arc::new(tempfile::tempdir().unwrap()), relay, log());
    let made = crowd(&relay);
    assert_eq!(second.stored(), made);
    assert!(relay.stop().0.success());
}

#[test]
fn a_log_that_nobody_reads_holds_no_call_and_no_end() {
    let (reader, writer) = pipe().unwrap();
    in_both_modes(|| writer.try_clone().unwrap().into());
    drop(reader);
}

#[test]
fn a_log_that_is_closed_costs_no_answer() {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    in_both_modes(|| writer.try_clone().unwrap().into());
}

#[test]
fn a_log_on_a_full_disk_costs_no_answer() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    in_both_modes(|| full.try_clone().unwrap().into());
}

#[test]
fn lines_that_were_lost_are_counted_once_there_is_a_way_again() {
    let (mut reader, writer) = pipe().unwrap();
    let mut command = binary();
    let folder = Arc::new(tempfile::tempdir().unwrap());
    command.args(CALLER).arg("--data");
    command.arg(folder.path().join("keys.sqlite"));
    let service = Service::logging(folder, command, writer.into());
    crowd(&service);
    let read = thread::spawn(move || {
        let mut log = String::new();
        reader.read_to_string(&mut log).unwrap();
        log
    });
    assert!(service.stop().0.success());
    let log = read.join().unwrap();
    let lost: usize = log
        .lines()
        .filter_map(|line| line.strip_suffix(" lines of the log were lost"))
        .map(|line| line.rsplit_once(' ').unwrap().1.parse::<usize>().unwrap())
        .sum();
    let written = log.matches("answered").count() + log.matches("made a key").count();
    assert!(lost > 0, "{log}");
    // Each create has two lines, and the end one.
    let all = 2 * CLIENTS * CREATES_EACH + 1;
    assert_eq!(written + lost + log.matches("draining").count(), all);
}

fn log_of(prepare: impl FnOnce(&mut Command)) -> String {
    let mut command = binary();
    command.args(CALLER);
    prepare(&mut command);
    let service = Service::spawn(Arc::new(tempfile::tempdir().unwrap()), command);
    service.create("{}").key();
    service
        .database()
        .execute_batch("DROP TABLE credentials")
        .unwrap();
    service.create("{}").assert_failure(500);
    service.stop().1
}

#[test]
fn quiet_and_the_variable_choose_what_is_logged() {
    let usual = log_of(|_| ());
    assert!(usual.contains("answered") && usual.contains("no key was made"));
    let quiet = log_of(|command| {
        command.arg("--quiet").env("RUST_LOG", "trace");
    });
    assert!(!quiet.contains("answered") && quiet.contains("no key was made"));
    let off = log_of(|command| {
        command.env("RUST_LOG", "off");
    });
    assert_eq!(off, "");
    for text in ["trace", "debug,hyper=trace"] {
        let all = log_of(|command| {
            command.env("RUST_LOG", text);
        });
        assert!(all.contains("answered") && !all.contains(TOKEN), "{all}");
    }
    let misread = log_of(|command| {
        command.env("RUST_LOG", "[a]=b=c");
    });
    assert!(misread.contains("RUST_LOG is not read") && misread.contains("answered"));
}

#[test]
fn a_method_of_60_kb_is_a_short_line() {
    let service = Service::start();
    let method = "M".repeat(60_000);
    let answer = service.raw(request(&method, &path(), &[], ""));
    answer.assert_gateway(405, "APIGW.0101");
    assert_eq!(service.raw(post("{}")).status, 200);
    let (_, log) = service.stop();
    let longest = log.lines().map(str::len).max().unwrap();
    assert!(longest < 1_000, "a line of {longest} bytes");
}
