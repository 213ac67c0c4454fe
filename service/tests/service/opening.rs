//! Which files it takes: what is not its own is looked at and left as it is.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use rusqlite::Connection;

use crate::support::{CALLER, PROJECT, Service, binary, refusal};

/// The layout of the first version, which did not say whose it is.
const FIRST: &str = "
CREATE TABLE credentials (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    project_id  TEXT NOT NULL,
    description TEXT,
    sha256      TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    create_time INTEGER NOT NULL
) STRICT;
PRAGMA user_version = 1;
";

/// Every file of a folder, byte for byte.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    folder
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|file| {
            let bytes = fs::read(&file).unwrap();
            (file, bytes)
        })
        .collect()
}

/// Makes a file.
type Make<'a> = &'a dyn Fn(&Path);

#[test]
fn a_foreign_file_is_refused_untouched() {
    let sql = |text: &'static str| {
        move |file: &Path| Connection::open(file).unwrap().execute_batch(text).unwrap()
    };
    let garbage =
        |file: &Path| fs::write(file, "no database, but a long text. ".repeat(99)).unwrap();
    let short = |file: &Path| fs::write(file, "short").unwrap();
    let kinds: [(Make, &str); 8] = [
        (&garbage, "file is not a database"),
        (&short, "file is not a database"),
        (&sql("CREATE TABLE other (a)"), "holds something else"),
        // By chance the version fits.
        (
            &sql("CREATE TABLE other (a); PRAGMA user_version = 1"),
            "holds something else",
        ),
        (
            &sql("CREATE TABLE credentials (id, password); PRAGMA user_version = 1"),
            "holds something else",
        ),
        (
            &sql("CREATE TABLE other (a); PRAGMA user_version = 2"),
            "holds something else",
        ),
        (
            &sql("CREATE TABLE other (a); PRAGMA application_id = 7; PRAGMA user_version = 1"),
            "holds something else",
        ),
        (
            &sql("CREATE TABLE other (a); PRAGMA journal_mode = WAL"),
            "holds something else",
        ),
    ];
    for (make, why) in kinds {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.sqlite");
        make(&file);
        let before = contents(folder.path());
        let said = refusal(&mut binary(), "127.0.0.1:0", &file);
        assert!(said.contains(why), "{said}");
        assert!(contents(folder.path()) == before, "{said}");
    }
}

#[test]
fn a_database_of_a_later_version_is_refused_untouched() {
    let service = Service::start();
    let folder = service.folder();
    service.stop();
    let file = folder.path().join("keys.sqlite");
    let database = Connection::open(&file).unwrap();
    database.execute_batch("PRAGMA user_version = 3").unwrap();
    database.close().unwrap();
    let before = contents(folder.path());
    let said = refusal(&mut binary(), "127.0.0.1:0", &file);
    assert!(said.contains("another version"), "{said}");
    assert!(contents(folder.path()) == before);
}

#[test]
fn what_is_no_path_of_a_file_is_refused() {
    for name in [
        ":memory:",
        "file:keys.sqlite",
        "file:keys.sqlite?mode=memory",
        "file:keys.sqlite?nolock=1",
        "file:keys.sqlite?vfs=unix-none",
        "FILE:keys.sqlite",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = binary();
        command.current_dir(folder.path());
        let said = refusal(&mut command, "127.0.0.1:0", Path::new(name));
        assert!(said.contains("--data must be the path of a file"), "{said}");
        assert!(contents(folder.path()).is_empty());
    }
    // After a folder's name nothing of it means anything.
    let folder = Arc::new(tempfile::tempdir().unwrap());
    for name in ["file:a?mode=memory", ":memory:", "100%25 #1.sqlite"] {
        let file = folder.path().join(name);
        for count in [1, 2] {
            let mut command = binary();
            command.args(CALLER).arg("--data").arg(&file);
            let service = Service::launch(folder.clone(), command);
            service.create("{}").key();
            assert_eq!(service.list("").json()["count"], count);
            assert!(service.stop().0.success());
            assert!(file.is_file());
        }
    }
}

