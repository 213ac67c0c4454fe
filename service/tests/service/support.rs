//! Starts the service, speaks to it byte by byte, and looks into its database.

use std::{
    collections::HashSet,
    io::{BufRead, BufReader, Cursor, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc::channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

pub const PROJECT: &str = "0123456789abcdef0123456789abcdef";
pub const TOKEN: &str = "a-token-of-the-tests-0123456789";

/// Who may call.
pub const CALLER: [&str; 4] = ["--token", TOKEN, "--project-id", PROJECT];

/// Ends a hang; nothing is measured by it.
pub const WATCHDOG: Duration = Duration::from_secs(60);

pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_node-provider-service"));
    command
        .env_remove("NODE_PROVIDER_TOKEN")
        .env_remove("NODE_PROVIDER_PROJECT_ID")
        .env_remove("NODE_PROVIDER_PASSWORD")
        .env_remove("NODE_PROVIDER_DEMO_CODE");
    command
}

/// What the service says when it does not start: `command` is all but who may call.
pub fn refusal(command: &mut Command, address: &str, file: &Path) -> String {
    let command = command.args(CALLER).args(["--listen", address]);
    let output = command.arg("--data").arg(file).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty());
    said
}

/// A running service with a folder of its own.
pub struct Service {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<Vec<u8>>>,
    log_reader: Option<JoinHandle<()>>,
    folder: Arc<TempDir>,
}

impl Service {
    pub fn start() -> Self {
        Self::with(&[])
    }

    pub fn with(arguments: &[&str]) -> Self {
        Self::again(Arc::new(tempfile::tempdir().unwrap()), arguments)
    }

    /// Starts on the data of a service that has ended.
    pub fn again(folder: Arc<TempDir>, arguments: &[&str]) -> Self {
        let mut command = binary();
        command.args(CALLER).args(arguments);
        Self::spawn(folder, command)
    }

    /// Starts `command`, to which only the address and the data file are added.
    pub fn spawn(folder: Arc<TempDir>, mut command: Command) -> Self {
        command.arg("--data").arg(folder.path().join("keys.sqlite"));
        Self::launch(folder, command)
    }

    /// Starts `command`, to which only the address is added.
    pub fn launch(folder: Arc<TempDir>, command: Command) -> Self {
        Self::logging(folder, command, Stdio::piped())
    }

    /// The same with its log elsewhere, or, where that is a new pipe, read here.
    pub fn logging(folder: Arc<TempDir>, command: Command, stderr: Stdio) -> Self {
        Self::attempt(folder, command, stderr)
            .unwrap_or_else(|(status, log)| panic!("it ended with {status}; the log: {log}"))
    }

