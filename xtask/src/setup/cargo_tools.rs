//! Tools that cargo builds, at a fixed version each.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::console::say;
use crate::repository::root;
use crate::{cache, cargo, process};

/// The folder with `wasm-bindgen` and `wasm-bindgen-test-runner`, at the version in `Cargo.lock`.
pub fn wasm_bindgen() -> Result<PathBuf> {
    let version = locked_version("wasm-bindgen-cli")?;
    let source = ["--path".into(), root()?.join("xtask/tools").into()];
    install("wasm-bindgen", &version, &source)
}

/// The folder with `wasm-pack`, which runs the tests that are compiled to wasm.
pub fn wasm_pack() -> Result<PathBuf> {
    from_registry("wasm-pack", "0.15.1")
}

/// The folder with `geckodriver`, which drives Firefox.
pub fn geckodriver() -> Result<PathBuf> {
    from_registry("geckodriver", "0.37.1")
}

/// The program `cargo-deny`, which checks licences, sources and duplicates of crates.
pub fn cargo_deny() -> Result<PathBuf> {
    Ok(from_registry("cargo-deny", "0.20.2")?.join("cargo-deny"))
}

/// The program `cargo-machete`, which finds dependencies that nothing uses.
pub fn cargo_machete() -> Result<PathBuf> {
    Ok(from_registry("cargo-machete", "0.9.2")?.join("cargo-machete"))
}

/// The folder with `cargo-fuzz`, which builds what searches the rules for input that breaks them.
pub fn cargo_fuzz() -> Result<PathBuf> {
    from_registry("cargo-fuzz", "0.13.2")
}

/// The folder with `cargo-mutants`, which puts faults into the client.
pub fn cargo_mutants() -> Result<PathBuf> {
    from_registry("cargo-mutants", "27.1.0")
}

fn from_registry(name: &str, version: &str) -> Result<PathBuf> {
    install(
        name,
        version,
        &[name, "--version", version].map(OsString::from),
    )
}

/// Installs `name` into a cache folder of its own, and gives the folder of its programs.
fn install(name: &str, version: &str, source: &[OsString]) -> Result<PathBuf> {
    let folder = cache::folder(&format!("{name}-{version}"))?;
    let programs = folder.join("bin");
    if !programs.join(name).is_file() {
        say(
            "setup",
            format!(
                "building {name} {version} because {} lacks it (2-4 minutes)",
                folder.display()
            ),
        );
        let target = tempfile::tempdir().context("cannot make a temporary folder")?;
        process::run(
            cargo::host()
                .args(["install", "--quiet", "--locked", "--root"])
                .arg(&folder)
                .arg("--target-dir")
                .arg(target.path())
                // Each runs for seconds: what counts is how long it takes to build.
                .args(["--debug"])
                .env("CARGO_PROFILE_DEV_DEBUG", "false")
                .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
                .env("CARGO_NET_RETRY", "5")
                .args(source),
        )?;
    }
    Ok(programs)
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
