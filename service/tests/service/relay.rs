//! The relay: a service that passes the three calls on to a second one behind TLS.

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpListener},
    sync::{Arc, Mutex, mpsc},
    thread,
};

use crate::{
    front::{End, Front},
    support::{Answer, PROJECT, Service, TOKEN, binary, path, path_of, post, post_head, request},
};

pub fn relay(front: &Front, arguments: &[&str]) -> Service {
    relay_to(&front.url(), front, arguments)
}

pub fn relay_to(url: &str, front: &Front, arguments: &[&str]) -> Service {
    let mut command = binary();
    command
        .args(["--upstream", url, "--upstream-ca"])
        .arg(front.ca())
        .args(arguments);
    Service::launch(Arc::new(tempfile::tempdir().unwrap()), command)
}

/// A relay to an upstream that always says the same, and that upstream.
fn saying(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> (Service, Front) {
    let front = Front::saying(bytes);
    (relay(&front, &[]), front)
}

const IMPATIENT: [&str; 2] = ["--upstream-timeout", "1000"];
const RIGHT: (&str, &str) = ("X-Auth-Token", TOKEN);

fn get(service: &Service, query: &str) -> Answer {
    service.raw(request("GET", &format!("{}{query}", path()), &[RIGHT], ""))
}

/// The three calls.
fn calls() -> [Vec<u8>; 3] {
    [
        post("{\"description\":\"For test\"}"),
        request("GET", &path(), &[RIGHT], ""),
        request("DELETE", &path_of(&"0".repeat(36)), &[RIGHT], ""),
    ]
}

/// What comes back, whether whole or not.
fn bytes(service: &Service, request: &[u8]) -> Vec<u8> {
    let mut stream = service.connect();
    stream.write_all(request).unwrap();
    let mut bytes = Vec::new();
    // What breaks off ends in a reset.
    let _ = stream.read_to_end(&mut bytes);
    stream.shutdown(Shutdown::Both).ok();
    bytes
}

/// A chunked body's content, and whether it has its end.
fn unchunk(mut body: &[u8]) -> (Vec<u8>, bool) {
    let mut content = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let length = std::str::from_utf8(&body[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            return (content, body == b"0\r\n\r\n");
        }
        let start = end + 2;
        let stop = body.len().min(start + length);
        content.extend_from_slice(&body[start..stop]);
        body = body.get(start + length + 2..).unwrap_or_default();
    }
    (content, false)
}

#[test]
fn the_three_calls_get_through() {
    let second = Service::start();
    let front = Front::before(&second);
    let service = relay(&front, &[]);
    let key = service.create("{\"description\":\"日本語\"}").key();
    assert_eq!(key.description, "日本語");
    let list = get(&service, "?offset=0&limit=10").json();
    assert_eq!(list["count"], 1);
    assert_eq!(list["credentials"][0]["id"], key.id);
    assert_eq!(service.delete(&key.id).text(), "null");
    service.delete(&key.id).assert_failure(404);
    service.create("nonsense").assert_failure(400);
    let wrong = [("X-Auth-Token", "other")];
    service
        .raw(request("POST", &path(), &wrong, "{}"))
        .assert_failure(401);
    assert_eq!(get(&service, "").json()["count"], 0);
    // Exactly as often as the relay was called: nothing was repeated.
    assert_eq!(front.seen().len(), 7);
}

#[test]
fn a_key_file_comes_with_its_name_and_the_upstreams_request_id() {
    let second = Service::start();
    let service = relay(&Front::before(&second), &[]);
    let answer = service.create("{}");
    let key = answer.key();
    assert_eq!(answer.header("content-type"), Some("application/zip"));
    let name = format!("attachment; filename=\"node-provider-key-{}.zip\"", key.id);
    assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let length = answer.body.len().to_string();
    assert_eq!(answer.header("content-length"), Some(length.as_str()));
    let (_, log) = second.stop();
    assert!(log.contains(answer.request_id()), "{log}");
    let (_, log) = service.stop();
    let line = log.lines().find(|line| line.contains(answer.request_id()));
    let own = line.unwrap().split_once("id=\"").unwrap().1;
    assert!(own[..32].bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_ne!(&own[..32], answer.request_id());
}

#[test]
fn the_upstream_gets_exactly_the_contract() {
    let (service, front) = saying("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull");
    let id = "0a".repeat(18);
    let extra = [
        RIGHT,
        ("Content-Type", "application/json; charset=utf-8"),
        ("Cookie", "session=1"),
        ("Authorization", "Basic bWU6cGFzc3dvcmQ="),
        ("Origin", "http://a.test"),
        ("Referer", "http://a.test/"),
        ("User-Agent", "a browser"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip, br"),
        ("Accept-Language", "en"),
        ("Sec-Fetch-Mode", "cors"),
        ("X-Forwarded-For", "192.0.2.1"),
        ("X-Request-Id", "mine"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Connection", "X-Auth-Token, keep-alive"),
        ("Keep-Alive", "timeout=5"),
        ("Proxy-Authorization", "Basic bWU6cGFzc3dvcmQ="),
        ("TE", "trailers"),
        ("Upgrade", "websocket"),
        ("Range", "bytes=0-1"),
        ("If-None-Match", "\"a\""),
    ];
    let body = "{\"description\" : \"a\"}\n";
    for request in [
        request("POST", &format!("{}?a=b", path()), &extra, body),
        request("DELETE", &format!("{}?a=b", path_of(&id)), &extra, "body"),
        request(
            "GET",
            &format!("{}?limit=%37&offset=007", path()),
            &extra,
            "body",
        ),
        request("GET", &path(), &extra, ""),
        request("POST", &path(), &[RIGHT], ""),
    ] {
        assert_eq!(service.raw(request).text(), "null");
    }
    let fixed = format!(
        "accept-encoding: identity\r\nconnection: close\r\nhost: localhost:{}\r\nx-auth-token: {TOKEN}\r\n",
        front.port()
    );
    let seen: Vec<_> = front
        .seen()
        .into_iter()
        .map(|bytes| {
            let text = String::from_utf8(bytes).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let (line, headers) = head.split_once("\r\n").unwrap();
            let via = headers
                .split("\r\n")
                .find(|header| header.starts_with("via: "));
            let name = via.unwrap().strip_prefix("via: 1.1 relay-").unwrap();
            assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let mut headers: Vec<_> = headers
                .split("\r\n")
                .filter(|header| !header.starts_with("via: "))
                .collect();
            headers.sort_unstable();
            format!("{line}\n{}\n\n{body}", headers.join("\n"))
        })
        .collect();
    let wanted = |line: &str, more: &[&str], body: &str| {
        let mut headers: Vec<_> = fixed
            .trim_end()
            .split("\r\n")
            .chain(more.iter().copied())
            .collect();
        headers.sort_unstable();
        format!("{line} HTTP/1.1\n{}\n\n{body}", headers.join("\n"))
    };
    let length = format!("content-length: {}", body.len());
    assert_eq!(
        seen,
        [
            wanted(
                &format!("POST {}", path()),
                &["content-type: application/json; charset=utf-8", &length],
                body
            ),
            wanted(&format!("DELETE {}", path_of(&id)), &[], ""),
            wanted(&format!("GET {}?offset=7&limit=7", path()), &[], ""),
            wanted(&format!("GET {}", path()), &[], ""),
            wanted(&format!("POST {}", path()), &["content-length: 0"], ""),
        ]
    );
}

#[test]
fn head_is_a_list_without_its_body() {
    let (service, front) = saying("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull");
    let answer = service.raw(request("HEAD", &path(), &[RIGHT], ""));
    assert_eq!((answer.status, answer.text()), (200, ""));
    assert_eq!(answer.header("content-length"), Some("4"));
    assert!(front.seen()[0].starts_with(b"GET "));
    assert_eq!(front.seen().len(), 1);
}

#[test]
fn the_client_gets_exactly_the_contract() {
    let id = "0123456789abcdef0123456789abcdef";
    let (service, _front) = saying(format!(
        "HTTP/1.1 429 Too Many\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\
         Retry-After: 7\r\nX-Request-Id: {id}\r\nContent-Disposition: attachment\r\n\
         Content-Encoding: identity\r\nSet-Cookie: a=b\r\nServer: x\r\nLocation: https://a.test\r\n\
         WWW-Authenticate: Basic\r\nAccess-Control-Allow-Origin: *\r\nKeep-Alive: timeout=5\r\n\
         Connection: X-Secret\r\nX-Secret: 1\r\nCache-Control: public\r\nRefresh: 0; url=https://a.test\r\n\
         Clear-Site-Data: \"*\"\r\nAlt-Svc: h3=\":443\"\r\nStrict-Transport-Security: max-age=1\r\n\
         Link: <https://a.test>; rel=preload\r\nUpgrade: h2c\r\nDate: yesterday\r\n\r\n{{}}"
    ));
    let answer = service.create("{}");
    assert_eq!((answer.status, answer.text()), (429, "{}"));
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| name != "date")
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            "cache-control: no-store".to_owned(),
            "connection: close".to_owned(),
            "content-disposition: attachment".to_owned(),
            "content-encoding: identity".to_owned(),
            "content-length: 2".to_owned(),
            "content-type: application/json".to_owned(),
            "referrer-policy: no-referrer".to_owned(),
            "retry-after: 7".to_owned(),
            "x-content-type-options: nosniff".to_owned(),
            format!("x-request-id: {id}"),
        ]
    );
    assert_ne!(answer.header("date"), Some("yesterday"));
}

#[test]
fn a_request_id_that_is_none_is_replaced() {
    for (theirs, taken) in [
        ("a".to_owned(), true),
        ("~".repeat(128), true),
        ("a".repeat(129), false),
        ("a b".to_owned(), false),
        ("é".to_owned(), false),
        (String::new(), false),
    ] {
        let (service, _front) = saying(format!(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Request-Id: {theirs}\r\n\r\n"
        ));
        let answer = Answer::unchecked(&bytes(&service, &calls()[1]));
        assert_eq!(answer.status, 200);
        assert_eq!(answer.request_id() == theirs, taken, "{theirs}");
        assert!(taken || answer.request_id().len() == 32);
    }
}

#[test]
fn bodies_are_passed_on_byte_for_byte() {
    let content: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    let promised = {
        let mut bytes = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
            content.len()
        )
        .into_bytes();
        bytes.extend_from_slice(&content);
        bytes
    };
    let chunked = {
        let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in content.chunks(77_777) {
            bytes.extend_from_slice(format!("{:x};a=b\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\nX-Trailer: a\r\n\r\n");
        bytes
    };
    let closed = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &content].concat();
    for (answer, has_length) in [(promised, true), (chunked, false), (closed, false)] {
        let (service, _front) = saying(answer);
        for call in calls() {
            let answer = Answer::unchecked(&bytes(&service, &call));
            assert_eq!(answer.header("content-length").is_some(), has_length);
            let (body, whole) = if has_length {
                (answer.body, true)
            } else {
                unchunk(&answer.body)
            };
            assert!(whole && body == content);
        }
    }
    // And on the way there: all bytes, and as many as the service itself takes.
    let (service, front) = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    for size in [0, 1, 65_535, 65_536] {
        let body: Vec<u8> = (0..size).map(|index| (index % 251) as u8).collect();
        assert_eq!(service.create(&body).status, 200);
        assert!(front.seen().last().unwrap().ends_with(&body));
    }
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: {TOKEN}\r\nTransfer-Encoding: chunked\r\n\r\n",
        path()
    );
    let answer = service.raw(format!("{head}1\r\n{{\r\n1\r\n}}\r\n0\r\n\r\n"));
    assert_eq!(answer.status, 200);
    assert!(front.seen().last().unwrap().ends_with(b"\r\n\r\n{}"));
}

