//! Other programs of the system that the tests use.

use anyhow::Result;

use super::apt;
use crate::process;

/// Makes sure of `python3`, which reads ZIP files and SQLite independently of our own code.
pub fn python() -> Result<()> {
    if process::find("python3").is_none() {
        apt::install(
            &["python3"],
            "the tests read ZIP files and SQLite with python3",
        )?;
    }
    Ok(())
}
