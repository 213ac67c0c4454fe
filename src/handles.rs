//! What stays on the JavaScript side: tokens, key files and the text of servers, read by handle.

use core::cell::RefCell;

use js_sys::{JsString, Object, Reflect, RegExp, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::rules::error_body::Node;
use crate::rules::redact;
use crate::rules::{Bytes, Text};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse_json(text: &JsString) -> Result<JsValue, JsValue>;

    type TextDecoder;

    #[wasm_bindgen(constructor, catch)]
    fn new(label: &str, options: &Object) -> Result<TextDecoder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn decode(this: &TextDecoder, bytes: &Uint8Array) -> Result<JsString, JsValue>;

    /// A text searched by handle: js-sys searches for what it copies.
    type Searched;

    #[wasm_bindgen(method)]
    fn includes(this: &Searched, part: &JsString) -> bool;

    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: JsValue;

    #[wasm_bindgen(js_name = String)]
    fn text_of(value: &JsValue) -> String;
}

impl Text for JsString {
    fn len(&self) -> usize {
        self.length() as usize
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn unit(&self, at: usize) -> u16 {
        u32::try_from(at).map_or(0, |at| self.char_code_at(at) as u16)
    }

    fn has_part(&self, other: &Self, range: core::ops::Range<usize>) -> bool {
        self.unchecked_ref::<Searched>()
            .includes(&part(other, range))
    }

    fn is_printable(&self, range: core::ops::Range<usize>) -> bool {
        thread_local! {
            static OTHER: RegExp = RegExp::new("[^ -~]", "");
            static EMPTY: RegExp = RegExp::new("$", "");
        }
        // One crossing instead of one a character.
        let is_printable = OTHER.with(|other| part(self, range).search(other) < 0);
        if !is_printable {
            // RegExp.input keeps what matched last, which is the token here.
            EMPTY.with(|empty| JsString::from("").search(empty));
        }
        is_printable
    }
}

impl Bytes for Uint8Array {
    fn len(&self) -> usize {
        self.length() as usize
    }

    fn byte(&self, at: usize) -> u8 {
        u32::try_from(at).map_or(0, |at| self.get_index(at))
    }
}

/// A parsed document whose text is let in without the secrets in it.
pub struct Document<'a>(pub JsValue, pub &'a [JsString]);

impl Node for Document<'_> {
    fn member(&self, name: &'static str) -> Option<Self> {
        own(&self.0, name).map(|value| Document(value, self.1))
    }

    fn text(&self) -> Option<String> {
        match self.0.as_f64() {
            Some(number) if number.fract() == 0.0 => Some(text_of(&self.0)),
            Some(_) => None,
            None => self.0.dyn_ref().map(|text| redacted(text, self.1)),
        }
    }
}

/// A part of a text, still on the other side.
pub fn part(text: &JsString, range: core::ops::Range<usize>) -> JsString {
    let [start, end] = [range.start, range.end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
    text.slice(start, end)
}

/// A part of bytes, still on the other side.
pub fn view(bytes: &Uint8Array, range: core::ops::Range<usize>) -> Uint8Array {
    let [start, end] = [range.start, range.end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
    bytes.subarray(start, end)
}

/// Text with every piece of a secret left out: the only way for a server's text to come in.
pub fn redacted(text: &JsString, secrets: &[JsString]) -> String {
    let mut clean = String::new();
    let mut at = 0;
    for secret in redact::find(text, secrets) {
        clean.push_str(&String::from(part(text, at..secret.start)));
        clean.push_str("[redacted]");
        at = secret.end;
    }
    clean.push_str(&String::from(part(text, at..text.len())));
    clean
}

/// A text of ours on the other side, decoded once and kept: decoding costs more than most calls.
pub fn text(ours: &'static str) -> &'static JsString {
    thread_local! {
        static DECODED: RefCell<Vec<(&'static str, &'static JsString)>> =
            const { RefCell::new(Vec::new()) };
    }
    DECODED.with_borrow_mut(|decoded| {
        // By place: one text at two places is decoded twice, and nothing is compared.
        let known = decoded.iter().find(|(text, _)| core::ptr::eq(*text, ours));
        if let Some((_, known)) = known {
            return *known;
        }
        let new: &'static JsString = Box::leak(Box::new(ours.into()));
        decoded.push((ours, new));
        new
    })
}

/// A property that may be anything, of a value that may be anything: nothing where it throws.
pub fn property(value: &JsValue, name: &'static str) -> JsValue {
    Reflect::get(value, text(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A property of the global object.
pub fn global(name: &'static str) -> JsValue {
    // js-sys tries four names for it, for browsers of before 2020.
    GLOBAL.with(|global| property(global, name))
}

/// A property of an object's own.
pub fn own(value: &JsValue, name: &'static str) -> Option<JsValue> {
    // Not by `instanceof`, which would say no to an object of another realm.
    let name = text(name);
    (value.is_object() && Object::has_own(value.unchecked_ref::<Object>(), name))
        .then(|| Reflect::get(value, name).ok())
        .flatten()
}

/// UTF-8 as text; nothing where it is not.
pub fn decode(bytes: &Uint8Array) -> Option<JsString> {
    let options = record(&[("fatal", &JsValue::TRUE)]);
    TextDecoder::new("utf-8", &options).ok()?.decode(bytes).ok()
}

/// Bytes as a JSON document; nothing where they are none. The parser's own error quotes its
/// input, so it goes no further.
pub fn json(bytes: &Uint8Array) -> Option<JsValue> {
    parse_json(&decode(bytes)?).ok()
}

/// A plain record that inherits nothing, so that nothing can be slipped under it.
pub fn record(members: &[(&'static str, &JsValue)]) -> Object {
    let record = Object::create(JsValue::NULL.unchecked_ref());
    for (name, value) in members {
        // It cannot fail on a fresh object.
        let _ = Reflect::set(&record, text(name), value);
    }
    record
}
