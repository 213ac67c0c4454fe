//! The scripts of the package that are made here: the glue, the module as text, and the entry for `require`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::finish::Finish;
use super::names::Names;
use crate::process;

/// Turns wasm-bindgen's script into a factory. Its default export makes fresh glue, which gets its
/// instance and the platform's coders of text from the caller; the script's own ways to load a module
/// are left out.
pub fn glue(modules: &Path, from: &Path, names: &Names, to: &Path, finish: Finish) -> Result<()> {
    let script = fs::read_to_string(from)
        .with_context(|| format!("cannot read the glue {}", from.display()))?;
    let module = from.with_extension("mjs");
    fs::write(&module, names.shorten(factory(&script)?)?)?;
    process::run(
        esbuild(modules)
            .args((finish != Finish::Readable).then_some("--minify"))
            .args([
                "--format=esm",
                "--target=es2022",
                "--log-level=warning",
                // The page's own types are checked through it.
                "--banner:js=// @ts-nocheck",
                // Every closure is dropped by its owner: a registry of them would cost each await.
                "--define:FinalizationRegistry=undefined",
                // The script looks where it was loaded from; the module is given to it.
                "--define:document=undefined",
            ])
            .arg(outfile(to))
            .arg(&module),
    )
}

/// What wasm-bindgen's script reads from values that may inherit it, from a polluted prototype: an option that it does
/// not set, and a member that buffers have not had for long. A buffer that is detached is not the memory's either.
const INHERITING: [(&str, &str); 2] = [
    ("{ ignoreBOM: true", "{ __proto__: null, ignoreBOM: true"),
    (
        "cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && \
         cachedDataViewMemory0.buffer !== wasm.memory.buffer)",
        "cachedDataViewMemory0.buffer !== wasm.memory.buffer",
    ),
];

fn factory(script: &str) -> Result<String> {
    const LOADING: &str = "async function __wbg_load(";
    let (body, _) = script
        .split_once(LOADING)
        .context("wasm-bindgen's script has another shape than expected")?;
    let mut body = body.to_owned();
    for (theirs, ours) in INHERITING {
        ensure!(
            body.contains(theirs),
            "wasm-bindgen's script has no {theirs}"
        );
        body = body.replace(theirs, ours);
    }
    let mut imports = String::new();
    let mut exports = Vec::new();
    let mut rest = String::new();
    for line in body.lines() {
        if let Some((named, place)) = line.split_once(" from './snippets/") {
            // Here they lie beside the glue.
            let (_, file) = place
                .rsplit_once('/')
                .context("a script without a folder")?;
            imports += &format!("{named} from './{file}\n");
            continue;
        }
        let exported = line.strip_prefix("export ");
        if let Some((name, _)) = exported
            .and_then(|line| line.strip_prefix("function "))
            .and_then(|line| line.split_once('('))
        {
            exports.push(name);
        }
        rest += exported.unwrap_or(line);
        rest.push('\n');
    }
    Ok(format!(
        "{imports}export default (instantiate, {{ TextDecoder, TextEncoder }}) => {{\n{rest}\
         __wbg_finalize_init({{ exports: instantiate(__wbg_get_imports()) }});\n\
         return {{ {} }};\n}};\n",
        exports.join(", ")
    ))
}

/// Ties the module to the scripts: both get a name that is made of what is in them, so that the
/// module of another build is known as such.
pub fn tie(module: &Path, scripts: &Path, to: &Path) -> Result<()> {
    let mut hasher = Sha256::new();
    let mut names: Vec<_> = fs::read_dir(scripts)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    names.retain(|path| path.extension().is_some_and(|it| it == "js"));
    names.sort();
    for path in names.iter().map(PathBuf::as_path).chain([module]) {
        hasher.update(fs::read(path)?);
    }
    let build: String = hasher
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut bytes = fs::read(module)?;
    // A custom section: its id, its length, the length of its name, the name, the content.
    let section = [b"\x05build", build.as_bytes()].concat();
    bytes.extend([0, u8::try_from(section.len())?]);
    bytes.extend(section);
    fs::write(module, bytes)?;
    fs::write(to, format!("export default \"{build}\";\n")).context("cannot write the build's name")
}

/// Writes the module as text, for platforms that can load it in no other way.
pub fn write_base64(module: &Path, to: &Path) -> Result<()> {
    let text = BASE64_STANDARD.encode(fs::read(module)?);
    fs::write(to, format!("export default \"{text}\";\n")).context("cannot write the base64 copy")
}

const FOR_REQUIRE: [&str; 3] = ["--format=cjs", "--platform=node", "--target=node20"];
const FOR_PAGES: [&str; 6] = [
    "--format=esm",
    "--platform=browser",
    "--target=es2022",
    "--minify",
    "--external:./wasm-base64.js",
    "--banner:js=// @ts-nocheck",
];

/// Bundles the entry for Node into one CommonJS file: `require` cannot load ES modules everywhere.
pub fn bundle_for_require(modules: &Path, folder: &Path) -> Result<()> {
    bundle(modules, folder, "node.js", &FOR_REQUIRE, "node.cjs")
}

/// Bundles the entry for signing in as the two entries in one file are, over these.
pub fn bundle_sign_in(modules: &Path, folder: &Path) -> Result<()> {
    let over = ["--external:node-provider-keys", "--external:./page.js"];
    let format = [&FOR_REQUIRE[..], &over].concat();
    bundle(modules, folder, "sign-in.js", &format, "sign-in.cjs")?;
    let format = [
        &FOR_PAGES[..],
        &over,
        &["--alias:node-provider-keys=./page.js"],
    ]
    .concat();
    bundle(modules, folder, "sign-in.js", &format, "page-sign-in.js")
}

/// Puts the entry for Node into one file: to open two dozen costs more than to read one.
pub fn bundle_for_node(modules: &Path, folder: &Path) -> Result<()> {
    let format = [
        "--format=esm",
        "--platform=node",
        "--target=node20",
        "--allow-overwrite",
    ];
    bundle(modules, folder, "node.js", &format, "node.js")
}

/// Bundles the entry for browsers into one file, for pages without a bundler: they would load it in two dozen.
pub fn bundle_for_pages(modules: &Path, folder: &Path) -> Result<()> {
    bundle(modules, folder, "browser.js", &FOR_PAGES, "page.js")
}

fn bundle(modules: &Path, folder: &Path, entry: &str, format: &[&str], to: &str) -> Result<()> {
    process::run(
        esbuild(modules)
            .current_dir(folder)
            .args([entry, "--bundle", "--log-level=warning"])
            .args(format)
            .arg(outfile(Path::new(to))),
    )
}

fn esbuild(modules: &Path) -> Command {
    Command::new(modules.join(".bin/esbuild"))
}

fn outfile(path: &Path) -> String {
    format!("--outfile={}", path.display())
}
