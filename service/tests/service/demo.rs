//! The code of a demo's address: swapped for a token once, by the service's own page.

use std::sync::Arc;

use crate::support::{Answer, CALLER, PROJECT, Service, binary, request};

const CODE: &str = "0123456789abcdef0123456789abcdef-code";
const JSON: (&str, &str) = ("Content-Type", "application/json");

fn start(code: &str) -> Service {
    let mut command = binary();
    command
        .args(CALLER)
        .args(["--allow-origin", "http://a.test"])
        .env("NODE_PROVIDER_DEMO_CODE", code);
    Service::spawn(Arc::new(tempfile::tempdir().unwrap()), command)
}

fn ask(service: &Service, headers: &[&str], body: &str) -> Answer {
    let port = service.address().port();
    let mut lines = format!("POST /demo/session HTTP/1.1\r\nHost: localhost:{port}\r\n");
    for header in headers {
        lines += &format!("{}\r\n", header.replace("PORT", &port.to_string()));
    }
    service.raw(format!(
        "{lines}Content-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

const TYPE: &str = "Content-Type: application/json";

fn with(code: &str) -> String {
    format!("{{\"code\":\"{code}\"}}")
}

#[test]
fn a_code_gives_a_token_once() {
    let service = start(CODE);
    ask(&service, &[TYPE], &with("another")).assert_gateway(401, "APIGW.0301");
    let origin = "Origin: http://localhost:PORT";
    let answer = ask(&service, &[TYPE, origin], &with(CODE));
    let body = answer.json();
    assert_eq!(answer.status, 200);
    assert_eq!(body["project_id"], PROJECT);
    assert!(body["expires_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(body.as_object().unwrap().len(), 3);
    let path = crate::support::path();
    let token = body["token"].as_str().unwrap();
    let list = service.raw(request("GET", &path, &[("X-Auth-Token", token)], ""));
    assert_eq!(list.status, 200);
    for _ in 0..2 {
        ask(&service, &[TYPE], &with(CODE)).assert_gateway(401, "APIGW.0301");
    }
    let (_, log) = service.stop();
    assert!(log.contains("swapped") && !log.contains(CODE) && !log.contains(token));
}

#[test]
fn nobody_but_the_own_page_can_use_it_or_use_it_up() {
    let service = start(CODE);
    for origin in [
        "Origin: http://a.test",
        "Origin: null",
        "Origin: http://127.0.0.1:PORT",
    ] {
        ask(&service, &[TYPE, origin], &with(CODE)).assert_gateway(403, "APIGW.0302");
    }
    // By a name that is allowed, but not loopback's.
    let other = request("POST", "/demo/session", &[JSON], with(CODE));
    service.raw(other).assert_gateway(403, "APIGW.0302");
    for (headers, body) in [
        (&[][..], with(CODE)),
        (&["Content-Type: text/plain"], with(CODE)),
        (&[TYPE], String::new()),
        (&[TYPE], format!("\"{CODE}\"")),
        (&[TYPE], format!("{{\"code\":[\"{CODE}\"]}}")),
        (
            &[TYPE],
            format!("{{\"code\":\"{CODE}\",\"code\":\"{CODE}\"}}"),
        ),
        (&[TYPE], format!("{{\"code\":\"{CODE}\",\"more\":1}}")),
        (
            &[TYPE],
            format!("{{\"code\":\"{CODE}\"}}{}", " ".repeat(65_536)),
        ),
    ] {
        ask(&service, headers, &body).assert_gateway(400, "APIGW.0201");
    }
    assert_eq!(ask(&service, &[TYPE], &with(CODE)).status, 200);
}

#[test]
fn without_a_code_there_is_no_such_path() {
    let service = Service::start();
    ask(&service, &[TYPE], &with(CODE)).assert_gateway(404, "APIGW.0101");
}

#[test]
fn a_code_that_could_be_guessed_does_not_start() {
    for (code, arguments) in [("short", &CALLER[..]), (CODE, &[])] {
        let folder = tempfile::tempdir().unwrap();
        let output = binary()
            .args(arguments)
            .arg("--data")
            .arg(folder.path().join("keys.sqlite"))
            .env("NODE_PROVIDER_DEMO_CODE", code)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains(code), "{said}");
    }
}
