//! A load of creates: as many connections at a time as asked for, each used once, as the service wants it.
//!
//! `creates HOST:PORT PROJECT TOKEN CONNECTIONS CREATES` prints
//! `{"per_second": …, "p50_ms": …, "p99_ms": …, "cpu_seconds": …}`: the times are from the connect to the end of the
//! answer, and the last is what this program itself has used. Any answer but a whole key file ends it.

// A measurement may end in a panic.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::{
    env,
    error::Error,
    fs,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

const BODY: &str = r#"{"description":"For test"}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [address, project, token, connections, creates] = arguments.as_slice() else {
        return Err("HOST:PORT, PROJECT, TOKEN, CONNECTIONS and CREATES are needed".into());
    };
    let address: SocketAddr = address.parse()?;
    let (connections, creates): (usize, usize) = (connections.parse()?, creates.parse()?);
    let request = format!(
        "POST /v1/{project}/node-provider/credentials HTTP/1.1\r\nHost: {address}\r\nX-Auth-Token: {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );

    let begun_creates = AtomicUsize::new(0);
    let begun = Instant::now();
    let mut times = thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let mut times = Vec::new();
                    while begun_creates.fetch_add(1, Ordering::Relaxed) < creates {
                        times.push(create(address, request.as_bytes())?);
                    }
                    io::Result::Ok(times)
                })
            })
            .collect();
        let times: io::Result<Vec<_>> = workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker panicked"))
            .collect();
        times
    })?
    .concat();
    let whole = begun.elapsed();
    times.sort();
    let at = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1e3;
    println!(
        "{}",
        json!({
            "per_second": times.len() as f64 / whole.as_secs_f64(),
            "p50_ms": at(50),
            "p99_ms": at(99),
            "cpu_seconds": cpu_seconds()?,
        })
    );
    Ok(())
}

fn create(address: SocketAddr, request: &[u8]) -> io::Result<Duration> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request)?;
    let mut answer = Vec::with_capacity(2048);
    stream.read_to_end(&mut answer)?;
    let time = begun.elapsed();
    // The end of a ZIP is its directory: where that is there, all is.
    let whole =
        answer.starts_with(b"HTTP/1.1 200 ") && answer.windows(4).any(|part| part == b"PK\x05\x06");
    if whole {
        Ok(time)
    } else {
        let said = String::from_utf8_lossy(&answer).into_owned();
        Err(io::Error::other(format!("no key file, but {said}")))
    }
}

/// What this process has used of the processors so far, as Linux counts it: in hundredths of a second.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(") ").ok_or("no such field")?.1;
    let mut ticks = fields.split(' ').skip(11).map(str::parse::<f64>);
    let user = ticks.next().ok_or("no such field")??;
    let system = ticks.next().ok_or("no such field")??;
    Ok((user + system) / 100.0)
}