    /// The same of what may end before it listens, and then with its exit status and its log.
    pub fn attempt(
        folder: Arc<TempDir>,
        mut command: Command,
        stderr: Stdio,
    ) -> Result<Self, (ExitStatus, String)> {
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            // What the tests call it.
            .args(["--allow-host", "service.test", "--allow-host", "a"])
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        // What it holds of the log would be held open with it.
        drop(command);
        let log = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&log);
        let log_reader = child.stderr.take().map(|mut stderr| {
            thread::spawn(move || {
                let mut chunk = [0; 4096];
                while let Ok(length @ 1..) = stderr.read(&mut chunk) {
                    sink.lock().unwrap().extend_from_slice(&chunk[..length]);
                }
            })
        });
        let line = first_line(child.stdout.take().unwrap());
        if line.is_empty() {
            let status = child.wait().unwrap();
            if let Some(reader) = log_reader {
                reader.join().unwrap();
            }
            return Err((status, text(&log)));
        }
        let address = line
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.strip_suffix('\n'))
            .unwrap_or_else(|| panic!("the first line was {line:?}; the log: {}", text(&log)))
            .parse()
            .unwrap();
        Ok(Self {
            child,
            address,
            log,
            log_reader,
            folder,
        })
    }

    pub fn folder(&self) -> Arc<TempDir> {
        Arc::clone(&self.folder)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("keys.sqlite")
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    pub fn database(&self) -> Connection {
        let database = Connection::open(self.data()).unwrap();
        database.busy_timeout(WATCHDOG).unwrap();
        database
    }

    pub fn count(&self) -> i64 {
        self.database()
            .query_row("SELECT count(*) FROM credentials", [], |row| row.get(0))
            .unwrap()
    }

    /// The ids of all keys that are stored.
    pub fn stored(&self) -> HashSet<String> {
        self.database()
            .prepare("SELECT id FROM credentials")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(WATCHDOG)).unwrap();
        stream.set_write_timeout(Some(WATCHDOG)).unwrap();
        stream
    }

    /// Sends bytes as they are, and reads the answer up to the connection's end.
    pub fn raw(&self, request: impl AsRef<[u8]>) -> Answer {
        let mut stream = self.connect();
        stream.write_all(request.as_ref()).unwrap();
        Answer::read(&mut stream)
    }

    pub fn create(&self, body: impl AsRef<[u8]>) -> Answer {
        self.raw(post(body))
    }

    pub fn delete(&self, id: &str) -> Answer {
        self.raw(request(
            "DELETE",
            &path_of(id),
            &[("X-Auth-Token", TOKEN)],
            "",
        ))
    }

    /// Lists, with a query that begins with a question mark or is empty.
    pub fn list(&self, query: &str) -> Answer {
        let path = format!("{}{query}", path());
        self.raw(request("GET", &path, &[("X-Auth-Token", TOKEN)], ""))
    }

    /// Puts in keys with the descriptions 0, 1, 2… of which the last is the newest.
    pub fn fill(&self, count: i64) {
        let mut database = self.database();
        let transaction = database.transaction().unwrap();
        for index in 0..count {
            transaction
                .execute(
                    "INSERT INTO credentials (id, project_id, description, sha256, create_time) VALUES (?1, ?2, ?3, ?4, ?5)",
                    (format!("{index:036}"), PROJECT, index.to_string(), format!("{index:064}"), 1_000 + index),
                )
                .unwrap();
        }
        transaction.commit().unwrap();
    }

    /// Waits until the log holds `what`.
    pub fn wait_for_log(&self, what: &str) {
        let begun = Instant::now();
        while !text(&self.log).contains(what) {
            assert!(begun.elapsed() < WATCHDOG, "not logged: {what}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits for the end and gives the exit status and the log.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < WATCHDOG, "the service does not end");
            thread::sleep(Duration::from_millis(5));
        };
        if let Some(reader) = self.log_reader.take() {
            reader.join().unwrap();
        }
        (status, text(&self.log))
    }

    pub fn stop(self) -> (ExitStatus, String) {
        self.signal(Signal::TERM);
        self.wait()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first line of a program's output, empty where it has none; nobody reads the others.
fn first_line(output: impl Read + Send + 'static) -> String {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).unwrap();
        sender.send(line).unwrap();
    });
    let line = receiver.recv_timeout(WATCHDOG);
    line.expect("the service neither listens nor ends")
}

fn text(log: &Mutex<Vec<u8>>) -> String {
    String::from_utf8(log.lock().unwrap().clone()).unwrap()
}

pub fn path() -> String {
    format!("/v1/{PROJECT}/node-provider/credentials")
}

pub fn path_of(id: &str) -> String {
    format!("{}/{id}", path())
}

/// A request with a length, whatever its body.
pub fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!(
        "{method} {path} HTTP/1.1\r\nHost: service.test\r\nContent-Length: {}\r\n",
        body.len()
    )
    .into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    bytes
}

/// A create that is let in.
pub fn post(body: impl AsRef<[u8]>) -> Vec<u8> {
    request(
        "POST",
        &path(),
        &[
            ("X-Auth-Token", TOKEN),
            ("Content-Type", "application/json"),
        ],
        body,
    )
}

/// The head of a create that is let in, with a promise of `length` bytes and none of them.
pub fn post_head(length: u64) -> String {
    format!(
        "POST {} HTTP/1.1\r\nHost: service.test\r\nX-Auth-Token: {TOKEN}\r\nContent-Length: {length}\r\n\r\n",
        path()
    )
}

