//! The rules of the contract in plain Rust: no JavaScript, no clock, no network.
//!
//! What may be a secret (a token, a key file, a server's text) is read through [`Text`] and
//! [`Bytes`] and answered in ranges, so that in WebAssembly it stays on the JavaScript side:
//!
//! ```
//! use node_provider_keys::rules::token;
//!
//! assert_eq!(token::check(" MIIF…\n"), Err(token::Problem::Character));
//! assert_eq!(token::check(" MIIFabc=\n"), Ok(1..9));
//! ```

pub mod answer;
pub mod csv;
pub mod disposition;
pub mod endpoint;
pub mod error_body;
pub mod failure;
pub mod limits;
pub mod redact;
pub mod retry;
mod source;
pub mod token;
mod visible;
pub mod zip;

pub use source::{Bytes, Text};

/// The parts as one text. The standard `concat` does the same in 900 bytes of the module.
pub fn joined(parts: &[&str]) -> String {
    parts.iter().copied().collect()
}
