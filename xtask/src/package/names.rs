//! The names over which the module and its glue meet, which the build makes short in both.

use anyhow::{Result, ensure};
use serde::Deserialize;

/// What wasm-opt renamed.
#[derive(Default, Deserialize)]
pub struct Names {
    /// Module, long name, short name.
    imports: Vec<[String; 3]>,
    /// Long name, short name.
    exports: Vec<[String; 2]>,
}

impl Names {
    /// Gives the script the short names.
    pub fn shorten(&self, script: String) -> Result<String> {
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
