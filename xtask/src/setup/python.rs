//! Python's programs that `tests/<suite>/requirements.txt` names, each with its hash.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{apt, programs};
use crate::console::say;
use crate::repository::root;
use crate::{cache, process};

/// The oldest Python for which the lock files are written.
const OLDEST: (u32, u32) = (3, 11);

/// The folder with the programs of an environment of the user's cache that holds what the suite's lock file names.
pub fn programs_of(suite: &str) -> Result<PathBuf> {
    let version = version()?;
    let name = format!("tests/{suite}/requirements.txt");
    let file = root()?.join(&name);
    let lock = fs::read(&file).with_context(|| format!("cannot read {name}"))?;
    let mut hasher = DefaultHasher::new();
    (&lock, &version).hash(&mut hasher);
    let folder = cache::folder(&format!("python-{suite}-{:016x}", hasher.finish()))?;
    let programs = folder.join("bin");
    // Written last, so that an installation that was broken off is made anew.
    let installed = folder.join("installed-requirements.txt");
    if fs::read(&installed).ok().as_deref() != Some(&lock) {
        say(
            "setup",
            format!("installing the Python packages of {name} because the cache lacks them"),
        );
        process::run(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )?;
        process::run(
            Command::new(programs.join("python"))
                .args([
                    "-m",
                    "pip",
                    "--disable-pip-version-check",
                    "install",
                    "--quiet",
                ])
                .args(["--require-hashes", "--only-binary=:all:", "--requirement"])
                .arg(&file),
        )?;
        fs::write(&installed, lock)
            .with_context(|| format!("cannot write into {}", folder.display()))?;
    }
    Ok(programs)
}

/// What Python calls its version; ends with a sentence where it is too old or cannot make environments.
fn version() -> Result<String> {
    programs::python()?;
    let text = process::output(Command::new("python3").arg("--version"))?;
    let mut numbers = text
        .trim()
        .trim_start_matches("Python ")
        .split('.')
        .map(str::parse);
    let found = (numbers.next(), numbers.next());
    let (Some(Ok(major)), Some(Ok(minor))) = found else {
        bail!("`python3 --version` says {:?}", text.trim());
    };
    if (major, minor) < OLDEST {
        bail!(
            "{} is too old: install Python {}.{} or newer and run this command again",
            text.trim(),
            OLDEST.0,
            OLDEST.1
        );
    }
    // Debian has this in a package of its own.
    let probe = process::run_quietly(Command::new("python3").args(["-c", "import ensurepip"]));
    if probe.is_err() {
        apt::install(
            &["python3-venv"],
            "a suite's Python packages need an environment",
        )?;
    }
    Ok(text)
}
