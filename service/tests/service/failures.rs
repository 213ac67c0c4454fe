//! When the database fails: a clear error, no key lost, and back to normal after.

use std::{fs, process::Command, sync::Arc};

use rustix::process::{Resource, Rlimit, getrlimit, prlimit};

use crate::support::{PROJECT, Service, TOKEN, binary};

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

/// A limit on the size of files stands for a full disk: each write beyond it fails.
#[test]
fn a_full_disk_is_500_until_there_is_room() {
    const LIMIT: u64 = 64 * 1024;
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut command = Command::new("sh");
    // The signal that the limit sends would end the process before SQLite sees the error.
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(binary().get_program())
        .args(["--token", TOKEN, "--project-id", PROJECT]);
    let service = Service::spawn(folder, command);
    let unlimited = prlimit(
        Some(service.pid()),
        Resource::Fsize,
        Rlimit {
            current: Some(LIMIT),
            ..getrlimit(Resource::Fsize)
        },
    )
    .unwrap();
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
    prlimit(Some(service.pid()), Resource::Fsize, unlimited).unwrap();
    made.push(service.create("{}").key().id);
    assert_eq!(service.count(), i64::try_from(made.len()).unwrap());
    for id in &made {
        assert_eq!(service.delete(id).text(), "null");
    }
}

/// Starts on a file that is there already, and gives what the service says.
fn start_on(prepare: impl FnOnce(&std::path::Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.sqlite");
    prepare(&file);
    let output = binary()
        .args([
            "--token",
            TOKEN,
            "--project-id",
            PROJECT,
            "--listen",
            "127.0.0.1:0",
            "--data",
        ])
        .arg(&file)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
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
