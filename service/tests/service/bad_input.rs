//! Whatever is wrong with an authorised request: 400, never a 500, never a hang.

use std::{io::Write, net::Shutdown};

use crate::support::{Answer, Service, TOKEN, path, path_of, post_head, request};

fn deep(levels: usize, open: &str, close: &str) -> String {
    format!("{}{}", open.repeat(levels), close.repeat(levels))
}

#[test]
fn bad_bodies() {
    let service = Service::start();
    let nested = deep(1_000, "[", "]");
    let unclosed = "[".repeat(60_000);
    let cases: Vec<Vec<u8>> = [
        // No JSON, or not one value alone.
        "",
        " ",
        "x",
        "{",
        "{}x",
        "{}{}",
        "{} null",
        "{},",
        "{\"description\":\"a\"",
        "'{}'",
        "\u{feff}{}",
        "{description:\"a\"}",
        "{\"description\":\"a\",}",
        "{\"description\" \"a\"}",
        "/**/{}",
        "NaN",
        // Another type than an object.
        "null",
        "true",
        "1",
        "\"\"",
        "[]",
        "[\"For test\"]",
        "[{}]",
        // Another type than text.
        "{\"description\":null}",
        "{\"description\":1}",
        "{\"description\":true}",
        "{\"description\":[]}",
        "{\"description\":{}}",
        "{\"description\":[\"a\"]}",
        "{\"description\":1e999}",
        // Bad text.
        "{\"description\":\"\\ud800\"}",
        "{\"description\":\"\\udc00\\ud800\"}",
        "{\"description\":\"\\x\"}",
        "{\"description\":\"\n\"}",
        "{\"description\":\"\0\"}",
        "{\"description\":\"\\u12\"}",
        // Unknown and duplicate fields.
        "{\"name\":\"a\"}",
        "{\"Description\":\"a\"}",
        "{\"description \":\"a\"}",
        "{\"\":\"a\"}",
        "{\"__proto__\":{}}",
        "{\"description\":\"a\",\"name\":1}",
        "{\"name\":1,\"description\":\"a\"}",
        "{\"description\":\"a\",\"description\":\"a\"}",
        "{\"description\":\"\",\"descriptio\\u006e\":\"\"}",
        // A form, as curl would send it.
        "description=a",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain([
        nested.clone().into_bytes(),
        deep(1_000, "{\"description\":", "}").into_bytes(),
        format!("{{\"description\":{nested}}}").into_bytes(),
        format!("{{\"name\":{nested}}}").into_bytes(),
        unclosed.into_bytes(),
        // Not UTF-8: a lone byte, a surrogate, an overlong form, a cut sequence; in a name too.
        b"{\"description\":\"\xff\"}".to_vec(),
        b"{\"description\":\"\xed\xa0\x80\"}".to_vec(),
        b"{\"description\":\"\xc0\xaf\"}".to_vec(),
        b"{\"description\":\"\xf0\x9f\x98\"}".to_vec(),
        b"{\"d\xff\":\"a\"}".to_vec(),
        b"\xff\xfe{\0}\0".to_vec(),
    ])
    .collect();
    for case in cases {
        let answer = service.create(&case);
        assert_eq!(answer.status, 400, "{:?}", String::from_utf8_lossy(&case));
        answer.assert_failure(400);
    }
    assert_eq!(service.count(), 0);
}

#[test]
fn an_absent_body_is_no_json() {
    let service = Service::start();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: {TOKEN}\r\n\r\n",
        path()
    );
    service.raw(head).assert_failure(400);
}

#[test]
fn bodies_too_large() {
    let service = Service::start();
    for size in [65_537, 1_000_000, 20_000_000] {
        let mut body = b"{}".to_vec();
        body.resize(size, b' ');
        service.create(body).assert_failure(400);
    }
    // Promised, but never sent.
    service.raw(post_head(u64::MAX / 2)).assert_failure(400);
}

#[test]
fn an_endless_chunked_body() {
    let service = Service::start();
    let mut stream = service.connect();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: {TOKEN}\r\nTransfer-Encoding: chunked\r\n\r\n",
        path()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    for _ in 0..1_000 {
        stream.write_all(chunk.as_bytes()).unwrap();
    }
    Answer::read(&mut stream).assert_failure(400);
}

#[test]
fn a_chunked_body_is_read_whole() {
    let service = Service::start();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: {TOKEN}\r\nTransfer-Encoding: chunked\r\n\r\n",
        path()
    );
    let whole = format!("{head}8\r\n{{\"descri\r\na\r\nption\":\"\"}}\r\n0\r\n\r\n");
    assert_eq!(service.raw(whole).status, 200);
    for broken in ["zz\r\n{}\r\n0\r\n\r\n", "2\r\n{}x\r\n0\r\n\r\n", "-1\r\n"] {
        service.raw(format!("{head}{broken}")).assert_failure(400);
    }
    assert_eq!(service.count(), 1);
}

#[test]
fn a_body_that_breaks_off() {
    let service = Service::start();
    for sent in ["", "{", "{}"] {
        let mut stream = service.connect();
        stream.write_all(post_head(10).as_bytes()).unwrap();
        stream.write_all(sent.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        Answer::read(&mut stream).assert_failure(400);
    }
    assert_eq!(service.count(), 0);
}

#[test]
fn bad_credential_ids() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    for bad in [
        "a".to_owned(),
        id[1..].to_owned(),
        format!("{id}0"),
        "x".repeat(4_000),
        "%FF".repeat(36),
        "%00".repeat(36),
        "%C3%A9".repeat(36),
        "%C3%A9".repeat(18),
        "%2F".repeat(36),
        ".".repeat(36),
        "%2e%2e".to_owned(),
        "..".to_owned(),
        "%".repeat(36),
        "*".repeat(36),
        format!("{}%20", &id[1..]),
        format!("{id}%00"),
        format!("{id}%0d%0a"),
        format!("{}'", &id[1..]),
    ] {
        let answer = service.raw(request(
            "DELETE",
            &path_of(&bad),
            &[("X-Auth-Token", TOKEN)],
            "",
        ));
        assert_eq!(answer.status, 400, "{bad}");
        answer.assert_failure(400);
    }
    assert_eq!(service.count(), 1);
}
