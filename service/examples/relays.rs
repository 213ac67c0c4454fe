//! What a relay's memory grows by for each connection whose client asks for much and reads nothing.
//!
//! `relay_memory RELAY [OTHER]` starts each program as a relay to an upstream behind TLS that answers every call with
//! 16 MiB, lets 200 clients ask, and prints how many KiB of memory a connection holds once the memory grows no more.

// A measurement may end in a panic.
#![allow(clippy::expect_used)]

use std::{
    env,
    error::Error,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::rustls::{
    ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivatePkcs8KeyDer,
};

const CLIENTS: u64 = 200;
const ANSWER: usize = 16 << 20;

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
    for program in programs {
        let relay = Relay::start(Path::new(&program), port, &file)?;
        // What it needs once, whoever calls.
        drop(relay.ask()?);
        let before = relay.steady_memory()?;
        let clients: Vec<_> = (0..CLIENTS).map(|_| relay.ask()).collect::<Result<_>>()?;
        let grown = relay.steady_memory()?.saturating_sub(before);
        println!(
            "{}: {} KiB a connection",
            program.display(),
            grown / CLIENTS
        );
        drop(clients);
    }
    Ok(())
}

/// Answers each call with more than anybody reads, and gives its port.
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
                let _ = socket.read(&mut [0; 4096]);
                let _ = write!(
                    socket,
                    "HTTP/1.1 200 OK\r\nContent-Length: {ANSWER}\r\n\r\n"
                );
                let _ = socket.write_all(&vec![b'x'; ANSWER]);
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

    /// Asks for a list and reads the first byte of the answer.
    fn ask(&self) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(&self.address)?;
        let project = "0".repeat(32);
        write!(
            stream,
            "GET /v1/{project}/node-provider/credentials HTTP/1.1\r\nHost: {}\r\nX-Auth-Token: a\r\n\r\n",
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
