//! The runners on Node, one in each folder of `tests/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::host::Host;
use super::needs::Needs;
use crate::bench;
use crate::counts::Counts;
use crate::process;
use crate::repository::root;
use crate::setup::{browsers, geckodriver, node, programs, python};

pub fn guarantees(needs: &mut Needs, host: Host) -> Result<Counts> {
    let trap = needs.trap_consumer()?;
    let mut command = runner_command(needs, "guarantees", Some(host))?;
    if matches!(host, Host::Node) && !needs.selection.full {
        // Most of the time tests wait for a deadline.
        command.args(["--jobs", if needs.selection.quick { "4" } else { "2" }]);
    }
    Counts::of_runner(command.arg("--trap-pkg").arg(trap))
}

/// Plants faults, and runs the guarantees on each.
pub fn detectors(needs: &mut Needs) -> Result<Counts> {
    let trap = needs.trap_consumer()?;
    let mut command = runner_command(needs, "detectors", None)?;
    Counts::of_runner(command.arg("--trap-pkg").arg(trap))
}

pub fn runtimes(needs: &mut Needs) -> Result<Counts> {
    let mut command = command_with_browsers(needs, "runtimes")?;
    Counts::of_runner(with_tools(&mut command, "runtimes")?)
}

pub fn faults_everywhere(needs: &mut Needs) -> Result<Counts> {
    let mut command = command_with_browsers(needs, "faults")?;
    Counts::of_runner(command.args(["--browser", "node,chromium,firefox,webkit", "--record"]))
}

/// A runner that drives every browser.
fn command_with_browsers(needs: &mut Needs, suite: &str) -> Result<Command> {
    browsers::all()?;
    browsers::webkit()?;
    let drivers = geckodriver()?;
    let mut command = runner_command(needs, suite, None)?;
    command.env("PATH", process::path_with(&[&drivers])?);
    Ok(command)
}

pub fn bundlers(needs: &mut Needs) -> Result<Counts> {
    browsers::chromium()?;
    let mut command = runner_command(needs, "bundlers", None)?;
    for app in apps()? {
        let folder = node::packages_of(&format!("tests/bundlers/{app}"))?;
        command
            .arg("--app")
            .arg(format!("{app}={}", folder.display()));
    }
    Counts::of_runner(with_tools(&mut command, "bundlers")?)
}

/// The folders of `tests/bundlers` that are apps with packages of their own.
fn apps() -> Result<Vec<String>> {
    let mut apps = Vec::new();
    for entry in fs::read_dir(root()?.join("tests/bundlers"))? {
        let entry = entry?;
        if entry.path().join("package-lock.json").exists() {
            apps.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    apps.sort();
    Ok(apps)
}

/// Tells a runner where its heavy packages are, and to write into the docs what ran.
fn with_tools<'a>(command: &'a mut Command, suite: &str) -> Result<&'a mut Command> {
    Ok(command
        .arg("--tools")
        .arg(node::packages_of(&format!("tests/{suite}"))?)
        .arg("--record"))
}

/// Runs `tests/contract`, with so many requests at least that are made up from the service's description.
pub fn contract(needs: &mut Needs, examples: u32) -> Result<Counts> {
    let mut command = runner_command(needs, "contract", None)?;
    command
        .arg("--tools")
        .arg(node::packages_of("tests/contract")?)
        .arg("--python")
        .arg(python::programs_of("contract")?)
        .args(["--examples", &examples.to_string()]);
    Counts::of_runner(&mut command)
}

pub fn page(needs: &mut Needs, host: Host) -> Result<Counts> {
    programs::python()?;
    Counts::of_runner(runner_command(needs, "page", Some(host))?.args(["--jobs", "2"]))
}

pub fn page_in_webkit(needs: &mut Needs) -> Result<Counts> {
    programs::python()?;
    browsers::webkit()?;
    Counts::of_runner(runner_command(needs, "page", None)?.args(["--browser", "webkit"]))
}

pub fn soak(needs: &mut Needs) -> Result<Counts> {
    let mut command = runner_command(needs, "soak", None)?;
    browsers::chromium()?;
    if needs.selection.full {
        command.arg("--full");
    }
    Counts::of_runner(&mut command)
}

/// Runs `tests/<suite>/run.js`.
pub fn run(needs: &mut Needs, suite: &str, host: Option<Host>) -> Result<Counts> {
    Counts::of_runner(&mut runner_command(needs, suite, host)?)
}

/// Runs `tests/<suite>/run.js`, which looks at sources alone.
pub fn run_without_package(needs: &mut Needs, suite: &str) -> Result<Counts> {
    node::packages()?;
    let mut command = Command::new("node");
    command
        .current_dir(root()?)
        .arg(format!("tests/{suite}/run.js"));
    if let Some(word) = &needs.selection.word {
        command.args(["--grep", word]);
    }
    Counts::of_runner(&mut command)
}

fn runner_command(needs: &mut Needs, suite: &str, host: Option<Host>) -> Result<Command> {
    node::packages()?;
    let mut command = Command::new("node");
    command
        .current_dir(root()?)
        .arg(format!("tests/{suite}/run.js"))
        .arg("--pkg")
        .arg(needs.consumer()?)
        .arg("--service")
        .arg(needs.service()?);
    if let Some(word) = &needs.selection.word {
        command.args(["--grep", word]);
    }
    if let Some(host) = host {
        host.program()?;
        let drivers = host.driver()?;
        let drivers: Vec<&Path> = drivers.iter().map(PathBuf::as_path).collect();
        command
            .args(["--browser", host.name()])
            .env("PATH", process::path_with(&drivers)?);
    }
    Ok(command)
}

/// Signs in at the local service.
pub fn sign_in(needs: &mut Needs) -> Result<Counts> {
    browsers::chromium()?;
    Counts::of_runner(&mut runner_command(needs, "sign-in", None)?)
}

/// The same at a real Keystone.
pub fn keystone(needs: &mut Needs) -> Result<Counts> {
    browsers::chromium()?;
    let programs = python::programs_of("sign-in")?;
    let mut command = runner_command(needs, "sign-in", None)?;
    Counts::of_runner(command.arg("--keystone").arg(programs))
}

/// Relays through nginx.
pub fn relaying(needs: &mut Needs) -> Result<Counts> {
    let nginx = programs::nginx()?;
    Counts::of_runner(runner_command(needs, "relaying", None)?.env("NGINX", nginx))
}

/// Weighs the package.
pub fn size(needs: &mut Needs) -> Result<Counts> {
    node::packages()?;
    Counts::of_runner(&mut bench::weigh(&needs.consumer()?)?)
}
