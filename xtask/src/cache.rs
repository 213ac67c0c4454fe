//! The user's cache folder: built tools are kept there by version, so that a fresh clone finds them.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

const NAME: &str = "node-provider-keys";

/// The folder of ours called `name` in the user's cache folder; made when it is missing.
pub fn folder(name: &str) -> Result<PathBuf> {
    let folder = user_cache()?.join(NAME).join(name);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    Ok(folder)
}

fn user_cache() -> Result<PathBuf> {
    if let Some(path) = env::var_os("XDG_CACHE_HOME").map(PathBuf::from)
        && path.is_absolute()
    {
        return Ok(path);
    }
    let home = env::home_dir().context("the home folder is unknown: set HOME")?;
    let below = if cfg!(target_os = "macos") {
        "Library/Caches"
    } else {
        ".cache"
    };
    Ok(home.join(below))
}
