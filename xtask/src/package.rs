//! The npm package: the wasm, its glue, and the hand-written files of `pkg-template/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::setup::wasm::TARGET;
use crate::setup::{node, wasm, wasm_bindgen};
use crate::{cargo, process, root, say};

/// Panics end in a trap without a message: messages would be a third of the module. Handles are kept by the glue: in a
/// table of references wasm-bindgen loses a place with every exception that it catches.
const SMALL: &str = "-Zunstable-options -Ctarget-feature=-reference-types \
    -Cpanic=immediate-abort -Zfmt-debug=none -Zlocation-detail=none";
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
    let compiled = compile(&work, features)?;
    assemble(&work, &compiled, folder, Finish::Small)
}

/// Builds the package that is published, but with the names of its functions and its glue as it was written.
pub fn build_readable(folder: &Path) -> Result<()> {
    let work = cargo::target_folder()?.join("package");
    let compiled = compile(&work, &[])?;
    assemble(&work, &compiled, folder, Finish::Readable)
}

/// Makes the package of a client that is compiled already, without shrinking it, into `folder`.
pub fn build_quickly(compiled: &Path, folder: &Path) -> Result<()> {
    let work = tempfile::tempdir().context("cannot make a temporary folder")?;
    assemble(work.path(), compiled, folder, Finish::Quick)
}

/// What becomes of the module and its glue.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Finish {
    /// They are shrunk.
    Small,
    /// They are shrunk, but keep the names of functions and the layout of the glue.
    Readable,
    /// Nothing: what counts is how long it takes.
    Quick,
}

/// Puts the package together in `work`, and then into `folder`.
fn assemble(work: &Path, compiled: &Path, folder: &Path, finish: Finish) -> Result<()> {
    let modules = node::packages()?;
    let bound = bind(work, compiled, finish)?;
    let staging = work.join("staging");
    clear(&staging)?;
    copy_folder(&root()?.join("pkg-template"), &staging)?;
    for license in LICENSES {
        copy(&root()?.join(license), &staging.join(license))?;
    }
    write_manifest(&staging.join("package.json"))?;
    // The same declarations, under the name that TypeScript asks for behind `require`.
    copy(&staging.join("index.d.ts"), &staging.join("index.d.cts"))?;
    let module = staging.join("node_provider_keys.wasm");
    let unshrunk = bound.join("node_provider_keys_bg.wasm");
    let names = optimise(&modules, &unshrunk, &module, finish)?;
    glue(
        &modules,
        &bound.join("node_provider_keys.js"),
        &names,
        &staging.join("glue.js"),
        finish,
    )?;
    write_base64(&module, &staging.join("wasm-base64.js"))?;
    bundle_for_require(&modules, &staging)?;

    clear(folder)?;
    fs::rename(&staging, folder)
        .or_else(|_| copy_folder(&staging, folder).map_err(std::io::Error::other))
        .with_context(|| format!("cannot put the package into {}", folder.display()))?;
    say("package", format!("built {}", folder.display()));
    Ok(())
}

/// Packs the package in `folder` as npm would publish it; gives the tarball.
pub fn pack(folder: &Path) -> Result<PathBuf> {
    let destination = cargo::target_folder()?.join("package");
    let text = process::output(
        Command::new("npm")
            .current_dir(folder)
            .args(["pack", "--json", "--loglevel=error", "--pack-destination"])
            .arg(&destination),
    )?;
    let report: Value = serde_json::from_str(&text).context("npm pack printed no JSON")?;
    // npm 12 keys the reports by package name where older ones list them.
    let name = report
        .get(0)
        .or_else(|| report.as_object()?.values().next())
        .and_then(|packed| packed["filename"].as_str())
        .context("npm pack named no file")?;
    Ok(destination.join(name))
}

/// Installs a packed package into `folder`, as a user would who has no network.
pub fn install(tarball: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(
        folder.join("package.json"),
        "{ \"private\": true, \"type\": \"module\" }\n",
    )?;
    process::run(
        Command::new("npm")
            .current_dir(folder)
            .args([
                "install",
                "--offline",
                "--silent",
                "--no-audit",
                "--no-fund",
            ])
            .arg(tarball),
    )
}

/// A temporary folder in which the package in `folder` is installed, packed as npm would publish it.
pub fn consumer(folder: &Path) -> Result<TempDir> {
    let consumer = tempfile::tempdir().context("cannot make a temporary folder")?;
    install(&pack(folder)?, consumer.path())?;
    Ok(consumer)
}

/// Compiles the client and std for size; gives the module as cargo leaves it.
fn compile(work: &Path, features: &[&str]) -> Result<PathBuf> {
    compile_library(work, root()?, "node-provider-keys", features)
}

/// The same of another package, in `folder`.
pub fn compile_library(
    work: &Path,
    folder: &Path,
    package: &str,
    features: &[&str],
) -> Result<PathBuf> {
    let toolchain = wasm::toolchain()?;
    let target = work.join("cargo");
    say(
        "package",
        format!("compiling {package} to wasm, with a std of its own (1-2 minutes when cold)"),
    );
    process::run(
        toolchain
            .cargo()
            .current_dir(folder)
            .args(["build", "--quiet", "--locked", "--profile=wasm", "--lib"])
            .args(["--package", package, "--target", TARGET])
            .args([
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
            ])
            .args(["--features", &features.join(",")])
            .arg("--target-dir")
            .arg(&target)
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("RUSTFLAGS", SMALL),
    )?;
    let module = format!("wasm/{}.wasm", package.replace('-', "_"));
    Ok(target.join(TARGET).join(module))
}

