//! When the database fails: a clear error, no key lost, and back to normal after.

use std::{collections::HashSet, fs, process::Command, sync::Arc, thread};

use rustix::process::{Resource, Rlimit, getrlimit, prlimit};

use crate::support::{CALLER, Service, binary, refusal};

#[test]
fn a_lost_table_is_500_and_not_the_end() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    let database = service.database();
    database
        .execute_batch("ALTER TABLE credentials RENAME TO away")
        .unwrap();
    service.create("{}").assert_failure(500);
    service.delete(&id).assert_failure(500);
    database
        .execute_batch("ALTER TABLE away RENAME TO credentials")
        .unwrap();
    assert_eq!(service.create("{}").status, 200);
    assert_eq!(service.delete(&id).text(), "null");
    let (status, log) = service.stop();
    assert!(status.success());
    assert!(
        log.contains("no key was made") && log.contains("no key was deleted"),
        "{log}"
    );
}

#[test]
fn a_locked_database_is_500_until_it_is_free() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    let database = service.database();
    database.execute_batch("BEGIN EXCLUSIVE").unwrap();
    service.create("{}").assert_failure(500);
    service.delete(&id).assert_failure(500);
    database.execute_batch("ROLLBACK").unwrap();
    assert_eq!(service.create("{}").status, 200);
    assert_eq!(service.delete(&id).text(), "null");
    assert_eq!(service.count(), 1);
}

#[test]
fn a_short_lock_is_waited_for() {
    let service = Service::start();
    let database = service.database();
    database.execute_batch("BEGIN EXCLUSIVE").unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| service.create("{}").status);
        std::thread::sleep(std::time::Duration::from_millis(200));
        database.execute_batch("ROLLBACK").unwrap();
        assert_eq!(waiting.join().unwrap(), 200);
    });
}

#[test]
fn a_refused_write_leaves_nothing() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    service
        .database()
        .execute_batch(
            "CREATE TRIGGER a BEFORE INSERT ON credentials BEGIN SELECT RAISE(ABORT, 'no'); END;
             CREATE TRIGGER b BEFORE DELETE ON credentials BEGIN SELECT RAISE(ABORT, 'no'); END;",
        )
        .unwrap();
    service.create("{}").assert_failure(500);
    service.delete(&id).assert_failure(500);
    assert_eq!(service.count(), 1);
}

#[test]
fn bad_requests_are_told_apart_while_the_database_fails() {
    let service = Service::start();
    service
        .database()
        .execute_batch("DROP TABLE credentials")
        .unwrap();
    service.create("x").assert_failure(400);
    service.delete("short").assert_failure(400);
    service
        .raw(crate::support::request(
            "POST",
            &crate::support::path(),
            &[],
            "{}",
        ))
        .assert_failure(401);
}

/// A service that can be given a full disk: a limit on the size of files stands for it, and each
/// write beyond it fails.
fn on_a_small_disk() -> Service {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut command = Command::new("sh");
    // The signal that the limit sends would end the process before SQLite sees the error.
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(binary().get_program())
        .args(CALLER);
    Service::spawn(folder, command)
}

fn set_disk(service: &Service, size: Option<u64>) {
    let limit = Rlimit {
        current: size,
        ..getrlimit(Resource::Fsize)
    };
    prlimit(Some(service.pid()), Resource::Fsize, limit).unwrap();
}

const SMALL: Option<u64> = Some(64 * 1024);

#[test]
fn a_full_disk_is_500_until_there_is_room() {
    let service = on_a_small_disk();
    set_disk(&service, SMALL);
    let mut made = Vec::new();
    let refused = (0..100)
        .find_map(|_| {
            let answer = service.create("{}");
            if answer.status == 200 {
                made.push(answer.key().id);
                None
            } else {
                Some(answer)
            }
        })
        .expect("the disk was never full");
    refused.assert_failure(500);
    assert!(!made.is_empty());
    set_disk(&service, None);
    made.push(service.create("{}").key().id);
    assert_eq!(service.count(), i64::try_from(made.len()).unwrap());
    for id in &made {
        assert_eq!(service.delete(id).text(), "null");
    }
}

#[test]
fn many_clients_on_a_full_disk_are_each_told_what_is_true() {
    let service = on_a_small_disk();
    let mut made = HashSet::new();
    let mut refused = 0;
    for size in [SMALL, None, SMALL, Some(128 * 1024), None] {
        set_disk(&service, size);
        let answers: Vec<_> = thread::scope(|scope| {
            let workers: Vec<_> = (0..64)
                .map(|_| scope.spawn(|| service.create("{}")))
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap())
                .collect()
        });
        for answer in answers {
            if answer.status == 200 {
                assert!(made.insert(answer.key().id));
            } else {
                answer.assert_failure(500);
                assert!(size.is_some(), "refused although there is room");
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "the disk was never full");
    let verdict: String = service
        .database()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(verdict, "ok");
    assert_eq!(service.stored(), made);
    let (_, log) = service.stop();
    assert!(log.contains("no key was made"), "{log}");
}

/// Starts on a file that is there already, and gives what the service says.
fn start_on(prepare: impl FnOnce(&std::path::Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.sqlite");
    prepare(&file);
    let said = refusal(&mut binary(), "127.0.0.1:0", &file);
    assert!(said.contains(&*file.to_string_lossy()), "{said}");
    said
}

#[test]
fn a_file_that_is_no_database_of_ours_is_refused_untouched() {
    let said = start_on(|file| {
        fs::write(
            file,
            "not a database, but long enough to be taken for one? ".repeat(40),
        )
        .unwrap()
    });
    assert!(said.contains("file is not a database"), "{said}");
    let said = start_on(|file| fs::create_dir(file).unwrap());
    assert!(said.contains("unable to open database file"), "{said}");
    let said = start_on(|file| {
        rusqlite::Connection::open(file)
            .unwrap()
            .execute_batch("CREATE TABLE other (a)")
            .unwrap();
    });
    assert!(said.contains("holds something else"), "{said}");
    let said = start_on(|file| {
        let database = rusqlite::Connection::open(file).unwrap();
        database
            .execute_batch("CREATE TABLE credentials (a); PRAGMA user_version = 2")
            .unwrap();
    });
    assert!(said.contains("another version"), "{said}");
}

#[test]
fn a_file_that_another_process_has_locked_is_refused() {
    let mut holder = None;
    let said = start_on(|file| {
        let database = rusqlite::Connection::open(file).unwrap();
        database.execute_batch("BEGIN EXCLUSIVE").unwrap();
        holder = Some(database);
    });
    assert!(said.contains("database is locked"), "{said}");
    drop(holder);
}
