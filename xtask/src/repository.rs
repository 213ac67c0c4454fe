//! Where the sources are.

use std::path::Path;

use anyhow::{Context, Result};

/// The top folder of the repository.
pub fn root() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask is not in a repository")
}
