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
use crate::proof::{self, Row};
use needs::Needs;
use suites::{Suite, When};

/// The names of all suites.
pub fn names() -> impl Iterator<Item = &'static str> {
    suites::ALL.iter().map(|suite| suite.name)
}

/// What to run.
#[derive(Default)]
pub struct Selection {
    /// Also what the gate leaves out.
    pub full: bool,
    /// On a package that is built in seconds.
    pub quick: bool,
    /// Only these suites; all when empty.
    pub only: Vec<String>,
    /// Only the tests with it in their names.
    pub word: Option<String>,
}

impl Selection {
    /// The suites to run, in their order; an error where one that is named cannot run so.
    fn suites(&self) -> Result<Vec<&'static Suite>> {
        if self.only.is_empty() {
            let last = match (self.full, self.quick) {
                (true, _) => When::Full,
                (_, true) => When::Quick,
                _ => When::Gate,
            };
            return Ok(suites::ALL
                .iter()
                .filter(|suite| suite.when <= last && self.why_not(suite).is_none())
                .collect());
        }
        let named = |suite: &&Suite| self.only.iter().any(|name| name == suite.name);
        let suites: Vec<&Suite> = suites::ALL.iter().filter(named).collect();
        for suite in &suites {
            if let Some(reason) = self.why_not(suite) {
                bail!("the suite {} {reason}", suite.name);
            }
        }
        Ok(suites)
    }

    /// Why a suite cannot run so.
    fn why_not(&self, suite: &Suite) -> Option<&'static str> {
        if self.quick && suite.is_of_published {
            Some("tests the package as it is published: run it without --quick")
        } else if self.word.is_some() && !suite.takes_word {
            Some("has no tests with names: run it without --grep")
        } else {
            None
        }
    }
}

/// Runs the selected suites, all of them whatever fails; the exit code says whether all passed.
pub fn run(selection: Selection) -> Result<ExitCode> {
    let suites = selection.suites()?;
    let may_be_empty = selection.word.is_some();
    // A part of it is no figure of the whole.
    let is_recorded = selection.full && selection.only.is_empty() && !may_be_empty;
    let mut needs = Needs::new(selection);
    let mut rows = Vec::new();
    let mut times = Vec::new();
    let mut total = Counts::default();
    for suite in suites {
        say("test", format!("{}: {}", suite.name, suite.what));
        let start = Instant::now();
        let counts = (suite.run)(&mut needs)
            .and_then(|counts| {
                if may_be_empty {
                    Ok(counts)
                } else {
                    counts.not_empty()
                }
            })
            .unwrap_or_else(|error| {
                say("test", format!("{}: {error:#}", suite.name));
                Counts::failure()
            });
        if process::is_ending() {
            bail!("interrupted");
        }
        times.push(start.elapsed().as_secs());
        total += counts.clone();
        rows.push(Row {
            name: suite.name,
            what: suite.what,
            counts,
        });
    }
    if is_recorded {
        proof::record_run(&rows, &total)?;
    }
    println!(
        "{:<22}{:>8}{:>8}{:>9}",
        "suite", "passed", "failed", "seconds"
    );
    for (Row { name, counts, .. }, seconds) in rows.iter().zip(times) {
        println!(
            "{name:<22}{:>8}{:>8}{seconds:>9}",
            counts.passed, counts.failed
        );
    }
    println!("{total}");
    // Each suite may have no test with the word; all together may not.
    let failed = total.not_empty()?.failed;
    Ok(ExitCode::from(u8::from(failed > 0)))
}

#[cfg(test)]
mod tests {
    use super::Selection;

    fn suites(selection: &Selection) -> Vec<&'static str> {
        let suites = selection.suites().unwrap();
        suites.into_iter().map(|suite| suite.name).collect()
    }

    fn only(name: &str) -> Selection {
        Selection {
            only: vec![name.into()],
            ..Selection::default()
        }
    }

    fn quick(selection: Selection) -> Selection {
        Selection {
            quick: true,
            ..selection
        }
    }

    fn with_word(selection: Selection) -> Selection {
        Selection {
            word: Some("deadline".into()),
            ..selection
        }
    }

    #[test]
    fn runs_the_gate_and_more_or_less_of_it() {
        let gate = suites(&Selection::default());
        let full = suites(&Selection {
            full: true,
            ..Selection::default()
        });
        let quick = suites(&quick(Selection::default()));
        assert!(gate.contains(&"size") && !gate.contains(&"runtimes"));
        assert!(full.contains(&"size") && full.contains(&"runtimes"));
        assert!(quick.contains(&"guarantees-node") && !quick.contains(&"size"));
        assert!(quick.iter().all(|name| gate.contains(name)));
        assert!(gate.iter().all(|name| full.contains(name)));
    }

    #[test]
    fn runs_what_is_named_whenever_it_would_run() {
        assert_eq!(suites(&only("runtimes")), ["runtimes"]);
        assert_eq!(suites(&quick(only("page"))), ["page"]);
        assert_eq!(suites(&with_word(only("page"))), ["page"]);
    }

    #[test]
    fn leaves_out_what_has_no_tests_with_names_unless_it_is_named() {
        let suites = suites(&with_word(Selection::default()));
        assert!(suites.contains(&"native") && !suites.contains(&"format"));
        assert!(with_word(only("format")).suites().is_err());
    }

    #[test]
    fn weighs_no_package_that_is_not_published() {
        assert!(quick(only("size")).suites().is_err());
    }
}
