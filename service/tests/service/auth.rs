//! The token comes before everything else.

use std::io::Write;

use crate::support::{Answer, PROJECT, Service, TOKEN, path, path_of, request};

/// Every way not to be let in, as header lines and project.
fn strangers() -> Vec<(Vec<(&'static str, String)>, String)> {
    let ours = PROJECT.to_owned();
    let right = || ("X-Auth-Token", TOKEN.to_owned());
    let wrong = |value: &str| vec![("X-Auth-Token", value.to_owned())];
    vec![
        (vec![], ours.clone()),
        (vec![right(), right()], ours.clone()),
        (
            vec![right(), ("x-auth-token", "other".into())],
            ours.clone(),
        ),
        (wrong(""), ours.clone()),
        (wrong("other"), ours.clone()),
        (wrong(&TOKEN[1..]), ours.clone()),
        (wrong(&TOKEN[..TOKEN.len() - 1]), ours.clone()),
        (wrong(&format!("{TOKEN}x")), ours.clone()),
        (wrong(&TOKEN.to_uppercase()), ours.clone()),
        (wrong(&format!("{TOKEN}, {TOKEN}")), ours.clone()),
        (wrong(&format!("{TOKEN}\u{e9}")), ours.clone()),
        (wrong(&"x".repeat(65_535)), ours.clone()),
        (wrong(&"x".repeat(100_000)), ours.clone()),
        (
            vec![("Authorization", format!("Bearer {TOKEN}"))],
            ours.clone(),
        ),
        (vec![right()], PROJECT.replace('0', "1")),
        (vec![right()], PROJECT.to_uppercase()),
        (vec![right()], PROJECT[1..].to_owned()),
        (vec![right()], format!("{PROJECT}0")),
        (vec![right()], "%FF".to_owned()),
        (vec![right()], "..".to_owned()),
        (vec![right()], String::new()),
        (vec![right()], format!("{PROJECT}%00")),
    ]
}

#[test]
fn a_stranger_gets_401_whatever_else_is_wrong() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    for (headers, project) in strangers() {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let create = format!("/v1/{project}/node-provider/credentials");
        for body in ["{}", "", "nonsense", "{\"description\":1}"] {
            service
                .raw(request("POST", &create, &headers, body))
                .assert_failure(401);
        }
        for id in [id.as_str(), "short", "%FF"] {
            service
                .raw(request("DELETE", &format!("{create}/{id}"), &headers, ""))
                .assert_failure(401);
        }
    }
    assert_eq!(service.count(), 1, "a stranger changed something");
}

#[test]
fn a_stranger_gets_401_before_the_body_is_read() {
    let service = Service::start();
    let mut stream = service.connect();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n",
        path()
    );
    stream.write_all(head.as_bytes()).unwrap();
    Answer::read(&mut stream).assert_failure(401);
}

#[test]
fn a_stranger_gets_401_while_still_sending() {
    let service = Service::start();
    let answer = service.raw(request("POST", &path(), &[], vec![b'x'; 8_000_000]));
    answer.assert_failure(401);
}

#[test]
fn white_space_around_the_token_and_an_encoded_path_change_nothing() {
    let service = Service::start();
    let padded = format!("  {TOKEN}\t ");
    let encoded = format!("/v1/%30{}/node-provider/credentials", &PROJECT[1..]);
    let key = service
        .raw(request(
            "POST",
            &encoded,
            &[("X-AUTH-TOKEN", &padded)],
            "{}",
        ))
        .key();
    let id = format!("%{:02x}{}", key.id.as_bytes()[0], &key.id[1..]);
    let answer = service.raw(request(
        "DELETE",
        &path_of(&id),
        &[("x-auth-token", TOKEN)],
        "",
    ));
    assert_eq!((answer.status, answer.text()), (200, "null"));
}

#[test]
fn a_query_is_not_part_of_the_call() {
    let service = Service::start();
    let path = format!("{}?description=x", path());
    assert_eq!(
        service
            .raw(request("POST", &path, &[("X-Auth-Token", TOKEN)], "{}"))
            .status,
        200
    );
}
