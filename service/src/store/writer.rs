//! All changes, made by one thread: those that wait are committed together.
//!
//! A commit costs one wait for the disk, however much is in it. Nobody is held back to make a
//! group larger: while one is being written, the next one gathers.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rusqlite::{Connection, TransactionBehavior, params};
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::timeout,
};
use tracing::warn;

use super::{Credential, LOCK_WAIT, StoreError, TURN_WAIT, opening::beside};

/// The most changes that can wait, so that memory stays bounded.
const QUEUE_MAX: usize = 1_024;

/// The most changes of one commit.
const GROUP_MAX: usize = 256;

/// The largest write-ahead log, in bytes, while nobody but this service reads.
const LOG_MAX: u64 = 16 * 1024 * 1024;

/// The longest wait for the lists under way before the log is emptied.
const LOG_WAIT: Duration = Duration::from_millis(100);

/// A change to the keys.
pub enum Change {
    /// A new key.
    Insert(Credential),
    /// One key less, if the project has it.
    Remove {
        /// 32 characters.
        project_id: String,
        /// 36 characters.
        id: String,
    },
}

impl Change {
    /// Makes the change and gives the number of rows that it touched.
    fn make(&self, connection: &Connection) -> rusqlite::Result<usize> {
        match self {
            Self::Insert(credential) => connection
                .prepare_cached("INSERT INTO credentials (id, project_id, description, sha256, create_time) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![
                    credential.id,
                    credential.project_id,
                    credential.description,
                    credential.sha256,
                    credential.create_time
                ]),
            Self::Remove { project_id, id } => connection
                .prepare_cached("DELETE FROM credentials WHERE project_id = ?1 AND id = ?2")?
                .execute(params![project_id, id]),
        }
    }
}

/// A change that waits, and who waits for it.
struct Job {
    change: Change,
    turn: Turn,
    told: oneshot::Sender<Result<usize, StoreError>>,
}

/// Whether a change is made or given up: whoever asks first decides.
#[derive(Clone, Default)]
struct Turn(Arc<AtomicBool>);

impl Turn {
    fn take(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }
}

/// The way to the thread that writes; it ends with the last of these.
pub struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the thread. At its end it waits for the `readers`, closes the file last, so that
    /// nothing is left beside it, and tells.
    pub fn start(
        connection: Connection,
        file: &Path,
        readers: Vec<JoinHandle<()>>,
    ) -> Result<(Self, oneshot::Receiver<()>), StoreError> {
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        let (closed, told) = oneshot::channel();
        let log = Log::of(file);
        thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                write(connection, log, jobs, readers);
                let _ = closed.send(());
            })
            .map_err(|_| StoreError::Stopped)?;
        Ok((Self { queue }, told))
    }

    /// Makes a change and gives the number of rows. It is on disk when this returns, or it is
    /// not made. One that has begun is finished, whatever becomes of the request.
    pub async fn make(&self, change: Change) -> Result<usize, StoreError> {
        let turn = Turn::default();
        let (told, mut answer) = oneshot::channel();
        let job = Job {
            change,
            turn: turn.clone(),
            told,
        };
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Closed(_) => StoreError::Stopped,
        })?;
        let answer = match timeout(TURN_WAIT, &mut answer).await {
            Ok(answer) => answer,
            Err(_) if turn.take() => return Err(StoreError::Busy),
            Err(_) => answer.await,
        };
        answer.map_err(|_| StoreError::Stopped)?
    }
}

/// The write-ahead log, which SQLite alone would let grow for as long as somebody reads.
struct Log {
    file: PathBuf,
    /// The size, in bytes, from which on it is emptied.
    bound: u64,
}

impl Log {
    fn of(file: &Path) -> Self {
        Self {
            file: beside(file, "-wal"),
            bound: LOG_MAX,
        }
    }

    /// Empties the log where it has grown too large. Lists wait for nothing: those under way are
    /// waited for, for a moment. Whoever reads for longer, such as a backup, makes it try again
    /// only when the log has grown by as much once more.
    fn keep_small(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let size = fs::metadata(&self.file).map_or(0, |log| log.len());
        if size < self.bound {
            return Ok(());
        }
        connection.busy_timeout(LOG_WAIT)?;
        let emptied = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
            row.get::<_, i64>(0)
        });
        connection.busy_timeout(LOCK_WAIT)?;
        self.bound = if emptied? == 0 {
            LOG_MAX
        } else {
            size + LOG_MAX
        };
        Ok(())
    }
}

fn write(
    mut connection: Connection,
    mut log: Log,
    mut jobs: mpsc::Receiver<Job>,
    readers: Vec<JoinHandle<()>>,
) {
    let mut waiting = Vec::new();
    while jobs.blocking_recv_many(&mut waiting, GROUP_MAX) > 0 {
        let (group, told): (Vec<_>, Vec<_>) = waiting
            .drain(..)
            // What nobody waits for any more is not begun.
            .filter(|job| !job.told.is_closed() && job.turn.take())
            .map(|job| (job.change, job.told))
            .unzip();
        let done = commit(&mut connection, &group).unwrap_or_else(|error| {
            let error = Arc::new(error);
            let failed = || Err(StoreError::Sqlite(Arc::clone(&error)));
            group.iter().map(|_| failed()).collect()
        });
        for (told, done) in told.into_iter().zip(done) {
            // A request that is gone is no one to tell.
            let _ = told.send(done);
        }
        if let Err(error) = log.keep_small(&connection) {
            warn!(%error, "the write-ahead log was not emptied");
        }
    }
    for reader in readers {
        // One that panicked has let its connection go too.
        let _ = reader.join();
    }
    if let Err((_, error)) = connection.close() {
        warn!(%error, "the database was not closed");
    }
}

/// Commits a group. A change that fails alone is left out; whatever else fails, fails all.
fn commit(
    connection: &mut Connection,
    group: &[Change],
) -> rusqlite::Result<Vec<Result<usize, StoreError>>> {
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut done = Vec::with_capacity(group.len());
    for change in group {
        let mut savepoint = transaction.savepoint()?;
        match change.make(&savepoint) {
            Ok(rows) => {
                savepoint.commit()?;
                done.push(Ok(rows));
            }
            // The whole transaction is undone already, as by a full disk.
            Err(error) if savepoint.is_autocommit() => return Err(error),
            Err(error) => {
                savepoint.rollback()?;
                done.push(Err(error.into()));
            }
        }
    }
    transaction.commit()?;
    Ok(done)
}