#[test]
fn an_answer_is_passed_on_while_it_arrives() {
    let (go, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let front = Front::start(move |_, socket| {
        socket
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
            .unwrap();
        wait.lock().unwrap().recv().unwrap();
        socket.write_all(b"cd").unwrap();
        End::Orderly
    });
    let service = relay(&front, &[]);
    let mut stream = service.connect();
    stream.write_all(&calls()[1]).unwrap();
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\nab") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    go.send(()).unwrap();
    stream.read_to_end(&mut bytes).unwrap();
    assert_eq!(Answer::parse(&bytes).text(), "abcd");
}

#[test]
fn every_status_is_passed_on_but_redirects_and_what_makes_browsers_repeat() {
    let front = Front::start(|request, socket| {
        let length = request.iter().rposition(|byte| *byte == b'\n').unwrap();
        let status = std::str::from_utf8(&request[length + 1..]).unwrap();
        let _ = write!(
            socket,
            "HTTP/1.1 {status} X\r\nLocation: https://a.test/\r\nContent-Length: 0\r\nX-Request-Id: {}\r\n\r\n",
            "ab".repeat(16)
        );
        End::Orderly
    });
    let service = relay(&front, &[]);
    let mut count = 0;
    for status in (200..600).chain([101, 600, 999]) {
        let answer = service.create(status.to_string());
        count += 1;
        assert_eq!(answer.header("location"), None);
        if matches!(status, 200..=299 | 400..=407 | 409..=420 | 422..=599) {
            assert_eq!(answer.status, status);
            assert_eq!(answer.request_id(), "ab".repeat(16));
        } else {
            answer.assert_gateway(502, "APIGW.0202");
        }
        assert_eq!(
            front.seen().len(),
            count,
            "{status} was followed or repeated"
        );
    }
}

#[test]
fn the_same_goes_for_redirects_of_the_other_calls() {
    for status in [301, 302, 303, 307, 308, 408, 421] {
        let (service, front) = saying(format!(
            "HTTP/1.1 {status} X\r\nLocation: /v1/elsewhere\r\nContent-Length: 0\r\n\r\n"
        ));
        for call in calls() {
            let answer = service.raw(call);
            answer.assert_gateway(502, "APIGW.0202");
            assert_eq!(answer.header("location"), None);
        }
        assert_eq!(front.seen().len(), 3);
    }
}

#[test]
fn tokens_of_every_length_get_through() {
    let (service, front) = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    for length in [1, 2, 16_384, 65_534, 65_535] {
        let token: String = (0..length)
            .map(|index| char::from(0x21 + u8::try_from((index * 31) % 94).unwrap()))
            .collect();
        for method in ["POST", "GET"] {
            let answer = service.raw(request(method, &path(), &[("X-Auth-Token", &token)], ""));
            assert_eq!(answer.status, 200, "{length}");
            let line = format!("\r\nx-auth-token: {token}\r\n");
            let seen = String::from_utf8(front.seen().pop().unwrap()).unwrap();
            assert!(seen.contains(&line), "{length}");
        }
    }
}

#[test]
fn without_one_token_nothing_is_sent() {
    let (service, front) = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let long = "x".repeat(65_536);
    for headers in [
        &[][..],
        &[RIGHT, RIGHT],
        &[RIGHT, ("x-auth-token", "other")],
        &[("X-Auth-Token", "")],
        &[("X-Auth-Token", &long)],
        &[("Authorization", TOKEN)],
    ] {
        for (method, path) in [
            ("POST", path()),
            ("GET", path()),
            ("GET", format!("{}?x", path())),
            ("DELETE", path_of("short")),
        ] {
            service
                .raw(request(method, &path, headers, "{}"))
                .assert_gateway(401, "APIGW.0301");
        }
    }
    assert!(front.seen().is_empty());
}

#[test]
fn nothing_else_is_reachable() {
    let (service, front) = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let id = "0".repeat(36);
    for (method, target, status) in [
        ("GET", "/".to_owned(), 404),
        ("GET", "/v1".to_owned(), 404),
        ("GET", format!("/v1/{PROJECT}/node-provider"), 404),
        ("POST", format!("{}/", path()), 404),
        ("DELETE", format!("{}/", path_of(&id)), 404),
        ("DELETE", format!("{}/x", path_of(&id)), 404),
        (
            "GET",
            format!("/v2/{PROJECT}/node-provider/credentials"),
            404,
        ),
        (
            "GET",
            format!("//v1/{PROJECT}/node-provider/credentials"),
            404,
        ),
        ("GET", "https://a.test/".to_owned(), 404),
        ("CONNECT", "a.test:443".to_owned(), 404),
        ("OPTIONS", "*".to_owned(), 404),
        ("PUT", path(), 405),
        ("PATCH", path(), 405),
        ("DELETE", path(), 405),
        ("OPTIONS", path(), 405),
        ("GET", path_of(&id), 405),
        ("POST", path_of(&id), 405),
        ("DELETE", path_of(".."), 400),
        ("DELETE", path_of("%2e%2e"), 400),
        ("DELETE", path_of(&"%2e".repeat(36)), 400),
        ("DELETE", path_of(&"%2F".repeat(36)), 400),
        ("DELETE", path_of(&id[1..]), 400),
        ("DELETE", path_of(&format!("{id}%00")), 400),
        ("POST", "/v1/../node-provider/credentials".to_owned(), 400),
        (
            "POST",
            format!("/v1/{}/node-provider/credentials", &PROJECT[1..]),
            400,
        ),
        (
            "POST",
            format!("/v1/{}%2f/node-provider/credentials", &PROJECT[1..]),
            400,
        ),
        ("GET", format!("{}?offset=1001", path()), 400),
        ("GET", format!("{}?limit=0", path()), 400),
        ("GET", format!("{}?offset=0&offset=0", path()), 400),
        ("GET", format!("{}?project=x", path()), 400),
    ] {
        let answer = service.raw(request(method, &target, &[RIGHT], "{}"));
        assert_eq!(answer.status, status, "{method} {target}");
        answer.assert_gateway(
            status,
            if status == 400 {
                "APIGW.0201"
            } else {
                "APIGW.0101"
            },
        );
    }
    assert!(front.seen().is_empty());
    // An address in the request line is this relay's, whatever it says.
    let target = format!("https://a.test{}", path());
    assert_eq!(
        service.raw(request("GET", &target, &[RIGHT], "")).status,
        200
    );
    let seen = String::from_utf8(front.seen().pop().unwrap()).unwrap();
    assert!(seen.starts_with(&format!("GET {} HTTP/1.1\r\n", path())) && !seen.contains("a.test"));
}

#[test]
fn a_create_that_does_not_arrive_whole_is_not_sent() {
    let (service, front) = saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut stream = service.connect();
    stream.write_all(post_head(10).as_bytes()).unwrap();
    stream.write_all(b"{}").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    Answer::read(&mut stream).assert_gateway(400, "APIGW.0201");
    service
        .create(vec![b' '; 65_537])
        .assert_gateway(400, "APIGW.0201");
    service
        .raw(post_head(u64::MAX / 2))
        .assert_gateway(400, "APIGW.0201");
    let impatient = relay(&front, &["--client-timeout", "1000"]);
    impatient
        .raw(post_head(10))
        .assert_gateway(400, "APIGW.0201");
    assert!(front.seen().is_empty());
}

#[test]
fn a_certificate_that_is_not_trusted_gets_no_token() {
    let trusted = Front::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let stranger = Front::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let misnamed = Front::named("elsewhere.test", |_, _| End::Orderly);
    let mut public = binary();
    public.args(["--upstream", &stranger.url()]);
    for service in [
        relay_to(&stranger.url(), &trusted, &[]),
        relay(&misnamed, &[]),
        // The certificate names `localhost`, not its address.
        relay_to(
            &format!("https://127.0.0.1:{}", trusted.port()),
            &trusted,
            &[],
        ),
        // Without a file of our own the public authorities count.
        Service::launch(Arc::new(tempfile::tempdir().unwrap()), public),
    ] {
        for call in calls() {
            let answer = service.raw(call);
            answer.assert_gateway(502, "APIGW.0202");
            assert!(answer.text().contains("nothing was sent"));
        }
        let (_, log) = service.stop();
        assert!(log.contains("invalid peer certificate"), "{log}");
    }
    for front in [trusted, stranger, misnamed] {
        assert!(front.seen().is_empty());
    }
}

#[test]
fn an_upstream_that_is_down_or_speaks_no_tls() {
    let front = Front::saying("");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let down = format!("https://localhost:{}", closed.local_addr().unwrap().port());
    drop(closed);
    let plain = Service::start();
    let no_tls = format!("https://localhost:{}", plain.address().port());
    for url in [&down, &no_tls, "https://no-such-host.invalid"] {
        let service = relay_to(url, &front, &[]);
        for call in calls() {
            let answer = service.raw(call);
            answer.assert_gateway(502, "APIGW.0202");
            assert!(answer.text().contains("nothing was sent"));
        }
    }
}

#[test]
fn an_upstream_that_never_shakes_hands() {
    let front = Front::saying("");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", silent.local_addr().unwrap().port());
    let service = relay_to(&url, &front, &IMPATIENT);
    for call in calls() {
        service.raw(call).assert_gateway(502, "APIGW.0202");
    }
}

#[test]
fn an_upstream_that_does_not_answer_is_asked_once() {
    let (hold, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let front = Front::start(move |_, _| {
        // Ends with the test.
        let _ = held.lock().unwrap().recv();
        End::Cut
    });
    let service = relay(&front, &IMPATIENT);
    for call in calls() {
        service.raw(call).assert_gateway(504, "APIGW.0203");
    }
    assert_eq!(front.seen().len(), 3);
    drop(hold);
}

#[test]
fn answers_that_are_none() {
    for answer in [
        "",
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 999999 X\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "\u{16}\u{3}\u{1}",
    ] {
        let (service, front) = saying(answer);
        for call in calls() {
            service.raw(call).assert_gateway(502, "APIGW.0202");
        }
        assert_eq!(front.seen().len(), 3, "{answer:?}");
    }
}

#[test]
fn a_head_of_128_kib_is_read_and_a_larger_one_is_not() {
    for (size, status) in [(128 * 1024 - 64, 200), (128 * 1024 + 64, 502)] {
        let filler = "f".repeat(size - "HTTP/1.1 200 OK\r\nX: \r\nContent-Length: 0\r\n\r\n".len());
        let (service, _front) = saying(format!(
            "HTTP/1.1 200 OK\r\nX: {filler}\r\nContent-Length: 0\r\n\r\n"
        ));
        assert_eq!(service.create("{}").status, status, "{size} bytes");
    }
}

#[test]
fn heads_without_an_end() {
    for piece in ["X-Filler: ffffffffffffffffffffffffffffffffffff\r\n", "f"] {
        let front = Front::start(move |_, socket| {
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nX-Filler: ");
            let piece = piece.repeat(1_000);
            while socket.write_all(piece.as_bytes()).is_ok() {}
            End::Cut
        });
        let service = relay(&front, &[]);
        service.create("{}").assert_gateway(502, "APIGW.0202");
        assert_eq!(front.seen().len(), 1);
    }
    let front = Front::start(|_, socket| {
        while socket
            .write_all(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            .is_ok()
        {}
        End::Cut
    });
    let service = relay(&front, &IMPATIENT);
    assert!(matches!(service.create("{}").status, 502 | 504));
    assert_eq!(front.seen().len(), 1);
}

#[test]
fn a_body_that_breaks_off_is_not_passed_on_as_whole() {
    for (answer, end) in [
        (
            "Content-Length: 10\r\n\r\nabc",
            (|| End::Orderly) as fn() -> End,
        ),
        ("Content-Length: 10\r\n\r\nabc", || End::Cut),
        ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", || {
            End::Orderly
        }),
        ("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", || {
            End::Cut
        }),
        (
            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n",
            || End::Orderly,
        ),
        // Without a length only the end of TLS tells a whole body from a cut one.
        ("\r\nabc", || End::Cut),
    ] {
        let front = Front::start(move |_, socket| {
            write!(socket, "HTTP/1.1 200 OK\r\n{answer}").unwrap();
            end()
        });
        let service = relay(&front, &[]);
        let got = Answer::unchecked(&bytes(&service, &post("{}")));
        let whole = match got.header("content-length") {
            Some(length) => got.body.len() == length.parse::<usize>().unwrap(),
            None => unchunk(&got.body).1,
        };
        assert!(!whole, "{answer:?}: {got:?}");
        assert_eq!(front.seen().len(), 1);
        service.wait_for_log("the upstream's answer was cut off");
    }
}

#[test]
fn bodies_without_an_end() {
    let endless = Front::start(|_, socket| {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while socket.write_all(&[b'x'; 65_536]).is_ok() {}
        End::Cut
    });
    let service = relay(&endless, &[]);
    let answer = Answer::unchecked(&bytes(&service, &calls()[1]));
    let (body, whole) = unchunk(&answer.body);
    assert!(!whole && body.len() <= 16 * 1024 * 1024);
    service.wait_for_log("larger than any answer may be");

    let dripping = Front::start(|_, socket| {
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while socket.write_all(b"x").is_ok() {
            thread::sleep(std::time::Duration::from_millis(20));
        }
        End::Cut
    });
    let service = relay(&dripping, &IMPATIENT);
    let answer = Answer::unchecked(&bytes(&service, &calls()[1]));
    assert!(answer.body.len() < 1_000_000);
    service.wait_for_log("timed out");
}

#[test]
fn the_log_holds_no_token_and_no_key() {
    let second = Service::start();
    let service = relay(&Front::before(&second), &[]);
    let key = service
        .create(format!("{{\"description\":\"{TOKEN}\"}}"))
        .key();
    service.delete(&key.id);
    service.raw(request(
        "GET",
        &format!("{}?{TOKEN}={TOKEN}", path()),
        &[RIGHT],
        "",
    ));
    service.raw(request("DELETE", &path_of(TOKEN), &[RIGHT], ""));
    let (echo, _front) = saying(format!(
        "HTTP/1.1 302 {TOKEN}\r\nLocation: /{TOKEN}\r\n\r\n"
    ));
    echo.create("{}");
    let (broken, _front) = saying(format!("{TOKEN}\r\n{TOKEN}: {TOKEN}\r\n\r\n"));
    broken.create("{}");
    let (odd, _front) = saying(format!(
        "HTTP/1.1 200 OK\r\nX-Request-Id: {TOKEN}\r\nContent-Length: 9\r\n\r\n{TOKEN}"
    ));
    bytes(&odd, &post("{}"));
    for service in [service, echo, broken, odd] {
        let (_, log) = service.stop();
        assert!(log.contains("answered"), "{log}");
        for secret in [TOKEN, &key.secret] {
            for window in secret.as_bytes().windows(12) {
                assert!(!log.contains(std::str::from_utf8(window).unwrap()), "{log}");
            }
        }
    }
}

#[test]
fn a_prefix_stands_before_every_path() {
    let front = Front::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let service = relay_to(&format!("{}/nes/v1.0/", front.url()), &front, &[]);
    for call in calls() {
        assert_eq!(service.raw(call).status, 200);
    }
    for request in front.seen() {
        let request = String::from_utf8(request).unwrap();
        assert_eq!(
            request.split(' ').nth(1).unwrap().find(&path()),
            Some(9),
            "{request}"
        );
        assert!(request.contains(" /nes/v1.0/v1/"));
    }
}

#[test]
fn plain_http_is_for_this_machine() {
    let second = Service::start();
    let mut command = binary();
    command.args(["--upstream", &format!("http://{}", second.address())]);
    let service = Service::launch(Arc::new(tempfile::tempdir().unwrap()), command);
    let key = service.create("{}").key();
    assert_eq!(get(&service, "").json()["credentials"][0]["id"], key.id);
    assert_eq!(service.delete(&key.id).text(), "null");
}

#[test]
fn the_page_is_served_and_other_origins_may_call_where_allowed() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("www")).unwrap();
    fs::write(site.path().join("www/index.html"), "<!doctype html>").unwrap();
    let second = Service::start();
    let front = Front::before(&second);
    let folder = site.path().to_str().unwrap();
    let service = relay(
        &front,
        &["--www", folder, "--allow-origin", "http://a.test"],
    );
    let page = service.raw(request("GET", "/www/", &[], ""));
    assert_eq!(page.text(), "<!doctype html>");
    let origin = ("Origin", "http://a.test");
    let preflight = service.raw(request(
        "OPTIONS",
        &path(),
        &[
            origin,
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "x-auth-token"),
        ],
        "",
    ));
    assert_eq!(preflight.status, 200);
    assert!(front.seen().is_empty());
    let answer = service.raw(request("GET", &path(), &[RIGHT, origin], ""));
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("http://a.test")
    );
}

#[test]
fn a_create_under_way_is_finished_at_the_end() {
    let (front, under_way, go) = Front::holding();
    let service = relay(&front, &[]);
    let mut stream = service.connect();
    stream.write_all(&post("{}")).unwrap();
    under_way.recv().unwrap();
    service.signal(rustix::process::Signal::TERM);
    go.send(()).unwrap();
    assert_eq!(Answer::read(&mut stream).text(), "PK");
    assert!(service.wait().0.success());
}

#[test]
fn a_hundred_at_once() {
    let second = Service::start();
    let front = Front::before(&second);
    let service = relay(&front, &[]);
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| service.create("{}").key());
        }
    });
    assert_eq!(second.count(), 100);
}
