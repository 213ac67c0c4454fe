//! The WebAssembly module: compiled, bound to JavaScript, shrunk.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::files::{clear, copy};
use super::finish::Finish;
use super::names::Names;
use crate::console::say;
use crate::process;
use crate::repository::root;
use crate::setup::wasm32::TARGET;
use crate::setup::{toolchain, wasm_bindgen};

/// Panics end in a trap without a message: messages would be a third of the module. Handles are kept by the glue: in a
/// table of references wasm-bindgen loses a place with every exception that it catches.
const SMALL: &str = "-Zunstable-options -Ctarget-feature=-reference-types \
    -Cpanic=immediate-abort -Zfmt-debug=none -Zlocation-detail=none \
    -Zshare-generics=n -Zinline-mir=yes -Zinline-mir-threshold=8 -Zinline-mir-hint-threshold=8 \
    -Cllvm-args=--inline-threshold=19";

/// Compiles the client and std for size; gives the module as cargo leaves it.
pub fn compile(work: &Path, features: &[&str]) -> Result<PathBuf> {
    compile_library(work, root()?, "node-provider-keys", features)
}

/// The same of another package, in `folder`.
pub fn compile_library(
    work: &Path,
    folder: &Path,
    package: &str,
    features: &[&str],
) -> Result<PathBuf> {
    let toolchain = toolchain::for_wasm()?;
    let target = work.join("cargo");
    say(
        "package",
        format!("compiling {package} to wasm, with a std of its own (1-2 minutes when cold)"),
    );
    process::run(
        toolchain
            .cargo()
            .current_dir(folder)
            // Built as a Rust library beside it, the module would keep what such a library exports: 629 bytes.
            .args(["rustc", "--locked", "--crate-type=cdylib"])
            .args(["--quiet", "--profile=wasm", "--lib"])
            .args(["--package", package, "--target", TARGET])
            .args([
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
            ])
            .args(["--no-default-features", "--features", &features.join(",")])
            .arg("--target-dir")
            .arg(&target)
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("RUSTFLAGS", SMALL),
    )?;
    let module = format!("wasm/{}.wasm", package.replace('-', "_"));
    Ok(target.join(TARGET).join(module))
}

/// Compiles the client in seconds, with the compiler's own std; gives the module as cargo leaves it.
pub fn compile_quickly(work: &Path, features: &[&str]) -> Result<PathBuf> {
    let target = work.join("quick");
    process::run(
        toolchain::for_wasm()?
            .cargo()
            .current_dir(root()?)
            .args(["build", "--quiet", "--locked", "--profile=quick", "--lib"])
            .args(["--package", "node-provider-keys", "--target", TARGET])
            .args(["--no-default-features", "--features", &features.join(",")])
            .arg("--target-dir")
            .arg(&target),
    )?;
    Ok(target.join(TARGET).join("quick/node_provider_keys.wasm"))
}

/// Runs wasm-bindgen; gives the folder with the module and its glue.
pub fn bind(work: &Path, compiled: &Path, finish: Finish) -> Result<PathBuf> {
    let folder = work.join("bindgen");
    clear(&folder)?;
    process::run(
        Command::new(wasm_bindgen()?.join("wasm-bindgen"))
            .args([
                "--target",
                "web",
                "--omit-default-module-path",
                "--no-typescript",
            ])
            .args((finish != Finish::Readable).then_some("--remove-name-section"))
            // Every host that has WebAssembly has TextEncoder.encodeInto.
            .arg("--encode-into=always")
            .args(["--remove-producers-section", "--out-dir"])
            .arg(&folder)
            .arg(compiled),
    )?;
    Ok(folder)
}

/// Shrinks the module, also the names of what it imports and exports, half of which are hashes;
/// gives the names. No feature flag: wasm-opt reads from the module what it may use.
pub fn optimise(modules: &Path, from: &Path, to: &Path, finish: Finish) -> Result<Names> {
    if finish == Finish::Quick {
        copy(from, to)?;
        return Ok(Names::default());
    }
    let names = process::output(
        Command::new(modules.join(".bin/wasm-opt"))
            // The stack is at the bottom of the memory: who uses its lowest kilobyte has overflown it.
            .args(["-Oz", "--flatten", "--rereloop", "--low-memory-unused"])
            .args((finish == Finish::Readable).then_some("--debuginfo"))
            .arg(from)
            .args(["--strip-producers", "--strip-target-features"])
            // Large functions with one caller, put into it, save raw bytes and cost compressed ones.
            .args([
                "--one-caller-inline-max-function-size=80",
                "--always-inline-max-function-size=6",
                "-Oz",
                "-Oz",
                "-Oz",
            ])
            .arg("--minify-imports-and-exports-and-modules")
            .arg("-o")
            .arg(to),
    )?;
    serde_json::from_str(&names).context("wasm-opt printed other names than expected")
}
