//! Faults in the package's scripts: all of them stand in one build, each behind a switch.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Selection;
use crate::repository::root;
use crate::setup::node;
use crate::{package, process};

/// Tries the selected faults; gives the file with what became of them.
pub fn run(selection: &Selection, output: &Path) -> Result<PathBuf> {
    node::packages()?;
    fs::create_dir_all(output).with_context(|| format!("cannot make {}", output.display()))?;
    let tree = output.join("tree");
    process::run(node_command("instrument.js")?.arg("--to").arg(&tree))?;
    let consumer = package::quick_consumer_of(&tree.join("pkg-template"), &["trap"])?;
    let mut command = node_command("run.js")?;
    command
        .arg("--tree")
        .arg(&tree)
        .arg("--pkg")
        .arg(consumer.path())
        .arg("--kept")
        .arg(output);
    if let Some(names) = &selection.only {
        command.args(["--only", names]);
    }
    if let Some(shard) = &selection.shard {
        command.args(["--shard", shard]);
    }
    let status = process::status(&mut command)?;
    if process::is_ending() {
        bail!("interrupted");
    }
    if !status.success() {
        bail!("the faults were not all tried ({status})");
    }
    Ok(output.join("report.json"))
}

fn node_command(program: &str) -> Result<Command> {
    let root = root()?;
    let mut command = Command::new("node");
    command
        .current_dir(root)
        .arg(root.join("xtask/mutants").join(program));
    Ok(command)
}
