//! Debian's own compiler as a toolchain for wasm32, for machines on which rustup cannot download.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::apt;
use super::wasm32::{self, TARGET};
use crate::console::say;
use crate::{cache, cargo, process};

/// The name under which rustup knows this toolchain.
pub const NAME: &str = "debian";

/// Debian's newest compiler, its linter, the source of std, and the linker that it calls for wasm32.
const PACKAGES: [&str; 6] = [
    "rustc-web",
    "cargo-web",
    "rust-web-clippy",
    "rust-web-src",
    "rust-web-llvm",
    "lld-22",
];
/// What these packages bring.
const PROGRAMS: [&str; 4] = ["rustc", "cargo", "cargo-clippy", "rust-lld"];
/// The compiler, which rustup's would otherwise hide.
const RUSTC: &str = "/usr/bin/rustc";

/// Whether this machine runs Debian and lets us install into it.
pub fn can_be_installed() -> bool {
    nix::unistd::geteuid().is_root()
        && fs::read_to_string("/etc/os-release")
            .is_ok_and(|text| text.lines().any(|line| line == "ID=debian"))
}

/// Whether everything is installed, and std of the compiler's present version.
pub fn is_ready() -> Result<bool> {
    Ok(has_programs() && is_linked()? && has_std(&wasm32::libraries(RUSTC)?)?)
}

/// Installs what is missing.
pub fn install() -> Result<()> {
    if !has_programs() {
        apt::install(
            &PACKAGES,
            "rustup cannot download, and Debian has a compiler that builds for wasm32",
        )?;
    }
    let libraries = wasm32::libraries(RUSTC)?;
    if !has_std(&libraries)? {
        say(
            "setup",
            format!(
                "building std for {TARGET} because Debian has only its source (about 2 minutes)"
            ),
        );
        build_std(&libraries)?;
    }
    process::run(Command::new("rustup").args(["toolchain", "link", NAME, "/usr"]))
}

fn has_programs() -> bool {
    PROGRAMS
        .iter()
        .all(|program| Path::new("/usr/bin").join(program).is_file())
}

fn is_linked() -> Result<bool> {
    let list = process::output(Command::new("rustup").args(["toolchain", "list"]))?;
    Ok(list
        .lines()
        .any(|line| line.split_whitespace().next() == Some(NAME)))
}

/// Whether std is there, built by the compiler of today: an upgrade makes older libraries unusable.
fn has_std(libraries: &Path) -> Result<bool> {
    let built_by = fs::read_to_string(stamp(libraries)).unwrap_or_default();
    Ok(wasm32::is_complete(libraries) && built_by == version()?)
}

/// The file that says which compiler built the libraries.
fn stamp(libraries: &Path) -> PathBuf {
    libraries.join("built-by.txt")
}

fn version() -> Result<String> {
    let mut rustc = Command::new(RUSTC);
    cargo::forget_run(&mut rustc);
    process::output(rustc.arg("-vV"))
}

/// Compiles std with an empty crate and puts its libraries where the compiler looks for them.
fn build_std(libraries: &Path) -> Result<()> {
    let scratch = cache::folder("debian-std")?;
    fs::create_dir_all(scratch.join("src"))?;
    fs::write(scratch.join("src/lib.rs"), "")?;
    fs::write(
        scratch.join("Cargo.toml"),
        "[package]\nname = \"scratch\"\nedition = \"2021\"\n\n[profile.release]\npanic = \"abort\"\n\n[workspace]\n",
    )?;
    let target = scratch.join("target");
    let mut build = Command::new("/usr/bin/cargo");
    cargo::forget_run(&mut build);
    process::run(
        build
            .current_dir(&scratch)
            .args(["build", "--quiet", "--release", "--target", TARGET])
            .arg("-Zbuild-std=std,panic_abort,proc_macro,test")
            .arg("--target-dir")
            .arg(&target)
            .env("PATH", process::path_with(&[Path::new("/usr/bin")])?)
            .env("RUSTC", RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("RUSTFLAGS"),
    )
    .context("std for wasm32 could not be built with Debian's compiler")?;

    fs::create_dir_all(libraries)
        .and_then(|()| copy_libraries(&target.join(TARGET).join("release/deps"), libraries))
        .with_context(|| format!("cannot put std into {}", libraries.display()))?;
    fs::write(stamp(libraries), version()?)?;
    fs::remove_dir_all(&scratch)?;
    Ok(())
}

fn copy_libraries(built: &Path, libraries: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(libraries)? {
        fs::remove_file(entry?.path())?;
    }
    for entry in fs::read_dir(built)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        let is_library = path.extension().is_some_and(|it| it == "rlib");
        if is_library && !name.to_string_lossy().starts_with("libscratch-") {
            fs::copy(&path, libraries.join(name))?;
        }
    }
    Ok(())
}
