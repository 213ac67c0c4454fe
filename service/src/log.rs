//! The log: whole lines to the standard error, written by a thread of its own.
//!
//! A call hands its line over and goes on. Where nobody reads the log, or it cannot be written,
//! lines are lost and counted, and the count is written once there is a way again.

use std::{
    env,
    io::{self, Write},
    panic,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use tracing::{error, level_filters::LevelFilter, warn};
use tracing_subscriber::{
    Layer, filter::Targets, fmt, fmt::MakeWriter, layer::SubscriberExt, registry,
};

/// The most lines that wait to be written, so that memory stays bounded.
const QUEUE_MAX: usize = 1_024;

/// The longest wait for the last lines at the end.
const END_WAIT: Duration = Duration::from_secs(1);

/// How often the end asks for room in a full queue.
const END_PAUSE: Duration = Duration::from_millis(10);

const LEVEL_VARIABLE: &str = "RUST_LOG";

enum Message {
    Line(Vec<u8>),
    /// Everything before it is written once this is answered.
    End(SyncSender<()>),
}

/// The way to the thread that writes.
#[derive(Clone)]
pub struct Log {
    messages: SyncSender<Message>,
    lost: Arc<AtomicU64>,
}

impl Log {
    /// Starts the thread, and sends there what the process logs from now on: `quiet` leaves
    /// errors alone, else `RUST_LOG` chooses, else warnings and what is done are there too.
    pub fn start(quiet: bool) -> io::Result<Self> {
        let (messages, queue) = sync_channel(QUEUE_MAX);
        let lost = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&lost);
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write(&queue, &counter))?;
        let log = Self { messages, lost };
        let usual = || Targets::new().with_default(LevelFilter::INFO);
        let (targets, misread) = match env::var(LEVEL_VARIABLE) {
            _ if quiet => (Targets::new().with_default(LevelFilter::ERROR), false),
            Ok(text) if !text.is_empty() => text
                .parse()
                .map_or_else(|_| (usual(), true), |targets| (targets, false)),
            _ => (usual(), false),
        };
        let lines = fmt::layer()
            .with_ansi(false)
            .log_internal_errors(false)
            .with_writer(log.clone());
        let subscriber = registry().with(lines.with_filter(targets));
        tracing::subscriber::set_global_default(subscriber).map_err(io::Error::other)?;
        // The usual hook would wait for the standard error. A panic's text may hold anything.
        panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string);
            error!(place, "panicked");
        }));
        if misread {
            warn!("{LEVEL_VARIABLE} is not read: it is a list of `level` and `target=level`");
        }
        Ok(log)
    }

    /// Writes a sentence beside the lines.
    pub fn say(&self, sentence: &str) {
        self.hand_over(line(sentence));
    }

    fn hand_over(&self, line: Vec<u8>) {
        if self.messages.try_send(Message::Line(line)).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until what was logged is written, for a while at most.
    pub fn end(&self) {
        let deadline = Instant::now() + END_WAIT;
        let (written, wait) = sync_channel(1);
        let mut message = Message::End(written);
        while let Err(TrySendError::Full(back)) = self.messages.try_send(message) {
            if Instant::now() > deadline {
                return;
            }
            message = back;
            thread::sleep(END_PAUSE);
        }
        // Whoever does not read by now has had the time.
        let _ = wait.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    }
}

/// A sentence as the standard error has it.
pub fn line(sentence: &str) -> Vec<u8> {
    format!("node-provider-service: {sentence}\n").into_bytes()
}

fn write(queue: &Receiver<Message>, lost: &AtomicU64) {
    while let Ok(message) = queue.recv() {
        match message {
            Message::Line(line) => put(&line, 1, lost),
            Message::End(written) => {
                // Nobody waits any more.
                let _ = written.send(());
            }
        }
        let count = lost.swap(0, Ordering::Relaxed);
        if count > 0 {
            put(
                &line(&format!("{count} lines of the log were lost")),
                count,
                lost,
            );
        }
    }
}

/// Writes a line, or counts as many as it stands for as lost.
fn put(line: &[u8], stands_for: u64, lost: &AtomicU64) {
    if io::stderr().write_all(line).is_err() {
        lost.fetch_add(stands_for, Ordering::Relaxed);
    }
}

/// One event's line: the subscriber hands it over whole.
impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.hand_over(line.to_vec());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
