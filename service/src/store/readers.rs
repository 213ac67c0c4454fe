//! Lists, read by a few threads, each over a connection of its own: none waits for a disk, and
//! none takes a thread that something else needs.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, OptionalExtension, params};
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::timeout,
};

use super::{Listed, Page, StoreError, TURN_WAIT, opening::open_to_read};

/// Lists that are read at a time.
const READERS: usize = 4;

/// The most lists that can wait, so that memory stays bounded.
const QUEUE_MAX: usize = 1_024;

/// The newest keys of a project, in the order of their making: the index has them so.
const KEYS: &str = "SELECT id, description, create_time FROM credentials \
    WHERE project_id = ?1 ORDER BY rowid DESC LIMIT ?2 OFFSET ?3";

/// A list that is asked for, and who asks.
struct Job {
    project_id: String,
    offset: u16,
    limit: u16,
    told: oneshot::Sender<rusqlite::Result<Page>>,
}

/// The way to the threads that read; they end with the last of these.
pub struct Readers {
    queue: mpsc::Sender<Job>,
}

impl Readers {
    /// Starts the threads, and gives them to be waited for.
    pub fn start(file: &Path) -> Result<(Self, Vec<JoinHandle<()>>), StoreError> {
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        let jobs = Arc::new(Mutex::new(jobs));
        let mut threads = Vec::new();
        for _ in 0..READERS {
            let connection = open_to_read(file)?;
            let jobs = Arc::clone(&jobs);
            let thread = thread::Builder::new().name("reader".to_owned());
            let thread = thread.spawn(move || read_on(&connection, &jobs));
            threads.push(thread.map_err(|_| StoreError::Stopped)?);
        }
        Ok((Self { queue }, threads))
    }

    /// Reads one list.
    pub async fn page(
        &self,
        project_id: &str,
        offset: u16,
        limit: u16,
    ) -> Result<Page, StoreError> {
        let (told, answer) = oneshot::channel();
        let job = Job {
            project_id: project_id.to_owned(),
            offset,
            limit,
            told,
        };
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Closed(_) => StoreError::Stopped,
        })?;
        let answer = timeout(TURN_WAIT, answer)
            .await
            .map_err(|_| StoreError::Busy)?;
        Ok(answer.map_err(|_| StoreError::Stopped)??)
    }
}

fn read_on(connection: &Connection, jobs: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        // One waits for the next job, the others for their turn to wait.
        let Ok(mut waiting) = jobs.lock() else { return };
        let Some(job) = waiting.blocking_recv() else {
            return;
        };
        drop(waiting);
        // What nobody waits for any more is not begun.
        if !job.told.is_closed() {
            let page = read(connection, &job.project_id, job.offset, job.limit);
            let _ = job.told.send(page);
        }
    }
}

fn read(
    connection: &Connection,
    project_id: &str,
    offset: u16,
    limit: u16,
) -> rusqlite::Result<Page> {
    // Keys come and go meanwhile: the count must be of the same moment.
    let transaction = connection.unchecked_transaction()?;
    let count = transaction
        .prepare_cached("SELECT credentials FROM projects WHERE project_id = ?1")?
        .query_one([project_id], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    let credentials = transaction
        .prepare_cached(KEYS)?
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
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, StatementStatus};

    use super::{KEYS, read};
    use crate::store::opening::open;

    /// What a list of 100 costs, in steps of SQLite's machine.
    fn steps(connection: &Connection) -> i32 {
        let statement = connection.prepare_cached(KEYS).unwrap();
        statement.reset_status(StatementStatus::VmStep);
        drop(statement);
        assert_eq!(
            read(connection, "p", 50, 100)
                .ok()
                .map(|page| page.credentials.len()),
            Some(100)
        );
        let statement = connection.prepare_cached(KEYS).unwrap();
        statement.get_status(StatementStatus::VmStep)
    }

    #[test]
    fn a_list_costs_what_it_shows_however_many_keys_there_are() {
        let folder = tempfile::tempdir().unwrap();
        let Ok((connection, _)) = open(&folder.path().join("keys.sqlite")) else {
            panic!("not opened");
        };
        let fill = |from: i64, to: i64| {
            connection
                .execute(
                    "WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
                     INSERT INTO credentials SELECT printf('%036d', i), 'p', 'd', printf('%064d', i), -i FROM n",
                    [from, to],
                )
                .unwrap();
        };
        fill(0, 1_000);
        let few = steps(&connection);
        fill(1_000, 20_000);
        assert_eq!(steps(&connection), few);
        assert_eq!(read(&connection, "p", 0, 1).unwrap().count, 20_000);
    }
}
