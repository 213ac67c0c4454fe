//! Other programs that the tests use.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::apt;
use crate::console::say;
use crate::{cargo, process};

/// Makes sure of cargo's formatter and linter, which rustup's smallest profile leaves out.
pub fn rustfmt_and_clippy() -> Result<()> {
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let probe = process::run_quietly(cargo::host().args([command, "--version"]));
        if probe.is_err() {
            say(
                "setup",
                format!("adding {component} because `cargo {command}` does not run"),
            );
            process::run_quietly(Command::new("rustup").args(["component", "add", component]))
                .with_context(|| format!("`cargo {command}` is missing"))?;
        }
    }
    Ok(())
}

/// Makes sure of `python3`, which reads ZIP files and SQLite independently of our own code.
pub fn python() -> Result<()> {
    if process::find("python3").is_none() {
        apt::install(
            &["python3"],
            "the tests read ZIP files and SQLite with python3",
        )?;
    }
    Ok(())
}

/// Makes sure of a nightly compiler: only it can build with a sanitizer.
pub fn nightly() -> Result<()> {
    let mut probe = Command::new("rustup");
    cargo::forget_run(&mut probe);
    process::run_quietly(probe.args(["run", "nightly", "rustc", "--version"]))
        .context("fuzzing needs a nightly compiler: run `rustup toolchain install nightly`")
}

/// Makes sure of libfaketime, with which the service is given clocks that jump.
pub fn faketime() -> Result<()> {
    if process::find("faketime").is_none() {
        apt::install(&["faketime"], "the tests let the service's clock jump")?;
    }
    Ok(())
}

/// nginx, whose configuration in the docs is tested.
pub fn nginx() -> Result<PathBuf> {
    // Only root has this folder on PATH.
    let find = || {
        process::find("nginx")
            .or(Some(PathBuf::from("/usr/sbin/nginx")).filter(|path| path.is_file()))
    };
    if find().is_none() {
        apt::install(&["nginx-light"], "the full tests relay through nginx")?;
    }
    find().context("nginx is installed, but not on PATH")
}
