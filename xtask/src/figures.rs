//! The service's own figures: what a list costs by how many keys there are, and the relay beside nginx.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::counts::Counts;
use crate::{cargo, process, proof};

/// What measures, of the service's examples: each prints a line for each figure, which begins with the program's name.
const EXAMPLES: [&str; 2] = ["lists", "relays"];

/// Measures a release build and writes the figures into docs/proof.md.
pub fn run() -> Result<ExitCode> {
    let programs = cargo::build_service_for_speed()?;
    let program = |name: &str| {
        programs
            .get(name)
            .with_context(|| format!("cargo built no {name}"))
    };
    let service = program("node-provider-service")?;
    let mut counts = Counts::default();
    for example in EXAMPLES {
        let (status, text) = process::run_and_read(Command::new(program(example)?).arg(service))?;
        if !status.success() {
            bail!("{example} ended with {status}");
        }
        let figures = text.lines().filter_map(|line| line.split_once(": "));
        counts
            .figures
            .extend(figures.map(|(_, figure)| figure.to_owned()));
        counts.passed += 1;
    }
    proof::record_command(proof::FIGURES, counts)?;
    Ok(ExitCode::SUCCESS)
}
