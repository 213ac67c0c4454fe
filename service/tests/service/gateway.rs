//! What the gateway in front of the API answers: unknown routes, and what is no HTTP.

use crate::support::{PROJECT, Service, TOKEN, path, path_of, request};

#[test]
fn unknown_routes() {
    let service = Service::start();
    let id = "0".repeat(36);
    for unknown in [
        "/".to_owned(),
        "/v1".to_owned(),
        "/www/".to_owned(),
        "/pkg/browser.js".to_owned(),
        format!("/v2/{PROJECT}/node-provider/credentials"),
        format!("/v1/{PROJECT}/node-provider"),
        format!("/v1/{PROJECT}/node-provider/"),
        format!("{}/", path()),
        format!("{}/", path_of(&id)),
        format!("{}/x", path_of(&id)),
        format!("/{}", path()),
        path().to_uppercase(),
        path().replace('-', "%2d"),
        "/%FF".to_owned(),
        format!("/{}", "a/".repeat(20_000)),
        format!("http://service.test/{PROJECT}"),
        "*".to_owned(),
    ] {
        for method in ["GET", "POST", "DELETE", "PUT", "OPTIONS"] {
            if unknown == "*" && method != "OPTIONS" {
                continue;
            }
            let answer = service.raw(request(method, &unknown, &[("X-Auth-Token", TOKEN)], ""));
            assert_eq!(answer.status, 404, "{method} {unknown}");
            answer.assert_gateway(404, "APIGW.0101");
        }
    }
    service
        .raw(request("CONNECT", "service.test:443", &[], ""))
        .assert_gateway(404, "APIGW.0101");
}

#[test]
fn wrong_methods_name_the_right_one() {
    let service = Service::start();
    let one = path_of(&"0".repeat(36));
    for (path, right, methods) in [
        (
            path(),
            "GET,HEAD,POST",
            &["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"][..],
        ),
        (
            one,
            "DELETE",
            &["GET", "PUT", "PATCH", "POST", "OPTIONS", "TRACE", "QUERY"],
        ),
    ] {
        for method in methods {
            for headers in [&[("X-Auth-Token", TOKEN)][..], &[]] {
                let answer = service.raw(request(method, &path, headers, "{}"));
                answer.assert_gateway(405, "APIGW.0101");
                assert_eq!(answer.header("allow"), Some(right));
            }
        }
    }
    let answer = service.raw(request("HEAD", &path_of(&"0".repeat(36)), &[], ""));
    assert_eq!((answer.status, answer.body.len()), (405, 0));
    assert_eq!(service.count(), 0);
}

#[test]
fn the_whole_address_may_be_in_the_request_line() {
    let service = Service::start();
    let whole = format!("http://service.test{}", path());
    assert_eq!(
        service
            .raw(request("POST", &whole, &[("X-Auth-Token", TOKEN)], "{}"))
            .status,
        200
    );
}

#[test]
fn a_head_of_128_kib_is_read_and_a_larger_one_refused() {
    let service = Service::start();
    let sized = |size: usize| {
        let bare = request(
            "POST",
            &path(),
            &[("X-Auth-Token", TOKEN), ("X-Filler", "")],
            "",
        )
        .len();
        let filler = "f".repeat(size - bare);
        request(
            "POST",
            &path(),
            &[("X-Auth-Token", TOKEN), ("X-Filler", &filler)],
            "",
        )
    };
    service.raw(sized(128 * 1024 - 16)).assert_failure(400);
    service
        .raw(sized(128 * 1024 + 16))
        .assert_gateway(431, "APIGW.0201");
    service
        .raw(sized(10_000_000))
        .assert_gateway(431, "APIGW.0201");
}

#[test]
fn too_many_headers_are_refused() {
    let service = Service::start();
    let many = vec![("X-Filler", "f"); 1_000];
    service
        .raw(request("POST", &path(), &many, ""))
        .assert_gateway(431, "APIGW.0201");
}

#[test]
fn what_is_no_http_is_refused() {
    let service = Service::start();
    let post = path();
    for nonsense in [
        "nonsense\r\n\r\n".to_owned(),
        "\u{16}\u{3}\u{1}\r\n\r\n".to_owned(),
        format!("POST {post}\r\n\r\n"),
        format!("POST {post} HTTP/9.9\r\n\r\n"),
        format!("POST {post} HTTP/1.1\r\nno colon\r\n\r\n"),
        format!("POST {post} HTTP/1.1\r\nX-Auth-Token: a\0b\r\n\r\n"),
        format!("POST {post} HTTP/1.1\r\nX-Auth-Token: a\rb\r\n\r\n"),
        format!("POST {post} HTTP/1.1\r\nX-Auth-Token : {TOKEN}\r\n\r\n"),
        format!("POST {post} HTTP/1.1\r\nContent-Length: -1\r\n\r\n"),
        format!("POST {post} HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}"),
        format!("POST {post} HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"),
    ] {
        service
            .raw(nonsense.as_bytes())
            .assert_gateway(400, "APIGW.0201");
    }
    service
        .raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .assert_gateway(505, "APIGW.0201");
    let long = format!("/{}", "a".repeat(70_000));
    service
        .raw(request("GET", &long, &[], ""))
        .assert_gateway(414, "APIGW.0201");
    assert_eq!(service.count(), 0);
}
