//! The scripts of the package that are made here: the glue, the module as text, and the entry for `require`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::finish::Finish;
use super::names::Names;
use crate::process;

/// Turns wasm-bindgen's script into an ES module. Its default export makes fresh glue, which gets
/// its instance from the caller; the script's own ways to load a module are left out.
pub fn glue(modules: &Path, from: &Path, names: &Names, to: &Path, finish: Finish) -> Result<()> {
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
pub fn write_base64(module: &Path, to: &Path) -> Result<()> {
    let text = BASE64_STANDARD.encode(fs::read(module)?);
    fs::write(to, format!("export default \"{text}\";\n")).context("cannot write the base64 copy")
}

/// Bundles the entry for Node into one CommonJS file: `require` cannot load ES modules everywhere.
pub fn bundle_for_require(modules: &Path, folder: &Path) -> Result<()> {
    process::run(
        esbuild(modules)
            .current_dir(folder)
            .args(["node.js", "--bundle", "--format=cjs", "--platform=node"])
            .args(["--target=node20", "--log-level=warning"])
            .arg(outfile(Path::new("node.cjs"))),
    )
}

fn esbuild(modules: &Path) -> Command {
    Command::new(modules.join(".bin/esbuild"))
}

fn outfile(path: &Path) -> String {
    format!("--outfile={}", path.display())
}
