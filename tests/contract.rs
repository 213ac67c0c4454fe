//! Every example and limit of the two API pages, from the client's side.
//!
//! "Creating an API Key" and "Deleting an API Key", 2023-08-08. The request body and the calls
//! themselves are in `live.rs`, against the running service.
#![cfg(not(target_arch = "wasm32"))]

use node_provider_keys::rules::answer::{Verdict, verdict};
use node_provider_keys::rules::error_body::{ErrorBody, Node};
use node_provider_keys::rules::failure::{Failure, Kind, Operation, Outcome};
use node_provider_keys::rules::{limits, token, zip};
use serde_json::Value;

const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const CREDENTIAL: &str = "01234567-89ab-cdef-0123-456789abcdef";

/// The examples of both pages, letter by letter.
const EXAMPLES: [(u16, &str, [&str; 4]); 3] = [
    (
        400,
        r#"{
  "code" : 400,
  "error_code" : "BCS.03400001",
  "error_msg" : "Invalid request.",
  "message" : "unmarshal request data error"
}"#,
        [
            "400",
            "BCS.03400001",
            "Invalid request.",
            "unmarshal request data error",
        ],
    ),
    (
        401,
        r#"{
  "code" : 401,
  "error_code" : "BCS.03401001",
  "error_msg" : "Authorization failed.",
  "message" : "request token is not valid"
}"#,
        [
            "401",
            "BCS.03401001",
            "Authorization failed.",
            "request token is not valid",
        ],
    ),
    (
        500,
        r#"{
  "code" : 500,
  "error_code" : "BCS.03500001",
  "error_msg" : "Internal error.",
  "message" : "project [xxx] node [xxx] get service bearer user token error"
}"#,
        [
            "500",
            "BCS.03500001",
            "Internal error.",
            "project [xxx] node [xxx] get service bearer user token error",
        ],
    ),
];

struct Json(Value);

impl Node for Json {
    fn member(&self, name: &str) -> Option<Self> {
        self.0.get(name).cloned().map(Json)
    }

    fn text(&self) -> Option<String> {
        match &self.0 {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

fn read(body: &str) -> ErrorBody {
    ErrorBody::read(&Json(serde_json::from_str(body).unwrap()))
}

#[test]
fn the_uris_are_those_of_the_pages() {
    assert_eq!(
        limits::keys_path("{project_id}"),
        "/v1/{project_id}/node-provider/credentials"
    );
    assert_eq!(
        limits::key_path("{project_id}", "{credential_id}"),
        "/v1/{project_id}/node-provider/credentials/{credential_id}"
    );
}

#[test]
fn ids_have_exactly_the_length_of_table_1() {
    for (id, length) in [(PROJECT, 32), (CREDENTIAL, 36)] {
        assert!(limits::is_id(id, length));
        assert!(!limits::is_id(&id[1..], length), "one less");
        assert!(!limits::is_id(&format!("{id}0"), length), "one more");
        assert!(!limits::is_id("", length));
    }
    assert_eq!((limits::PROJECT_ID, limits::CREDENTIAL_ID), (32, 36));
}

#[test]
fn a_token_has_the_length_of_table_2() {
    for (length, fits) in [(0, false), (1, true), (65_535, true), (65_536, false)] {
        let text = "x".repeat(length);
        assert_eq!(token::check(text.as_str()).is_ok(), fits, "{length}");
    }
}

#[test]
fn a_description_has_the_length_of_table_3_in_characters() {
    for (length, fits) in [(0, true), (1, true), (100, true), (101, false)] {
        for character in ["a", "é", "密", "🔑"] {
            assert_eq!(
                limits::is_description(&character.repeat(length)),
                fits,
                "{length}"
            );
        }
    }
}

#[test]
fn the_example_errors_are_read_field_by_field() {
    for (status, example, [code, error_code, error_msg, detail]) in EXAMPLES {
        let body = read(example);
        assert_eq!(body.code.as_deref(), Some(code));
        assert_eq!(body.error_code.as_deref(), Some(error_code));
        assert_eq!(body.error_msg.as_deref(), Some(error_msg));
        assert_eq!(body.detail.as_deref(), Some(detail));

        let as_text = example.replace(&format!(": {status}"), &format!(": \"{status}\""));
        assert_ne!(as_text, example);
        assert_eq!(read(&as_text), body, "the tables say that code is a String");
    }
}

#[test]
fn error_bodies_of_the_tables_longest_and_shortest_texts_are_read() {
    for (error_msg, message) in [(1, 0), (65_535, 65_535)] {
        let [error_msg, message] = [error_msg, message].map(|length| "m".repeat(length));
        let body = read(&format!(
            r#"{{"code":"400","error_code":"BCS.03400001","error_msg":"{error_msg}","message":"{message}"}}"#
        ));
        assert_eq!(body.error_msg.as_deref(), Some(error_msg.as_str()));
        assert_eq!(body.detail.as_deref(), Some(message.as_str()));

        let failure = Failure::new(Kind::Http, Outcome::Rejected, "")
            .with_body(body)
            .finish(Operation::Create);
        assert!(failure.message.len() < 500);
    }
}

#[test]
fn the_four_statuses_say_what_the_pages_say() {
    let http = |outcome| Verdict::Failure(Kind::Http, outcome);
    for (status, wanted) in [
        (200, Verdict::Success),
        (400, http(Outcome::Rejected)),
        (401, http(Outcome::Rejected)),
        (500, http(Outcome::Unknown)),
    ] {
        assert_eq!(verdict(status), wanted, "{status}");
    }
}

#[test]
fn the_example_key_file_is_only_the_beginning_of_one() {
    assert!(b"PKXXX".starts_with(b"PK"));
    assert_eq!(zip::entries(b"PKXXX".as_slice()), Err("is not a ZIP"));
}
