//! The limit that the service is measured against: its own insert, into its own file, by one loop and nothing else.
//!
//! `bare_inserts FILE INSERTS PER_COMMIT` adds rows to a database that the service has made, and prints
//! `{"per_second": …, "p50_ms": …, "p99_ms": …}`, where the times are those of one commit.

// A measurement may end in a panic.
#![allow(clippy::indexing_slicing)]

use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params};
use serde_json::json;
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [file, inserts, per_commit] = arguments.as_slice() else {
        return Err("FILE, INSERTS and PER_COMMIT are needed".into());
    };
    let (inserts, per_commit): (usize, usize) = (inserts.parse()?, per_commit.parse()?);

    // The layout and the WAL are kept in the file; how a commit is synced is not.
    let mut connection = Connection::open(file)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Once around the WAL first: a file that still grows costs more to sync.
    insert(&mut connection, inserts, per_commit)?;
    let begun = Instant::now();
    let mut commits = insert(&mut connection, inserts, per_commit)?;
    let whole = begun.elapsed();
    commits.sort();
    let at = |share: usize| commits[commits.len() * share / 100].as_secs_f64() * 1e3;
    println!(
        "{}",
        json!({
            "per_second": (commits.len() * per_commit) as f64 / whole.as_secs_f64(),
            "p50_ms": at(50),
            "p99_ms": at(99),
        })
    );
    Ok(())
}

/// Inserts that many rows and gives the time of each commit.
fn insert(
    connection: &mut Connection,
    inserts: usize,
    per_commit: usize,
) -> Result<Vec<Duration>, Box<dyn Error>> {
    let mut commits = Vec::new();
    for _ in 0..inserts / per_commit {
        let begun = Instant::now();
        let transaction = connection.transaction()?;
        for _ in 0..per_commit {
            let mut bytes = [0; 16];
            getrandom::fill(&mut bytes)?;
            let id = Uuid::from_bytes(bytes);
            transaction
                .prepare_cached("INSERT INTO credentials (id, project_id, description, sha256, create_time) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![
                    id.to_string(),
                    "0123456789abcdef0123456789abcdef",
                    "For test",
                    format!("{}{}", id.simple(), id.simple()),
                    1_785_585_599_120_i64
                ])?;
        }
        transaction.commit()?;
        commits.push(begun.elapsed());
    }
    Ok(commits)
}
