//! What became of the mutants, as cargo-mutants wrote it down.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Selection;
use super::survivors::Survivors;
use crate::console::say;
use crate::counts::Counts;

/// How many of a hundred must be found.
const LEAST_PERCENT: u32 = 95;

/// Mutants by what became of them.
#[derive(Debug, Default, PartialEq)]
pub struct Report {
    caught: u32,
    timeouts: u32,
    unviable: u32,
    /// Names without the place in the file, which changes with every line above it; how often each.
    missed: Survivors,
}

/// Reads the `outcomes.json` of each part of a run; of a fault that was tried again, the last outcome counts.
pub fn read(parts: &[PathBuf]) -> Result<Report> {
    let mut outcomes = Outcomes::new();
    for path in parts {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let json = serde_json::from_str(&text)
            .with_context(|| format!("{} is not JSON", path.display()))?;
        let part = parse(&json)
            .with_context(|| format!("{} has another shape than expected", path.display()))?;
        outcomes.extend(part);
    }
    Report::of(&outcomes).context("cargo-mutants has an outcome that is not known here")
}

/// What became of each mutant, by its full name.
type Outcomes = BTreeMap<String, String>;

fn parse(json: &Value) -> Option<Outcomes> {
    let mut outcomes = Outcomes::new();
    for outcome in json.get("outcomes")?.as_array()? {
        // Others are of the code as it is.
        if let Some(mutant) = outcome.pointer("/scenario/Mutant/name") {
            let summary = outcome.get("summary")?.as_str()?;
            outcomes.insert(mutant.as_str()?.to_owned(), summary.to_owned());
        }
    }
    Some(outcomes)
}

impl Report {
    fn of(outcomes: &Outcomes) -> Option<Self> {
        let mut report = Self::default();
        for (mutant, summary) in outcomes {
            match summary.as_str() {
                "CaughtMutant" => report.caught += 1,
                "Timeout" => report.timeouts += 1,
                "Unviable" => report.unviable += 1,
                "MissedMutant" => *report.missed.entry(without_place(mutant)?).or_default() += 1,
                _ => return None,
            }
        }
        Some(report)
    }

    /// How many were tried.
    pub fn count(&self) -> usize {
        let missed: u32 = self.missed.values().sum();
        (self.caught + self.timeouts + self.unviable + missed) as usize
    }

    /// Prints the figures, and each survivor that is not listed. One whose test never ends was found, too.
    pub fn judge(&self, listed: &Survivors, selection: &Selection) -> Counts {
        let missed: u32 = self.missed.values().sum();
        let found = self.caught + self.timeouts;
        let compiled = found + missed;
        let percent = 100.0 * f64::from(found) / f64::from(compiled).max(1.0);
        println!(
            "{}: {} mutants, {} caught, {missed} missed, {} unviable, {} timeouts: {percent:.1} % found",
            selection.name(),
            compiled + self.unviable,
            self.caught,
            self.unviable,
            self.timeouts,
        );
        let mut failed = 0;
        let unlisted = more_than(&self.missed, listed);
        for (name, count) in &unlisted {
            say(
                "mutants",
                format!("no test finds this, {count} times: {name}"),
            );
            failed += count;
        }
        if selection.is_everything() {
            for (name, count) in more_than(listed, &self.missed) {
                if selection.is_of(&name) {
                    say(
                        "mutants",
                        format!("docs/mutants.md lists what a test finds, {count} times: {name}"),
                    );
                    failed += count;
                }
            }
        }
        if found * 100 < (found + missed) * LEAST_PERCENT {
            say(
                "mutants",
                format!("fewer than {LEAST_PERCENT} % were found"),
            );
            failed += 1;
        }
        Counts {
            passed: found,
            failed,
            figures: vec![format!(
                "{found} of {compiled} that compile were found ({percent:.1} %)"
            )],
        }
    }
}

