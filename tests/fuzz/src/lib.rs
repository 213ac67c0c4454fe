//! What must hold of the rules whatever they are given.
//!
//! Each module is a target of cargo-fuzz with a `check` that panics where something does not hold.
//! `tests/corpora.rs` runs the same checks natively on every input kept in `corpus/`.

#![forbid(unsafe_code)]

mod counted;
pub mod csv;
pub mod error_body;
pub mod options;
pub mod paths;
mod shapes;
pub mod zip;
