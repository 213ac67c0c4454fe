//! The guarantees on Node, run by cargo in place of a test program that it compiled to wasm.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::repository::root;
use crate::{package, process};

/// The files of guarantees that find most faults in the least time; they run before the others.
const FIRST: &str =
    "14-options,09-retries,05-certainty,13-read-credentials,06-whole-file,17-sign-in,15-lists";
/// A fault that loops for ever may also allocate for ever: 256 MiB, which the processes of the runner inherit.
const LITTLE_MEMORY: &str = "--wasm-max-mem-pages=4096";
/// What the runner calls tests that end before they are done.
const END: &str = "the tests run to their end";

/// Makes a package of the client that was compiled beside `test`, and runs the guarantees until one fails twice:
/// a busy machine fails one at times, and must not count as having found a fault.
pub fn run(test: &Path) -> Result<()> {
    let compiled = test.with_file_name("node_provider_keys.wasm");
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let package = folder.path().join("node_modules/node-provider-keys");
    package::build_quickly(&compiled, &package)?;
    for _ in 0..3 {
        let Some(failed) = first_failure(folder.path(), None)? else {
            return Ok(());
        };
        // That they end is no test of its own.
        let only = Some(failed.as_str()).filter(|&failed| failed != END);
        if first_failure(folder.path(), only)?.is_some() {
            bail!("it fails: {failed}");
        }
    }
    bail!("each time another one fails")
}

/// Runs the guarantees whose name has `only` in it, or all; gives the name of the first that fails.
fn first_failure(consumer: &Path, only: Option<&str>) -> Result<Option<String>> {
    let mut command = Command::new("node");
    command
        .current_dir(root()?)
        // Copies of the package go there too, also those of a process that is killed.
        .env("TMPDIR", consumer)
        .arg(LITTLE_MEMORY)
        // Most of the time tests wait for a deadline.
        .args(["tests/guarantees/run.js", "--jobs=4", "--bail", "--first"])
        .arg(FIRST)
        .arg("--pkg")
        .arg(consumer)
        // One package for both: it was compiled with the feature `trap`.
        .arg("--trap-pkg")
        .arg(consumer)
        .args(only.map(|name| format!("--grep={name}")));
    let (status, text) = process::run_and_read(&mut command)?;
    if status.success() {
        return Ok(None);
    }
    let failed = text.lines().find_map(|line| line.strip_prefix("FAILED "));
    Ok(Some(failed.unwrap_or("the runner").to_owned()))
}
