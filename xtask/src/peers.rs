//! Runs what the guarantees are about on the clients that people use; `xtask/peers` has how.

use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Args;

use crate::repository::root;
use crate::setup::browsers;
use crate::{bench, package, process};

/// Which clients, and where.
#[derive(Args)]
pub struct Selection {
    /// Only these clients, such as `axios`; what they do is printed and not written down
    name: Vec<String>,
    /// Only there
    #[arg(long, value_parser = ["node", "chromium"])]
    platform: Option<String>,
}

/// Measures the clients; writes the tables if all were measured everywhere.
pub fn run(selection: &Selection) -> Result<ExitCode> {
    let consumer = package::consumer(&package::publishable()?)?;
    let mut command = Command::new("node");
    command
        .current_dir(root()?)
        .args(["xtask/peers/run.js", "--pkg"])
        .arg(consumer.path());
    bench::tell_peers(&mut command)?;
    if selection.platform.as_deref() != Some("node") {
        browsers::chromium()?;
    }
    if let Some(platform) = &selection.platform {
        command.args(["--platform", platform]);
    }
    if selection.platform.is_none() && selection.name.is_empty() {
        command.arg("--record");
    }
    let status = process::status(command.args(&selection.name))?;
    Ok(ExitCode::from(u8::from(!status.success())))
}
