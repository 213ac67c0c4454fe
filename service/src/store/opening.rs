//! Opening the file: looked at first, so that what is not ours stays as it is.
//!
//! The look reads the file alone: it takes no lock, and leaves nothing beside it. Only what is
//! ours, or empty, is opened for writing. Everything is made in one transaction before the file
//! gets its write-ahead log, so that a file that was ever begun says what it is.

use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    io::ErrorKind,
    path::{Path, PathBuf, absolute},
    thread,
    time::{Duration, Instant},
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{
    Connection, Error, ErrorCode, MAIN_DB, OpenFlags, TransactionBehavior,
    ffi::{self, SQLITE_READONLY},
};

use super::LOCK_WAIT;

/// Who made the file, in its header: `NPKs`.
const APPLICATION: i32 = 0x4e50_4b73;

/// The layout that [`BEGINNING`] and [`ADDITION`] make, in the file's `user_version`.
const LAYOUT: i32 = 2;

/// The layout that [`BEGINNING`] alone makes. Its files do not say who made them.
const FIRST_LAYOUT: i32 = 1;

/// The rowid is the order in which keys were made, whatever the clock says.
const BEGINNING: &str = "
CREATE TABLE credentials (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    project_id  TEXT NOT NULL,
    description TEXT,                       -- NULL: none was given
    sha256      TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    create_time INTEGER NOT NULL            -- milliseconds since 1970, UTC
) STRICT;
";

const COLUMNS: [&str; 5] = ["id", "project_id", "description", "sha256", "create_time"];

/// What makes a list cost as much as it shows: the keys of a project in their order, and their
/// number, which the database keeps itself, whoever writes.
const ADDITION: &str = "
CREATE INDEX credentials_of_project ON credentials (project_id);
CREATE TABLE projects (
    project_id  TEXT PRIMARY KEY NOT NULL,
    credentials INTEGER NOT NULL            -- how many there are
) STRICT, WITHOUT ROWID;
INSERT INTO projects SELECT project_id, count(*) FROM credentials GROUP BY project_id;
CREATE TRIGGER credential_made AFTER INSERT ON credentials BEGIN
    INSERT INTO projects VALUES (new.project_id, 1)
        ON CONFLICT (project_id) DO UPDATE SET credentials = credentials + 1;
END;
CREATE TRIGGER credential_deleted AFTER DELETE ON credentials BEGIN
    UPDATE projects SET credentials = credentials - 1 WHERE project_id = old.project_id;
END;
CREATE TRIGGER credential_moved AFTER UPDATE OF project_id ON credentials BEGIN
    UPDATE projects SET credentials = credentials - 1 WHERE project_id = old.project_id;
    INSERT INTO projects VALUES (new.project_id, 1)
        ON CONFLICT (project_id) DO UPDATE SET credentials = credentials + 1;
END;
";

/// The most bytes that the write-ahead log keeps on disk while it is not needed.
const LOG_KEPT: i64 = 4 * 1024 * 1024;

/// How often a busy file is asked to take its write-ahead log.
const LOG_PAUSE: Duration = Duration::from_millis(10);

/// What stands in a path as it is.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/');

/// Why the file is not used.
pub enum Refusal {
    /// It is no name of a file.
    NoFile,
    /// Another program's, or another version's.
    Foreign,
    /// A write-ahead log is not possible where it is.
    NoLog,
    /// The file system's own error.
    Io(std::io::Error),
    /// SQLite's own error.
    Sqlite(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// What a file holds.
#[derive(Clone, Copy, PartialEq)]
enum Holding {
    Nothing,
    First,
    Ours,
    Foreign,
}

/// Opens the file to write, and makes it or brings it up to date where that is needed. Gives its
/// whole path too.
pub fn open(file: &Path) -> Result<(Connection, PathBuf), Refusal> {
    // SQLite would keep all of it in memory, or ask another of its file systems for it.
    let name = file.as_os_str().as_encoded_bytes();
    let scheme = name.get(..5).unwrap_or_default();
    if name.starts_with(b":") || scheme.eq_ignore_ascii_case(b"file:") {
        return Err(Refusal::NoFile);
    }
    let file = absolute(file)?;
    let seen = look(&file)?;
    if seen == Holding::Foreign {
        return Err(Refusal::Foreign);
    }
    make_empty(&file)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&file, flags)?;
    prepare(&mut connection, seen)?;
    Ok((connection, file))
}

/// Opens a file that is open already once more, to read.
pub fn open_to_read(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(LOCK_WAIT)?;
    Ok(connection)
}

/// A file beside the database.
pub fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    name.into()
}