#[test]
fn the_database_is_its_owners_alone() {
    let service = Service::start();
    service.create("{}").key();
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{}{suffix}", service.data().display());
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

/// Keys in the first layout, of two projects: the newest were made last.
fn fill_first(database: &Connection) {
    database.execute_batch(FIRST).unwrap();
    for index in 0..300 {
        let project = if index % 3 == 0 {
            "9".repeat(32)
        } else {
            PROJECT.to_owned()
        };
        database
            .execute(
                "INSERT INTO credentials VALUES (?1, ?2, ?3, ?4, ?5)",
                (
                    format!("{index:036}"),
                    project,
                    Some(index.to_string()).filter(|_| index % 2 == 0),
                    format!("{index:064}"),
                    1_000 + index,
                ),
            )
            .unwrap();
    }
}

fn rows(database: &Connection) -> Vec<(String, String, Option<String>, String, i64)> {
    database
        .prepare("SELECT id, project_id, description, sha256, create_time FROM credentials ORDER BY rowid")
        .unwrap()
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

fn assert_brought_up_to_date(
    folder: Arc<tempfile::TempDir>,
    before: &[(String, String, Option<String>, String, i64)],
) {
    let service = Service::again(folder, &[]);
    assert_eq!(rows(&service.database()), before);
    let list = service.list("?limit=2").json();
    assert_eq!(list["count"], 200);
    assert_eq!(list["credentials"][0]["id"], format!("{:036}", 299));
    assert_eq!(list["credentials"][1]["id"], format!("{:036}", 298));
    let id = service.create("{}").key().id;
    assert_eq!(service.delete(&format!("{:036}", 1)).text(), "null");
    let list = service.list("?limit=1").json();
    assert_eq!(list["count"], 200);
    assert_eq!(list["credentials"][0]["id"], id.as_str());
}

#[test]
fn the_keys_of_the_first_layout_are_kept() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let database = Connection::open(folder.path().join("keys.sqlite")).unwrap();
    fill_first(&database);
    let before = rows(&database);
    database.close().unwrap();
    assert_brought_up_to_date(folder, &before);
}

#[test]
fn the_keys_of_the_first_layout_are_kept_where_all_is_in_the_log() {
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let database = Connection::open(elsewhere.path().join("keys.sqlite")).unwrap();
    let mode: String = database
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    fill_first(&database);
    let before = rows(&database);
    // As a process that was killed leaves it.
    for name in ["keys.sqlite", "keys.sqlite-wal"] {
        fs::copy(elsewhere.path().join(name), folder.path().join(name)).unwrap();
    }
    assert_brought_up_to_date(folder, &before);
}

#[test]
fn the_count_is_right_whoever_writes() {
    let service = Service::start();
    service.fill(10);
    let other = "9".repeat(32);
    let database = service.database();
    let count = || service.list("?limit=1").json()["count"].as_i64().unwrap();
    let counted = |sql: &str| -> i64 {
        database
            .query_row(sql, [PROJECT], |row| row.get(0))
            .unwrap()
    };
    for change in [
        "DELETE FROM credentials WHERE rowid % 3 = 0",
        &format!("UPDATE credentials SET project_id = '{other}' WHERE rowid % 2 = 0"),
        &format!("UPDATE credentials SET project_id = '{PROJECT}', description = 'x'"),
        "DELETE FROM credentials",
    ] {
        database.execute_batch(change).unwrap();
        let wanted = counted("SELECT count(*) FROM credentials WHERE project_id = ?1");
        assert_eq!(count(), wanted, "{change}");
    }
    service.fill(3);
    assert_eq!(count(), 3);
}

#[test]
fn a_clean_end_leaves_one_file_whatever_was_under_way() {
    for _ in 0..5 {
        let service = Service::start();
        service.fill(2_000);
        let folder = service.folder();
        thread::scope(|scope| {
            for index in 0..16 {
                let service = &service;
                scope.spawn(move || {
                    let mut stream = service.connect();
                    let request = match index % 2 {
                        0 => crate::support::post("{}"),
                        _ => crate::support::request(
                            "GET",
                            &format!("{}?limit=1000", crate::support::path()),
                            &[("X-Auth-Token", crate::support::TOKEN)],
                            "",
                        ),
                    };
                    std::io::Write::write_all(&mut stream, &request).unwrap();
                    stream
                });
            }
        });
        assert!(service.stop().0.success());
        let files: Vec<_> = contents(folder.path()).into_keys().collect();
        assert_eq!(files, [folder.path().join("keys.sqlite")]);
    }
}
