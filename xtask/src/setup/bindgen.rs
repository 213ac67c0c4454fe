//! wasm-bindgen's command line and test runner, built from `xtask/tools` at the version in `Cargo.lock`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::wasm;
use crate::{cache, process, root, say};

/// The folder with `wasm-bindgen` and `wasm-bindgen-test-runner`.
pub fn wasm_bindgen_tools() -> Result<PathBuf> {
    let version = locked_version("wasm-bindgen-cli")?;
    let target = cache::folder(&format!("wasm-bindgen-{version}"))?;
    let binaries = target.join("debug");
    if !binaries.join("wasm-bindgen-test-runner").is_file() {
        say(
            "setup",
            format!(
                "building wasm-bindgen {version} because {} lacks it (1-2 minutes)",
                target.display()
            ),
        );
    }
    // Cargo does nothing here when all is fresh, and rebuilds when the lock file has changed.
    process::run(
        wasm::host_cargo()
            .current_dir(root()?)
            .args([
                "build",
                "--quiet",
                "--locked",
                "--package",
                "xtask-tools",
                "--target-dir",
            ])
            .arg(&target)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1"),
    )?;
    Ok(binaries)
}

/// The version of `package` in `Cargo.lock`.
fn locked_version(package: &str) -> Result<String> {
    let lock = fs::read_to_string(root()?.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    lock.split("[[package]]")
        .find(|entry| entry.contains(&format!("name = \"{package}\"\n")))
        .and_then(|entry| entry.split("version = \"").nth(1)?.split('"').next())
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock has no {package}"))
}
