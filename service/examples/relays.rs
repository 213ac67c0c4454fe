//! What a relay costs, by one program or beside another, and beside nginx.
//!
//! `relays RELAY [OTHER]` starts each program as a relay to an upstream behind TLS. 200 clients ask for 16 MiB each and
//! read nothing, until the memory grows no more. Then one client asks for a short answer over and over, by turns here and
//! through nginx, which is to be on the path, with a connection and a checked certificate for each call. It prints a line
//! for each, `{"program": …, "connection_kib": …, "ratio": …}`: the memory that one of these connections holds, and the
//! median time of a call as a ratio to nginx's.

// A measurement may end in a panic.
#![allow(clippy::expect_used)]

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::json;
use tokio_rustls::rustls::{
    ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivatePkcs8KeyDer,
};

const CLIENTS: u64 = 200;
const LONG: usize = 16 << 20;
const SHORT: usize = 1 << 10;
const ROUNDS: usize = 501;

/// How long the memory has to stay as it is.
const STEADY: Duration = Duration::from_secs(2);

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Result<()> {
    let programs: Vec<_> = env::args_os().skip(1).collect();
    if programs.is_empty() {
        return Err("RELAY is needed".into());
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("ca.pem");
    let port = upstream(&file)?;
    let nginx = Relay::nginx(folder.path(), port, &file)?;
    for program in programs {
        let relay = Relay::start(Path::new(&program), port, &file)?;
        // What it needs once, whoever calls.
        drop(relay.ask("long")?);
        let before = relay.steady_memory()?;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| relay.ask("long"))
            .collect::<Result<_>>()?;
        let grown = relay.steady_memory()?.saturating_sub(before);
        drop(clients);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(relay.time()?);
            theirs.push(nginx.time()?);
        }
        let median = |times: &mut Vec<Duration>| {
            times.sort();
            times.get(ROUNDS / 2).map_or(0.0, Duration::as_secs_f64)
        };
        println!(
            "{}",
            json!({
                "program": Path::new(&program),
                "connection_kib": grown / CLIENTS,
                "ratio": median(&mut ours) / median(&mut theirs),
            })
        );
    }
    Ok(())
}

/// Answers each call with much or little, as its path begins, and gives its port.
fn upstream(certificate: &Path) -> Result<u16> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()])?;
    fs::write(certificate, cert.pem())?;
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())?;
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, config) = (stream.expect("no connection"), Arc::clone(&config));
            thread::spawn(move || {
                let connection = ServerConnection::new(config).expect("no TLS");
                let mut socket = StreamOwned::new(connection, stream);
                // A relay that is ended takes the connection with it.
                let mut request = [0; 4096];
                let _ = socket.read(&mut request);
                let is_long = request.starts_with(b"GET /v1/long");
                let length = if is_long { LONG } else { SHORT };
                let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
                answer.extend(std::iter::repeat_n('x', length));
                let _ = socket.write_all(answer.as_bytes());
                socket.conn.send_close_notify();
                let _ = socket.flush();
            });
        }
    });
    Ok(port)
}

struct Relay {
    child: Child,
    address: String,
}

impl Relay {
    fn start(program: &Path, upstream: u16, certificate: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0"])
            .args([
                "--client-timeout",
                "3600000",
                "--upstream-timeout",
                "3600000",
            ])
            .args(["--upstream", &format!("https://localhost:{upstream}")])
            .arg("--upstream-ca")
            .arg(certificate)
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
            .to_owned();
        Ok(Self { child, address })
    }

    fn nginx(folder: &Path, upstream: u16, certificate: &Path) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let folder = folder.display();
        let mut temporary = String::new();
        for name in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
            write!(temporary, "{name}_temp_path {folder}/{name}; ")?;
        }
        let configuration = format!(
            "daemon off; master_process off; pid {folder}/pid; events {{}} http {{ access_log off; {temporary}
            server {{ listen {address}; location / {{ proxy_pass https://localhost:{upstream}; proxy_http_version 1.1;
            proxy_ssl_verify on; proxy_ssl_name localhost; proxy_ssl_trusted_certificate {}; }} }} }}",
            certificate.display()
        );
        let file = certificate.with_extension("conf");
        fs::write(&file, configuration)?;
        let child = Command::new("nginx")
            .args(["-e", "stderr", "-c"])
            .arg(file)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("nginx does not start: {error}"))?;
        let nginx = Self { child, address };
        let begun = Instant::now();
        while TcpStream::connect(&nginx.address).is_err() {
            if begun.elapsed() > Duration::from_secs(10) {
                return Err("nginx does not listen".into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(nginx)
    }

    /// How long a short answer takes.
    fn time(&self) -> Result<Duration> {
        let begun = Instant::now();
        let mut answer = Vec::new();
        let mut stream = self.ask("short")?;
        stream.read_to_end(&mut answer)?;
        let time = begun.elapsed();
        if answer.ends_with(&[b'x'; SHORT]) {
            Ok(time)
        } else {
            Err("an answer was not whole".into())
        }
    }

    /// Asks for a list and reads the first byte of the answer.
    fn ask(&self, what: &str) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address)?;
        let project = format!("{what:0<32}");
        write!(
            stream,
            "GET /v1/{project}/node-provider/credentials HTTP/1.1\r\nHost: {}\r\nX-Auth-Token: a\r\nConnection: close\r\n\r\n",
            self.address
        )?;
        stream.read_exact(&mut [0])?;
        Ok(stream)
    }

    /// The memory in KiB, once it stays.
    fn steady_memory(&self) -> Result<u64> {
        let mut last = self.memory()?;
        loop {
            thread::sleep(STEADY);
            let now = self.memory()?;
            if now == last {
                return Ok(now);
            }
            last = now;
        }
    }

    fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let size = line.and_then(|line| line.split_whitespace().nth(1));
        Ok(size.ok_or("no memory is told")?.parse()?)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
