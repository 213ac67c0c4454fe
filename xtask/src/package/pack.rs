//! The tarball, and the package as a user has it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::{cargo, process};

/// Packs the package in `folder` as npm would publish it; gives the tarball.
pub fn pack(folder: &Path) -> Result<PathBuf> {
    let destination = cargo::target_folder()?.join("package");
    let text = process::output(
        Command::new("npm")
            .current_dir(folder)
            .args(["pack", "--json", "--loglevel=error", "--pack-destination"])
            .arg(&destination),
    )?;
    let report: Value = serde_json::from_str(&text).context("npm pack printed no JSON")?;
    // npm 12 keys the reports by package name where older ones list them.
    let name = report
        .get(0)
        .or_else(|| report.as_object()?.values().next())
        .and_then(|packed| packed.get("filename")?.as_str())
        .context("npm pack named no file")?;
    Ok(destination.join(name))
}

/// Installs a packed package into `folder`, as a user would who has no network.
pub fn install(tarball: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(
        folder.join("package.json"),
        "{ \"private\": true, \"type\": \"module\" }\n",
    )?;
    process::run(
        Command::new("npm")
            .current_dir(folder)
            .args([
                "install",
                "--offline",
                "--silent",
                "--no-audit",
                "--no-fund",
            ])
            .arg(tarball),
    )
}

/// A temporary folder in which the package in `folder` is installed, packed as npm would publish it.
pub fn consumer(folder: &Path) -> Result<TempDir> {
    let consumer = tempfile::tempdir().context("cannot make a temporary folder")?;
    install(&pack(folder)?, consumer.path())?;
    Ok(consumer)
}
