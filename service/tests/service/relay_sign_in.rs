//! A relay that passes sign-ins on, to an identity service that may be anything.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener},
    sync::{Arc, Mutex, mpsc},
};

use serde_json::json;

use crate::{
    front::{End, Front},
    sign_in::{ACCOUNT, JSON, PASSWORD, REGION, USER, body},
    support::{Answer, PROJECT, Service, TOKEN, binary, path, request},
};

const TOKENS: &str = "/v3/auth/tokens";
const REQUEST_ID: &str = "0123456789abcdef0123456789abcdef";
const SUBJECT: &str = "MIISubjectToken+of/the-tests==";

/// A relay whose identity service is `iam`, and whose other upstream is nowhere.
fn relay(iam: &Front, arguments: &[&str]) -> Service {
    let mut command = binary();
    command
        .args([
            "--upstream",
            "https://no-such-host.invalid",
            "--upstream-ca",
        ])
        .arg(iam.ca())
        .args(["--upstream-iam", &format!("{}/a/b", iam.url())])
        .args(arguments);
    Service::launch(Arc::new(tempfile::tempdir().unwrap()), command)
}

fn saying(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> (Service, Front) {
    let front = Front::saying(bytes);
    (relay(&front, &[]), front)
}

fn asked() -> String {
    body(
        PASSWORD,
        &json!({ "name": REGION, "domain": { "name": ACCOUNT } }),
    )
    .to_string()
}

fn post(query: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    request("POST", &format!("{TOKENS}{query}"), headers, body)
}

fn usual() -> Vec<u8> {
    post("?nocatalog=true", &[JSON], &asked())
}

/// What comes back, whether whole or not.
fn bytes(service: &Service) -> Vec<u8> {
    let mut stream = service.connect();
    stream.write_all(&usual()).unwrap();
    let mut bytes = Vec::new();
    // What breaks off ends in a reset.
    let _ = stream.read_to_end(&mut bytes);
    stream.shutdown(Shutdown::Both).ok();
    bytes
}

#[test]
fn a_sign_in_gets_through_to_a_service_on_loopback() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let mut command = binary();
    command
        .args(["--account", ACCOUNT, "--user", USER])
        .args(["--project", &format!("{REGION}={PROJECT}")])
        .env("NODE_PROVIDER_PASSWORD", PASSWORD);
    let second = Service::spawn(folder, command);
    let url = format!("http://{}", second.address());
    let mut command = binary();
    command.args(["--upstream", &url, "--upstream-iam", &url]);
    let service = Service::launch(Arc::new(tempfile::tempdir().unwrap()), command);
    let answer = service.raw(usual());
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.json()["token"]["project"]["id"], PROJECT);
    let token = answer.header("x-subject-token").unwrap();
    let list = service.raw(request("GET", &path(), &[("X-Auth-Token", token)], ""));
    assert_eq!(list.json()["count"], 0);
    let wrong = body("wrong", &json!({ "name": REGION })).to_string();
    let answer = service.raw(post("", &[JSON], &wrong));
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["error"]["title"], "Unauthorized");
}

