//! Fuzzing: libFuzzer searches for input that breaks what `tests/fuzz` says of the rules.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::console::say;
use crate::counts::Counts;
use crate::repository::root;
use crate::setup::{cargo_fuzz, programs};
use crate::{cargo, process, proof};

const FOLDER: &str = "tests/fuzz";

/// Searches with one target or all, and prints the totals.
pub fn run(target: Option<String>, seconds: u32, keep: bool) -> Result<ExitCode> {
    let mut chosen = targets()?;
    let is_everything = target.is_none();
    if let Some(target) = target {
        if !chosen.contains(&target) {
            bail!("no target {target}: there are {}", chosen.join(", "));
        }
        chosen = vec![target];
    }
    let counts = search(&chosen, seconds)?.not_empty()?;
    if keep && counts.failed == 0 {
        for target in &chosen {
            keep_new(target)?;
        }
    }
    println!("{counts}");
    if is_everything {
        proof::record_command(proof::FUZZ, counts.clone())?;
    }
    Ok(ExitCode::from(u8::from(counts.failed > 0)))
}

/// The names of all targets.
pub fn targets() -> Result<Vec<String>> {
    let folder = root()?.join(FOLDER).join("targets");
    let files = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
    let mut names: Vec<String> = files
        .flatten()
        .filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// Searches with each target for so many seconds; one that finds something has failed.
pub fn search(targets: &[String], seconds: u32) -> Result<Counts> {
    programs::nightly()?;
    build()?;
    let mut counts = Counts::default();
    let mut executions = 0;
    for target in targets {
        say("fuzz", format!("{target} for {seconds} s"));
        let searched = search_with(target, seconds);
        executions += searched.as_ref().unwrap_or(&0);
        counts += Counts::of_check(searched.map(drop));
        if process::is_ending() {
            bail!("interrupted");
        }
    }
    counts.figures.push(format!(
        "{executions} executions, {seconds} seconds a target"
    ));
    Ok(counts)
}

fn build() -> Result<()> {
    let mut command = Command::new(cargo_fuzz()?.join("cargo-fuzz"));
    cargo::forget_run(&mut command);
    command
        .current_dir(root()?)
        .env("RUSTUP_TOOLCHAIN", "nightly")
        .args(["build", "--fuzz-dir", FOLDER, "--target-dir"])
        .arg(built()?);
    process::run(&mut command)
}

/// Searches with one target; gives how often it ran.
fn search_with(target: &str, seconds: u32) -> Result<u64> {
    let log = built()?.join(format!("{target}.log"));
    let file = fs::File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut command = program(target)?;
    command
        .arg(found(target)?)
        .arg(corpus(target)?)
        .arg(format!("-max_total_time={seconds}"))
        .args(["-max_len=4096", "-timeout=10", "-rss_limit_mb=2048"])
        .arg("-print_final_stats=1")
        .stderr(file);
    let status = process::Running::start(&mut command)?.wait()?;
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let executions = number(&text, "stat::number_of_executed_units:").unwrap_or(0);
    println!("{target:<12} {executions} executions");
    if !status.success() {
        bail!("{target} broke, see {}: {}", log.display(), reason(&text));
    }
    if executions == 0 {
        bail!("{target} ran nothing, see {}", log.display());
    }
    Ok(executions)
}

/// Adds to the corpus in the repository what was found since.
fn keep_new(target: &str) -> Result<()> {
    let mut command = program(target)?;
    // The fewest that reach all code, and not for how often it ran: every count would be another file.
    command.args(["-set_cover_merge=1", "-use_counters=0"]);
    command.arg(corpus(target)?).arg(found(target)?);
    process::run(&mut command)
}

/// The built program of a target; where it breaks, its input is written beside what it found.
fn program(target: &str) -> Result<Command> {
    let folder = built()?;
    let program = fs::read_dir(&folder)?
        .flatten()
        .map(|entry| entry.path().join("release").join(target))
        .find(|program| program.is_file())
        .with_context(|| format!("cargo-fuzz built no {target}"))?;
    let mut command = Command::new(program);
    command
        .current_dir(&folder)
        .arg(format!("-artifact_prefix={target}-"));
    Ok(command)
}

fn built() -> Result<PathBuf> {
    Ok(cargo::target_folder()?.join("fuzz"))
}

fn found(target: &str) -> Result<PathBuf> {
    let folder = built()?.join("found").join(target);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

fn corpus(target: &str) -> Result<PathBuf> {
    Ok(root()?.join(FOLDER).join("corpus").join(target))
}

fn number(text: &str, label: &str) -> Option<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(label)?.trim().parse().ok())
}

/// The panic's own words, and where the input is that led to it.
fn reason(text: &str) -> String {
    let mut lines = text.lines();
    let panic = lines.find(|line| line.contains("panicked at") || line.contains("ERROR:"));
    let message = lines.next().unwrap_or_default();
    let input = lines.find(|line| line.contains("Test unit written to"));
    [
        panic.unwrap_or_default(),
        message,
        input.unwrap_or_default(),
    ]
    .join("; ")
}
