//! How a failed call goes back to JavaScript.

use js_sys::{JsString, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::handles::{property, redacted, text};
use crate::rules::failure::{Failure, Issue, Kind, Operation, Outcome};

#[wasm_bindgen]
extern "C" {
    type Error;

    #[wasm_bindgen(constructor, catch)]
    fn new(message: &str) -> core::result::Result<Error, JsValue>;
}

/// A failure with the two things that are no text.
pub struct Rejection {
    /// What is told in text.
    pub failure: Failure,
    /// An abort's own reason, or a clean copy of the error that a platform gave.
    pub cause: Option<JsValue>,
    /// The bytes that came, where they may be all that there is of a key file.
    pub file: Option<JsValue>,
}

/// What a call gives, or why not.
pub type Result<T> = core::result::Result<T, Box<Rejection>>;

impl Rejection {
    /// A rejection without more than its failure.
    pub fn new(failure: Failure) -> Box<Self> {
        Box::new(Self {
            failure,
            cause: None,
            file: None,
        })
    }

    /// A failure of one kind, described in words.
    pub fn of(kind: Kind, outcome: Outcome, what: &str) -> Box<Self> {
        Self::new(Failure::new(kind, outcome, what))
    }

    /// A failure of one argument.
    pub fn invalid(field: &'static str, message: &str) -> Box<Self> {
        let field = field.into();
        let message = message.into();
        Self::new(Failure::invalid(vec![Issue { field, message }]))
    }

    /// With what caused it.
    pub fn because(mut self: Box<Self>, cause: JsValue) -> Box<Self> {
        self.cause = Some(cause);
        self
    }

    /// The fields of the package's `ApiKeyError`, as a plain object.
    pub fn into_js(self, operation: Operation) -> JsValue {
        let failure = self.failure.finish(operation);
        // Strings, numbers and lists of them always serialise.
        let objects = Serializer::new().serialize_maps_as_objects(true);
        let fields = failure.serialize(&objects).unwrap_or(JsValue::UNDEFINED);
        for (name, value) in [("cause", self.cause), ("file", self.file)] {
            if let Some(value) = value {
                let _ = Reflect::set(&fields, text(name), &value);
            }
        }
        fields
    }
}

/// The `code` of a platform's error, or of its cause: undici hides it there.
pub fn code(error: &JsValue) -> Option<JsValue> {
    [error, &property(error, "cause")]
        .into_iter()
        .map(|error| property(error, "code"))
        .find(JsValue::is_string)
}

/// A new error with the original's name, code and message, all secrets taken out; where they are
/// not known the message stays behind, since nobody can tell what it quotes.
pub fn clean(error: &JsValue, secrets: Option<&[JsString]>) -> JsValue {
    let without = |value: JsValue| {
        let text = value.dyn_into().ok()?;
        Some(redacted(&text, secrets.unwrap_or(&[]))).filter(|text| !text.is_empty())
    };
    let mut message = String::new();
    if secrets.is_some() {
        let inner = property(&property(error, "cause"), "message");
        for value in [error.clone(), property(error, "message"), inner] {
            if let Some(text) = without(value) {
                if !message.is_empty() {
                    message.push_str(": ");
                }
                message.push_str(&text);
            }
        }
    } else {
        message.push_str("(left out, as it may quote a secret)");
    }
    let Ok(copy) = Error::new(&message) else {
        return JsValue::UNDEFINED;
    };
    let code = code(error).unwrap_or(JsValue::UNDEFINED);
    for (name, value) in [("name", property(error, "name")), ("code", code)] {
        if let Some(value) = without(value) {
            let _ = Reflect::set(&copy, text(name), &value.into());
        }
    }
    copy.into()
}
