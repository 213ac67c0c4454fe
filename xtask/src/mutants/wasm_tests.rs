//! The guarantees on Node, run by cargo in place of a test program that it compiled to wasm.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{package, process, root};

/// Makes a package of the client that was compiled beside `test`, and runs the guarantees until one fails.
pub fn run(test: &Path) -> Result<()> {
    let compiled = test.with_file_name("node_provider_keys.wasm");
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    package::build_quickly(
        &compiled,
        &folder.path().join("node_modules/node-provider-keys"),
    )?;
    // One package for both: it was compiled with the feature `trap`.
    process::run(
        Command::new("node")
            .current_dir(root()?)
            .args(["tests/guarantees/run.js", "--bail", "--pkg"])
            .arg(folder.path())
            .arg("--trap-pkg")
            .arg(folder.path()),
    )
}
