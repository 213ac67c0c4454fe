//! The answer to a list call.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::handles::{own, text};

/// The members of a key that are kept, by the service's name and by ours. Others may come and go.
const MEMBERS: [(&str, &str); 4] = [
    ("id", "id"),
    ("description", "description"),
    ("create_time", "createTime"),
    ("update_time", "updateTime"),
];

/// `{ count, keys }` of a parsed body; nothing where it is no list of keys with ids.
pub fn read(body: &JsValue) -> Option<JsValue> {
    let credentials = own(body, "credentials")?;
    if !Array::is_array(&credentials) {
        return None;
    }
    let keys = Array::new();
    for credential in Array::from(&credentials).iter() {
        keys.push(&key(&credential)?);
    }
    let count = own(body, "count").filter(|count| count.as_f64().is_some());
    let count = count.unwrap_or_else(|| keys.length().into());
    let listing = Object::new();
    set(&listing, "count", &count);
    set(&listing, "keys", &keys);
    Some(listing.into())
}

fn key(credential: &JsValue) -> Option<JsValue> {
    own(credential, "id").filter(JsValue::is_string)?;
    let key = Object::new();
    for (theirs, ours) in MEMBERS {
        if let Some(value) = own(credential, theirs).filter(JsValue::is_string) {
            set(&key, ours, &value);
        }
    }
    Some(key.into())
}

fn set(object: &Object, name: &'static str, value: &JsValue) {
    // It cannot fail on a fresh object.
    let _ = Reflect::set(object, text(name), value);
}
