//! What a list costs by how many keys there are, by one service or beside another.
//!
//! `lists SERVICE [OTHER]` starts each program in turn on databases of its own with 1,000, 100,000 and 1,000,000 keys, and
//! prints a line for each, `{"program": …, "keys": …, "ratio": …, "at_once": …, "answered": …, "log_mib": …}`: the median
//! time of a list of 100 as a ratio to that at 1,000, how many of so many lists at once are answered with 200, and the
//! largest write-ahead log, in MiB, under four readers and as many that write, for 2,000 creates.

use std::{
    env,
    error::Error,
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use serde_json::json;

const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const TOKEN: &str = "a-token-of-the-bench";
const SIZES: [i64; 3] = [1_000, 100_000, 1_000_000];

/// The lists of which a median is taken.
const ROUNDS: usize = 101;
const CROWD: usize = 256;
const READERS: usize = 4;
const CREATES: usize = 2_000;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let programs: Vec<_> = env::args_os().skip(1).map(PathBuf::from).collect();
    if programs.is_empty() {
        return Err("SERVICE is needed".into());
    }
    for program in &programs {
        let mut least = None;
        for size in SIZES {
            let service = Service::start(program)?;
            service.fill(size)?;
            let median = service.median()?;
            let ratio = median.as_secs_f64() / least.get_or_insert(median).as_secs_f64();
            println!(
                "{}",
                json!({
                    "program": program,
                    "keys": size,
                    "ratio": ratio,
                    "at_once": CROWD,
                    "answered": service.crowd(),
                    "log_mib": service.largest_log()? >> 20,
                })
            );
        }
    }
    Ok(())
}

struct Service {
    child: Child,
    address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Service {
    fn start(program: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--token", TOKEN])
            .args(["--project-id", PROJECT, "--data"])
            .arg(folder.path().join("keys.sqlite"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        let output = child.stdout.take().ok_or("no output")?;
        BufReader::new(output).read_line(&mut line)?;
        let address = line
            .trim()
            .rsplit('/')
            .next()
            .ok_or("no address")?
            .parse()?;
        Ok(Self {
            child,
            address,
            folder,
        })
    }

    fn fill(&self, count: i64) -> Result<()> {
        let database = Connection::open(self.folder.path().join("keys.sqlite"))?;
        database.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
             INSERT INTO credentials (id, project_id, description, sha256, create_time)
             SELECT printf('%036d', i), ?2, 'For test', printf('%064d', i), 1700000000000 + i FROM n",
            (count, PROJECT),
        )?;
        // Every size begins with an empty log.
        database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    fn ask(&self, method: &str, body: &str) -> io::Result<bool> {
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "{method} /v1/{PROJECT}/node-provider/credentials HTTP/1.1\r\nHost: {}\r\nX-Auth-Token: {TOKEN}\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer.starts_with(b"HTTP/1.1 200 "))
    }

    fn median(&self) -> Result<Duration> {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            if !self.ask("GET", "")? {
                return Err("a list was refused".into());
            }
            times.push(begun.elapsed());
        }
        times.sort();
        Ok(times.get(ROUNDS / 2).copied().ok_or("no list was timed")?)
    }

    fn crowd(&self) -> usize {
        thread::scope(|scope| {
            let lists: Vec<_> = (0..CROWD)
                .map(|_| scope.spawn(|| self.ask("GET", "").unwrap_or(false)))
                .collect();
            let answered = lists.into_iter().map(|list| list.join().unwrap_or(false));
            answered.filter(|answered| *answered).count()
        })
    }

    fn largest_log(&self) -> Result<u64> {
        let done = AtomicBool::new(false);
        let largest = AtomicU64::new(0);
        let file = self.folder.path().join("keys.sqlite-wal");
        thread::scope(|scope| {
            for _ in 0..READERS {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        let _ = self.ask("GET", "");
                    }
                });
            }
            let writers: Vec<_> = (0..READERS)
                .map(|_| {
                    scope.spawn(|| {
                        for _ in 0..CREATES / READERS {
                            let _ = self.ask("POST", "{}");
                            let size = fs::metadata(&file).map_or(0, |log| log.len());
                            largest.fetch_max(size, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            for writer in writers {
                let _ = writer.join();
            }
            done.store(true, Ordering::Relaxed);
        });
        Ok(largest.into_inner())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
