//! What cargo knows of this workspace, and what it builds.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;
use crate::repository::root;

/// The workspace's version, which is the package's.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The cargo that builds for this machine.
pub fn host() -> Command {
    let mut command = Command::new("cargo");
    forget_run(&mut command);
    command
}

/// Takes out what `cargo run` set for us: it would confuse another toolchain and rebuild what is fresh.
pub fn forget_run(command: &mut Command) {
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

/// The folder into which everything is built; git ignores it.
pub fn target_folder() -> Result<PathBuf> {
    let text = process::output(host().current_dir(root()?).args([
        "metadata",
        "--no-deps",
        "--format-version=1",
    ]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata is not JSON")?;
    metadata
        .get("target_directory")
        .and_then(Value::as_str)
        .map(PathBuf::from)
        .context("cargo metadata names no target directory")
}

/// Builds the local service and gives its program.
pub fn build_service() -> Result<PathBuf> {
    build_programs(&[])?
        .remove("node-provider-service")
        .context("cargo built no program of node-provider-service")
}

/// Builds the local service and its examples for speed; gives their programs by name.
pub fn build_service_for_speed() -> Result<BTreeMap<String, PathBuf>> {
    build_programs(&["--release", "--bins", "--examples"])
}

fn build_programs(how: &[&str]) -> Result<BTreeMap<String, PathBuf>> {
    let text = process::output(
        host()
            .current_dir(root()?)
            .args(["build", "--quiet", "--locked"])
            .args(["--package=node-provider-service"])
            .args(how)
            .arg("--message-format=json-render-diagnostics"),
    )?;
    Ok(text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| {
            let program = message.get("executable")?.as_str()?;
            let name = message.pointer("/target/name")?.as_str()?;
            Some((name.to_owned(), PathBuf::from(program)))
        })
        .collect())
}
