//! `cargo xtask`: sets up, packages, shows and tests this project.

// A test fails by a panic.
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unwrap_used
    )
)]

mod bench;
mod cache;
mod cargo;
mod console;
mod counts;
mod demo;
mod figures;
mod fuzz;
mod mutants;
mod package;
mod peers;
mod process;
mod proof;
mod repository;
mod service;
mod setup;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

use console::say;

/// Sets up, packages, shows and tests node-provider-keys. Each command first runs what it needs.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what the other commands need: the wasm32 target, tools, browsers
    ///
    /// Says what it installs and why. As root on Debian it installs system packages; elsewhere it
    /// ends with the command to run. Built tools go to the user's cache folder, by version.
    Setup,
    /// Build the publishable npm package into pkg/
    Package,
    /// Serve the page with a fresh local service or a relay, and print the URL that opens it
    ///
    /// Builds everything, listens on a free port, and runs until Ctrl-C.
    Demo {
        /// Without a person: make a key on Node, open its file, revoke it, and exit
        #[arg(long)]
        check: bool,
        /// Pass the page's calls on to the real service, such as `https://bcs.<region>.myhuaweicloud.com`
        #[arg(long, value_name = "URL", conflicts_with = "check")]
        upstream: Option<String>,
        /// Pass sign-ins on, too, to the identity service, such as `https://iam.<region>.myhuaweicloud.com`
        #[arg(
            long,
            value_name = "URL",
            requires = "upstream",
            conflicts_with = "check"
        )]
        upstream_iam: Option<String>,
        /// PEM file with the certificates to trust in place of the public authorities
        #[arg(
            long,
            value_name = "FILE",
            requires = "upstream",
            conflicts_with = "check"
        )]
        upstream_ca: Option<PathBuf>,
    },
    /// Measure the package beside its peers, and write what came out into docs/
    ///
    /// One run measures all, interleaved; it takes about 10 minutes. No figure fails it, except a size over its budget.
    Bench {
        /// Only what a browser downloads, against the budget
        #[arg(long)]
        size: bool,
        /// Only what stands between the package and its goals: where bytes and time go
        #[arg(long, conflicts_with = "size")]
        account: bool,
        /// Only the service: its creates beside bare SQLite, its lists by how many keys there are, its relay beside nginx
        #[arg(long, conflicts_with_all = ["size", "account"])]
        service: bool,
    },
    /// Run what the guarantees are about on the clients that people use, and write what came out into the docs
    ///
    /// One run takes some ten minutes. No outcome fails it, except one of this package that is not as promised.
    Peers(peers::Selection),
    /// Run the tests, and end with the line `N passed, N failed`
    ///
    /// All suites run, whatever fails. The exit code is 1 if a test failed or a suite ran nothing.
    Test {
        /// Also run what takes too long for every change; a whole run writes what passed into docs/proof.md
        #[arg(long)]
        full: bool,
        /// Run what shows most in under a minute, or the named suites, on a package that is built in seconds
        #[arg(long, conflicts_with = "full")]
        quick: bool,
        /// Run only these
        #[arg(long, value_name = "NAME", num_args = 1.., value_parser = PossibleValuesParser::new(test::names()))]
        suite: Vec<String>,
        /// Run only the tests with WORD in their names
        #[arg(long, value_name = "WORD", value_parser = clap::builder::NonEmptyStringValueParser::new())]
        grep: Option<String>,
    },
    /// Search for input that breaks a rule, and end with the line `N passed, N failed`
    ///
    /// Needs a nightly compiler for what is Rust. What it finds on the way is kept in the target folder, and the
    /// next search begins there. A search of an hour of processor writes what passed into docs/proof.md.
    Fuzz(fuzz::Selection),
    /// Put faults into the client, one at a time, and see that the tests find each
    ///
    /// Ends with the line `N passed, N failed`: a fault that no test finds is a failure, unless `docs/mutants.md`
    /// lists it with a reason. At least 95 % must be found.
    Mutants(mutants::Selection),
    /// Run the guarantees on a client that cargo compiled to wasm: what `mutants --host` has cargo call
    #[command(name = mutants::RUNNER, hide = true)]
    MutantGuarantees {
        test: PathBuf,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        _arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    run(Cli::parse().command).unwrap_or_else(|error| {
        if process::is_ending() {
            return ExitCode::from(130);
        }
        say("error", format!("{error:#}"));
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode> {
    process::end_children_on_signal()?;
    match command {
        Command::Setup => setup::everything()?,
        Command::Package => drop(package::publishable()?),
        Command::Demo { check: true, .. } => demo::check()?,
        Command::Demo {
            upstream: Some(url),
            upstream_iam,
            upstream_ca,
            ..
        } => demo::relay(&url, upstream_iam.as_deref(), upstream_ca.as_deref())?,
        Command::Demo { .. } => demo::serve()?,
        Command::Bench { size: true, .. } => return bench::size(),
        Command::Bench { account: true, .. } => return bench::account(),
        Command::Bench { service: true, .. } => return figures::run(),
        Command::Bench { .. } => return bench::everything(),
        Command::Peers(selection) => return peers::run(&selection),
        Command::Test {
            full,
            quick,
            suite,
            grep,
        } => {
            return test::run(test::Selection {
                full,
                quick,
                only: suite,
                word: grep,
            });
        }
        Command::Fuzz(selection) => return fuzz::run(selection),
        Command::Mutants(selection) => {
            let counts = mutants::run(&selection)?;
            println!("{counts}");
            return Ok(ExitCode::from(u8::from(counts.failed > 0)));
        }
        Command::MutantGuarantees { test, .. } => mutants::run_guarantees(&test)?,
    }
    Ok(ExitCode::SUCCESS)
}
