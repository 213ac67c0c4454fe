//! Tools that cargo builds from crates.io, at a fixed version each.

use std::path::PathBuf;

use anyhow::Result;

use super::wasm;
use crate::{cache, process, say};

/// The folder with `wasm-pack`, which runs the tests that are compiled to wasm.
pub fn wasm_pack() -> Result<PathBuf> {
    install("wasm-pack", "0.15.1")
}

/// The folder with `geckodriver`, which drives Firefox.
pub fn geckodriver() -> Result<PathBuf> {
    install("geckodriver", "0.37.1")
}

fn install(name: &str, version: &str) -> Result<PathBuf> {
    let folder = cache::folder(&format!("{name}-{version}"))?;
    let binaries = folder.join("bin");
    if !binaries.join(name).is_file() {
        say(
            "setup",
            format!(
                "building {name} {version} because {} lacks it (about 5 minutes)",
                folder.display()
            ),
        );
        process::run(
            wasm::host_cargo()
                .args([
                    "install",
                    "--quiet",
                    "--locked",
                    name,
                    "--version",
                    version,
                    "--root",
                ])
                .arg(&folder)
                .env_remove("CARGO_TARGET_DIR")
                .env("CARGO_NET_RETRY", "5"),
        )?;
    }
    Ok(binaries)
}
