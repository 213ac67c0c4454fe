//! The Rust tests that run on this machine.

use std::process::Command;

use anyhow::Result;

use super::checks::WORKSPACE;
use super::needs::Needs;
use crate::cargo;
use crate::counts::Counts;
use crate::repository::root;
use crate::setup::programs;

pub fn everything(needs: &mut Needs) -> Result<Counts> {
    programs::faketime()?;
    let mut test = cargo::host();
    test.current_dir(root()?)
        .args(["test", "--locked", "--no-fail-fast"])
        .args(WORKSPACE)
        // Few containers let anyone mount; there a limit on the file's size is the full disk.
        .args(["--", "--skip", "disks::"])
        .args(&needs.selection.word);
    Counts::of_runner(&mut test)
}

pub fn disks(_: &mut Needs) -> Result<Counts> {
    Counts::of_runner(&mut storm_tests("disks::")?)
}

/// What the native suite does with a tenth of the calls.
pub fn kills(_: &mut Needs) -> Result<Counts> {
    Counts::of_runner(&mut storm_tests("kills::")?)
}

/// Tests with storms of full length; their seeds and counts are to be seen.
fn storm_tests(name: &str) -> Result<Command> {
    let mut test = service_tests(name)?;
    test.arg("--nocapture").env("KILLS_CALLS", "10000");
    Ok(test)
}

/// The service's tests whose names begin so.
fn service_tests(name: &str) -> Result<Command> {
    let mut test = cargo::host();
    test.current_dir(root()?)
        .args(["test", "--locked", "--package", "node-provider-service"])
        .args(["--test", "service", "--", name]);
    Ok(test)
}
