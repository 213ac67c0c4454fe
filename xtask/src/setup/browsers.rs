//! The browsers of the tests, with the drivers that Debian has.

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

/// WebKit's driver, and the display that it needs.
pub fn webkit() -> Result<PathBuf> {
    const PROGRAMS: [&str; 2] = ["WebKitWebDriver", "Xvfb"];
    if PROGRAMS
        .iter()
        .any(|program| process::find(program).is_none())
    {
        apt::install(
            &["webkit2gtk-driver", "xvfb"],
            "the full tests drive WebKit",
        )?;
    }
    process::find("WebKitWebDriver").context("WebKit's driver is installed, but not on PATH")
}

/// Finds or installs every browser of the gate.
pub fn all() -> Result<()> {
    chromium()?;
    firefox()?;
    Ok(())
}

fn find(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| process::find(name))
}
