//! The list of mutants that no test finds, with a reason for each.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Names of mutants, and how many there are of each.
pub type Survivors = BTreeMap<String, u32>;

/// Where faults are put.
const FOLDERS: [&str; 2] = ["src/", "pkg-template/"];

/// Reads the names out of a document.
pub fn read(path: &Path) -> Result<Survivors> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(parse(&text))
}

/// Each is an item of a list: "- `name`: reason".
fn parse(text: &str) -> Survivors {
    let mut survivors = Survivors::new();
    for line in text.lines() {
        if let Some((name, _reason)) = line
            .strip_prefix("- `")
            .and_then(|rest| rest.split_once("`:"))
            .filter(|(name, _)| FOLDERS.iter().any(|folder| name.starts_with(folder)))
        {
            *survivors.entry(name.to_owned()).or_default() += 1;
        }
    }
    survivors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_items_with_a_reason_are_read() {
        let text = "# `src/x.rs`\n- `src/a.rs: replace | with ^ in a`: it is the same\n- `src/b.rs: no reason`\n\
            - `src/a.rs: replace | with ^ in a`: here, too\n- a `src/c.rs: word`: no\n\
            - `pkg-template/a.js: replace a with b`:\n  it is the same\n- `tests/a.js: replace a with b`: no\n";
        let names = [
            ("src/a.rs: replace | with ^ in a", 2),
            ("pkg-template/a.js: replace a with b", 1),
        ];
        let names = names.map(|(name, count)| (name.to_owned(), count));
        assert_eq!(parse(text), Survivors::from(names));
    }
}