fn look(file: &Path) -> Result<Holding, Refusal> {
    let is_file = match fs::metadata(file) {
        Ok(metadata) if metadata.is_file() && metadata.len() == 0 => return Ok(Holding::Nothing),
        Ok(metadata) => metadata.is_file(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Holding::Nothing),
        Err(error) => return Err(error.into()),
    };
    // A log or a journal beside it belongs to it: without that, what it holds is not known.
    let connection = if !is_file || beside(file, "-journal").exists() {
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?
    } else if beside(file, "-wal").exists() {
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?
    } else {
        let path = percent_encode(file.as_os_str().as_encoded_bytes(), IN_PATH);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        Connection::open_with_flags(format!("file:{path}?immutable=1"), flags)?
    };
    connection.busy_timeout(LOCK_WAIT)?;
    Ok(holding(&connection)?)
}

fn holding(connection: &Connection) -> rusqlite::Result<Holding> {
    let number = |name: &str| -> rusqlite::Result<i32> {
        connection.pragma_query_value(None, name, |row| row.get(0))
    };
    let things: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let columns: Vec<String> = connection
        .prepare("SELECT name FROM pragma_table_info('credentials')")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(match (number("application_id")?, number("user_version")?) {
        (0, 0) if things == 0 => Holding::Nothing,
        (0, FIRST_LAYOUT) if columns == COLUMNS => Holding::First,
        (APPLICATION, LAYOUT) => Holding::Ours,
        _ => Holding::Foreign,
    })
}

/// Makes a file that is not there, for its owner alone. SQLite makes those beside it alike.
fn make_empty(file: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn prepare(connection: &mut Connection, seen: Holding) -> Result<(), Refusal> {
    // SQLite would open it all the same, and fail at the first change.
    if connection.is_readonly(MAIN_DB)? {
        return Err(Error::SqliteFailure(ffi::Error::new(SQLITE_READONLY), None).into());
    }
    connection.busy_timeout(LOCK_WAIT)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_size_limit", LOG_KEPT)?;
    if seen != Holding::Ours {
        // Two services that start at once on one file take turns here.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match holding(&transaction)? {
            Holding::Nothing => transaction.execute_batch(BEGINNING)?,
            Holding::First | Holding::Ours => {}
            Holding::Foreign => return Err(Refusal::Foreign),
        }
        if holding(&transaction)? != Holding::Ours {
            transaction.execute_batch(ADDITION)?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", LAYOUT)?;
        }
        transaction.commit()?;
    }
    take_log(connection)
}

/// Puts the file into WAL mode. Where another process looks at the file SQLite does not wait.
fn take_log(connection: &Connection) -> Result<(), Refusal> {
    let deadline = Instant::now() + LOCK_WAIT;
    loop {
        let mode =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
        let mode: rusqlite::Result<String> = mode;
        match mode {
            Ok(mode) if mode == "wal" => break,
            Ok(_) => return Err(Refusal::NoLog),
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && Instant::now() < deadline =>
            {
                thread::sleep(LOG_PAUSE);
            }
            Err(error) => return Err(error.into()),
        }
    }
    // From its first read on the log is this connection's too, and nobody else takes it away.
    match holding(connection)? {
        Holding::Ours => Ok(()),
        _ => Err(Refusal::Foreign),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{Holding, Refusal, open, prepare};

    #[test]
    fn every_commit_is_on_disk_before_it_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let Ok((connection, _)) = open(&folder.path().join("keys.sqlite")) else {
            panic!("not opened");
        };
        let ask = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
        // 2 is FULL.
        assert_eq!(ask("synchronous"), Ok(2_i64));
        let mode: String = connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
    }

    #[test]
    fn a_journal_mode_that_was_not_got_is_refused() {
        let mut memory = Connection::open_in_memory().unwrap();
        let prepared = prepare(&mut memory, Holding::Nothing);
        assert!(matches!(prepared, Err(Refusal::NoLog)));
    }
}
