//! The keys that exist: one SQLite file, every change on disk before it is told of.
//!
//! Changes go through the one [`Writer`]. Lists are read over a connection of their own, which
//! sees what is committed and waits for no disk.

mod writer;

use std::{fmt, path::Path, sync::Arc, time::Duration};

use rusqlite::{
    Connection, Error, MAIN_DB, TransactionBehavior,
    ffi::{self, SQLITE_READONLY},
    params,
};
use tokio::{sync::Mutex, task::spawn_blocking, time::timeout};

use writer::{Change, Writer};

/// The longest wait for a lock that another process holds on the file.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// The longest wait for the requests ahead of this one.
const TURN_WAIT: Duration = Duration::from_secs(3);

/// The longest wait of a whole call, after which it has failed or is being written.
pub const LONGEST_WAIT: Duration = LOCK_WAIT.saturating_add(TURN_WAIT);

/// The layout below, kept in the file's `user_version`.
const LAYOUT: i32 = 1;

const SCHEMA: &str = "
CREATE TABLE credentials (
    id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36),
    project_id  TEXT NOT NULL,
    description TEXT,                       -- NULL: none was given
    sha256      TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    create_time INTEGER NOT NULL            -- milliseconds since 1970, UTC
) STRICT;
PRAGMA user_version = 1;
";

/// One row to be written.
pub struct Credential {
    /// 36 characters.
    pub id: String,
    /// 32 characters.
    pub project_id: String,
    /// `None` and an empty text are different.
    pub description: Option<String>,
    /// 64 hexadecimal digits.
    pub sha256: String,
    /// Milliseconds since 1970, UTC.
    pub create_time: i64,
}

/// One key as it is listed.
pub struct Listed {
    /// 36 characters.
    pub id: String,
    /// `None` and an empty text are different.
    pub description: Option<String>,
    /// Milliseconds since 1970, UTC.
    pub create_time: i64,
}

/// A part of a project's keys.
pub struct Page {
    /// The newest first.
    pub credentials: Vec<Listed>,
    /// The number of all keys of the project.
    pub count: i64,
}

/// Why a job was not done.
#[derive(Debug)]
pub enum StoreError {
    /// Too many requests wait for their turn.
    Busy,
    /// SQLite's own error, shared by all that were to be committed together.
    Sqlite(Arc<rusqlite::Error>),
    /// The process is going down.
    Stopped,
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => formatter.write_str("the database has too much to do"),
            Self::Sqlite(error) => write!(formatter, "the database failed: {error}"),
            Self::Stopped => formatter.write_str("the service is stopping"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

/// The open database.
pub struct Store {
    writer: Writer,
    reader: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the file, or makes it. An error is a sentence.
    pub fn open(path: &Path) -> Result<Self, String> {
        let failed = |error| format!("the database {} cannot be used: {error}.", path.display());
        let writer = open(path).map_err(failed)?;
        let layout = layout(&writer).map_err(failed)?;
        if layout != LAYOUT {
            return Err(format!(
                "{} holds something else, or keys of another version of this service.",
                path.display()
            ));
        }
        let reader = open(path).map_err(failed)?;
        Ok(Self {
            writer: Writer::start(writer),
            reader: Arc::new(Mutex::new(reader)),
        })
    }

    /// Stores a key. It is on disk when this returns.
    pub async fn insert(&self, credential: Credential) -> Result<(), StoreError> {
        let change = Change::Insert(credential);
        self.writer.make(change).await.map(drop)
    }

    /// Removes a key and tells whether there was one.
    pub async fn remove(&self, project_id: &str, id: String) -> Result<bool, StoreError> {
        let project_id = project_id.to_owned();
        let change = Change::Remove { project_id, id };
        self.writer.make(change).await.map(|rows| rows == 1)
    }

    /// At most `limit` of the project's keys after the `offset` newest ones.
    pub async fn page(
        &self,
        project_id: &str,
        offset: u16,
        limit: u16,
    ) -> Result<Page, StoreError> {
        let project_id = project_id.to_owned();
        self.in_turn(move |connection| {
            // Another process may write meanwhile: the count must be of the same moment.
            let transaction = connection.unchecked_transaction()?;
            let count = transaction
                .prepare_cached("SELECT count(*) FROM credentials WHERE project_id = ?1")?
                .query_one([&project_id], |row| row.get(0))?;
            let credentials = transaction
                .prepare_cached("SELECT id, description, create_time FROM credentials WHERE project_id = ?1 ORDER BY create_time DESC, rowid DESC LIMIT ?2 OFFSET ?3")?
                .query_map(params![project_id, limit, offset], |row| {
                    Ok(Listed {
                        id: row.get(0)?,
                        description: row.get(1)?,
                        create_time: row.get(2)?,
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            transaction.commit()?;
            Ok(Page { credentials, count })
        })
        .await
    }

    /// Reads one list at a time, away from the threads that serve sockets.
    async fn in_turn<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = timeout(TURN_WAIT, Arc::clone(&self.reader).lock_owned())
            .await
            .map_err(|_| StoreError::Busy)?;
        let done = spawn_blocking(move || job(&connection))
            .await
            .map_err(|_| StoreError::Stopped)?;
        Ok(done?)
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(path)?;
    // SQLite would open it all the same, and fail at the first change.
    if connection.is_readonly(MAIN_DB)? {
        return Err(Error::SqliteFailure(ffi::Error::new(SQLITE_READONLY), None));
    }
    connection.busy_timeout(LOCK_WAIT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Two services that start at once on one new file take turns here.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let tables: i64 =
        transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        transaction.execute_batch(SCHEMA)?;
    }
    transaction.commit()?;
    Ok(connection)
}

fn layout(connection: &Connection) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn every_commit_is_on_disk_before_it_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(&folder.path().join("keys.sqlite")).unwrap();
        let ask = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
        // 2 is FULL.
        assert_eq!(ask("synchronous"), Ok(2_i64));
        let mode: String = connection
            .pragma_query_value(None, "journal_mode", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
    }
}
