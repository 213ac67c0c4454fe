//! Measures the package beside what people use in its place; `xtask/bench` has how.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::setup::node;
use crate::{package, process, root};

/// What the peers are installed from, and the programs that measure.
const FOLDER: &str = "xtask/bench";

/// Weighs the package and its peers; fails where the package is over its budget.
pub fn size() -> Result<ExitCode> {
    measure("size.js")
}

/// Measures everything and writes it into the docs; fails where the package is over its budget.
pub fn everything() -> Result<ExitCode> {
    measure("run.js")
}

/// What weighs the package alone that is installed in `consumer`.
pub fn weigh(consumer: &Path) -> Result<Command> {
    script("size.js", consumer)
}

fn measure(name: &str) -> Result<ExitCode> {
    node::packages()?;
    let peers = node::packages_of(FOLDER)?;
    let consumer = package::consumer(&package::publishable()?)?;
    let status = process::status(script(name, consumer.path())?.arg("--tools").arg(peers))?;
    Ok(ExitCode::from(u8::from(!status.success())))
}

fn script(name: &str, consumer: &Path) -> Result<Command> {
    let mut command = Command::new("node");
    command
        .current_dir(root()?)
        .arg(Path::new(FOLDER).join(name))
        .arg("--pkg")
        .arg(consumer);
    Ok(command)
}
