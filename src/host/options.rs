//! The options of a call: `pkg-template/options.js`.

use wasm_bindgen::prelude::*;

use crate::rules::contract::Shape;

#[wasm_bindgen(module = "/pkg-template/options.js")]
extern "C" {
    /// What the caller passed. Options are asked for by name, patterns are those of the rules.
    pub type Options;

    #[wasm_bindgen(method, js_name = unread)]
    fn raw_unread(this: &Options, slip: &str) -> Option<String>;

    /// Takes the endpoint if it is a URL that `allowed` matches.
    #[wasm_bindgen(method)]
    pub fn endpoint(this: &Options, name: &str, allowed: &str) -> u32;

    /// Whether the endpoint that is not allowed matches this.
    #[wasm_bindgen(method, js_name = endpointHas)]
    pub fn endpoint_has(this: &Options, pattern: &str) -> bool;

    #[wasm_bindgen(method, js_name = text)]
    fn raw_text(this: &Options, name: &str, least: u32, most: u32, other: &str) -> u32;

    /// A number; `standard` where there is nothing, NaN where there is something else.
    #[wasm_bindgen(method)]
    pub fn number(this: &Options, name: &str, standard: f64) -> f64;

    /// Whether a signal can be listened to, or a fetch be called, if it is there.
    #[wasm_bindgen(method)]
    pub fn usable(this: &Options, name: &str) -> bool;

    #[wasm_bindgen(method, js_name = unknown)]
    fn raw_unknown(this: &Options, slip: &str) -> Option<String>;

    /// The names of all options that were asked for.
    #[wasm_bindgen(method)]
    pub fn known(this: &Options) -> String;

    /// What this host lacks for the call.
    #[wasm_bindgen(method)]
    pub fn lack(this: &Options, makes_file: bool) -> u32;
}

/// What is found where a text is looked for; otherwise it is not one.
pub mod found {
    pub const NOTHING: u32 = 0;
    pub const GOOD: u32 = 1;
    pub const SHORT: u32 = 2;
    pub const LONG: u32 = 3;
    pub const CHARACTER: u32 = 4;
    /// A function, which gives it.
    pub const ASKS: u32 = 6;
}

/// What a host may lack for a call.
pub mod lack {
    pub const FETCH: u32 = 1;
    pub const FILE: u32 = 2;
}

/// What looks like a misspelt name. Anything else might be a value in the wrong place.
const SLIP: &str = "^[A-Za-z0-9_$-]{1,24}$";

impl Options {
    /// The description, for the tests of what happens after a crash.
    #[cfg(feature = "trap")]
    pub fn description(&self) -> Option<String> {
        let values = js_sys::Reflect::get(self, &"values".into()).ok()?;
        js_sys::Reflect::get(&values, &"description".into())
            .ok()?
            .as_string()
    }

    /// What could not be read: an option whose getter threw; "" where there are no options at all.
    pub fn unread(&self) -> Option<String> {
        self.raw_unread(SLIP)
    }

    /// Whether an option is a text of that shape.
    pub fn text(&self, name: &str, shape: Shape) -> u32 {
        let Shape { least, most, other } = shape;
        self.raw_text(name, least, most, other)
    }

    /// The name of an option that was not asked for.
    pub fn unknown(&self) -> Option<String> {
        self.raw_unknown(SLIP)
    }
}
