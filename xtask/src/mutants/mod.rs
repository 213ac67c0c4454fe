//! Mutation testing: faults are put into the client, one at a time, and the tests should find each.

mod parts;
mod report;
mod scripts;
mod survivors;
mod wasm_tests;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::counts::Counts;
use crate::process::{self, Running};
use crate::repository::root;
use crate::setup::wasm32::TARGET;
use crate::setup::{cargo_mutants, node, toolchain, wasm_bindgen};
use crate::{cargo, proof};

pub use wasm_tests::run as run_guarantees;

/// The command under which cargo calls us back with a compiled client.
pub const RUNNER: &str = "mutant-guarantees";

/// The most address space of a native mutant, in bytes: one that loops for ever may also allocate for ever.
const MOST_MEMORY: u64 = 8 << 30;

/// What to put faults into.
#[derive(Args, Default)]
pub struct Selection {
    /// Into what touches JavaScript, to be found by the guarantees on Node (takes more than an hour)
    ///
    /// Without it: into the rules, to be found by the native tests.
    #[arg(long, conflicts_with = "scripts")]
    pub host: bool,
    /// Into the package's scripts, to be found by their tests and by the guarantees on Node
    ///
    /// A run that was stopped goes on where it was, as long as scripts and tests are the same.
    #[arg(long)]
    pub scripts: bool,
    /// Only every Nth fault, beginning with the Kth from 0
    #[arg(long, value_name = "K/N")]
    pub shard: Option<String>,
    /// Only faults whose name matches, such as `rules/csv`, and those that leave out a field
    #[arg(long, value_name = "REGEX")]
    pub only: Option<String>,
    /// Go on with the last run of all of them, which was stopped: what it found is not tried again
    ///
    /// Nothing counts that was tried on other code.
    #[arg(long, conflicts_with_all = ["shard", "only", "scripts"])]
    pub resume: bool,
}

impl Selection {
    /// What a full test has time for.
    pub fn third() -> Self {
        Self {
            shard: Some("0/3".into()),
            ..Self::default()
        }
    }

    fn is_everything(&self) -> bool {
        self.shard.is_none() && self.only.is_none()
    }

    fn name(&self) -> &'static str {
        match (self.host, self.scripts) {
            (_, true) => "scripts",
            (true, _) => "host",
            _ => "rules",
        }
    }

    /// Whether a fault with this name may be among them.
    fn is_of(&self, name: &str) -> bool {
        let place = match (
            name.starts_with("pkg-template/"),
            name.starts_with("src/rules/"),
        ) {
            (true, _) => "scripts",
            (_, true) => "rules",
            _ => "host",
        };
        place == self.name()
    }

    /// A run of a few does not touch what a run of all has written down.
    fn folder(&self) -> String {
        let suffix = if self.is_everything() { "" } else { "-some" };
        format!("{}{suffix}", self.name())
    }
}

/// Puts in the selected faults, and prints what became of them. One that no test found is a failure, unless
/// `docs/mutants.md` lists it; so is a rate below the limit.
pub fn run(selection: &Selection) -> Result<Counts> {
    let output = cargo::target_folder()?.join("mutants");
    fs::create_dir_all(&output).with_context(|| format!("cannot make {}", output.display()))?;
    let outcomes = if selection.scripts {
        let output = output.join(selection.name());
        vec![scripts::run(selection, &output)?]
    } else {
        run_cargo_mutants(selection, &output)?
    };
    let report = report::read(&outcomes)?;
    let listed = survivors::read(&root()?.join("docs/mutants.md"))?;
    let counts = report.judge(&listed, selection);
    if selection.is_everything() {
        let row = match (selection.host, selection.scripts) {
            (_, true) => proof::MUTANTS_SCRIPTS,
            (true, _) => proof::MUTANTS_HOST,
            _ => proof::MUTANTS,
        };
        proof::record_command(row, counts.clone())?;
    }
    Ok(counts)
}

/// Has cargo-mutants put faults into Rust; gives the files with what became of them.
fn run_cargo_mutants(selection: &Selection, output: &Path) -> Result<Vec<PathBuf>> {
    let build = output.join(selection.name()).join("build");
    let output = output.join(selection.folder());
    fs::create_dir_all(&output).with_context(|| format!("cannot make {}", output.display()))?;
    let mut command = command(selection, &output, &build)?;
    let list = process::output(command.arg("--list"))?;
    let mut command = self::command(selection, &output, &build)?;
    command.args(parts::begin(&output, selection.resume)?.then_some("--iterate"));
    if selection.host {
        node::packages()?;
        wasm_bindgen()?;
        toolchain::for_wasm()?.select(&mut command);
    }
    let status = if selection.host {
        // Node reserves more address space than any limit that would help.
        Running::start(&mut command)?.wait()?
    } else {
        with_little_memory(|| Running::start(&mut command)?.wait())?
    };
    if process::is_ending() {
        bail!("interrupted");
    }
    // 2: some were missed; 3: some timed out. Both are read from the report.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        bail!("cargo-mutants ended with {status}");
    }
    let outcomes = parts::outcomes(&output)?;
    let tried = report::read(&outcomes)?.count();
    let count = list.lines().count();
    if tried != count {
        bail!("{count} faults can be put in, and {tried} were tried");
    }
    Ok(outcomes)
}

fn command(selection: &Selection, output: &Path, build: &Path) -> Result<Command> {
    let mut command = Command::new(cargo_mutants()?.join("cargo-mutants"));
    cargo::forget_run(&mut command);
    command
        .current_dir(root()?)
        .arg("mutants")
        .args(["--jobs", "1", "--output"])
        .arg(output)
        // Dependencies stay compiled from one run to the next.
        .env("CARGO_TARGET_DIR", build)
        // The same cases each time; what fails is not written down and not made smaller.
        .env("PROPTEST_RNG_SEED", "1")
        .env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true")
        .env("PROPTEST_MAX_SHRINK_ITERS", "0")
        .env("RUST_BACKTRACE", "0");
    if selection.host {
        command
            .arg("--config")
            .arg(root()?.join(".cargo/mutants-host.toml"))
            .arg("--cargo-arg")
            .arg(runner_setting()?);
    }
    if let Some(shard) = &selection.shard {
        command.args(["--shard", shard, "--sharding", "round-robin"]);
    }
    if let Some(names) = &selection.only {
        command.args(["--re", names]);
    }
    Ok(command)
}

/// Has cargo give every test program that it compiles to wasm to us.
fn runner_setting() -> Result<OsString> {
    let program: PathBuf =
        std::env::current_exe().context("the path of this program is unknown")?;
    let program = program
        .to_str()
        .context("the path of this program is not UTF-8")?;
    let runner = serde_json::to_string(&[program, RUNNER])?;
    Ok(format!("--config=target.{TARGET}.runner={runner}").into())
}

/// Runs what starts a program, with a limit that the program inherits.
fn with_little_memory<T>(run: impl FnOnce() -> Result<T>) -> Result<T> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_AS)?;
    setrlimit(Resource::RLIMIT_AS, MOST_MEMORY.min(soft), hard)
        .context("cannot limit the memory of mutants")?;
    let result = run();
    setrlimit(Resource::RLIMIT_AS, soft, hard)?;
    result
}