#[test]
fn iam_gets_exactly_the_call_and_the_client_exactly_its_answer() {
    let (service, front) = saying(format!(
        "HTTP/1.1 201 Created\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\
         X-Subject-Token: {SUBJECT}\r\nX-Request-Id: {REQUEST_ID}\r\nSet-Cookie: a=b\r\nServer: x\r\n\
         X-Auth-Token: other\r\nX-Secret: 1\r\nLocation: https://a.test\r\nVary: X-Auth-Token\r\n\
         Content-Disposition: attachment\r\nWWW-Authenticate: Basic\r\nCache-Control: public\r\n\r\n{{}}"
    ));
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Auth-Token", TOKEN),
        ("X-Subject-Token", TOKEN),
        ("Cookie", "session=1"),
        ("Authorization", "Basic bWU6cGFzc3dvcmQ="),
        ("Origin", "http://a.test"),
        ("Accept-Encoding", "gzip"),
        ("X-Forwarded-For", "192.0.2.1"),
    ];
    let mut answer = None;
    for query in ["", "?nocatalog=true"] {
        answer = Some(service.raw(post(query, &headers, &asked())));
    }
    let answer = answer.unwrap();
    assert_eq!((answer.status, answer.text()), (201, "{}"));
    assert_eq!(answer.request_id(), REQUEST_ID);
    let mut names: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "cache-control",
            "connection",
            "content-length",
            "content-type",
            "date",
            "referrer-policy",
            "x-content-type-options",
            "x-request-id",
            "x-subject-token",
        ]
    );
    assert_eq!(answer.header("x-subject-token"), Some(SUBJECT));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let seen: Vec<_> = front
        .seen()
        .into_iter()
        .map(|bytes| String::from_utf8(bytes).unwrap())
        .collect();
    assert_eq!(seen.len(), 2);
    for (text, query) in seen.iter().zip(["", "?nocatalog=true"]) {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, asked());
        let (line, headers) = head.split_once("\r\n").unwrap();
        assert_eq!(line, format!("POST /a/b{TOKENS}{query} HTTP/1.1"));
        let mut headers: Vec<_> = headers.split("\r\n").collect();
        headers.sort_unstable();
        let length = format!("content-length: {}", body.len());
        let host = format!("host: localhost:{}", front.port());
        let wanted = [
            "accept-encoding: identity",
            "connection: close",
            &length,
            "content-type: application/json;charset=utf8",
            &host,
        ];
        let (via, others): (Vec<_>, Vec<_>) = headers
            .into_iter()
            .partition(|header| header.starts_with("via: "));
        assert_eq!(via.len(), 1, "{via:?}");
        assert!(via[0].starts_with("via: 1.1 relay-"), "{via:?}");
        assert_eq!(others, wanted);
    }
}

