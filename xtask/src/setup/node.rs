//! Node, and the development packages that `package-lock.json` names.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, root, say};

/// The oldest major version of Node that the package supports.
const OLDEST: u32 = 20;

/// The folder `node_modules` with what the lock file names.
pub fn packages() -> Result<PathBuf> {
    version()?;
    let root = root()?;
    let modules = root.join("node_modules");
    // A copy of the lock file says what is installed: npm's own record drops some of its fields.
    let installed = modules.join(".installed-lock.json");
    let lock = fs::read(root.join("package-lock.json")).context("cannot read package-lock.json")?;
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        say(
            "setup",
            "installing the npm packages of package-lock.json because node_modules lacks them",
        );
        process::run(Command::new("npm").current_dir(root).args([
            "ci",
            "--loglevel=error",
            "--fetch-retries=5",
        ]))?;
        fs::write(&installed, lock).context("cannot write into node_modules")?;
    }
    Ok(modules)
}

/// Ends with a sentence when Node or npm is missing or too old.
fn version() -> Result<()> {
    let advice = format!(
        "install Node {OLDEST} or newer with npm (https://nodejs.org) and run this command again"
    );
    if process::find("node").is_none() || process::find("npm").is_none() {
        bail!("Node or npm is missing: {advice}");
    }
    let version = process::output(Command::new("node").arg("--version"))?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST) {
        bail!("Node {} is too old: {advice}", version.trim());
    }
    Ok(())
}
