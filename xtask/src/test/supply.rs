//! What comes into the project, and that the same comes out of it again.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::needs::Needs;
use super::runners;
use crate::console::say;
use crate::counts::Counts;
use crate::repository::root;
use crate::setup::wasm32::TARGET;
use crate::setup::{cargo_deny, cargo_machete, node};
use crate::{cargo, package, process};

/// The suite.
pub fn run(needs: &mut Needs) -> Result<Counts> {
    let mut counts = runners::run(needs, "supply", None)?;
    if needs.selection.word.is_some() {
        return Ok(counts);
    }
    counts += Counts::of_check(allowed());
    counts += Counts::of_check(used());
    counts += Counts::of_check(single());
    if needs.selection.full {
        counts += Counts::of_check(reproducible());
    }
    Ok(counts)
}

/// Licences, sources and duplicates are as `deny.toml` has them; what it has for nothing is an error, too.
fn allowed() -> Result<()> {
    let mut deny = Command::new(cargo_deny()?);
    cargo::forget_run(&mut deny);
    process::run(
        deny.current_dir(root()?)
            .args(["--locked", "--workspace", "check", "--hide-inclusion-graph"])
            .args(["-D", "unmatched-skip", "-D", "license-not-encountered"])
            .args(["licenses", "bans", "sources"]),
    )
}

/// Every crate that a manifest names is used.
fn used() -> Result<()> {
    process::run(Command::new(cargo_machete()?).arg(root()?))
}

/// No crate is twice in the module: whoever loads it would pay for both.
fn single() -> Result<()> {
    let twice = process::output(
        cargo::host()
            .current_dir(root()?)
            .args(["tree", "--locked", "--duplicates", "--quiet"])
            .args(["--package", "node-provider-keys", "--target", TARGET])
            .args(["--edges", "normal,build"]),
    )?;
    if !twice.trim().is_empty() {
        bail!("the client has crates in two versions:\n{twice}");
    }
    Ok(())
}

/// The tarball of a copy of the sources, built in another folder and into another, is the same byte for byte.
fn reproducible() -> Result<()> {
    let temporary = tempfile::tempdir().context("cannot make a temporary folder")?;
    let sources = temporary.path().join("another/and a deeper place");
    copy_sources(&sources)?;
    // The tools are given: only what they make is in question.
    symlink(node::packages()?, sources.join("node_modules")).context("cannot link node_modules")?;
    let mut package = cargo::host();
    process::run(
        package
            .current_dir(&sources)
            .args(["run", "--locked", "--quiet", "--package", "xtask"])
            .args(["--", "package"])
            .env("CARGO_TARGET_DIR", temporary.path().join("target")),
    )?;
    let [ours, theirs] = [package::publishable()?, sources.join("pkg")];
    let tarballs = [(&ours, "ours"), (&theirs, "theirs")].map(|(folder, name)| {
        let tarball = temporary.path().join(name);
        fs::copy(package::pack(folder)?, &tarball)?;
        Ok(fs::read(tarball)?)
    });
    let [one, other]: [Result<Vec<u8>>; 2] = tarballs;
    let (one, other) = (one?, other?);
    if one != other {
        bail!(
            "two builds of the package differ in {}",
            differing(&ours, &theirs)?.join(", ")
        );
    }
    say(
        "supply",
        format!("two builds of the package are the same {} bytes", one.len()),
    );
    Ok(())
}

/// Copies what git has, and what it would take.
fn copy_sources(to: &Path) -> Result<()> {
    let list = process::output(Command::new("git").current_dir(root()?).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    for name in list.lines() {
        let (from, to) = (root()?.join(name), to.join(name));
        // It may be deleted, but not yet from the index.
        if from.is_file() {
            let folder = to.parent().context("a file without a folder")?;
            fs::create_dir_all(folder)?;
            fs::copy(&from, &to).with_context(|| format!("cannot copy {name}"))?;
        }
    }
    Ok(())
}

/// The names of the files that two folders do not have alike.
fn differing(one: &Path, other: &Path) -> Result<Vec<String>> {
    let names = |folder: &Path| -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(folder)?.map(|entry| Ok(PathBuf::from(entry?.file_name())));
        entries.collect()
    };
    let mut all = [names(one)?, names(other)?].concat();
    all.sort();
    all.dedup();
    all.retain(|name| fs::read(one.join(name)).ok() != fs::read(other.join(name)).ok());
    Ok(all.iter().map(|name| name.display().to_string()).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::differing;

    #[test]
    fn tells_what_two_folders_do_not_have_alike() {
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        for (folder, text) in folders.iter().zip(["one", "other"]) {
            fs::write(folder.path().join("same"), "same").unwrap();
            fs::write(folder.path().join("changed"), text).unwrap();
        }
        fs::write(folders[1].path().join("more"), "").unwrap();
        let [one, other] = folders.each_ref().map(|folder| folder.path());
        assert_eq!(differing(one, other).unwrap(), ["changed", "more"]);
        assert!(differing(one, one).unwrap().is_empty());
    }
}
