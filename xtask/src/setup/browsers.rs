//! The browsers of the tests, and Chromium's driver.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::apt;
use crate::process;

const CHROMIUM: [&str; 3] = ["chromium", "google-chrome", "chrome"];
const FIREFOX: [&str; 2] = ["firefox-esr", "firefox"];

/// Chromium, with `chromedriver` on `PATH`.
pub fn chromium() -> Result<PathBuf> {
    if find(&CHROMIUM).is_none() || process::find("chromedriver").is_none() {
        apt::install(
            &["chromium", "chromium-driver"],
            "the tests drive Chromium with ChromeDriver",
        )?;
    }
    find(&CHROMIUM).context("Chromium is installed, but not on PATH")
}

/// Firefox.
pub fn firefox() -> Result<PathBuf> {
    if find(&FIREFOX).is_none() {
        apt::install(&["firefox-esr"], "the tests drive Firefox")?;
    }
    find(&FIREFOX).context("Firefox is installed, but not on PATH")
}

/// Finds or installs every browser.
pub fn all() -> Result<()> {
    chromium()?;
    firefox()?;
    Ok(())
}

fn find(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| process::find(name))
}
