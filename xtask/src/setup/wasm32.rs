//! The target that the client is compiled for, and the libraries that a compiler has for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{cargo, process};

/// The target that the client is compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Where `rustc` looks for the libraries of wasm32; the folder need not exist.
pub fn libraries(rustc: &str) -> Result<PathBuf> {
    let mut command = Command::new(rustc);
    cargo::forget_run(&mut command);
    let path = process::output(command.args(["--print", "target-libdir", "--target", TARGET]))?;
    Ok(PathBuf::from(path.trim()))
}

/// Whether std is among the libraries, and beside them its source, which the small build compiles anew.
pub fn is_complete(libraries: &Path) -> bool {
    let has_std = fs::read_dir(libraries).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
    });
    has_std
        && libraries
            .ancestors()
            .nth(2)
            .is_some_and(|rustlib| rustlib.join("src/rust/library/std").is_dir())
}
