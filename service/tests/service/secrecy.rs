//! Neither the token nor a key's secret is ever logged, wherever a client puts them.

use crate::support::{Key, PROJECT, Service, TOKEN, path, path_of, request};

/// The 12-byte windows of `secret` that are in `text`.
fn leaks(text: &str, secret: &str) -> Vec<String> {
    secret
        .as_bytes()
        .windows(12)
        .filter(|window| text.as_bytes().windows(12).any(|other| other == *window))
        .map(|window| String::from_utf8_lossy(window).into_owned())
        .collect()
}

#[test]
fn the_search_finds_a_leak() {
    assert_eq!(leaks(&format!("log: {}", &TOKEN[3..15]), TOKEN).len(), 1);
    assert!(leaks(&TOKEN[3..14], TOKEN).is_empty());
}

#[test]
fn the_log_and_the_errors_hold_no_secret() {
    let service = Service::with(&["--allow-origin", "http://a.test"]);
    let right = ("X-Auth-Token", TOKEN);
    let mut said = String::new();
    let keys: Vec<Key> = (0..3).map(|_| service.create("{}").key()).collect();
    for answer in [
        service.raw(request("POST", &path(), &[right, right], "{}")),
        service.raw(request(
            "POST",
            &path(),
            &[("X-Auth-Token", &format!("{TOKEN}x"))],
            "{}",
        )),
        service.raw(request(
            "POST",
            &path(),
            &[right],
            format!("{{\"description\":\"{TOKEN}"),
        )),
        service.raw(request(
            "POST",
            &path(),
            &[right],
            format!("{{\"{TOKEN}\":1}}"),
        )),
        service.raw(request(
            "POST",
            &format!("{}?token={TOKEN}", path()),
            &[right, ("Origin", TOKEN)],
            "x",
        )),
        service.raw(request("DELETE", &path_of(TOKEN), &[right], "")),
        service.raw(request("DELETE", &path_of(&keys[0].secret), &[right], "")),
        service.raw(request(
            "GET",
            &format!("/{TOKEN}"),
            &[right, ("User-Agent", TOKEN)],
            "",
        )),
        service.raw(request(
            "GET",
            &format!("{}?{TOKEN}={TOKEN}", path()),
            &[right],
            "",
        )),
        service.raw(request("PUT", &path(), &[right], "")),
        service.raw(format!("GET / HTTP/1.1\r\nX-Auth-Token: {TOKEN}\0\r\n\r\n")),
        service.raw(format!(
            "GET / HTTP/1.1\r\nX-Auth-Token: {}\r\n\r\n",
            TOKEN.repeat(5_000)
        )),
        service.raw(request(
            "POST",
            &path(),
            &[right, ("X-Request-Id", TOKEN)],
            "x",
        )),
    ] {
        assert!(answer.status >= 400, "{answer:?}");
        said += &format!("{:?} {}", answer.headers, answer.text());
    }
    service
        .database()
        .execute_batch("DROP TABLE credentials")
        .unwrap();
    let failed = service.create(format!("{{\"description\":\"{TOKEN}\"}}"));
    failed.assert_failure(500);
    let id = failed.request_id().to_owned();
    let (_, log) = service.stop();
    assert!(
        log.contains(&id),
        "the log does not name the request: {log}"
    );
    assert!(
        log.contains(&keys[0].id),
        "the log does not name the key: {log}"
    );
    for text in [&log, &said] {
        assert!(leaks(text, TOKEN).is_empty(), "{:?}", leaks(text, TOKEN));
        for key in &keys {
            assert!(leaks(text, &key.secret).is_empty());
        }
    }
    assert!(!log.contains(PROJECT));
}
