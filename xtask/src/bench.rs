//! Measures the package beside what people use in its place; `xtask/bench` has how.

mod parts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::figures::Programs;
use crate::repository::root;
use crate::setup::{browsers, node, wasm_bindgen};
use crate::{cargo, package, process};

/// What the peers are installed from, and the programs that measure.
const FOLDER: &str = "xtask/bench";
/// The peers that are Rust: the folder of each, and its crate.
const RUST_PEERS: [(&str, &str); 2] = [("gloo", "gloo"), ("reqwest", "reqwest-peer")];

/// Weighs the package and its peers; fails where the package is over its budget.
pub fn size() -> Result<ExitCode> {
    measure("size.js", |_| Ok(()))
}

/// Measures everything and writes it into the docs; fails where the package is over its budget.
pub fn everything() -> Result<ExitCode> {
    run(&[])
}

/// Measures what stands between the package and its goals, and writes that into the docs.
pub fn account() -> Result<ExitCode> {
    run(&["--only", "account"])
}

fn run(only: &[&str]) -> Result<ExitCode> {
    browsers::chromium()?;
    measure("run.js", |command| {
        command.arg("--record").args(only);
        let (package, parts) = readable()?;
        command.arg("--readable").arg(package);
        command.arg("--parts").arg(parts);
        Programs::build()?.tell(command)
    })
}

/// What weighs the package alone that is installed in `consumer`.
pub fn weigh(consumer: &Path) -> Result<Command> {
    script("size.js", consumer)
}

fn measure(name: &str, tell: impl FnOnce(&mut Command) -> Result<()>) -> Result<ExitCode> {
    let consumer = package::consumer(&package::publishable()?)?;
    let mut command = script(name, consumer.path())?;
    tell_peers(&mut command)?;
    tell(&mut command)?;
    let status = process::status(&mut command)?;
    Ok(ExitCode::from(u8::from(!status.success())))
}

/// Builds the package as it is published, but for names being kept; gives its folder and what its module is made of.
fn readable() -> Result<(PathBuf, PathBuf)> {
    let folder = cargo::target_folder()?.join("bench/readable");
    package::build_readable(&folder)?;
    let parts = parts::of(&folder.join("node_provider_keys.wasm"))?;
    let list = folder.with_extension("json");
    fs::write(&list, serde_json::to_string(&parts)?)
        .with_context(|| format!("cannot write {}", list.display()))?;
    Ok((folder, list))
}

/// Installs and builds the peers, and tells a program where they are.
pub fn tell_peers(command: &mut Command) -> Result<()> {
    node::packages()?;
    command.arg("--tools").arg(node::packages_of(FOLDER)?);
    let folder = cargo::target_folder()?.join("bench/wasm");
    for (name, library) in RUST_PEERS {
        build_rust_peer(name, library, &folder.join(name))?;
    }
    command.arg("--wasm").arg(folder);
    Ok(())
}

/// Builds a peer that is Rust as the package is built; `folder` gets its module and its glue.
fn build_rust_peer(name: &str, library: &str, folder: &Path) -> Result<()> {
    let source = root()?.join(FOLDER).join(name);
    // In the package's own work folder, whose std then serves all.
    let work = cargo::target_folder()?.join("package");
    let compiled = package::compile_library(&work, &source, library, &[])?;
    process::run(
        Command::new(wasm_bindgen()?.join("wasm-bindgen"))
            .args(["--target", "web", "--no-typescript", "--out-name", name])
            .arg("--out-dir")
            .arg(folder)
            .arg(compiled),
    )?;
    let module = folder.join(format!("{name}_bg.wasm"));
    process::run(
        Command::new(node::packages()?.join(".bin/wasm-opt"))
            .args(["-Oz", "--strip-debug", "--strip-producers"])
            .arg(&module)
            .arg("-o")
            .arg(&module),
    )
}

fn script(name: &str, consumer: &Path) -> Result<Command> {
    let mut command = Command::new("node");
    command
        .current_dir(root()?)
        .arg(Path::new(FOLDER).join(name))
        .arg("--pkg")
        .arg(consumer);
    Ok(command)
}
