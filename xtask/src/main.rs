//! `cargo xtask`: sets up, packages, shows and tests this project.

mod cache;
mod process;
mod setup;

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

/// Sets up, packages, shows and tests node-provider-keys. Each command first runs those that it needs.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what the other commands need: the wasm32 target, tools, browsers
    ///
    /// Says what it installs and why. As root on Debian it installs system packages; elsewhere it
    /// ends with the command to run. Built tools go to the user's cache folder.
    Setup,
}

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<()> {
    process::end_children_on_signal()?;
    match command {
        Command::Setup => setup::everything(),
    }
}

/// Prints what is being done, on standard error.
fn say(who: &str, what: impl Display) {
    eprintln!("{who}: {what}");
}

/// The top folder of the repository.
fn root() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask stands in no repository")
}
