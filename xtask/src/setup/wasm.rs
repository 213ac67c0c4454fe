//! A Rust toolchain that builds for wasm32 and can build std from source.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::debian;
use crate::{process, say};

/// The target that the client is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Which toolchain builds for wasm32.
#[derive(Clone, Copy)]
pub enum Toolchain {
    /// The one that also builds for this machine.
    Default,
    /// Debian's, linked into rustup.
    Debian,
}

impl Toolchain {
    /// A cargo that can build for wasm32.
    pub fn cargo(self) -> Command {
        let mut command = host_cargo();
        self.select(&mut command);
        command
    }

    /// Makes every cargo and rustc that `command` starts be of this toolchain.
    pub fn select(self, command: &mut Command) {
        if let Self::Debian = self {
            command.env("RUSTUP_TOOLCHAIN", debian::NAME);
        }
    }
}

/// The cargo that builds for this machine.
pub fn host_cargo() -> Command {
    let mut command = Command::new("cargo");
    forget_cargo_run(&mut command);
    command
}

/// Takes out what `cargo run` set for us: it would confuse another toolchain and rebuild what is fresh.
pub fn forget_cargo_run(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let set_by_cargo = name.to_str().is_some_and(|name| {
            name == "CARGO" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if set_by_cargo {
            command.env_remove(name);
        }
    }
    command.env_remove("LD_LIBRARY_PATH");
}

/// Finds or installs a toolchain for wasm32.
pub fn toolchain() -> Result<Toolchain> {
    let libraries = libraries("rustc")?;
    if is_complete(&libraries) {
        return Ok(Toolchain::Default);
    }
    if process::find("rustup").is_none() {
        bail!(
            "{} lacks {TARGET} or rust-src: install rustup (https://rustup.rs) and run this command again",
            libraries.display()
        );
    }
    if debian::is_ready()? {
        return Ok(Toolchain::Debian);
    }
    say(
        "setup",
        format!(
            "adding {TARGET} and rust-src by rustup because {} lacks them",
            libraries.display()
        ),
    );
    match add_by_rustup(&libraries) {
        Ok(()) => Ok(Toolchain::Default),
        Err(error) if debian::can_be_installed() => {
            say("setup", format!("{error:#}"));
            debian::install()?;
            Ok(Toolchain::Debian)
        }
        Err(error) => bail!(
            "{error:#}; run `rustup target add {TARGET} && rustup component add rust-src`, then this command again"
        ),
    }
}

fn add_by_rustup(libraries: &Path) -> Result<()> {
    process::run_quietly(Command::new("rustup").args(["target", "add", TARGET]))?;
    process::run_quietly(Command::new("rustup").args(["component", "add", "rust-src"]))?;
    if !is_complete(libraries) {
        bail!(
            "rustup reported success, but {} is still incomplete",
            libraries.display()
        );
    }
    Ok(())
}

/// Where `rustc` looks for the libraries of wasm32; the folder need not exist.
pub fn libraries(rustc: &str) -> Result<PathBuf> {
    let mut command = Command::new(rustc);
    forget_cargo_run(&mut command);
    let path = process::output(command.args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(PathBuf::from(path.trim()))
}

/// Whether std is among the libraries, and beside them its source, which the small build compiles anew.
pub fn is_complete(libraries: &Path) -> bool {
    let has_std = fs::read_dir(libraries).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    });
    has_std
        && libraries
            .ancestors()
            .nth(2)
            .is_some_and(|rustlib| rustlib.join("src/rust/library/std").is_dir())
}