/// Runs wasm-bindgen; gives the folder with the module and its glue.
fn bind(work: &Path, compiled: &Path, finish: Finish) -> Result<PathBuf> {
    let folder = work.join("bindgen");
    clear(&folder)?;
    process::run(
        Command::new(wasm_bindgen()?.join("wasm-bindgen"))
            .args([
                "--target",
                "no-modules",
                "--omit-default-module-path",
                "--no-typescript",
            ])
            .args((finish != Finish::Readable).then_some("--remove-name-section"))
            .args(["--remove-producers-section", "--out-dir"])
            .arg(&folder)
            .arg(compiled),
    )?;
    Ok(folder)
}

/// Shrinks the module, also the names of what it imports and exports, half of which are hashes;
/// gives the names. No feature flag: wasm-opt reads from the module what it may use.
fn optimise(modules: &Path, from: &Path, to: &Path, finish: Finish) -> Result<Names> {
    if finish == Finish::Quick {
        copy(from, to)?;
        return Ok(Names::default());
    }
    let names = process::output(
        Command::new(modules.join(".bin/wasm-opt"))
            .arg("-Oz")
            .args((finish == Finish::Readable).then_some("--debuginfo"))
            .arg(from)
            .args(["--strip-producers", "--strip-target-features"])
            // Functions with one caller, put into it, save raw bytes and cost compressed ones.
            .arg("--one-caller-inline-max-function-size=0")
            .arg("--minify-imports-and-exports-and-modules")
            .arg("-o")
            .arg(to),
    )?;
    serde_json::from_str(&names).context("wasm-opt printed other names than expected")
}

/// What wasm-opt renamed.
#[derive(Default, Deserialize)]
struct Names {
    /// Module, long name, short name.
    imports: Vec<[String; 3]>,
    /// Long name, short name.
    exports: Vec<[String; 2]>,
}

impl Names {
    /// Gives the script the short names.
    fn shorten(&self, script: String) -> Result<String> {
        let mut script = script;
        if !self.imports.is_empty() {
            script = replace_one(
                &script,
                "\"./node_provider_keys_bg.js\": import0",
                "a: import0",
            )?;
        }
        for [_, long, short] in &self.imports {
            script = replace_one(
                &script,
                &format!(" {long}: function"),
                &format!(" {short}: function"),
            )?;
        }
        for [long, short] in &self.exports {
            // The script uses some more than once and others never.
            script = script
                .split(&format!("wasm.{long}"))
                .enumerate()
                .map(|(place, rest)| {
                    let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
                    let name = if ends { short } else { long };
                    if place == 0 {
                        rest.to_owned()
                    } else {
                        format!("wasm.{name}{rest}")
                    }
                })
                .collect();
        }
        Ok(script)
    }
}

fn replace_one(text: &str, from: &str, to: &str) -> Result<String> {
    ensure!(
        text.matches(from).count() == 1,
        "wasm-bindgen's script has not one `{from}`"
    );
    Ok(text.replace(from, to))
}

/// Turns wasm-bindgen's script into an ES module. Its default export makes fresh glue, which gets
/// its instance from the caller; the script's own ways to load a module are left out.
fn glue(modules: &Path, from: &Path, names: &Names, to: &Path, finish: Finish) -> Result<()> {
    const HEAD: &str = "let wasm_bindgen = (function(exports) {";
    const LOADING: &str = "    async function __wbg_load(";
    const TAIL: &str =
        "__wbg_finalize_init({ exports: instantiate(__wbg_get_imports()) }); return exports; };";
    let script = fs::read_to_string(from)
        .with_context(|| format!("cannot read the glue {}", from.display()))?;
    let body = script
        .strip_prefix(HEAD)
        .and_then(|rest| rest.split_once(LOADING))
        .map(|(body, _)| body)
        .context("wasm-bindgen's script has another shape than expected")?;
    let module = from.with_extension("mjs");
    fs::write(
        &module,
        names.shorten(format!(
            "export default (instantiate) => {{ const exports = {{}};{body}{TAIL}\n"
        ))?,
    )?;
    process::run(
        esbuild(modules)
            .args((finish != Finish::Readable).then_some("--minify"))
            .args([
                "--format=esm",
                "--target=es2022",
                "--log-level=warning",
                // Every closure is dropped by its owner: a registry of them would cost each await.
                "--define:FinalizationRegistry=undefined",
                // The script looks where it was loaded from; the module is given to it.
                "--define:document=undefined",
            ])
            .arg(outfile(to))
            .arg(&module),
    )
}

/// Writes the module as text, for platforms that can load it in no other way.
fn write_base64(module: &Path, to: &Path) -> Result<()> {
    let text = BASE64_STANDARD.encode(fs::read(module)?);
    fs::write(to, format!("export default \"{text}\";\n")).context("cannot write the base64 copy")
}

/// Bundles the entry for Node into one CommonJS file: `require` cannot load ES modules everywhere.
fn bundle_for_require(modules: &Path, folder: &Path) -> Result<()> {
    process::run(
        esbuild(modules)
            .current_dir(folder)
            .args(["node.js", "--bundle", "--format=cjs", "--platform=node"])
            .args(["--target=node20", "--log-level=warning"])
            .arg(outfile(Path::new("node.cjs"))),
    )
}

/// Gives the package the version of the workspace.
fn write_manifest(path: &Path) -> Result<()> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut manifest: Value =
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    manifest["version"] = Value::from(cargo::VERSION);
    fs::write(path, format!("{manifest:#}\n"))
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

fn esbuild(modules: &Path) -> Command {
    Command::new(modules.join(".bin/esbuild"))
}

fn outfile(path: &Path) -> String {
    format!("--outfile={}", path.display())
}

/// Leaves no folder at `path`, but its parent.
fn clear(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    let parent = path.parent().context("a folder without a parent")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            copy(&entry.path(), &target)?;
        }
    }
    Ok(())
}
