//! The local service, or a relay to the real one, with the page, to look at; or the former once through on Node, without
//! a person.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::console::say;
use crate::repository::root;
use crate::service::{Relay, Service, random_hex, with_page};
use crate::{package, process};

/// A user's program: makes a key, opens its file, revokes it.
const CHECK: &str = include_str!("check.mjs");

/// Serves the page and prints one URL that opens it ready to use, until Ctrl-C. Its code is good once and for 10 minutes:
/// what the browser's history keeps of it opens nothing.
pub fn serve() -> Result<()> {
    package::publishable()?;
    let code = random_hex(16)?;
    let page = with_page(root()?);
    let mut service = Service::start(|command| {
        page(command);
        command.env("NODE_PROVIDER_DEMO_CODE", &code);
    })?;
    say(
        "demo",
        "open this page, once and within 10 minutes; Ctrl-C ends it",
    );
    println!("{}/#code={code}", service.url);
    service.wait()?;
    asked_to_end()
}

/// Serves the page and relays its calls to the real service at `upstream`, and sign-ins to `iam`, until Ctrl-C. The address that it prints
/// holds no token: whoever opens the page pastes their own.
pub fn relay(upstream: &str, iam: Option<&str>, ca: Option<&Path>) -> Result<()> {
    package::publishable()?;
    let mut relay = Relay::start(upstream, iam, ca, with_page(root()?))?;
    say(
        "demo",
        "open this page and paste a token; Ctrl-C ends it. Its keys are real",
    );
    println!("{}/", relay.url);
    relay.wait()?;
    asked_to_end()
}

fn asked_to_end() -> Result<()> {
    if !process::is_ending() {
        bail!("the service ended by itself");
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