#[test]
fn nothing_else_is_sent() {
    let (service, front) = saying("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    let good = asked();
    let token = good.replace("\"password\"]", "\"token\"]");
    let more = good.replacen("{\"auth\":", "{\"more\":1,\"auth\":", 1);
    let large = format!("{good}{}", " ".repeat(65_536));
    for (query, headers, body) in [
        ("", &[][..], good.as_str()),
        ("", &[("Content-Type", "text/plain")], &good),
        ("", &[JSON, JSON], &good),
        ("?a=b", &[JSON], &good),
        ("?nocatalog=true&a=b", &[JSON], &good),
        ("", &[JSON], ""),
        ("", &[JSON], "{}"),
        ("", &[JSON], &good[1..]),
        ("", &[JSON], &token),
        ("", &[JSON], &more),
        ("", &[JSON], &large),
    ] {
        let answer = service.raw(post(query, headers, body));
        answer.assert_gateway(400, "APIGW.0201");
    }
    let mut stream = service.connect();
    let whole = usual();
    stream.write_all(&whole[..whole.len() - 1]).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    Answer::read(&mut stream).assert_gateway(400, "APIGW.0201");
    for (method, target, status) in [
        ("GET", TOKENS, 405),
        ("DELETE", TOKENS, 405),
        ("HEAD", TOKENS, 405),
        ("POST", "/v3/auth/tokens/", 404),
        ("POST", "/v3/auth", 404),
        ("GET", "/v3/projects", 404),
        ("POST", "/v3.0/OS-CREDENTIAL/securitytokens", 404),
        ("POST", "/demo/session", 404),
    ] {
        let answer = service.raw(request(method, target, &[JSON], ""));
        assert_eq!(answer.status, status, "{method} {target}");
    }
    assert!(front.seen().is_empty());
}

#[test]
fn without_an_identity_service_it_says_so() {
    let mut command = binary();
    command.args(["--upstream", "https://no-such-host.invalid"]);
    let service = Service::launch(Arc::new(tempfile::tempdir().unwrap()), command);
    let answer = service.raw(usual());
    answer.assert_gateway(404, "APIGW.0101");
    assert!(answer.text().contains("--upstream-iam"));
}

#[test]
fn neither_redirects_nor_what_makes_browsers_repeat_come_back() {
    for status in [300, 301, 302, 303, 307, 308, 408, 421] {
        let (service, front) = saying(format!(
            "HTTP/1.1 {status} X\r\nLocation: /v3/elsewhere\r\nX-Subject-Token: {SUBJECT}\r\nContent-Length: 0\r\n\r\n"
        ));
        let answer = service.raw(usual());
        answer.assert_gateway(502, "APIGW.0202");
        assert_eq!(answer.header("location"), None);
        assert_eq!(answer.header("x-subject-token"), None);
        assert_eq!(front.seen().len(), 1, "{status} was followed or repeated");
    }
    for status in [400, 401, 403, 404, 409, 429, 500, 503] {
        let (service, front) = saying(format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n"));
        assert_eq!(service.raw(usual()).status, status);
        assert_eq!(front.seen().len(), 1);
    }
}

#[test]
fn an_identity_service_that_fails_is_asked_once() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let down = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let mut command = binary();
    command.args([
        "--upstream",
        "https://no-such-host.invalid",
        "--upstream-iam",
        &down,
    ]);
    let service = Service::launch(Arc::new(tempfile::tempdir().unwrap()), command);
    let answer = service.raw(usual());
    answer.assert_gateway(502, "APIGW.0202");
    assert!(answer.text().contains("nothing was sent"));

    let (hold, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let stalls = Front::start(move |_, _| {
        // Ends with the test.
        let _ = held.lock().unwrap().recv();
        End::Cut
    });
    let service = relay(&stalls, &["--upstream-timeout", "1000"]);
    service.raw(usual()).assert_gateway(504, "APIGW.0203");
    assert_eq!(stalls.seen().len(), 1);
    drop(hold);

    for lie in [
        "",
        "nonsense\r\n\r\n",
        "HTTP/1.1 201 Created\r\nContent-Le",
        "HTTP/1.1 201 Created\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 201 Created\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
    ] {
        let (service, front) = saying(lie);
        service.raw(usual()).assert_gateway(502, "APIGW.0202");
        assert_eq!(front.seen().len(), 1, "{lie:?}");
    }
    let filler = "f".repeat(129 * 1024);
    let (service, _front) = saying(format!(
        "HTTP/1.1 201 Created\r\nX-Subject-Token: {filler}\r\n\r\n"
    ));
    service.raw(usual()).assert_gateway(502, "APIGW.0202");
}

#[test]
fn an_answer_that_breaks_off_or_never_ends_is_not_passed_on_as_whole() {
    let cut = Front::start(|_, socket| {
        let head = "HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\nabc";
        let _ = socket.write_all(head.as_bytes());
        End::Cut
    });
    let got = Answer::unchecked(&bytes(&relay(&cut, &[])));
    assert_eq!(got.header("content-length"), Some("10"));
    assert!(got.body.len() < 10);

    let endless = Front::start(|_, socket| {
        let _ = socket.write_all(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        while socket.write_all(chunk.as_bytes()).is_ok() {}
        End::Cut
    });
    let got = Answer::unchecked(&bytes(&relay(&endless, &[])));
    assert!(!got.body.ends_with(b"0\r\n\r\n"));
    assert!(got.body.len() < 17 * 1024 * 1024);
}

#[test]
fn no_secret_is_logged() {
    let (service, _front) = saying(format!(
        "HTTP/1.1 401 X\r\nContent-Length: 2\r\nX-Subject-Token: {SUBJECT}\r\nX-Request-Id: {SUBJECT}\r\n\r\n{{}}"
    ));
    // The request id is not one of ours.
    let unchecked = |request: Vec<u8>| {
        let mut stream = service.connect();
        stream.write_all(&request).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Answer::unchecked(&bytes)
    };
    assert_eq!(unchecked(usual()).status, 401);
    service.raw(post(
        &format!("?{PASSWORD:?}").replace(' ', ""),
        &[JSON],
        &asked(),
    ));
    let (_, log) = service.stop();
    assert!(log.contains(TOKENS), "{log}");
    for secret in [PASSWORD, SUBJECT, ACCOUNT, USER, REGION] {
        assert!(!log.contains(secret), "{log}");
    }
}
