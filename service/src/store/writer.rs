//! All changes, made by one thread: those that wait are committed together.
//!
//! A commit costs one wait for the disk, however much is in it. Nobody is held back to make a
//! group larger: while one is being written, the next one gathers.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rusqlite::{Connection, TransactionBehavior, params};
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    task::spawn_blocking,
    time::timeout,
};

use super::{Credential, StoreError, TURN_WAIT};

/// The most changes that can wait, so that memory stays bounded.
const QUEUE_MAX: usize = 1_024;

/// The most changes of one commit.
const GROUP_MAX: usize = 256;

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
    /// Starts the thread, which the runtime waits for at its end.
    pub fn start(connection: Connection) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        spawn_blocking(move || write(connection, jobs));
        Self { queue }
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

fn write(mut connection: Connection, mut jobs: mpsc::Receiver<Job>) {
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
