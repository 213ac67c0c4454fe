//! A Rust toolchain that builds for wasm32 and can build std from source.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::debian;
use super::wasm32::{TARGET, is_complete, libraries};
use crate::console::say;
use crate::{cargo, process};

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
        let mut command = cargo::host();
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

/// Finds or installs a toolchain for wasm32.
pub fn for_wasm() -> Result<Toolchain> {
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
