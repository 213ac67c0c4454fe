//! `docs/proof.md`: runs write there what they counted, in tables between markers.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::counts::Counts;
use crate::process;
use crate::repository::root;
use crate::setup::browsers;

/// What ran: what it is called, what it shows, and what it counted.
pub struct Row {
    pub name: &'static str,
    pub what: &'static str,
    pub counts: Counts,
}

/// A command apart from the suites: what it is called and what it shows.
pub type Apart = (&'static str, &'static str);

pub const MUTANTS: Apart = ("cargo xtask mutants", "faults put into the rules");
pub const MUTANTS_HOST: Apart = (
    "cargo xtask mutants --host",
    "faults put into what touches JavaScript",
);
pub const MUTANTS_SCRIPTS: Apart = (
    "cargo xtask mutants --scripts",
    "faults put into the package's scripts",
);

/// Writes the service's figures, and the day.
pub fn record_figures(lines: &[String]) -> Result<()> {
    let day = format!("\nMeasured on {}.", today()?);
    rewrite("service", |_| lines.join("\n") + "\n" + &day)
}

/// Writes what such a command counted, and the day, if it passed.
pub fn record_command((name, what): Apart, mut counts: Counts) -> Result<()> {
    counts.figures.push(format!("on {}", today()?));
    let names = [MUTANTS, MUTANTS_HOST, MUTANTS_SCRIPTS].map(|(name, _)| name);
    rewrite("commands", |old| {
        table(old, &names, &passed(&[Row { name, what, counts }]))
    })
}

/// Writes how often a search ran one of the targets, for how many seconds of processor, and the day.
pub fn record_search(
    targets: &[String],
    target: &str,
    executions: u64,
    seconds: u64,
) -> Result<()> {
    let names: Vec<_> = targets.iter().map(String::as_str).collect();
    let cells = format!("{executions} | {seconds} | {}", today()?);
    rewrite("fuzz", |old| table(old, &names, &[(target, cells)]))
}

/// Writes what a whole run of the suites counted: the day, the sum, what failed, the versions, and a row for each suite
/// that passed.
pub fn record_run(rows: &[Row], total: &Counts) -> Result<()> {
    let names: Vec<_> = rows.iter().map(|row| row.name).collect();
    let failed: Vec<_> = rows
        .iter()
        .filter(|row| row.counts.failed > 0)
        .map(|row| format!(", in `{}`", row.name))
        .collect();
    let run = format!(
        "On {}: {total}{}, with {}.",
        today()?,
        failed.concat(),
        versions()?
    );
    rewrite("run", |_| run)?;
    // No row of another run stays.
    rewrite("suites", |old| table(head(old), &names, &passed(rows)))
}

fn today() -> Result<String> {
    let day = process::output(Command::new("date").args(["--utc", "+%F"]))?;
    Ok(day.trim().to_owned())
}

/// What the suites ran with, each as it calls itself.
fn versions() -> Result<String> {
    browsers::webkit()?;
    let mut webkit = Command::new("dpkg-query");
    webkit.args(["--show", "--showformat=${Version}", "webkit2gtk-driver"]);
    Ok([
        version(Path::new("rustc"))?,
        format!("Node {}", version(Path::new("node"))?),
        version(&browsers::chromium()?)?,
        version(&browsers::firefox()?)?,
        format!("WebKitGTK {}", process::output(&mut webkit)?),
    ]
    .join(", "))
}

fn version(program: &Path) -> Result<String> {
    let text = process::output(Command::new(program).arg("--version"))?;
    Ok(text.trim().to_owned())
}

/// Puts what `new` makes of the text between `<!-- part -->` and `<!-- /part -->` in its place.
fn rewrite(part: &str, new: impl FnOnce(&str) -> String) -> Result<()> {
    let path = root()?.join("docs/proof.md");
    let text = fs::read_to_string(&path).context("cannot read docs/proof.md")?;
    let text = updated(&text, part, new)
        .with_context(|| format!("docs/proof.md has no place for {part}"))?;
    fs::write(&path, text).context("cannot write docs/proof.md")
}

fn updated(text: &str, part: &str, new: impl FnOnce(&str) -> String) -> Option<String> {
    let (before, rest) = text.split_once(&format!("<!-- {part} -->\n"))?;
    let (old, after) = rest.split_once(&format!("<!-- /{part} -->"))?;
    let new = new(old);
    Some(format!(
        "{before}<!-- {part} -->\n{new}\n<!-- /{part} -->{after}"
    ))
}

/// The two lines over the rows of a table.
fn head(table: &str) -> &str {
    let end = table.match_indices('\n').nth(1);
    table
        .get(..end.map_or(table.len(), |(at, _)| at))
        .unwrap_or_default()
}

/// What passed: its name, and the other cells of its row.
fn passed(rows: &[Row]) -> Vec<(&str, String)> {
    let passed = rows.iter().filter(|row| row.counts.failed == 0);
    passed
        .map(|Row { name, what, counts }| {
            let figures = counts.figures.join("; ");
            (*name, format!("{what} | {} | {figures}", counts.passed))
        })
        .collect()
}

/// A table with the new rows, in the order of `names`; for the others that it had their old rows.
fn table(old: &str, names: &[&str], new: &[(&str, String)]) -> String {
    let mut lines: Vec<String> = head(old).lines().map(str::to_owned).collect();
    for name in names {
        let start = format!("| `{name}` |");
        lines.extend(match new.iter().find(|(of, _)| of == name) {
            Some((_, cells)) => Some(format!("{start} {cells} |")),
            None => old
                .lines()
                .find(|line| line.starts_with(&start))
                .map(str::to_owned),
        });
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Row, head, passed, table, updated};
    use crate::counts::Counts;

    const HEAD: &str = "| suite | shows | passed | figures |\n|---|---|---|---|";
    const ROWS: &str = "| `gone` | nothing | 1 |  |\n| `size` | bytes | 3 |  |\n| `soak` | calls | 4 | 9 calls |\n";

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
        let new = table(
            &format!("{HEAD}\n{ROWS}"),
            &["native", "size", "soak"],
            &passed(&[row("soak", 5, 0), row("size", 0, 1)]),
        );
        assert_eq!(
            new,
            format!("{HEAD}\n| `size` | bytes | 3 |  |\n| `soak` | what | 5 | 7 calls; 0 wrong |")
        );
    }

    #[test]
    fn a_whole_run_keeps_no_row_of_another() {
        let old = format!("{HEAD}\n{ROWS}");
        let new = table(head(&old), &["size"], &passed(&[row("size", 0, 1)]));
        assert_eq!(new, HEAD);
    }

    #[test]
    fn changes_nothing_but_what_is_between_the_markers() {
        let text = "# Proof\n\n<!-- run -->\nold\n<!-- /run -->\n\nMore.\n";
        assert_eq!(
            updated(text, "run", |_| "new".into()).as_deref(),
            Some("# Proof\n\n<!-- run -->\nnew\n<!-- /run -->\n\nMore.\n")
        );
        assert_eq!(updated(text, "suites", str::to_owned), None);
    }
}
