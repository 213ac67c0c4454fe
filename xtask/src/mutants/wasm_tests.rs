//! The guarantees on Node, run by cargo in place of a test program that it compiled to wasm.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::repository::root;
use crate::{package, process};

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
        if first_failure(folder.path(), Some(&failed))?.is_some() {
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
        .args(["tests/guarantees/run.js", "--bail", "--pkg"])
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
