//! The service's own figures: its creates beside bare SQLite, its lists by how many keys there are, its relay beside nginx.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::repository::root;
use crate::setup::programs;
use crate::{cargo, process, proof};

/// The connections and creates of which the 99th percentile is taken, and the queue that Linux long had.
const CROWD: [&str; 6] = [
    "--connections",
    "512",
    "--creates",
    "5120",
    "--queue",
    "128",
];

/// Measures a release build and writes the figures into docs/proof.md.
pub fn run() -> Result<ExitCode> {
    let programs = Programs::build()?;
    let mut rows = vec!["| measured | figure |".to_owned(), "|---|---|".to_owned()];
    for measure in [inserts, queue, lists, relays] {
        rows.extend(measure(&programs)?.into_iter().map(|(what, figure)| {
            let row = format!("| {what} | {figure} |");
            println!("{row}");
            row
        }));
    }
    proof::record_figures(&rows)?;
    Ok(ExitCode::SUCCESS)
}

/// What was measured, and what came out.
type Rows = Vec<(String, String)>;

/// The service and what it is measured by, each with the option that takes it.
const OPTIONS: [(&str, &str); 3] = [
    ("--service", "node-provider-service"),
    ("--limit", "bare_inserts"),
    ("--load", "creates"),
];

/// The service and its examples, built for speed, by their names.
pub struct Programs(BTreeMap<String, PathBuf>);

impl Programs {
    /// Builds them.
    pub fn build() -> Result<Self> {
        cargo::build_service_for_speed().map(Self)
    }

    /// Tells a program of `xtask/bench` where they are.
    pub fn tell(&self, command: &mut Command) -> Result<()> {
        for (option, name) in OPTIONS {
            command.arg(option).arg(self.get(name)?);
        }
        Ok(())
    }

    fn get(&self, name: &str) -> Result<&PathBuf> {
        let program = self.0.get(name);
        program.with_context(|| format!("cargo built no {name}"))
    }

    /// What `xtask/bench/service.js` says; `before` are the program and arguments that start it.
    fn bench(&self, before: &[&str], arguments: &[&str]) -> Result<Value> {
        let [first, more @ ..] = before else {
            bail!("nothing starts it");
        };
        let mut command = Command::new(first);
        command.args(more).current_dir(root()?);
        command.args(["xtask/bench/service.js", "--folder"]);
        command.arg(cargo::target_folder()?);
        self.tell(&mut command)?;
        let mut said = documents(command.args(arguments))?;
        said.pop().context("nothing was measured")
    }

    /// What an example says of the service.
    fn example(&self, name: &str) -> Result<Vec<Value>> {
        documents(Command::new(self.get(name)?).arg(self.get("node-provider-service")?))
    }
}

/// The lines of JSON that a program prints.
fn documents(command: &mut Command) -> Result<Vec<Value>> {
    let text = process::output(command)?;
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().context("not JSON")
}

fn inserts(programs: &Programs) -> Result<Rows> {
    let told = programs.bench(&["node"], &[])?;
    let rounds = number(&told, "rounds")?;
    Ok(vec![
        (
            format!(
                "creates a second over 64 connections, each answered once it is synced, as a ratio to bare inserts into the \
                 same file, each synced; {rounds} rounds"
            ),
            spread(&told, "ratio", "ratio_spread")?,
        ),
        (
            "the same as a ratio to bare inserts of which 64 are synced together".to_owned(),
            spread(&told, "ratio_to_grouped_inserts", "ratio_to_grouped_spread")?,
        ),
    ])
}

/// In a network namespace of its own, the limit of queues can be set without changing the machine.
fn queue(programs: &Programs) -> Result<Rows> {
    let alone = [
        "unshare",
        "--net",
        "sh",
        "-c",
        "ip link set lo up && exec node \"$@\"",
        "sh",
    ];
    let told = programs.bench(&alone, &[&CROWD[..], &["--rounds", "5"]].concat());
    let told = told.context("a network namespace of its own takes root, and `ip` of iproute2")?;
    Ok(vec![
        (
            "99th percentile of creates over 512 connections at once, as a ratio to that with a queue of 128; 5 rounds".to_owned(),
            spread(&told, "p99_ratio", "p99_ratio_spread")?,
        ),
        (
            "creates a second over them, as a ratio to the same".to_owned(),
            spread(&told, "rate_ratio", "rate_ratio_spread")?,
        ),
    ])
}

fn lists(programs: &Programs) -> Result<Rows> {
    let mut rows = Vec::new();
    for told in programs.example("lists")? {
        let [keys, answered, at_once, log] =
            ["keys", "answered", "at_once", "log_mib"].map(|name| number(&told, name));
        rows.push((
            format!("a list of 100 where there are {} keys", grouped(&keys?)),
            format!(
                "{:.2} times as long as at 1,000; {} of {} at once answered; a log of {} MiB",
                ratio(&told, "ratio")?,
                answered?,
                at_once?,
                log?
            ),
        ));
    }
    Ok(rows)
}

fn relays(programs: &Programs) -> Result<Rows> {
    let nginx = programs::nginx()?;
    let path = process::path_with(&[nginx.parent().context("nginx is nowhere")?])?;
    let mut command = Command::new(programs.get("relays")?);
    command.env("PATH", path);
    let told = documents(command.arg(programs.get("node-provider-service")?))?;
    let told = told.first().context("nothing was measured")?;
    Ok(vec![
        (
            "a call through the relay, as a ratio to the same through nginx".to_owned(),
            format!("{:.2}", ratio(told, "ratio")?),
        ),
        (
            "memory that a relay's connection holds for a client that reads nothing".to_owned(),
            format!("{} KiB", number(told, "connection_kib")?),
        ),
    ])
}

fn number(told: &Value, name: &str) -> Result<String> {
    let number = told.get(name).and_then(Value::as_u64);
    Ok(number.with_context(|| format!("no {name}"))?.to_string())
}

fn ratio(told: &Value, name: &str) -> Result<f64> {
    let ratio = told.get(name).and_then(Value::as_f64);
    ratio.with_context(|| format!("no {name}"))
}

/// A median with the lowest and the highest.
fn spread(told: &Value, name: &str, ends: &str) -> Result<String> {
    let [low, high] = [0, 1].map(|at| {
        told.pointer(&format!("/{ends}/{at}"))
            .and_then(Value::as_f64)
    });
    let (low, high) = low.zip(high).with_context(|| format!("no {ends}"))?;
    Ok(format!("{:.2} ({low:.2}–{high:.2})", ratio(told, name)?))
}

/// With commas between thousands.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{grouped, spread};

    #[test]
    fn numbers_are_written_as_people_read_them() {
        let written = ["1", "999", "1000", "1000000"].map(grouped);
        assert_eq!(written, ["1", "999", "1,000", "1,000,000"]);
        let told = json!({"ratio": 0.123, "ends": [0.1, 2]});
        assert_eq!(spread(&told, "ratio", "ends").unwrap(), "0.12 (0.10–2.00)");
        assert!(spread(&told, "ratio", "none").is_err());
    }
}
