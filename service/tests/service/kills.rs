//! Killed at random moments under load, whatever becomes of the log: what was told is true.
//!
//! `KILLS_CALLS` is the number of creates and deletes, `KILLS_SEED` the seed of the moments; the
//! service is killed once in 200 calls.

use std::{
    env,
    io::{PipeReader, PipeWriter, Write, pipe},
    process::{ExitStatus, Stdio},
    sync::Arc,
    thread,
};

use tempfile::TempDir;

use crate::{
    storm::{Place, rage},
    support::{CALLER, Service, binary, path, request},
};

/// A folder on a disk that nothing ails.
struct Folder {
    folder: Arc<TempDir>,
    log: Log,
}

impl Folder {
    fn with(log: Log) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self { folder, log }
    }
}

impl Place for Folder {
    fn folder(&self) -> Arc<TempDir> {
        Arc::clone(&self.folder)
    }

    fn start(&self) -> Service {
        self.log.start(self.folder())
    }
}

/// Where the log goes: to the tests, or into a pipe that takes nothing.
pub struct Log {
    end: Option<PipeWriter>,
    /// Keeps the pipe open.
    reader: Option<PipeReader>,
}

impl Log {
    fn read() -> Self {
        Self {
            end: None,
            reader: None,
        }
    }

    /// A pipe that nobody can read any more.
    pub fn closed() -> Self {
        Self {
            end: Some(pipe().unwrap().1),
            reader: None,
        }
    }

    /// A pipe without room, which nobody reads.
    pub fn unread() -> Self {
        let (reader, mut writer) = pipe().unwrap();
        // Linux gives so much room to a pipe.
        writer.write_all(&[b'.'; 65_536]).unwrap();
        Self {
            end: Some(writer),
            reader: Some(reader),
        }
    }

    /// Starts the service with it. Nobody reads its standard output after the address either.
    pub fn start(&self, folder: Arc<TempDir>) -> Service {
        self.attempt(folder)
            .unwrap_or_else(|(status, log)| panic!("it ended with {status}; the log: {log}"))
    }

    /// The same where it may not start.
    pub fn attempt(&self, folder: Arc<TempDir>) -> Result<Service, (ExitStatus, String)> {
        let mut command = binary();
        command.args(CALLER);
        command.arg("--data").arg(folder.path().join("keys.sqlite"));
        let end = match &self.end {
            Some(writer) => writer.try_clone().unwrap().into(),
            None => Stdio::piped(),
        };
        let service = Service::attempt(folder, command, end)?;
        if self.reader.is_some() {
            overflow(&service);
        }
        Ok(service)
    }
}

/// Has the service log more lines than may wait for their way: from then on one more could hold a call up.
fn overflow(service: &Service) {
    const CLIENTS: usize = 16;
    const LINES_EACH: usize = 72;
    let refused = || {
        for _ in 0..LINES_EACH {
            let answer = service.raw(request("GET", &path(), &[], ""));
            assert_eq!(answer.status, 401);
        }
    };
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(refused);
        }
    });
}

fn variable(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
    )
}

/// How many calls a storm has, and the seed of its moments.
pub fn variables() -> (usize, u64) {
    let calls = variable("KILLS_CALLS").unwrap_or(1_000);
    let seed = variable("KILLS_SEED").unwrap_or_else(|| fastrand::u64(..));
    (usize::try_from(calls).unwrap(), seed)
}

fn rage_with(name: &str, log: Log) {
    let (calls, seed) = variables();
    rage(name, &Folder::with(log), calls, seed);
}

#[test]
fn what_was_told_outlives_kills_at_any_moment() {
    rage_with("the log is read", Log::read());
}

#[test]
fn what_was_told_outlives_kills_while_the_log_is_closed() {
    rage_with("the log is closed", Log::closed());
}

#[test]
fn what_was_told_outlives_kills_while_nobody_reads_the_log() {
    rage_with("nobody reads the log", Log::unread());
}
