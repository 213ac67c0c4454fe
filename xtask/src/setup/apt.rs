//! System packages: installed as root on Debian; elsewhere one sentence says what to run.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::console::say;
use crate::process;

/// Installs Debian packages, or ends with the command that would.
pub fn install(packages: &[&str], why: &str) -> Result<()> {
    let list = packages.join(" ");
    if process::find("apt-get").is_none() {
        bail!("{why}: install {list} (these are Debian's names) and run this command again");
    }
    if !nix::unistd::geteuid().is_root() {
        bail!(
            "{why}: run `apt-get install --no-install-recommends {list}` as root, then this command again"
        );
    }
    say("setup", format!("installing {list} because {why}"));
    process::run(apt_get().args(["update"]))?;
    process::run(
        apt_get()
            .args(["--yes", "--no-install-recommends", "install"])
            .args(packages)
            // A line for each step of each package; errors go to standard error.
            .stdout(Stdio::null()),
    )
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-qq", "-o", "Acquire::Retries=5"]);
    command
}
