//! What cargo knows of this workspace, and what it builds.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::setup::wasm::host_cargo;
use crate::{process, root};

/// The workspace's version, which is the package's.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The folder into which everything is built; git ignores it.
pub fn target_folder() -> Result<PathBuf> {
    let text = process::output(host_cargo().current_dir(root()?).args([
        "metadata",
        "--no-deps",
        "--format-version=1",
    ]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is no JSON")?;
    metadata["target_directory"]
        .as_str()
        .map(PathBuf::from)
        .context("cargo metadata names no target directory")
}

/// Builds the local service and gives its program.
pub fn build_service() -> Result<PathBuf> {
    let text = process::output(host_cargo().current_dir(root()?).args([
        "build",
        "--quiet",
        "--locked",
        "--package=node-provider-service",
        "--message-format=json-render-diagnostics",
    ]))?;
    text.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back()
        .context("cargo built no program of node-provider-service")
}
