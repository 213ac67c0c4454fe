//! The error body, whoever wrote it, and the message that is made of it.

use std::cell::Cell;

use node_provider_keys::rules::error_body::{Document, ErrorBody};
use node_provider_keys::rules::failure::{Failure, Operation};
use node_provider_keys::rules::verdict::{Verdict, verdict};
use serde_json::Value;

/// What no message may show, however a body spells it.
const SECRET: &str = "correct-horse-battery-staple";
/// So many characters of a secret in a row are a piece of it.
const WINDOW: usize = 12;

/// A JSON document that counts how often something of it was asked for.
struct Counted<'a> {
    value: &'a Value,
    looks: Cell<usize>,
}

impl Document for Counted<'_> {
    fn text(&self, path: &'static str) -> Option<String> {
        self.looks.set(self.looks.get() + 1);
        let member = |value: &'_ Value, name| value.as_object()?.get(name).cloned();
        plain_text(
            &path
                .split('.')
                .try_fold(self.value.clone(), |value, name| member(&value, name))?,
        )
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
    let looks = Cell::new(0);
    let document = Counted { value, looks };
    let body = ErrorBody::read(&document);
    let looks = document.looks.get();
    assert!(looks <= 11, "{looks} looks at 11 places");
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
    let message = failure.with_body(body.clone()).message(operation);
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

/// A text as the JavaScript side lets it in: without any piece of the secret.
fn redacted(text: &str) -> String {
    let pieces: Vec<&[u8]> = SECRET.as_bytes().windows(WINDOW).collect();
    let mut hidden = vec![false; text.len()];
    for (at, window) in text.as_bytes().windows(WINDOW).enumerate() {
        if pieces.contains(&window) {
            hidden[at..at + WINDOW].fill(true);
        }
    }
    let mut clean = String::new();
    for (at, character) in text.char_indices() {
        match (hidden[at], at > 0 && hidden[at - 1]) {
            (false, _) => clean.push(character),
            (true, false) => clean.push_str("[redacted]"),
            (true, true) => (),
        }
    }
    clean
}
