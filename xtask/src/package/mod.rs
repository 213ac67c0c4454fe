//! The npm package: the wasm, its glue, and the hand-written files of `pkg-template/`.

mod files;
mod finish;
mod module;
mod names;
mod pack;
mod scripts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::console::say;
use crate::repository::root;
use crate::setup::node;
use crate::{cargo, process};
use files::{clear, copy, copy_folder};
use finish::Finish;
pub use module::compile_library;
pub use pack::{consumer, install, pack};

/// What a license must accompany.
const LICENSES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Builds the package that is published, into `pkg/`, and prints what its parts weigh.
pub fn publishable() -> Result<PathBuf> {
    let folder = root()?.join("pkg");
    build(&folder, &[])?;
    print_sizes(&folder)?;
    Ok(folder)
}

/// Builds the package with `features` of the client crate into `folder`, which it replaces.
pub fn build(folder: &Path, features: &[&str]) -> Result<()> {
    let work = cargo::target_folder()?.join("package");
    let compiled = module::compile(&work, features)?;
    assemble(&work, &compiled, &hand_written()?, folder, Finish::Small)
}

/// Builds the package that is published, but with the names of its functions and its glue as it was written.
pub fn build_readable(folder: &Path) -> Result<()> {
    let work = cargo::target_folder()?.join("package");
    let compiled = module::compile(&work, &[])?;
    assemble(&work, &compiled, &hand_written()?, folder, Finish::Readable)
}

/// A temporary folder in which the package with `features` stands as if it were installed, built in seconds: nothing is
/// shrunk or packed.
pub fn quick_consumer(features: &[&str]) -> Result<TempDir> {
    quick_consumer_of(&hand_written()?, features)
}

/// The same with other scripts than those of `pkg-template`.
pub fn quick_consumer_of(scripts: &Path, features: &[&str]) -> Result<TempDir> {
    let work = cargo::target_folder()?.join("package");
    let compiled = module::compile_quickly(&work, features)?;
    let consumer = tempfile::tempdir().context("cannot make a temporary folder")?;
    let folder = consumer.path().join("node_modules/node-provider-keys");
    assemble_quickly(&compiled, scripts, &folder)?;
    Ok(consumer)
}

/// Makes the package of a client that is compiled already, without shrinking it, into `folder`.
pub fn build_quickly(compiled: &Path, folder: &Path) -> Result<()> {
    assemble_quickly(compiled, &hand_written()?, folder)
}

fn assemble_quickly(compiled: &Path, hand_written: &Path, folder: &Path) -> Result<()> {
    let work = tempfile::tempdir().context("cannot make a temporary folder")?;
    assemble(work.path(), compiled, hand_written, folder, Finish::Quick)
}

/// The scripts of the package, and what else is written by hand.
fn hand_written() -> Result<PathBuf> {
    Ok(root()?.join("pkg-template"))
}

/// Puts the package of the `hand_written` files together in `work`, and then into `folder`.
fn assemble(
    work: &Path,
    compiled: &Path,
    hand_written: &Path,
    folder: &Path,
    finish: Finish,
) -> Result<()> {
    let modules = node::packages()?;
    let bound = module::bind(work, compiled, finish)?;
    let staging = work.join("staging");
    clear(&staging)?;
    copy_folder(hand_written, &staging)?;
    // Serves the crate's own exports alone, with the feature of the same name.
    fs::remove_file(staging.join("plain.js")).context("cannot leave plain.js out")?;
    for license in LICENSES {
        copy(&root()?.join(license), &staging.join(license))?;
    }
    write_manifest(&staging.join("package.json"))?;
    // The same declarations, under the name that TypeScript asks for behind `require`.
    for name in ["index", "sign-in"] {
        let of_module = staging.join(format!("{name}.d.ts"));
        copy(&of_module, &of_module.with_extension("cts"))?;
    }
    let module = staging.join("node_provider_keys.wasm");
    let unshrunk = bound.join("node_provider_keys_bg.wasm");
    let names = module::optimise(&modules, &unshrunk, &module, finish)?;
    scripts::glue(
        &modules,
        &bound.join("node_provider_keys.js"),
        &names,
        &staging.join("glue.js"),
        finish,
    )?;
    scripts::tie(&module, &staging, &staging.join("build.js"))?;
    scripts::write_base64(&module, &staging.join("wasm-base64.js"))?;
    scripts::bundle_for_require(&modules, &staging)?;
    scripts::bundle_for_pages(&modules, &staging)?;
    scripts::bundle_for_node(&modules, &staging)?;
    scripts::bundle_sign_in(&modules, &staging)?;

    clear(folder)?;
    fs::rename(&staging, folder)
        .or_else(|_| copy_folder(&staging, folder).map_err(std::io::Error::other))
        .with_context(|| format!("cannot put the package into {}", folder.display()))?;
    say("package", format!("built {}", folder.display()));
    Ok(())
}

/// Gives the package the version of the workspace.
fn write_manifest(path: &Path) -> Result<()> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut manifest: Map<String, Value> =
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    manifest.insert("version".into(), cargo::VERSION.into());
    fs::write(path, format!("{:#}\n", Value::from(manifest)))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Prints raw and `gzip -9` sizes in bytes of what a program loads.
fn print_sizes(folder: &Path) -> Result<()> {
    let mut parts: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    parts.retain(|path| {
        path.extension()
            .is_some_and(|it| it == "wasm" || it == "js" || it == "cjs")
    });
    parts.sort();
    println!("{:<28}{:>10}{:>10}", "bytes of", "raw", "gzip -9");
    for part in parts {
        let raw = fs::metadata(&part)?.len();
        let zipped = process::output_bytes(Command::new("gzip").args(["-9nc"]).arg(&part))?.len();
        let name = part.file_name().unwrap_or_default().to_string_lossy();
        println!("{name:<28}{raw:>10}{zipped:>10}");
    }
    Ok(())
}
