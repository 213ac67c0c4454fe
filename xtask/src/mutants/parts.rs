//! A run in parts: one that was stopped goes on, as long as the code that faults are put into stays the same.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::console::say;
use crate::repository::root;

/// What cargo-mutants writes after each fault.
const OUTCOMES: &str = "mutants.out/outcomes.json";

/// Prepares `output` for another part, and tells whether it has one before. What is there of other code, or of a run
/// that is not to go on, is removed.
pub fn begin(output: &Path, resumes: bool) -> Result<bool> {
    begin_with(output, resumes, &code()?)
}

fn begin_with(output: &Path, resumes: bool, code: &str) -> Result<bool> {
    let tried = output.join("code");
    let parts = output.join("parts");
    if resumes && fs::read_to_string(&tried).is_ok_and(|tried| tried == code) {
        let last = output.join(OUTCOMES);
        if last.exists() {
            let count = fs::read_dir(&parts)?.count();
            fs::rename(last, parts.join(format!("{count:04}.json")))
                .context("cannot keep what was tried")?;
        }
        return Ok(true);
    }
    if resumes {
        say("mutants", "nothing of this code was tried: all are");
    }
    for folder in [&output.join("mutants.out"), &parts] {
        if folder.exists() {
            fs::remove_dir_all(folder)
                .with_context(|| format!("cannot remove {}", folder.display()))?;
        }
    }
    fs::create_dir_all(&parts).with_context(|| format!("cannot make {}", parts.display()))?;
    fs::write(&tried, code).context("cannot write down which code is tried")?;
    Ok(false)
}

/// What each part wrote down, the last one at the end.
pub fn outcomes(output: &Path) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(output.join("parts"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    files.extend(Some(output.join(OUTCOMES)).filter(|last| last.exists()));
    Ok(files)
}

/// A digest of the client: its Rust, its scripts, and what cargo builds it from.
fn code() -> Result<String> {
    let mut hasher = Sha256::new();
    let mut waiting = ["Cargo.lock", "Cargo.toml", "pkg-template", "src"]
        .map(|name| root().map(|root| root.join(name)))
        .into_iter()
        .collect::<Result<Vec<_>>>()?;
    while let Some(path) = waiting.pop() {
        hasher.update(path.as_os_str().as_encoded_bytes());
        if path.is_dir() {
            let mut inside: Vec<PathBuf> = fs::read_dir(&path)?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<std::io::Result<_>>()?;
            inside.sort();
            waiting.extend(inside);
        } else {
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            hasher.update(bytes.len().to_le_bytes());
            hasher.update(bytes);
        }
    }
    Ok(hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Begins a part that tries something.
    fn part(output: &Path, resumes: bool, code: &str) -> bool {
        let goes_on = begin_with(output, resumes, code).unwrap();
        fs::create_dir_all(output.join("mutants.out")).unwrap();
        fs::write(output.join(OUTCOMES), "{}").unwrap();
        goes_on
    }

    #[test]
    fn what_was_tried_counts_where_a_run_of_the_same_code_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path();
        let count = || outcomes(output).unwrap().len();
        assert!(!part(output, true, "a"));
        assert!(part(output, true, "a"));
        assert!(part(output, true, "a"));
        assert_eq!(count(), 3);
        assert!(!part(output, true, "b"));
        assert_eq!(count(), 1);
        assert!(!part(output, false, "b"));
        assert_eq!(count(), 1);
    }
}
