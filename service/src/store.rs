//! The keys that exist: one SQLite file, every change on disk before it is told of.
//!
//! Changes go through the one [`Writer`]. Lists are read by [`Readers`] over connections of their
//! own, which see what is committed and wait for no disk.

mod opening;
mod readers;
mod writer;

use std::{error::Error, fmt, path::Path, sync::Arc, time::Duration};

use tokio::sync::oneshot;

use crate::failure::Failure;
use opening::Refusal;
use readers::Readers;
use writer::{Change, Writer};

/// The longest wait for a lock that another process holds on the file.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// The longest wait for the requests ahead of this one.
pub const TURN_WAIT: Duration = Duration::from_secs(3);

/// The longest wait of a whole call, after which it has failed or is being written.
pub const LONGEST_WAIT: Duration = LOCK_WAIT.saturating_add(TURN_WAIT);

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

impl StoreError {
    /// What a caller is told of an error, which may be another's.
    pub fn failure(error: &(dyn Error + 'static)) -> Failure {
        match error.downcast_ref() {
            Some(Self::Busy) => Failure::Busy,
            _ => Failure::Internal,
        }
    }
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

impl Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

/// The open database.
pub struct Store {
    writer: Writer,
    readers: Readers,
}

impl Store {
    /// Opens the file, or makes it. Gives beside it what is told once the file is closed, after
    /// the store is dropped. An error is a sentence.
    pub fn open(path: &Path) -> Result<(Self, oneshot::Receiver<()>), String> {
        let name = path.display();
        let (connection, file) = opening::open(path).map_err(|refusal| match refusal {
            Refusal::NoFile => format!("--data must be the path of a file: {name} is not."),
            Refusal::Foreign => {
                format!("{name} holds something else, or keys of another version of this service.")
            }
            Refusal::NoLog => {
                format!(
                    "the database {name} cannot be used: a write-ahead log is not possible there."
                )
            }
            Refusal::Io(error) => format!("the database {name} cannot be used: {error}."),
            Refusal::Sqlite(error) => format!("the database {name} cannot be used: {error}."),
        })?;
        let failed = |error| format!("the database {name} cannot be used: {error}.");
        let (readers, threads) = Readers::start(&file).map_err(failed)?;
        let (writer, closed) = Writer::start(connection, &file, threads).map_err(failed)?;
        Ok((Self { writer, readers }, closed))
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
        self.readers.page(project_id, offset, limit).await
    }
}
