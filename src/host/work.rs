//! What every call has on the JavaScript side: `pkg-template/work.js`.

use js_sys::Promise;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::rules::Bytes;

#[wasm_bindgen(module = "/pkg-template/work.js")]
extern "C" {
    /// A promise, the bytes that came, and what went wrong.
    pub type Work;

    /// Settles when the call does.
    #[wasm_bindgen(method, getter)]
    pub fn promise(this: &Work) -> Promise;

    /// How the step that ran last went: see [`state`].
    #[wasm_bindgen(method)]
    pub fn state(this: &Work) -> u32;

    #[wasm_bindgen(method)]
    fn size(this: &Work) -> usize;

    #[wasm_bindgen(method, js_name = word)]
    fn raw_word(this: &Work, at: usize) -> u32;

    #[wasm_bindgen(method, js_name = fail)]
    fn raw_fail(this: &Work, fields: &JsValue);
}

/// How a step went.
pub mod state {
    /// The call has ended: its time is up, or the caller's signal was aborted.
    pub const TIMEOUT: u32 = 1;
    pub const ABORTED: u32 = 2;
    /// A host failed.
    pub const FAILED: u32 = 3;
}

impl Work {
    /// Whether a host failed in the step that ran last.
    pub fn failed(&self) -> bool {
        self.state() == state::FAILED
    }

    /// Fails with the fields of the error.
    pub fn fail(&self, fields: &[Option<String>]) {
        // Texts always serialise.
        let fields = fields.serialize(&Serializer::new());
        self.raw_fail(&fields.unwrap_or(JsValue::UNDEFINED));
    }
}

impl Bytes for Work {
    fn len(&self) -> usize {
        self.size()
    }

    fn word(&self, at: usize) -> u32 {
        self.raw_word(at)
    }
}
