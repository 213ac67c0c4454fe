//! The local service with the page, to look at; or the same once through on Node, without a person.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::service::{Service, with_page};
use crate::{package, process, root, say};

/// A user's program: makes a key, opens its file, revokes it.
const CHECK: &str = include_str!("check.mjs");

/// Serves the page and prints one URL that opens it ready to use, until Ctrl-C.
pub fn serve() -> Result<()> {
    package::publishable()?;
    let mut service = Service::start(with_page(root()?))?;
    say("demo", "open this page; Ctrl-C ends it");
    println!(
        "{}/#token={}&projectId={}",
        service.url, service.token, service.project_id
    );
    service.wait()?;
    if !process::is_ending() {
        anyhow::bail!("the service ended by itself");
    }
    Ok(())
}

/// Makes a key through the installed package on Node, opens its file and revokes it.
pub fn check() -> Result<()> {
    let tarball = package::pack(&package::publishable()?)?;
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    package::install(&tarball, folder.path())?;
    let script = folder.path().join("check.mjs");
    fs::write(&script, CHECK)?;
    let service = Service::start(|_| ())?;
    process::run(
        Command::new("node")
            .arg(script)
            .env("ENDPOINT", &service.url)
            .env("TOKEN", &service.token)
            .env("PROJECT_ID", &service.project_id),
    )
}
