//! What no test runner runs: formatters, linters, documentation.

use std::process::Command;

use anyhow::Result;

use super::needs::Needs;
use crate::counts::Counts;
use crate::repository::root;
use crate::setup::wasm32::TARGET;
use crate::setup::{node, programs, toolchain};
use crate::{cargo, process};

/// The tools crate holds two calls and a hundred dependencies: not worth compiling once more.
pub const WORKSPACE: [&str; 3] = ["--workspace", "--exclude", "xtask-tools"];
const CLIENT: [&str; 2] = ["--package", "node-provider-keys"];

pub fn format(_: &mut Needs) -> Result<Counts> {
    programs::rustfmt_and_clippy()?;
    let mut fmt = cargo::host();
    fmt.current_dir(root()?).args(["fmt", "--all", "--check"]);
    let mut counts = Counts::of_check(process::run(&mut fmt));

    let mut fmt = cargo::host();
    fmt.current_dir(root()?.join("tests/fuzz"))
        .args(["fmt", "--check"]);
    counts += Counts::of_check(process::run(&mut fmt));

    let mut biome = Command::new(node::packages()?.join(".bin/biome"));
    biome.current_dir(root()?).arg("format");
    counts += Counts::of_check(process::run(&mut biome));
    Ok(counts)
}

pub fn lint(_: &mut Needs) -> Result<Counts> {
    programs::rustfmt_and_clippy()?;
    let mut native = cargo::host();
    native
        .current_dir(root()?)
        .args(["clippy", "--locked", "--all-targets"]);
    native.args(WORKSPACE).args(["--", "-Dwarnings"]);
    let mut counts = Counts::of_check(process::run(&mut native));

    let mut wasm = toolchain::for_wasm()?.cargo();
    wasm.current_dir(root()?)
        .args(["clippy", "--locked", "--target", TARGET]);
    wasm.args(CLIENT)
        .args(["--lib", "--all-features", "--test", "live"]);
    wasm.args(["--", "-Dwarnings"])
        .env("NPK_SERVICE", "")
        .env("NPK_TOKEN", "")
        .env("NPK_PROJECT", "");
    counts += Counts::of_check(process::run(&mut wasm));

    let mut biome = Command::new(node::packages()?.join(".bin/biome"));
    biome
        .current_dir(root()?)
        .args(["lint", "--error-on-warnings"]);
    counts += Counts::of_check(process::run(&mut biome));

    let mut tsc = Command::new(node::packages()?.join(".bin/tsc"));
    tsc.current_dir(root()?).args(["--project", "xtask/types"]);
    counts += Counts::of_check(process::run(&mut tsc));

    // Nobody else here says --locked to the workspace of the fuzz targets.
    let mut lock = cargo::host();
    lock.current_dir(root()?.join("tests/fuzz")).args([
        "metadata",
        "--locked",
        "--format-version=1",
    ]);
    counts += Counts::of_check(process::run_quietly(&mut lock));
    Ok(counts)
}

pub fn rustdoc(_: &mut Needs) -> Result<Counts> {
    let mut doc = cargo::host();
    doc.current_dir(root()?)
        .args(["doc", "--locked", "--no-deps"])
        .args(WORKSPACE);
    Ok(Counts::of_check(process::run(
        doc.env("RUSTDOCFLAGS", "-Dwarnings"),
    )))
}
