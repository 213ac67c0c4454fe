//! A hundred thousand keys: lists cost what they show, and the file's log stays small.

use std::{fs, thread};

use crate::support::{Service, WATCHDOG};

const MANY: i64 = 100_000;

/// What the write-ahead log may hold while nobody but the service reads, in bytes.
const LOG_MAX: u64 = 16 * 1024 * 1024;

fn log_size(service: &Service) -> u64 {
    let file = format!("{}-wal", service.data().display());
    fs::metadata(file).unwrap().len()
}

#[test]
fn lists_of_many_at_once_are_all_answered() {
    let service = Service::start();
    service.fill(MANY);
    thread::scope(|scope| {
        for _ in 0..256 {
            scope.spawn(|| {
                let list = service.list("").json();
                assert_eq!(list["count"], MANY);
                assert_eq!(list["credentials"].as_array().unwrap().len(), 100);
                assert_eq!(
                    list["credentials"][99]["description"],
                    (MANY - 100).to_string()
                );
            });
        }
    });
}

#[test]
fn the_write_ahead_log_is_emptied() {
    let service = Service::start();
    service.fill(MANY);
    assert!(log_size(&service) > LOG_MAX);
    service.create("{}").key();
    // Done after the answer.
    let begun = std::time::Instant::now();
    while log_size(&service) > LOG_MAX {
        assert!(begun.elapsed() < WATCHDOG, "{} bytes", log_size(&service));
        thread::sleep(std::time::Duration::from_millis(5));
    }
    assert_eq!(service.count(), MANY + 1);
}

#[test]
fn the_write_ahead_log_is_emptied_once_a_long_reader_is_gone() {
    let service = Service::start();
    service.create("{}").key();
    let backup = service.database();
    backup.execute_batch("BEGIN").unwrap();
    let seen: i64 = backup
        .query_row("SELECT count(*) FROM credentials", [], |row| row.get(0))
        .unwrap();
    assert_eq!(seen, 1);
    service.fill(MANY);
    for _ in 0..20 {
        // Neither a create nor a list waits for it.
        service.create("{}").key();
        assert_eq!(service.list("?limit=1").status, 200);
    }
    assert!(log_size(&service) > LOG_MAX);
    backup.execute_batch("COMMIT").unwrap();
    let database = service.database();
    let grow = "UPDATE credentials SET description = description || 'x'";
    for _ in 0..2 {
        database.execute_batch(grow).unwrap();
        service.create("{}").key();
    }
    let begun = std::time::Instant::now();
    while log_size(&service) > LOG_MAX {
        assert!(begun.elapsed() < WATCHDOG, "{} bytes", log_size(&service));
        service.create("{}").key();
    }
}
