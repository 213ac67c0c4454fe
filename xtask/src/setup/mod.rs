//! What the other commands need, found or installed.

mod apt;
mod bindgen;
pub mod wasm;

use anyhow::Result;
pub use bindgen::wasm_bindgen_tools;

/// Finds or installs everything that any command needs.
pub fn everything() -> Result<()> {
    wasm::toolchain()?;
    wasm_bindgen_tools()?;
    crate::say("setup", "everything is there");
    Ok(())
}
