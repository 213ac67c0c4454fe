//! Pages of other origins: none by default, and what they need where they are allowed.

use crate::support::{Answer, Service, TOKEN, path, path_of, request};

const ORIGIN: &str = "http://127.0.0.1:8000";
const SECOND: &str = "https://keys.example";

fn allowing() -> Service {
    Service::with(&["--allow-origin", ORIGIN, "--allow-origin", SECOND])
}

fn preflight(service: &Service, path: &str, origin: &str, method: &str, headers: &str) -> Answer {
    service.raw(request(
        "OPTIONS",
        path,
        &[
            ("Origin", origin),
            ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", headers),
        ],
        "",
    ))
}

fn cors_headers(answer: &Answer) -> Vec<&str> {
    answer
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| name.starts_with("access-control-"))
        .collect()
}

fn assert_varies(answer: &Answer) {
    let vary = answer.header("vary").unwrap();
    assert!(vary.eq_ignore_ascii_case("origin"), "{vary}");
}

fn sorted(list: Option<&str>) -> Vec<String> {
    let mut items: Vec<_> = list
        .unwrap()
        .split(',')
        .map(|item| item.trim().to_owned())
        .collect();
    items.sort();
    items
}

#[test]
fn none_by_default() {
    let service = Service::start();
    let answer = preflight(
        &service,
        &path(),
        ORIGIN,
        "POST",
        "content-type,x-auth-token",
    );
    answer.assert_gateway(405, "APIGW.0101");
    assert_eq!(cors_headers(&answer), [""; 0]);
    let answer = service.raw(request(
        "POST",
        &path(),
        &[("Origin", ORIGIN), ("X-Auth-Token", TOKEN)],
        "{}",
    ));
    assert_eq!(answer.status, 200);
    assert_eq!(cors_headers(&answer), [""; 0]);
    assert_eq!(answer.header("vary"), None);
}

#[test]
fn a_preflight_gets_exactly_what_is_needed() {
    let service = allowing();
    for origin in [ORIGIN, SECOND] {
        for (path, method, headers) in [
            (path(), "POST", "content-type,x-auth-token"),
            (path(), "GET", "x-auth-token"),
            (path_of(&"0".repeat(36)), "DELETE", "x-auth-token"),
        ] {
            let answer = preflight(&service, &path, origin, method, headers);
            assert_eq!(answer.status, 200);
            assert!(answer.body.is_empty());
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
            assert_eq!(
                sorted(answer.header("access-control-allow-methods")),
                ["DELETE", "GET", "POST"]
            );
            assert_eq!(
                sorted(answer.header("access-control-allow-headers")),
                ["content-type", "x-auth-token"]
            );
            assert_eq!(
                cors_headers(&answer).len(),
                3,
                "no credentials, no wildcard: {answer:?}"
            );
            assert_varies(&answer);
        }
    }
}

#[test]
fn every_answer_exposes_the_file_name_and_the_request_id() {
    let service = allowing();
    let origin = ("Origin", ORIGIN);
    let token = ("X-Auth-Token", TOKEN);
    let answers = [
        service.raw(request("POST", &path(), &[origin, token], "{}")),
        service.raw(request("GET", &path(), &[origin, token], "")),
        service.raw(request("POST", &path(), &[origin, token], "x")),
        service.raw(request("POST", &path(), &[origin], "{}")),
        service.raw(request(
            "DELETE",
            &path_of(&"0".repeat(36)),
            &[origin, token],
            "",
        )),
        service.raw(request("POST", "/nowhere", &[origin, token], "")),
        service.raw(request("PUT", &path(), &[origin, token], "")),
    ];
    for (answer, status) in answers.iter().zip([200, 200, 400, 401, 404, 404, 405]) {
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
        assert_eq!(
            sorted(answer.header("access-control-expose-headers")),
            ["content-disposition", "x-request-id", "x-subject-token"]
        );
        assert_varies(answer);
    }
}

#[test]
fn other_origins_are_not_allowed() {
    let service = allowing();
    for origin in [
        "http://127.0.0.1:8001",
        "http://127.0.0.1",
        "https://127.0.0.1:8000",
        "null",
        "http://127.0.0.1:8000.evil.example",
        "",
    ] {
        let answer = preflight(&service, &path(), origin, "POST", "x-auth-token");
        assert_eq!(
            answer.header("access-control-allow-origin"),
            None,
            "{origin}"
        );
        let answer = service.raw(request(
            "POST",
            &path(),
            &[("Origin", origin), ("X-Auth-Token", TOKEN)],
            "{}",
        ));
        assert_eq!(
            answer.header("access-control-allow-origin"),
            None,
            "{origin}"
        );
        assert_varies(&answer);
    }
}
