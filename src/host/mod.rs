//! The JavaScript side, by handle: fetch, clocks, abort signals and secrets are there. Nothing else
//! in this crate knows it, and nothing of it throws.
//!
//! A method is one crossing. The numbers that cross are those of `pkg-template/names.js`, which a test
//! compares.

mod call;
mod key_file;
mod options;
mod work;

use js_sys::{Date, Math};

pub use call::{Call, End, body, give};
pub use key_file::KeyFile;
pub use options::{Options, found, lack};
pub use work::{Work, state};

/// A number in 0..1, for spreading retries.
pub fn random() -> f64 {
    Math::random()
}

/// Milliseconds since 1970.
pub fn now() -> f64 {
    Date::now()
}

/// A date of a header in milliseconds since 1970, or NaN.
pub fn parse_date(text: &str) -> f64 {
    Date::parse(text)
}

/// The scripts that those of the other modules import: declared, so that wasm-bindgen takes them along.
mod along {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen(module = "/pkg-template/bytes.js")]
    extern "C" {
        type Bytes;
    }

    #[wasm_bindgen(module = "/pkg-template/clean.js")]
    extern "C" {
        type Clean;
    }

    #[wasm_bindgen(module = "/pkg-template/clock.js")]
    extern "C" {
        type Clock;
    }

    #[wasm_bindgen(module = "/pkg-template/exchange.js")]
    extern "C" {
        type Exchange;
    }

    #[wasm_bindgen(module = "/pkg-template/filename.js")]
    extern "C" {
        type Filename;
    }

    #[wasm_bindgen(module = "/pkg-template/list.js")]
    extern "C" {
        type List;
    }

    #[wasm_bindgen(module = "/pkg-template/names.js")]
    extern "C" {
        type Names;
    }

    #[wasm_bindgen(module = "/pkg-template/own.js")]
    extern "C" {
        type Own;
    }

    #[wasm_bindgen(module = "/pkg-template/redact.js")]
    extern "C" {
        type Redact;
    }

    #[wasm_bindgen(module = "/pkg-template/plain.js")]
    extern "C" {
        type Plain;
    }

    #[wasm_bindgen(module = "/pkg-template/step.js")]
    extern "C" {
        type Step;
    }
}
