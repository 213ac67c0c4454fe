//! What breaks off after its head never looks whole, whatever the client speaks.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Read, Write},
    sync::{Arc, Mutex, mpsc},
};

use rustix::process::Signal;

use crate::{
    front::{End, Front, Socket},
    support::{Answer, Service, TOKEN, binary, path, post, request},
};

/// To this version the end of the connection is the end of the answer.
fn as_http_1_0(request: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(request.to_vec()).unwrap();
    text.replacen(" HTTP/1.1\r\n", " HTTP/1.0\r\n", 1)
        .into_bytes()
}

/// A create and a list, by both versions.
fn requests() -> [Vec<u8>; 4] {
    let list = request("GET", &path(), &[("X-Auth-Token", TOKEN)], "");
    [
        as_http_1_0(&post("{}")),
        as_http_1_0(&list),
        post("{}"),
        list,
    ]
}

/// Sends, and gives how it ends and what came before that.
fn ending(service: &Service, request: &[u8]) -> (Result<(), ErrorKind>, Vec<u8>) {
    let mut stream = service.connect();
    stream.write_all(request).unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes);
    (end.map(drop).map_err(|error| error.kind()), bytes)
}

fn relay(front: &Front) -> Service {
    let mut command = binary();
    command.args(["--upstream", &front.url(), "--upstream-ca"]);
    command.arg(front.ca()).args(["--upstream-timeout", "1000"]);
    Service::launch(Arc::new(tempfile::tempdir().unwrap()), command)
}

fn assert_reset(answer: impl Fn(&mut Socket) -> End + Send + Sync + 'static) {
    let front = Front::start(move |_, socket| answer(socket));
    let service = relay(&front);
    for request in requests() {
        let (end, bytes) = ending(&service, &request);
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(500)]).into_owned();
        assert_eq!(end, Err(ErrorKind::ConnectionReset), "{text}");
    }
    assert_eq!(front.seen().len(), 4);
}

#[test]
fn an_answer_that_is_cut_ends_in_a_reset() {
    for head in [
        "Content-Length: 10\r\n\r\nabc",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n",
        "\r\nabc",
    ] {
        assert_reset(move |socket| {
            write!(socket, "HTTP/1.1 200 OK\r\n{head}").unwrap();
            End::Cut
        });
    }
}

#[test]
fn an_answer_that_stalls_ends_in_a_reset() {
    assert_reset(move |socket| {
        write!(socket, "HTTP/1.1 200 OK\r\n\r\nabc").unwrap();
        socket.flush().unwrap();
        let mut rest = Vec::new();
        // Until the relay is gone.
        let _ = socket.sock.read_to_end(&mut rest);
        End::Cut
    });
}

#[test]
fn an_answer_that_is_too_long_ends_in_a_reset() {
    assert_reset(|socket| {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while socket.write_all(&[b'x'; 65_536]).is_ok() {}
        End::Cut
    });
}

#[test]
fn a_whole_answer_ends_orderly_for_every_version() {
    for answer in [
        "\r\nwhole",
        "Content-Length: 5\r\n\r\nwhole",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\nX-Trailer: a\r\n\r\n",
        "Trailer: X-Trailer\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\nX-Trailer: a\r\n\r\n",
    ] {
        let service = relay(&Front::saying(format!("HTTP/1.1 200 OK\r\n{answer}")));
        for request in requests() {
            let (end, bytes) = ending(&service, &request);
            assert_eq!(end, Ok(()), "{answer}");
            assert!(String::from_utf8(bytes).unwrap().contains("whole"));
        }
    }
    let service = Service::start();
    for request in requests() {
        let (end, bytes) = ending(&service, &request);
        assert_eq!(end, Ok(()));
        assert!(bytes.starts_with(b"HTTP/1."));
    }
}

#[test]
fn a_service_that_is_killed_amid_an_answer_resets_it() {
    let (arrived, under_way) = mpsc::channel();
    let arrived = Mutex::new(arrived);
    let front = Front::start(move |_, socket| {
        write!(socket, "HTTP/1.1 200 OK\r\n\r\nabc").unwrap();
        socket.flush().unwrap();
        arrived.lock().unwrap().send(()).unwrap();
        let _ = socket.sock.read_to_end(&mut Vec::new());
        End::Cut
    });
    let service = relay(&front);
    let mut stream = service.connect();
    stream.write_all(&as_http_1_0(&post("{}"))).unwrap();
    under_way.recv().unwrap();
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"abc") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    service.signal(Signal::KILL);
    let end = stream.read_to_end(&mut bytes).map_err(|error| error.kind());
    assert_eq!(end, Err(ErrorKind::ConnectionReset));
}

#[test]
fn a_file_that_shrinks_while_it_is_sent_ends_in_a_reset() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("www")).unwrap();
    let file = site.path().join("www/large");
    fs::write(&file, vec![b'x'; 50_000_000]).unwrap();
    let service = Service::with(&["--www", site.path().to_str().unwrap()]);
    let mut stream = service.connect();
    stream
        .write_all(&as_http_1_0(&request("GET", "/www/large", &[], "")))
        .unwrap();
    stream.read_exact(&mut [0; 1_000]).unwrap();
    let open = OpenOptions::new().write(true).open(&file).unwrap();
    open.set_len(1_000_000).unwrap();
    let end = stream
        .read_to_end(&mut Vec::new())
        .map_err(|error| error.kind());
    assert_eq!(end, Err(ErrorKind::ConnectionReset));
}

#[test]
fn a_refused_request_is_told_so_before_the_end() {
    let service = Service::start();
    let (end, bytes) = ending(&service, b"nonsense\r\n\r\n");
    assert_eq!(end, Ok(()));
    Answer::parse(&bytes).assert_gateway(400, "APIGW.0201");
}
