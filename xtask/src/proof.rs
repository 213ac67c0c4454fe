//! `docs/proof.md`: runs write there what they counted, in tables between markers.

use std::fs;

use anyhow::{Context, Result};

use crate::counts::Counts;
use crate::repository::root;

/// What ran: what it is called, what it shows, and what it counted.
pub struct Row {
    pub name: &'static str,
    pub what: &'static str,
    pub counts: Counts,
}

/// A command apart from the suites: what it is called and what it shows.
pub type Apart = (&'static str, &'static str);

pub const FUZZ: Apart = (
    "cargo xtask fuzz",
    "a search for input that breaks a rule, with the address sanitizer",
);
pub const MUTANTS: Apart = ("cargo xtask mutants", "faults put into the rules");
pub const MUTANTS_HOST: Apart = (
    "cargo xtask mutants --host",
    "faults put into what touches JavaScript",
);

pub const FIGURES: Apart = (
    "cargo xtask bench --service",
    "what the service's lists cost by how many keys there are, and its relay beside nginx",
);

/// Writes what such a command counted, if it passed.
pub fn record_command((name, what): Apart, counts: Counts) -> Result<()> {
    let names = [FUZZ, MUTANTS, MUTANTS_HOST, FIGURES].map(|(name, _)| name);
    record("commands", &names, &[Row { name, what, counts }])
}

/// Writes the rows of what passed into the table between `<!-- table -->` and `<!-- /table -->`. Other rows stay, as
/// far as `names` has them, in its order.
pub fn record(table: &str, names: &[&str], rows: &[Row]) -> Result<()> {
    let path = root()?.join("docs/proof.md");
    let text = fs::read_to_string(&path).context("cannot read docs/proof.md")?;
    let text = updated(&text, table, names, rows)
        .with_context(|| format!("docs/proof.md has no place for the table of {table}"))?;
    fs::write(&path, text).context("cannot write docs/proof.md")
}

fn updated(text: &str, table: &str, names: &[&str], rows: &[Row]) -> Option<String> {
    let (before, rest) = text.split_once(&format!("<!-- {table} -->\n"))?;
    let (old, after) = rest.split_once(&format!("<!-- /{table} -->"))?;
    let mut lines: Vec<String> = old.lines().take(2).map(str::to_owned).collect();
    for name in names {
        let start = format!("| `{name}` |");
        let new = rows
            .iter()
            .find(|row| row.name == *name && row.counts.failed == 0);
        lines.extend(match new {
            Some(row) => Some(format!(
                "{start} {} | {} | {} |",
                row.what,
                row.counts.passed,
                row.counts.figures.join("; ")
            )),
            None => old
                .lines()
                .find(|line| line.starts_with(&start))
                .map(str::to_owned),
        });
    }
    let lines = lines.join("\n");
    Some(format!(
        "{before}<!-- {table} -->\n{lines}\n<!-- /{table} -->{after}"
    ))
}

#[cfg(test)]
mod tests {
    use super::{Row, updated};
    use crate::counts::Counts;

    const OLD: &str = "# Proof\n\n<!-- suites -->\n| suite | shows | passed | figures |\n|---|---|---|---|\n\
        | `gone` | nothing | 1 |  |\n| `size` | bytes | 3 |  |\n| `soak` | calls | 4 | 9 calls |\n<!-- /suites -->\n\nMore.\n";

    fn row(name: &'static str, passed: u32, failed: u32) -> Row {
        let figures = vec!["7 calls".into(), "0 wrong".into()];
        let counts = Counts {
            passed,
            failed,
            figures,
        };
        let what = "what";
        Row { name, what, counts }
    }

    #[test]
    fn replaces_what_passed_and_drops_what_is_gone() {
        let names = ["native", "size", "soak"];
        let text = updated(
            OLD,
            "suites",
            &names,
            &[row("soak", 5, 0), row("size", 0, 1)],
        )
        .unwrap();
        assert_eq!(
            text,
            "# Proof\n\n<!-- suites -->\n| suite | shows | passed | figures |\n|---|---|---|---|\n\
             | `size` | bytes | 3 |  |\n| `soak` | what | 5 | 7 calls; 0 wrong |\n<!-- /suites -->\n\nMore.\n"
        );
    }

    #[test]
    fn a_document_without_the_table_is_an_error() {
        assert_eq!(updated("# Proof\n", "suites", &["size"], &[]), None);
    }
}
