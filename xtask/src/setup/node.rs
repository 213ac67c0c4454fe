//! Node, and the development packages that `package-lock.json` names.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::console::say;
use crate::repository::root;
use crate::{cache, process};

/// The oldest major version of Node that the package supports.
const OLDEST: u32 = 20;

/// The folder `node_modules` with what the lock file names.
pub fn packages() -> Result<PathBuf> {
    version()?;
    let root = root()?;
    let lock = fs::read(root.join("package-lock.json")).context("cannot read package-lock.json")?;
    install(root, &lock, "package-lock.json")?;
    Ok(root.join("node_modules"))
}

/// A folder of the user's cache with the heavy packages that `package-lock.json` in `part` of the repository names.
pub fn packages_of(part: &str) -> Result<PathBuf> {
    version()?;
    let source = root()?.join(part);
    let name = format!("{part}/package-lock.json");
    let lock = fs::read(source.join("package-lock.json"))
        .with_context(|| format!("cannot read {name}"))?;
    let mut hasher = DefaultHasher::new();
    lock.hash(&mut hasher);
    let purpose = part.rsplit('/').next().unwrap_or(part);
    let folder = cache::folder(&format!("npm-{purpose}-{:016x}", hasher.finish()))?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(source.join(file), folder.join(file))
            .with_context(|| format!("cannot copy {part}/{file}"))?;
    }
    fs::copy(root()?.join(".npmrc"), folder.join(".npmrc")).context("cannot copy .npmrc")?;
    install(&folder, &lock, &name)?;
    Ok(folder)
}

/// Installs what the lock file in `folder` names, unless that was done.
fn install(folder: &Path, lock: &[u8], name: &str) -> Result<()> {
    // A copy of the lock file says what is installed: npm's own record drops some of its fields.
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).ok().as_deref() == Some(lock) {
        return Ok(());
    }
    say(
        "setup",
        format!("installing the npm packages of {name} because node_modules lacks them"),
    );
    process::run(Command::new("npm").current_dir(folder).args([
        "ci",
        "--loglevel=error",
        "--fetch-retries=5",
    ]))?;
    fs::write(&installed, lock).context("cannot write into node_modules")
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
