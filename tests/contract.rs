//! Every example and limit of the two API pages, from the client's side.
//!
//! "Creating an API Key" and "Deleting an API Key", 2023-08-08. The request body and the calls
//! themselves are in `live.rs`, against the running service.
#![cfg(not(target_arch = "wasm32"))]
// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use node_provider_keys::rules::contract::{self, Shape};
use node_provider_keys::rules::error_body::{Document, ErrorBody};
use node_provider_keys::rules::failure::{Failure, Kind, Operation, Outcome};
use node_provider_keys::rules::verdict::{Verdict, verdict};
use node_provider_keys::rules::zip;
use serde_json::Value;

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

impl Document for Json {
    fn text(&self, path: &'static str) -> Option<String> {
        match self.0.pointer(&format!("/{}", path.replace('.', "/")))? {
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
    let page = |path: &str| {
        let path = path.replace("{projectId}", "{project_id}");
        path.replace("{credentialId}", "{credential_id}")
    };
    assert_eq!(
        page(contract::KEYS),
        "/v1/{project_id}/node-provider/credentials"
    );
    assert_eq!(
        page(contract::KEY),
        "/v1/{project_id}/node-provider/credentials/{credential_id}"
    );
}

#[test]
fn texts_have_the_lengths_of_the_tables() {
    let lengths = |Shape { least, most, .. }: Shape| (least, most);
    assert_eq!(lengths(contract::PROJECT_ID), (32, 32), "table 1");
    assert_eq!(lengths(contract::CREDENTIAL_ID), (36, 36), "table 1");
    assert_eq!(lengths(contract::TOKEN), (1, 65_535), "table 2");
    assert_eq!(lengths(contract::DESCRIPTION), (0, 100), "table 3");
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

        let message = Failure::new(Kind::Http, Outcome::Rejected, "")
            .with_body(body)
            .message(Operation::Create);
        assert!(message.len() < 500);
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
    let walked = zip::walk(&b"PKXXX".as_slice(), &mut |_| ());
    assert_eq!(walked, Err("is not a ZIP"));
}
