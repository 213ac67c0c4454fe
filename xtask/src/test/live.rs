//! The Rust tests that are compiled to wasm.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::host::Host;
use super::needs::Needs;
use crate::counts::Counts;
use crate::repository::root;
use crate::service::Service;
use crate::setup::{node, toolchain, wasm_bindgen, wasm_pack};
use crate::{cargo, process};

/// Builds the crate as anybody does who has wasm-pack, without the package's flags, and calls its exports.
pub fn run_alone(needs: &Needs) -> Result<Counts> {
    node::packages()?;
    let tools = [wasm_pack()?, wasm_bindgen()?];
    let tools: Vec<&Path> = tools.iter().map(PathBuf::as_path).collect();
    let built = cargo::target_folder()?.join("crate");
    let mut build = Command::new("wasm-pack");
    cargo::forget_run(&mut build);
    toolchain::for_wasm()?.select(&mut build);
    process::run(
        build
            .current_dir(root()?)
            .args(["build", "--mode", "no-install", "--dev", "--target", "web"])
            .args(["--no-pack", "--out-dir"])
            .arg(&built)
            .args(["--", "--locked"])
            .env("PATH", process::path_with(&tools)?),
    )?;
    let mut command = Command::new("node");
    command
        .current_dir(root()?)
        .args(["tests/crate/run.js", "--built"])
        .arg(&built);
    if let Some(word) = &needs.selection.word {
        command.args(["--grep", word]);
    }
    Counts::of_runner(&mut command)
}

/// Runs `tests/live.rs`, compiled to wasm, on `host` against a running service.
pub fn run(needs: &Needs, host: Host) -> Result<Counts> {
    let program = host.program()?;
    // The page's origin must be known before the service starts, so that it lets that origin in.
    let address = format!("127.0.0.1:{}", free_port()?);
    let service = Service::start(|command| {
        command.args(["--allow-origin", &format!("http://{address}")]);
    })?;

    let tools = [vec![wasm_pack()?, wasm_bindgen()?], host.driver()?].concat();
    let tools: Vec<&Path> = tools.iter().map(PathBuf::as_path).collect();
    let path = process::path_with(&tools)?;
    let mut command = Command::new("wasm-pack");
    cargo::forget_run(&mut command);
    toolchain::for_wasm()?.select(&mut command);
    command
        .current_dir(root()?)
        .args(["test", "--mode", "no-install"]);
    match host {
        Host::Node => command.arg("--node"),
        Host::Chromium => command.args(["--headless", "--chrome"]),
        Host::Firefox => command.args(["--headless", "--firefox"]),
    };
    if !matches!(host, Host::Node) {
        // One test file for all hosts: it says nothing of where it runs.
        command.env("WASM_BINDGEN_USE_BROWSER", "1");
    }
    command
        .args([".", "--locked", "--test", "live"])
        .args(&needs.selection.word)
        .env("PATH", path)
        .env("WASM_BINDGEN_TEST_ADDRESS", &address)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            webdriver_settings(host, &program)?,
        )
        .env("NPK_SERVICE", &service.url)
        .env("NPK_TOKEN", &service.token)
        .env("NPK_PROJECT", &service.project_id);
    prompting(&address, || Counts::of_runner(&mut command))
}

/// Connects to the runner's server again and again while something runs. Of connections that come at once, as a browser
/// makes them for a page of many scripts, that server leaves some waiting until it takes another.
fn prompting<T>(address: &str, run: impl FnOnce() -> T) -> T {
    const PAUSE: Duration = Duration::from_millis(100);
    let (sender, ended) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                // Nobody listens before the runner does.
                let _ = TcpStream::connect(address);
            }
        });
        let result = run();
        drop(sender);
        result
    })
}

/// Writes how the browser is to be started, for the wasm test runner; gives the file.
fn webdriver_settings(host: Host, program: &Path) -> Result<PathBuf> {
    let settings = match host {
        Host::Node => json!({}),
        // Chromium refuses its sandbox to root, and has little shared memory in containers.
        Host::Chromium => json!({ "goog:chromeOptions": { "binary": program, "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage",
        ] } }),
        Host::Firefox => {
            json!({ "moz:firefoxOptions": { "binary": program, "args": ["-headless"] } })
        }
    };
    let file = cargo::target_folder()?.join(format!("webdriver-{}.json", host.name()));
    fs::write(&file, settings.to_string())
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no port is free on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}
