//! How many tests passed and failed, read from what a runner prints.

use std::fmt;
use std::ops::AddAssign;
use std::process::Command;

use anyhow::{Result, bail};

use crate::console::say;
use crate::process;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
}

impl Counts {
    /// One check that is no test of its own passed or failed.
    pub fn of_check(result: Result<()>) -> Self {
        match result {
            Ok(()) => Self {
                passed: 1,
                failed: 0,
            },
            Err(error) => {
                say("test", format!("{error:#}"));
                Self::failure()
            }
        }
    }

    /// One failure, such as a suite that could not run.
    pub fn failure() -> Self {
        Self {
            passed: 0,
            failed: 1,
        }
    }

    /// An error where nothing ran: that is no success.
    pub fn not_empty(self) -> Result<Self> {
        if self == Self::default() {
            bail!("no test ran");
        }
        Ok(self)
    }

    /// Runs a test runner and reads its counts; one that fails without saying so counts as a failure.
    pub fn of_runner(command: &mut Command) -> Result<Self> {
        let (status, text) = process::run_and_read(command)?;
        let counts = Self::of_run(&text, status.success());
        if !status.success() {
            say("test", format!("the runner ended with {status}"));
        }
        Ok(counts)
    }

    /// The counts of a runner that printed `text`. Ours fail where nothing ran, too: they say so.
    fn of_run(text: &str, is_success: bool) -> Self {
        let counts = Self::read(text);
        let says_why = counts.failed > 0 || text.lines().last() == Some("0 passed, 0 failed");
        if is_success || says_why {
            return counts;
        }
        Self {
            failed: 1,
            ..counts
        }
    }

    /// Adds up the lines `test result: … N passed; N failed; …` and `N passed, N failed`.
    fn read(text: &str) -> Self {
        let mut counts = Self::default();
        for line in text.lines() {
            counts += Self::read_line(line).unwrap_or_default();
        }
        counts
    }

    fn read_line(line: &str) -> Option<Self> {
        let (numbers, separator) = match line.split_once("test result: ") {
            Some((_, rest)) => (rest.split_once(". ")?.1, "; "),
            None => (line, ", "),
        };
        let mut parts = numbers.split(separator);
        let passed = parts.next()?.strip_suffix(" passed")?.parse().ok()?;
        let failed = parts.next()?.strip_suffix(" failed")?.parse().ok()?;
        Some(Self { passed, failed })
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    fn counts(passed: u32, failed: u32) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn reads_what_cargo_prints_for_every_binary() {
        let text = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(Counts::read(text), counts(4, 2));
    }

    #[test]
    fn reads_the_last_line_of_our_runners() {
        assert_eq!(
            Counts::read("  ok one\n12 passed, 3 failed\n"),
            counts(12, 3)
        );
    }

    #[test]
    fn takes_no_other_line_for_a_count() {
        let text = "5 passing\nexpected 2 passed, 0 failed\n1 passed\n, failed\n";
        assert_eq!(Counts::read(text), counts(0, 0));
    }

    #[test]
    fn a_runner_that_fails_without_saying_so_is_a_failure() {
        assert_eq!(Counts::of_run("", false), counts(0, 1));
        assert_eq!(Counts::of_run("3 passed, 0 failed\n", false), counts(3, 1));
        assert_eq!(Counts::of_run("3 passed, 2 failed\n", false), counts(3, 2));
    }

    #[test]
    fn a_runner_that_says_that_nothing_ran_has_no_failure() {
        assert_eq!(
            Counts::of_run("\n0 passed, 0 failed\n", false),
            Counts::default()
        );
        let broke_later = "0 passed, 0 failed\nError: it broke\n";
        assert_eq!(Counts::of_run(broke_later, false), counts(0, 1));
    }

    #[test]
    fn nothing_run_is_an_error() {
        assert!(counts(0, 0).not_empty().is_err());
        assert!(counts(0, 1).not_empty().is_ok());
    }
}
