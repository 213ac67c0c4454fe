//! What the other commands need: found, or installed, each with the reason said.

mod apt;
pub mod browsers;
mod cargo_tools;
mod debian;
pub mod node;
pub mod programs;
pub mod python;
pub mod toolchain;
pub mod wasm32;

use anyhow::Result;

use crate::console::say;

pub use cargo_tools::{
    cargo_deny, cargo_fuzz, cargo_machete, cargo_mutants, geckodriver, wasm_bindgen, wasm_pack,
};

/// Finds or installs everything that any command needs.
pub fn everything() -> Result<()> {
    toolchain::for_wasm()?;
    node::packages()?;
    node::packages_of("tests/contract")?;
    browsers::all()?;
    programs::rustfmt_and_clippy()?;
    programs::python()?;
    programs::faketime()?;
    python::programs_of("contract")?;
    wasm_bindgen()?;
    wasm_pack()?;
    geckodriver()?;
    cargo_deny()?;
    cargo_machete()?;
    say("setup", "everything is there");
    Ok(())
}