/// One answer, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads an answer and checks what must be true of every one of them.
    pub fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        // The service waits for this side's end before it lets the connection go.
        let _ = stream.shutdown(Shutdown::Both);
        Self::parse(&bytes)
    }

    pub fn parse(bytes: &[u8]) -> Self {
        let answer = Self::unchecked(bytes);
        answer.check();
        answer
    }

    pub fn unchecked(bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer, but {:?}", String::from_utf8_lossy(bytes)));
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().strip_prefix("HTTP/1.1 ").unwrap();
        Self {
            status: status[..3].parse().unwrap(),
            headers: lines
                .map(|line| line.split_once(": ").unwrap())
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: bytes[end + 4..].to_vec(),
        }
    }

    fn check(&self) {
        let id = self.request_id();
        assert_eq!(id.len(), 32, "{self:?}");
        assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{self:?}");
        assert_ne!(id, "0".repeat(32));
        assert_eq!(self.header("connection"), Some("close"), "{self:?}");
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(self.header("referrer-policy"), Some("no-referrer"));
        assert!(self.header("date").is_some());
        if let Some(length) = self.header("content-length") {
            let length: usize = length.parse().unwrap();
            assert!(
                self.body.len() == length || self.body.is_empty(),
                "{self:?}"
            );
        }
    }

    /// The value of a header that is there at most once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(n, _)| n == name);
        let value = values.next();
        assert!(values.next().is_none(), "{name} is there twice: {self:?}");
        value.map(|(_, value)| value.as_str())
    }

    pub fn request_id(&self) -> &str {
        self.header("x-request-id").expect("no request id")
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        assert_eq!(
            self.header("content-type"),
            Some("application/json"),
            "{self:?}"
        );
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self:?}");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Checks that this is an error in the API's four fields.
    pub fn assert_failure(&self, status: u16) {
        let (error_code, error_msg, message) = match status {
            400 => (
                "BCS.03400001",
                "Invalid request.",
                "unmarshal request data error",
            ),
            401 => (
                "BCS.03401001",
                "Authorization failed.",
                "request token is not valid",
            ),
            404 => ("BCS.03404001", "Not found.", "api key does not exist"),
            500 => (
                "BCS.03500001",
                "Internal error.",
                "project [xxx] node [xxx] get service bearer user token error",
            ),
            other => panic!("no such failure: {other}"),
        };
        let expected = serde_json::json!({
            "code": status, "error_code": error_code, "error_msg": error_msg, "message": message
        });
        assert_eq!(self.json(), expected);
        assert_eq!(self.status, status);
    }

    /// Checks that this is an error in the gateway's three fields.
    pub fn assert_gateway(&self, status: u16, error_code: &str) {
        let body = self.json();
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(body["error_code"], error_code);
        assert_eq!(body["request_id"], self.request_id());
        assert!(!body["error_msg"].as_str().unwrap().is_empty());
        assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
    }

    /// Checks that this says that nothing was done, and when to try again.
    pub fn assert_busy(&self) {
        self.assert_gateway(503, "APIGW.0202");
        assert_eq!(self.header("retry-after"), Some("1"));
        assert!(self.text().contains("nothing was done"));
    }

    /// Opens the key file.
    pub fn key(&self) -> Key {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        let mut archive = zip::ZipArchive::new(Cursor::new(&self.body)).unwrap();
        assert_eq!(archive.len(), 1);
        let mut csv = String::new();
        archive
            .by_name("credential.csv")
            .unwrap()
            .read_to_string(&mut csv)
            .unwrap();
        assert!(csv.ends_with("\r\n"));
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        assert_eq!(
            reader.headers().unwrap(),
            [
                "credential_id",
                "project_id",
                "description",
                "api_key",
                "create_time"
            ]
            .as_slice()
        );
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        let [row] = rows.as_slice() else {
            panic!("not one row: {csv}");
        };
        Key {
            id: row[0].to_owned(),
            project_id: row[1].to_owned(),
            description: row[2].to_owned(),
            secret: row[3].to_owned(),
            create_time: row[4].to_owned(),
        }
    }
}

/// The row of a key file.
#[derive(Clone, Debug)]
pub struct Key {
    pub id: String,
    pub project_id: String,
    pub description: String,
    pub secret: String,
    pub create_time: String,
}
