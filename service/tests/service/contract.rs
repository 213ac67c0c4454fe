//! Every example of the two API pages, and every limit with the values on both sides of it.

use std::sync::Arc;

use serde_json::Value;

use crate::support::{PROJECT, Service, TOKEN, binary, path, path_of, post, request};

const INVALID: &str = r#"{
  "code" : 400,
  "error_code" : "BCS.03400001",
  "error_msg" : "Invalid request.",
  "message" : "unmarshal request data error"
}"#;
const UNAUTHORIZED: &str = r#"{
  "code" : 401,
  "error_code" : "BCS.03401001",
  "error_msg" : "Authorization failed.",
  "message" : "request token is not valid"
}"#;
const INTERNAL: &str = r#"{
  "code" : 500,
  "error_code" : "BCS.03500001",
  "error_msg" : "Internal error.",
  "message" : "project [xxx] node [xxx] get service bearer user token error"
}"#;

/// The three documented errors of both calls, made to happen.
fn documented_errors(service: &Service) -> Vec<(u16, &'static str, crate::support::Answer)> {
    let unknown = "0".repeat(36);
    let mut answers = vec![
        (400, INVALID, service.create("nonsense")),
        (400, INVALID, service.delete("short")),
        (
            401,
            UNAUTHORIZED,
            service.raw(request("POST", &path(), &[], "{}")),
        ),
        (
            401,
            UNAUTHORIZED,
            service.raw(request("DELETE", &path_of(&unknown), &[], "")),
        ),
    ];
    service
        .database()
        .execute_batch("DROP TABLE credentials")
        .unwrap();
    answers.push((500, INTERNAL, service.create("{}")));
    answers.push((500, INTERNAL, service.delete(&unknown)));
    answers
}

#[test]
fn the_example_request_makes_a_zip() {
    let service = Service::start();
    let answer = service.create("{\n\"description\": \"For test\"\n}");
    assert_eq!(answer.status, 200);
    assert!(answer.body.starts_with(b"PK"));
    assert_eq!(answer.key().description, "For test");
}

#[test]
fn the_example_answer_of_a_delete_is_null() {
    let service = Service::start();
    let id = service.create("{}").key().id;
    let answer = service.delete(&id);
    assert_eq!((answer.status, answer.json()), (200, Value::Null));
}

#[test]
fn the_example_errors_word_for_word() {
    for (status, example, answer) in documented_errors(&Service::start()) {
        assert_eq!(answer.status, status);
        assert_eq!(
            answer.json(),
            serde_json::from_str::<Value>(example).unwrap()
        );
    }
}

#[test]
fn the_tables_of_the_errors() {
    for (_, _, answer) in documented_errors(&Service::with(&["--string-codes"])) {
        let body = answer.json();
        let code = body["code"].as_str().unwrap();
        assert_eq!(code.len(), 3);
        assert_eq!(code, answer.status.to_string());
        assert_eq!(body["error_code"].as_str().unwrap().len(), 12);
        assert!((1..=65_535).contains(&body["error_msg"].as_str().unwrap().len()));
        assert!(body["message"].as_str().unwrap().len() <= 65_535);
        assert_eq!(body.as_object().unwrap().len(), 4);
    }
}

#[test]
fn string_codes_change_the_code_alone() {
    let service = Service::with(&["--string-codes"]);
    let missing = service.delete(&"0".repeat(36));
    assert_eq!(missing.status, 404);
    assert_eq!(missing.json()["code"], "404");
    let id = service.create("{}").key().id;
    assert_eq!(service.delete(&id).text(), "null");
}

#[test]
fn limits_of_the_description() {
    let service = Service::start();
    // One, two, three and four bytes each; a combining mark is a code point of its own.
    for unit in ["a", "é", "日", "😀", "\u{301}", "\\n", "\\ud83d\\ude00"] {
        for (count, status) in [
            (0, 200),
            (1, 200),
            (99, 200),
            (100, 200),
            (101, 400),
            (200, 400),
        ] {
            let answer = service.create(format!("{{\"description\":\"{}\"}}", unit.repeat(count)));
            assert_eq!(answer.status, status, "{count} times {unit:?}");
        }
    }
}

#[test]
fn limits_of_the_body() {
    let service = Service::start();
    for (size, status) in [(2, 200), (65_535, 200), (65_536, 200), (65_537, 400)] {
        let mut body = b"{}".to_vec();
        body.resize(size, b' ');
        assert_eq!(service.create(body).status, status, "{size} bytes");
    }
}

#[test]
fn limits_of_the_credential_id() {
    let service = Service::start();
    for (length, status) in [(1, 400), (35, 400), (36, 404), (37, 400), (72, 400)] {
        for unit in ["0", "a", "Z", "-", "_"] {
            let answer = service.delete(&unit.repeat(length));
            answer.assert_failure(status);
        }
    }
    let answer = service.delete("");
    answer.assert_gateway(404, "APIGW.0101");
}

#[test]
fn limits_of_the_token() {
    for (length, legal) in [
        (0, false),
        (1, true),
        (2, true),
        (65_534, true),
        (65_535, true),
        (65_536, false),
    ] {
        // The whole printable range, and no white space at the ends.
        let token: String = (0..length)
            .map(|index| char::from(0x20 + u8::try_from((index * 31 + 1) % 95).unwrap()))
            .map(|c| if c == ' ' { '~' } else { c })
            .collect();
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let mut command = binary();
        command.args(["--token", &token, "--project-id", PROJECT]);
        if !legal {
            let output = command
                .args(["--listen", "127.0.0.1:0", "--data", "/dev/null"])
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(2), "{length}");
            continue;
        }
        let service = Service::spawn(folder, command);
        let with =
            |token: &str| service.raw(request("POST", &path(), &[("X-Auth-Token", token)], "{}"));
        assert_eq!(with(&token).status, 200, "{length}");
        with(&format!("{token}x")).assert_failure(401);
        with(&token[1..]).assert_failure(401);
    }
}

#[test]
fn limits_of_the_project_id() {
    for (length, legal) in [(0, false), (31, false), (32, true), (33, false)] {
        for unit in ["0", "f", "Z", "-", "_"] {
            let project = unit.repeat(length);
            let argument = format!("--project-id={project}");
            let folder = Arc::new(tempfile::tempdir().unwrap());
            let mut command = binary();
            command.args(["--token", TOKEN, &argument]);
            if legal {
                let service = Service::spawn(folder, command);
                let own = format!("/v1/{project}/node-provider/credentials");
                assert_eq!(
                    service
                        .raw(request("POST", &own, &[("X-Auth-Token", TOKEN)], "{}"))
                        .status,
                    200
                );
                service.raw(post("{}")).assert_failure(401);
            } else {
                let output = command
                    .args(["--listen", "127.0.0.1:0", "--data", "/dev/null"])
                    .output()
                    .unwrap();
                assert_eq!(output.status.code(), Some(2), "{project}");
            }
        }
    }
    let output = binary()
        .args([
            "--token",
            TOKEN,
            "--project-id",
            &"/".repeat(32),
            "--data",
            "/dev/null",
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}
