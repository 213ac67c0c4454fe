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
