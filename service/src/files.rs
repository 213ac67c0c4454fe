//! Static files, read by a few threads of their own: a folder that hangs holds nothing else.
//!
//! What begins with a dot is not there, and neither is what a symbolic link leads to.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, ErrorKind, Read, Write},
    path::{Component, Path, PathBuf},
    pin::Pin,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    task::{Context, Poll, ready},
    thread,
    time::{Duration, SystemTime},
};

use axum::body::{Body, Bytes};
use flate2::{Compression, write::GzEncoder};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use percent_encoding::percent_decode_str;
use tokio::{sync::oneshot, time::timeout};

/// Files that are read at a time.
const READERS: usize = 4;

/// The most reads that can wait, so that memory stays bounded.
const QUEUE_MAX: usize = 1_024;

/// The longest wait for a read.
const READ_WAIT: Duration = Duration::from_secs(5);

/// How much of a file is read at a time, in bytes.
const CHUNK: u64 = 64 * 1024;

/// The largest file that is compressed, and the most of them that are kept so.
const COMPRESSED_MAX: u64 = 1024 * 1024;
const COMPRESSED_COUNT: usize = 256;

/// What a path leads to.
pub enum Found {
    /// A file.
    File(Opened),
    /// A folder, asked for without the slash at its end.
    Folder,
}

/// A file to be sent.
pub struct Opened {
    /// Its type.
    pub content_type: &'static str,
    /// When it was changed, if the system knows.
    pub modified: Option<SystemTime>,
    /// Bytes to send.
    pub length: u64,
    /// Whether these are compressed by gzip.
    pub is_gzip: bool,
    /// Whether another caller would get it compressed, or not.
    pub varies: bool,
    content: Content,
}

enum Content {
    Whole(Bytes),
    Open(File),
}

/// Why there is no file.
pub enum FileError {
    /// There is none of this name.
    None,
    /// It could not be read.
    Failed,
    /// Too many reads wait, or the folder hangs.
    Busy,
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput => Self::None,
            _ => Self::Failed,
        }
    }
}

/// The end of the year 9999.
const LAST_DATE: Duration = Duration::from_secs(253_402_300_800);

type Job = Box<dyn FnOnce() + Send>;

/// A file in its compressed form, and of which state it is.
type Compressed = HashMap<PathBuf, (SystemTime, u64, Bytes)>;

/// The threads that read, and what they keep.
#[derive(Clone)]
pub struct Files {
    folder: Arc<Path>,
    queue: SyncSender<Job>,
    compressed: Arc<Mutex<Compressed>>,
}

impl Files {
    /// Starts the threads.
    pub fn start(folder: &Path) -> io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..READERS {
            let jobs = Arc::clone(&jobs);
            thread::Builder::new()
                .name("files".to_owned())
                .spawn(move || work(&jobs))?;
        }
        Ok(Self {
            folder: folder.into(),
            queue,
            compressed: Arc::default(),
        })
    }

    /// Finds what a URL's path leads to.
    pub async fn find(&self, path: &str, gzip: bool) -> Result<Found, FileError> {
        let file = resolve(path).ok_or(FileError::None)?;
        let files = self.clone();
        let is_folder = path.ends_with('/');
        let found = self.read(move || files.open(&file, is_folder, gzip))?;
        timeout(READ_WAIT, found)
            .await
            .map_err(|_| FileError::Busy)?
            .map_err(|_| FileError::Failed)?
    }

    /// Has a thread do this.
    fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<oneshot::Receiver<T>, FileError> {
        let (told, answer) = oneshot::channel();
        let job = Box::new(move || {
            // What nobody waits for any more is not begun.
            if !told.is_closed() {
                let _ = told.send(job());
            }
        });
        self.queue.try_send(job).map_err(|_| FileError::Busy)?;
        Ok(answer)
    }

    fn open(&self, parts: &[String], is_folder: bool, gzip: bool) -> Result<Found, FileError> {
        let mut file = self.folder.to_path_buf();
        // The two folders themselves may be links: they are the owner's choice.
        for (depth, part) in parts.iter().enumerate() {
            file.push(part);
            if depth > 0 && fs::symlink_metadata(&file)?.is_symlink() {
                return Err(FileError::None);
            }
        }
        if is_folder {
            file.push("index.html");
            if fs::symlink_metadata(&file)?.is_symlink() {
                return Err(FileError::None);
            }
        }
        let metadata = fs::metadata(&file)?;
        if metadata.is_dir() && !is_folder {
            return Ok(Found::Folder);
        }
        // Whatever else there is, such as a pipe, could keep whoever opens it waiting.
        if !metadata.is_file() {
            return Err(FileError::None);
        }
        let (content_type, varies) = kind(&file);
        // HTTP has no way to write a later date.
        let modified = metadata.modified().ok().filter(|time| {
            time.duration_since(SystemTime::UNIX_EPOCH)
                .is_ok_and(|since| since < LAST_DATE)
        });
        let varies = varies && metadata.len() <= COMPRESSED_MAX;
        if gzip && varies {
            let bytes = self.compress(&file, modified, metadata.len())?;
            return Ok(Found::File(Opened {
                content_type,
                modified,
                length: bytes.len() as u64,
                is_gzip: true,
                varies,
                content: Content::Whole(bytes),
            }));
        }
        Ok(Found::File(Opened {
            content_type,
            modified,
            length: metadata.len(),
            is_gzip: false,
            varies,
            content: Content::Open(File::open(&file)?),
        }))
    }

    fn compress(
        &self,
        file: &Path,
        modified: Option<SystemTime>,
        length: u64,
    ) -> io::Result<Bytes> {
        let poisoned = || io::Error::other("another read panicked");
        if let Some(modified) = modified
            && let Some((time, of, bytes)) =
                self.compressed.lock().map_err(|_| poisoned())?.get(file)
            && (*time, *of) == (modified, length)
        {
            return Ok(bytes.clone());
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        // A file that grows meanwhile is read as far as it was.
        io::copy(&mut File::open(file)?.take(length), &mut encoder)?;
        encoder.flush()?;
        let bytes = Bytes::from(encoder.finish()?);
        if let Some(modified) = modified {
            let mut kept = self.compressed.lock().map_err(|_| poisoned())?;
            if kept.len() >= COMPRESSED_COUNT {
                kept.clear();
            }
            kept.insert(file.to_owned(), (modified, length, bytes.clone()));
        }
        Ok(bytes)
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        // One waits for the next job, the others for their turn to wait.
        let Ok(waiting) = jobs.lock() else { return };
        let Ok(job) = waiting.recv() else { return };
        drop(waiting);
        job();
    }
}

