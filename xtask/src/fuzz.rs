//! Fuzzing: libFuzzer searches for input that breaks what `tests/fuzz` says of the rules, and `tests/scripts/fuzz.js` for
//! what breaks a check of a script.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::console::say;
use crate::counts::Counts;
use crate::repository::root;
use crate::setup::{cargo_fuzz, node, programs};
use crate::{cargo, process, proof};

const FOLDER: &str = "tests/fuzz";
const SCRIPTS: &str = "tests/scripts";

/// The seconds of processor of a search that counts: what is shorter writes nothing down.
const WHOLE: u32 = 3600;

/// What a search did: with which target, how often it ran, and the processor's time it took.
pub struct Searched {
    target: String,
    executions: u64,
    processor: Duration,
}

/// What to search with, and how.
#[derive(clap::Args)]
pub struct Selection {
    /// Run only these targets: those of tests/fuzz, and scripts with a check in tests/scripts, such as `list.js`
    target: Vec<String>,
    /// How many seconds of processor each target gets
    #[arg(long, value_name = "N", default_value_t = WHOLE, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// How many targets run at once
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    jobs: u32,
    /// Then add to the corpus of each target the inputs that reach code which none there does
    #[arg(long)]
    keep: bool,
}

/// Searches with the chosen targets or all, and prints the totals.
pub fn run(selection: Selection) -> Result<ExitCode> {
    let all = targets()?;
    if let Some(target) = selection.target.iter().find(|name| !all.contains(name)) {
        bail!("no target {target}: there are {}", all.join(", "));
    }
    let chosen = if selection.target.is_empty() {
        &all
    } else {
        &selection.target
    };
    let write_down = |searched: &Searched| {
        let seconds = searched.processor.as_secs();
        if seconds < WHOLE.into() {
            return Ok(());
        }
        proof::record_search(&all, &searched.target, searched.executions, seconds)
    };
    let counts = search(chosen, selection.seconds, selection.jobs, write_down)?.not_empty()?;
    if selection.keep && counts.failed == 0 {
        for target in chosen {
            keep_new(target)?;
        }
    }
    println!("{counts}");
    Ok(ExitCode::from(u8::from(counts.failed > 0)))
}

/// The names of all targets: the modules of `tests/fuzz`, and the scripts that have a check.
pub fn targets() -> Result<Vec<String>> {
    let mut names = names_in(&format!("{FOLDER}/targets"), ".rs", "")?;
    names.extend(names_in(SCRIPTS, ".check.js", ".js")?);
    Ok(names)
}

/// The names of the files of a folder that end so, with another end.
fn names_in(folder: &str, end: &str, new_end: &str) -> Result<Vec<String>> {
    let folder = root()?.join(folder);
    let files = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
    let mut names: Vec<String> = files
        .flatten()
        .filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(end)?.to_owned()))
        .map(|name| name + new_end)
        .collect();
    names.sort();
    Ok(names)
}

/// Whether a target is a script, and not of the rules.
fn is_script(target: &str) -> bool {
    target.ends_with(".js")
}

/// Searches with each target for so many seconds of processor, some at once, and tells each success; a target that finds
/// something has failed.
pub fn search(
    targets: &[String],
    seconds: u32,
    jobs: u32,
    tell: impl Fn(&Searched) -> Result<()> + Sync,
) -> Result<Counts> {
    if targets.iter().any(|target| is_script(target)) {
        node::packages()?;
    }
    if !targets.iter().all(|target| is_script(target)) {
        programs::nightly()?;
        build()?;
    }
    let waiting = Mutex::new(targets.iter());
    let done = Mutex::new((Counts::default(), 0));
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while !process::is_ending()
                    && let Some(target) = next()
                {
                    say("fuzz", format!("{target} for {seconds} s of processor"));
                    let searched = search_with(target, seconds);
                    let (counts, executions) =
                        &mut *done.lock().unwrap_or_else(PoisonError::into_inner);
                    *executions += searched.as_ref().map_or(0, |search| search.executions);
                    *counts += Counts::of_check(searched.and_then(|search| tell(&search)));
                }
            });
        }
    });
    if process::is_ending() {
        bail!("interrupted");
    }
    let (mut counts, executions) = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    counts.figures.push(format!(
        "{executions} executions, {seconds} seconds of processor a target"
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

/// Searches with one target.
fn search_with(target: &str, seconds: u32) -> Result<Searched> {
    let found = found(target)?;
    let log = built()?.join(format!("{target}.log"));
    let file = fs::File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut command = if is_script(target) {
        let mut command = script(target)?;
        command.stdout(file.try_clone()?);
        command
    } else {
        let mut command = program(target)?;
        command
            .arg(found)
            .arg(corpus(target)?)
            .args(["-max_len=4096", "-timeout=10", "-rss_limit_mb=2048"])
            .arg("-print_final_stats=1");
        command
    };
    let (status, processor) = process::Running::start(command.stderr(file))?
        .wait_for_work(Duration::from_secs(seconds.into()))?;
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let executions = number(&text, "stat::number_of_executed_units:").unwrap_or(0);
    println!("{target:<12} {executions} executions");
    if !status.success() {
        bail!("{target} broke, see {}: {}", log.display(), reason(&text));
    }
    if executions == 0 {
        bail!("{target} ran nothing, see {}", log.display());
    }
    Ok(Searched {
        target: target.to_owned(),
        executions,
        processor,
    })
}

/// Adds to the corpus in the repository what was found since.
fn keep_new(target: &str) -> Result<()> {
    if is_script(target) {
        return process::run(script(target)?.arg("--keep"));
    }
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

/// The search with one script; where it breaks, its input is written beside what it found.
fn script(target: &str) -> Result<Command> {
    let mut command = Command::new("node");
    command
        .current_dir(root()?)
        .arg(format!("{SCRIPTS}/fuzz.js"))
        .arg(target)
        .arg("--found")
        .arg(found(target)?);
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

/// The panic's own words, and where the input is that led to it; of a script all that it says.
fn reason(text: &str) -> String {
    if let Some(said) = text.find("broken by ") {
        return text.get(said..).unwrap_or_default().trim().to_owned();
    }
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

#[cfg(test)]
mod tests {
    use super::{reason, targets};

    #[test]
    fn what_is_rust_and_what_is_script_can_be_searched() {
        let targets = targets().unwrap();
        for name in [
            "csv",
            "zip",
            "filename.js",
            "list.js",
            "options.js",
            "session.js",
        ] {
            assert!(targets.iter().any(|target| target == name), "{name}");
        }
    }

    #[test]
    fn a_broken_check_is_told_with_its_input() {
        let script = "list.js: seed 1\nbroken by \"{}\", each byte a character\nnot equal\n";
        assert_eq!(
            reason(script),
            "broken by \"{}\", each byte a character\nnot equal"
        );
        let rust = "INFO: a\nthread panicked at csv.rs:1:\nno\nTest unit written to crash-1\n";
        assert_eq!(
            reason(rust),
            "thread panicked at csv.rs:1:; no; Test unit written to crash-1"
        );
    }
}