/// What stands more often on the left, and how much more often.
fn more_than(left: &Survivors, right: &Survivors) -> BTreeMap<String, u32> {
    left.iter()
        .map(|(name, count)| {
            (
                name.clone(),
                count.saturating_sub(right.get(name).copied().unwrap_or(0)),
            )
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// `src/a.rs: what` of `src/a.rs:12:34: what`.
fn without_place(name: &str) -> Option<String> {
    let (place, what) = name.split_once(": ")?;
    let (file, _) = place.split_once(':')?;
    Some(format!("{file}: {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Each on a line of its own.
    fn outcomes(outcomes: &[(&str, &str)]) -> Value {
        let outcomes: Vec<Value> = outcomes
            .iter()
            .enumerate()
            .map(|(line, (name, summary))| {
                let name = name.replacen(":1:", &format!(":{line}:"), 1);
                json!({ "scenario": { "Mutant": { "name": name } }, "summary": summary })
            })
            .chain([json!({ "scenario": "Baseline", "summary": "Success" })])
            .collect();
        json!({ "outcomes": outcomes })
    }

    fn report(found: &[(&str, &str)]) -> Report {
        Report::of(&parse(&outcomes(found)).unwrap()).unwrap()
    }

    fn listed(names: &[&str]) -> Survivors {
        names.iter().map(|name| ((*name).to_owned(), 1)).collect()
    }

    const A: (&str, &str) = (
        "src/rules/a.rs:1:2: replace a -> bool with true",
        "MissedMutant",
    );
    const A_NAME: &str = "src/rules/a.rs: replace a -> bool with true";

    #[test]
    fn a_survivor_fails_unless_it_is_listed_as_often_as_it_is_there() {
        let found = [("src/rules/b.rs:1:2: b", "CaughtMutant"); 60];
        let once = report(&[&found[..], &[A]].concat());
        let twice = report(&[&found[..], &[A, A]].concat());
        let selection = Selection::default();
        let failed = |report: &Report, names| report.judge(&listed(names), &selection).failed;
        assert_eq!(failed(&once, &[]), 1);
        assert_eq!(failed(&once, &[A_NAME]), 0);
        assert_eq!(failed(&twice, &[A_NAME]), 1);
    }

    #[test]
    fn what_is_listed_and_found_fails_where_everything_ran() {
        let none = report(&[("src/rules/b.rs:1:2: b", "CaughtMutant")]);
        let failed = |selection: &Selection| none.judge(&listed(&[A_NAME]), selection).failed;
        assert_eq!(failed(&Selection::default()), 1);
        assert_eq!(
            failed(&Selection {
                host: true,
                ..Selection::default()
            }),
            0
        );
        assert_eq!(
            failed(&Selection {
                shard: Some("0/2".into()),
                ..Selection::default()
            }),
            0
        );
    }

    #[test]
    fn a_rate_below_the_limit_fails_whatever_is_listed() {
        let found = ("src/rules/b.rs:1:2: b", "Timeout");
        let rate = |found_count: usize| {
            let counts = report(&[vec![found; found_count], vec![A]].concat())
                .judge(&listed(&[A_NAME]), &Selection::default());
            (counts.passed, counts.failed)
        };
        assert_eq!(rate(19), (19, 0));
        assert_eq!(rate(18), (18, 1));
    }

    #[test]
    fn parts_add_up_and_the_last_outcome_of_a_fault_counts() {
        let folder = tempfile::tempdir().unwrap();
        let found = ("src/rules/b.rs:1:2: b", "CaughtMutant");
        let parts =
            [vec![found, A], vec![found, (A.0, "CaughtMutant"), A]].map(|part| outcomes(&part));
        let files: Vec<PathBuf> = parts
            .iter()
            .enumerate()
            .map(|(at, part)| {
                let path = folder.path().join(at.to_string());
                fs::write(&path, part.to_string()).unwrap();
                path
            })
            .collect();
        let counts = |files: &[PathBuf]| {
            let report = read(files).unwrap();
            (
                report.count(),
                report.caught,
                report.missed.values().sum::<u32>(),
            )
        };
        assert_eq!(counts(&files[..1]), (2, 1, 1));
        assert_eq!(counts(&files), (3, 2, 1));
    }

    #[test]
    fn scripts_have_a_list_and_a_limit_of_their_own() {
        let scripts = Selection {
            scripts: true,
            ..Selection::default()
        };
        let failed = |found_count: usize, names: &[&str]| {
            let found = ("pkg-template/b.js:1:2: b", "CaughtMutant");
            let missed = ("pkg-template/a.js:1:2: a", "MissedMutant");
            report(&[vec![found; found_count], vec![missed]].concat())
                .judge(&listed(names), &scripts)
                .failed
        };
        assert_eq!(failed(19, &["pkg-template/a.js: a", A_NAME]), 0);
        assert_eq!(failed(18, &["pkg-template/a.js: a"]), 1);
        assert_eq!(failed(19, &[]), 1);
        let both = ["pkg-template/a.js: a", "pkg-template/b.js: b"];
        assert_eq!(failed(19, &both), 1);
    }

    #[test]
    fn what_does_not_compile_counts_as_nothing() {
        let report = report(&[
            ("src/rules/b.rs:1:2: b", "Unviable"),
            ("src/rules/b.rs:1:2: b", "CaughtMutant"),
        ]);
        let counts = report.judge(&Survivors::new(), &Selection::default());
        assert_eq!((counts.passed, counts.failed), (1, 0));
        assert_eq!(counts.figures, ["1 of 1 that compile were found (100.0 %)"]);
    }
}