/// The parts of a URL's path; `None` where one of them can be no name of a file.
fn resolve(path: &str) -> Option<Vec<String>> {
    let path = path.strip_prefix('/')?;
    path.strip_suffix('/')
        .unwrap_or(path)
        .split('/')
        .map(|part| {
            let part = percent_decode_str(part).decode_utf8().ok()?.into_owned();
            let mut components = Path::new(&part).components();
            let is_name =
                matches!(components.next(), Some(Component::Normal(name)) if name == part.as_str());
            let is_plain = is_name && components.next().is_none() && !part.contains(['\\', '\0']);
            (is_plain && !part.starts_with('.')).then_some(part)
        })
        .collect()
}

/// The type of a file by its name, and whether it gets smaller.
fn kind(file: &Path) -> (&'static str, bool) {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => ("text/html", true),
        Some("js" | "mjs") => ("text/javascript", true),
        Some("css") => ("text/css", true),
        Some("svg") => ("image/svg+xml", true),
        Some("wasm") => ("application/wasm", true),
        Some("json" | "map") => ("application/json", true),
        Some("txt" | "md" | "ts") => ("text/plain", true),
        Some("png") => ("image/png", false),
        Some("ico") => ("image/x-icon", false),
        Some("woff2") => ("font/woff2", false),
        _ => ("application/octet-stream", false),
    }
}

impl Opened {
    /// The bytes, as they are read by `files`.
    pub fn into_body(self, files: Files) -> Body {
        match self.content {
            Content::Whole(bytes) => Body::from(bytes),
            Content::Open(file) => Body::new(Reading {
                files,
                file: Some(file),
                left: self.length,
                chunk: None,
            }),
        }
    }
}

/// A part of a file, and the file to go on with.
type Chunk = io::Result<(File, Vec<u8>)>;

/// A file on its way.
struct Reading {
    files: Files,
    file: Option<File>,
    left: u64,
    chunk: Option<oneshot::Receiver<Chunk>>,
}

impl Reading {
    fn ask(&mut self, mut file: File) -> io::Result<oneshot::Receiver<Chunk>> {
        let length = self.left.min(CHUNK);
        let read = self.files.read(move || {
            let mut bytes = Vec::new();
            (&mut file).take(length).read_to_end(&mut bytes)?;
            Ok((file, bytes))
        });
        read.map_err(|_| io::Error::other("too many reads wait"))
    }
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        if let Some(file) = self.file.take() {
            self.chunk = Some(self.ask(file)?);
        }
        let Some(chunk) = &mut self.chunk else {
            return Poll::Ready(Some(Err(io::Error::other("a read has failed"))));
        };
        let read = ready!(Pin::new(chunk).poll(context)).map_err(io::Error::other);
        self.chunk = None;
        let (file, bytes) = read??;
        if bytes.is_empty() {
            return Poll::Ready(Some(Err(ErrorKind::UnexpectedEof.into())));
        }
        self.file = Some(file);
        self.left = self.left.saturating_sub(bytes.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(bytes.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }
}
