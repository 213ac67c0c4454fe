//! A Rust toolchain that builds for wasm32 and can build std from source.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::{cache, process, say};

/// The target that the client is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// The name under which rustup knows Debian's own compiler.
const DEBIAN: &str = "debian";
/// Debian's current compiler, its standard library's source, and the linker that it calls for wasm32.
const DEBIAN_PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "lld-22",
];

/// Which toolchain builds for wasm32.
#[derive(Clone, Copy)]
pub enum Toolchain {
    /// The one that also builds for this machine.
    Default,
    /// Debian's, linked into rustup.
    Debian,
}

impl Toolchain {
    /// A cargo that can build for wasm32.
    pub fn cargo(self) -> Command {
        let mut command = host_cargo();
        self.select(&mut command);
        command
    }

    /// Makes every cargo and rustc that `command` starts be of this toolchain.
    pub fn select(self, command: &mut Command) {
        if let Self::Debian = self {
            command.env("RUSTUP_TOOLCHAIN", DEBIAN);
        }
    }
}

/// The cargo that builds for this machine, without what `cargo run` told us about ourselves.
pub fn host_cargo() -> Command {
    let mut command = Command::new("cargo");
    without_cargo_variables(&mut command);
    command
}

/// Takes out what `cargo run` set for us: it would confuse another toolchain.
fn without_cargo_variables(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let ours = name.to_str().is_some_and(|name| {
            name == "CARGO" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if ours {
            command.env_remove(name);
        }
    }
    command.env_remove("LD_LIBRARY_PATH");
}

/// Finds or installs a toolchain for wasm32.
pub fn toolchain() -> Result<Toolchain> {
    let libraries = target_libraries("rustc", None)?;
    if has_std(&libraries) && has_source(&libraries) {
        return Ok(Toolchain::Default);
    }
    if debian_is_ready()? {
        return Ok(Toolchain::Debian);
    }
    say(
        "setup",
        format!(
            "installing {TARGET} and rust-src because {} lacks them",
            libraries.display()
        ),
    );
    match add_by_rustup(&libraries) {
        Ok(()) => Ok(Toolchain::Default),
        Err(error) => {
            say("setup", format!("{error:#}"));
            install_debian()?;
            Ok(Toolchain::Debian)
        }
    }
}

fn add_by_rustup(libraries: &Path) -> Result<()> {
    process::run_quietly(Command::new("rustup").args(["target", "add", TARGET]))?;
    process::run_quietly(Command::new("rustup").args(["component", "add", "rust-src"]))?;
    if !has_std(libraries) || !has_source(libraries) {
        bail!(
            "rustup reported success, but {} is still incomplete",
            libraries.display()
        );
    }
    Ok(())
}

/// Where `rustc` looks for the libraries of wasm32; the folder need not exist.
fn target_libraries(rustc: &str, toolchain: Option<&str>) -> Result<PathBuf> {
    let mut command = Command::new(rustc);
    without_cargo_variables(&mut command);
    if let Some(toolchain) = toolchain {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    let path = process::output(command.args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(PathBuf::from(path.trim()))
}

/// Whether std is among the libraries.
fn has_std(libraries: &Path) -> bool {
    fs::read_dir(libraries).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

/// Whether the source of std is beside them: the small build compiles it anew.
fn has_source(libraries: &Path) -> bool {
    libraries
        .ancestors()
        .nth(2)
        .is_some_and(|rustlib| rustlib.join("src/rust/library/std").is_dir())
}

/// Whether Debian's toolchain is linked and its libraries are of its present version.
fn debian_is_ready() -> Result<bool> {
    if !Path::new("/usr/bin/rustc").is_file() || !debian_is_linked()? {
        return Ok(false);
    }
    let libraries = target_libraries("/usr/bin/rustc", None)?;
    Ok(has_std(&libraries)
        && has_source(&libraries)
        && fs::read_to_string(stamp(&libraries))
            .is_ok_and(|built| Some(built) == debian_version().ok()))
}

fn debian_is_linked() -> Result<bool> {
    if process::find("rustup").is_none() {
        return Ok(false);
    }
    let list = process::output(Command::new("rustup").args(["toolchain", "list"]))?;
    Ok(list
        .lines()
        .any(|line| line.split_whitespace().next() == Some(DEBIAN)))
}

/// Full version of Debian's compiler: libraries of any other are of no use to it.
fn debian_version() -> Result<String> {
    process::output(
        Command::new("/usr/bin/rustc")
            .env_remove("LD_LIBRARY_PATH")
            .arg("-vV"),
    )
}

/// The file that says which compiler the libraries were built by.
fn stamp(libraries: &Path) -> PathBuf {
    libraries.join("built-by.txt")
}

/// Debian packages no libraries for wasm32: builds them from its source with its compiler.
fn install_debian() -> Result<()> {
    if !Path::new("/etc/debian_version").is_file() || !nix::unistd::geteuid().is_root() {
        bail!(
            "no toolchain for wasm32: run `rustup target add {TARGET} && rustup component add rust-src`, then this command again"
        );
    }
    apt::install(
        &DEBIAN_PACKAGES,
        "rustup cannot download, and Debian has a compiler that builds for wasm32",
    )?;
    let libraries = target_libraries("/usr/bin/rustc", None)?;
    say(
        "setup",
        format!("building std for {TARGET} because Debian has it only as source (2-3 minutes)"),
    );
    let built = build_std()?;
    fs::create_dir_all(&libraries)?;
    for entry in fs::read_dir(&libraries)? {
        fs::remove_file(entry?.path())?;
    }
    for entry in fs::read_dir(&built)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        let is_library = path
            .extension()
            .is_some_and(|extension| extension == "rlib");
        if is_library && !name.to_string_lossy().starts_with("libscratch-") {
            fs::copy(&path, libraries.join(name))?;
        }
    }
    fs::write(stamp(&libraries), debian_version()?)?;
    process::run(Command::new("rustup").args(["toolchain", "link", DEBIAN, "/usr"]))
}

/// Compiles an empty crate and with it std; gives the folder of the libraries.
fn build_std() -> Result<PathBuf> {
    let scratch = cache::folder("debian-std")?;
    fs::remove_dir_all(&scratch)?;
    fs::create_dir_all(scratch.join("src"))?;
    fs::write(scratch.join("src/lib.rs"), "")?;
    fs::write(
        scratch.join("Cargo.toml"),
        "[package]\nname = \"scratch\"\nedition = \"2021\"\n\n[profile.release]\npanic = \"abort\"\n\n[workspace]\n",
    )?;
    let mut cargo = Command::new("/usr/bin/cargo");
    without_cargo_variables(&mut cargo);
    process::run(
        cargo
            .current_dir(&scratch)
            .args(["build", "--quiet", "--release", "--target", TARGET])
            .arg("-Zbuild-std=std,panic_abort,proc_macro,test")
            .arg("--target-dir")
            .arg(scratch.join("target"))
            .env("PATH", process::path_with(&[Path::new("/usr/bin")])?)
            .env("RUSTC", "/usr/bin/rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("RUSTFLAGS"),
    )
    .context("std for wasm32 could not be built with Debian's compiler")?;
    Ok(scratch.join("target").join(TARGET).join("release/deps"))
}
