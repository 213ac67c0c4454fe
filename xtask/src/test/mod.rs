//! The gate: runs every suite, prints a row for each, and ends with one line of totals.

mod checks;
mod host;
mod live;
mod native;
mod needs;
mod runners;
mod suites;
mod supply;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::console::say;
use crate::counts::Counts;
use crate::process;
use needs::Needs;

/// The names of all suites.
pub fn names() -> impl Iterator<Item = &'static str> {
    suites::ALL.iter().map(|suite| suite.name)
}

/// Which suites to run.
pub struct Selection {
    /// Also what the gate leaves out.
    pub full: bool,
    /// Only these; all when empty.
    pub only: Vec<String>,
}

impl Selection {
    fn has(&self, suite: &suites::Suite) -> bool {
        if self.only.is_empty() {
            self.full || !suite.only_in_full
        } else {
            self.only.iter().any(|name| name == suite.name)
        }
    }
}

/// Runs the selected suites, all of them whatever fails; the exit code says whether all passed.
pub fn run(selection: &Selection) -> Result<ExitCode> {
    let mut needs = Needs::new(selection.full);
    let mut rows = Vec::new();
    let mut total = Counts::default();
    for suite in suites::ALL.iter().filter(|suite| selection.has(suite)) {
        say("test", format!("{}: {}", suite.name, suite.what));
        let start = Instant::now();
        let counts = (suite.run)(&mut needs)
            .and_then(Counts::not_empty)
            .unwrap_or_else(|error| {
                say("test", format!("{}: {error:#}", suite.name));
                Counts::failure()
            });
        if process::is_ending() {
            bail!("interrupted");
        }
        rows.push((suite.name, counts, start.elapsed().as_secs()));
        total += counts;
    }
    println!(
        "{:<22}{:>8}{:>8}{:>9}",
        "suite", "passed", "failed", "seconds"
    );
    for (name, counts, seconds) in rows {
        println!(
            "{name:<22}{:>8}{:>8}{seconds:>9}",
            counts.passed, counts.failed
        );
    }
    println!("{total}");
    Ok(ExitCode::from(u8::from(total.failed > 0)))
}
