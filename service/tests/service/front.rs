//! An upstream behind TLS, with a certificate of its own: it says what a test tells it to, or
//! passes everything on to a second service.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;
use tokio_rustls::rustls::{
    ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivatePkcs8KeyDer,
};

use crate::support::{Service, WATCHDOG};

/// How a connection ends.
pub enum End {
    /// As TLS wants it.
    Orderly,
    /// As an attacker on the way could cut it.
    Cut,
}

pub type Socket = StreamOwned<ServerConnection, TcpStream>;

pub struct Front {
    address: SocketAddr,
    folder: TempDir,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Front {
    /// Reads one request of each connection, remembers it, and lets `answer` do the rest.
    pub fn start(answer: impl Fn(&[u8], &mut Socket) -> End + Send + Sync + 'static) -> Self {
        Self::named("localhost", answer)
    }

    /// Answers "PK" once it is let; tells of each request that it has.
    pub fn holding() -> (Self, Receiver<()>, Sender<()>) {
        let (arrived, under_way) = channel();
        let (go, wait) = channel();
        let ends = Mutex::new((arrived, wait));
        let front = Self::start(move |_, socket| {
            let ends = ends.lock().unwrap();
            ends.0.send(()).unwrap();
            ends.1.recv().unwrap();
            socket
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nPK")
                .unwrap();
            End::Orderly
        });
        (front, under_way, go)
    }

    /// As `start`, with a certificate for another host.
    pub fn named(
        host: &str,
        answer: impl Fn(&[u8], &mut Socket) -> End + Send + Sync + 'static,
    ) -> Self {
        Self::shaped(
            |params| *params = CertificateParams::new([host.to_owned()]).unwrap(),
            answer,
        )
    }

    /// The same with a certificate for `localhost` that `shape` changes before it is signed.
    pub fn shaped(
        shape: impl FnOnce(&mut CertificateParams),
        answer: impl Fn(&[u8], &mut Socket) -> End + Send + Sync + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (config, authority) = identity(shape);
        std::fs::write(folder.path().join("ca.pem"), authority).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (sink, answer) = (Arc::clone(&seen), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let (config, sink, answer) = (config.clone(), Arc::clone(&sink), answer.clone());
                thread::spawn(move || serve(stream, config, &sink, &*answer));
            }
        });
        Self {
            address,
            folder,
            seen,
        }
    }

    /// Always says the same bytes.
    pub fn saying(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::start(move |_, socket| {
            // A relay that has heard enough may be gone.
            let _ = socket.write_all(bytes.as_ref());
            End::Orderly
        })
    }

    /// Stands before a second service.
    pub fn before(service: &Service) -> Self {
        let address = service.address();
        Self::towards(move || address)
    }

    /// Stands before a service whose address is asked for each time.
    pub fn towards(address: impl Fn() -> SocketAddr + Send + Sync + 'static) -> Self {
        Self::start(move |request, socket| {
            let address = address();
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(&renamed(request, address)).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            socket.write_all(&answer).unwrap();
            End::Orderly
        })
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port())
    }

    /// The file with the certificate to trust.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// All requests so far, byte for byte.
    pub fn seen(&self) -> Vec<Vec<u8>> {
        self.seen.lock().unwrap().clone()
    }
}

/// A request with the host that the service behind the front is called by.
fn renamed(request: &[u8], address: SocketAddr) -> Vec<u8> {
    const HOST: &[u8] = b"\r\nhost: ";
    let found = request.windows(HOST.len()).position(|part| part == HOST);
    let start = found.unwrap() + HOST.len();
    let length = request[start..].iter().position(|byte| *byte == b'\r');
    let rest = &request[start + length.unwrap()..];
    [&request[..start], address.to_string().as_bytes(), rest].concat()
}

fn identity(shape: impl FnOnce(&mut CertificateParams)) -> (Arc<ServerConfig>, String) {
    let mut authority = CertificateParams::new([]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    shape(&mut params);
    let certificate = params
        .signed_by(&key, &Issuer::new(authority, authority_key))
        .unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    (Arc::new(config), authority_pem)
}

fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    seen: &Mutex<Vec<Vec<u8>>>,
    answer: &(impl Fn(&[u8], &mut Socket) -> End + ?Sized),
) {
    stream.set_read_timeout(Some(WATCHDOG)).unwrap();
    stream.set_write_timeout(Some(WATCHDOG)).unwrap();
    let mut socket = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let Some(request) = read_request(&mut socket) else {
        return;
    };
    seen.lock().unwrap().push(request.clone());
    if let End::Orderly = answer(&request, &mut socket) {
        socket.conn.send_close_notify();
        // The relay may be gone by now.
        let _ = socket.flush();
    }
}

/// A request as far as it came; `None` if there was no TLS or nothing came.
fn read_request(socket: &mut Socket) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let length = socket.read(&mut chunk).ok().filter(|length| *length > 0)?;
        request.extend_from_slice(&chunk[..length]);
        let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8(request[..end].to_vec()).unwrap();
        let promised = head
            .split("\r\n")
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.parse().unwrap());
        if request.len() >= end + 4 + promised {
            return Some(request);
        }
    }
}
