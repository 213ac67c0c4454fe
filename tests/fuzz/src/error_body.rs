//! The error body, whoever wrote it, and the message that is made of it.

use std::cell::Cell;

use node_provider_keys::rules::answer::{Verdict, verdict};
use node_provider_keys::rules::error_body::{ErrorBody, Node};
use node_provider_keys::rules::failure::{Failure, Operation};
use node_provider_keys::rules::redact::{WINDOW, find};
use serde_json::Value;

/// What no message may show, however a body spells it.
const SECRET: &str = "correct-horse-battery-staple";

/// A JSON value that counts how often a member of it was asked for.
struct Counted<'a> {
    value: &'a Value,
    looks: &'a Cell<usize>,
}

impl Node for Counted<'_> {
    fn member(&self, name: &str) -> Option<Self> {
        self.looks.set(self.looks.get() + 1);
        let value = self.value.as_object()?.get(name)?;
        let looks = self.looks;
        Some(Self { value, looks })
    }

    fn text(&self) -> Option<String> {
        plain_text(self.value)
    }
}

/// Fields are those of the documented places, after a number of looks that no body changes, and
/// the message stays short, on one line and without the secret.
pub fn check(data: &[u8]) {
    // Two bytes for the status, the rest for the body.
    let Some((status, json)) = data.split_first_chunk::<2>() else {
        return;
    };
    let status = u16::from_le_bytes(*status);
    let body = match serde_json::from_slice(json) {
        Ok(value) => read(&value),
        Err(_) => ErrorBody::default(),
    };
    for operation in [Operation::Create, Operation::Delete, Operation::List] {
        assert_told(status, &body, operation);
    }
}

fn read(value: &Value) -> ErrorBody {
    let looks = &Cell::new(0);
    let body = ErrorBody::read(&Counted { value, looks });
    assert!(looks.get() <= 16, "{} looks", looks.get());
    let first = |places: &[&str]| {
        let at = |place: &&str| value.is_object().then(|| value.pointer(place)).flatten();
        places.iter().filter_map(at).find_map(plain_text)
    };
    let wanted = ErrorBody {
        code: first(&["/code", "/error/code"]).filter(|code| !code.is_empty()),
        error_code: first(&["/error_code", "/errorCode"]),
        error_msg: first(&["/error_msg", "/errorMsg", "/error/message", "/error/title"]),
        detail: first(&["/message"]),
        request_id: first(&["/request_id", "/requestId"]),
    };
    // A pointer also looks into lists, where no field is.
    if value.get("error").is_none_or(|error| !error.is_array()) {
        assert_eq!(body, wanted);
    }
    body
}

fn assert_told(status: u16, body: &ErrorBody, operation: Operation) {
    let Verdict::Failure(kind, outcome) = verdict(status) else {
        return;
    };
    let failure = Failure {
        status: Some(status),
        ..Failure::new(kind, outcome, "was not answered as it should be")
    };
    let message = failure.with_body(body.clone()).finish(operation).message;
    assert!(message.encode_utf16().count() < 500, "{message}");
    assert!(message.ends_with(['.', '…']), "{message}");
    let is_hidden = |c: char| c.is_control() || "\u{2028}\u{202E}\u{200B}\u{FEFF}".contains(c);
    assert!(!message.contains(is_hidden), "{message:?}");
    let mut pieces = (0..=SECRET.len() - WINDOW).map(|at| &SECRET[at..at + WINDOW]);
    assert!(!pieces.any(|piece| message.contains(piece)), "{message}");
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(redacted(text)),
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        _ => None,
    }
}

fn redacted(text: &str) -> String {
    let mut clean = String::new();
    let mut at = 0;
    for secret in find(text, [SECRET]) {
        clean.push_str(&text[at..secret.start]);
        clean.push_str("[redacted]");
        at = secret.end;
    }
    clean.push_str(&text[at..]);
    clean
}
