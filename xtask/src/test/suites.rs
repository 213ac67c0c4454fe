//! The suites, in the order in which they run: what fails quickly comes first.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::counts::Counts;
use super::needs::Needs;
use crate::service::Service;
use crate::setup::wasm::{self, TARGET, host_cargo};
use crate::setup::{browsers, geckodriver, node, programs, wasm_bindgen, wasm_pack};
use crate::{bench, cargo, process, root};

/// A suite.
pub struct Suite {
    pub name: &'static str,
    pub what: &'static str,
    /// Whether the gate leaves it out, for its length.
    pub only_in_full: bool,
    pub run: fn(&mut Needs) -> Result<Counts>,
}

const fn suite(
    name: &'static str,
    what: &'static str,
    run: fn(&mut Needs) -> Result<Counts>,
) -> Suite {
    Suite {
        name,
        what,
        only_in_full: false,
        run,
    }
}

const fn full(suite: Suite) -> Suite {
    Suite {
        only_in_full: true,
        ..suite
    }
}

/// Every suite.
pub const ALL: &[Suite] = &[
    suite("format", "cargo fmt --check", format),
    suite("lint", "clippy, for this machine and for wasm32", lint),
    suite("docs", "cargo doc without a warning", docs),
    suite("native", "the Rust tests that run on this machine", native),
    suite("types", "the declarations, by tsc", |needs| {
        runner(needs, "types", None)
    }),
    suite(
        "size",
        "what a browser downloads, against its budget",
        |needs| {
            node::packages()?;
            Counts::of_runner(&mut bench::weigh(&needs.consumer()?)?)
        },
    ),
    suite(
        "package",
        "the packed package on Node, by import and by require, and bundled in Chromium",
        |needs| runner(needs, "package", Some(Host::Chromium)),
    ),
    suite(
        "live-node",
        "the client as wasm against the service, on Node",
        |_| live(Host::Node),
    ),
    suite("live-chromium", "the same in Chromium", |_| {
        live(Host::Chromium)
    }),
    suite("live-firefox", "the same in Firefox", |_| {
        live(Host::Firefox)
    }),
    suite(
        "guarantees-node",
        "what the package promises, on Node",
        |needs| guarantees(needs, Host::Node),
    ),
    suite("guarantees-chromium", "the same in Chromium", |needs| {
        guarantees(needs, Host::Chromium)
    }),
    suite("guarantees-firefox", "the same in Firefox", |needs| {
        guarantees(needs, Host::Firefox)
    }),
    suite("page", "the page in Chromium", |needs| {
        page(needs, Host::Chromium)
    }),
    full(suite("page-firefox", "the same in Firefox", |needs| {
        page(needs, Host::Firefox)
    })),
    full(suite("page-webkit", "the same in WebKit", page_in_webkit)),
    full(suite(
        "runtimes",
        "the packed package on Node, Deno, Bun, workerd, in three browser engines and two test runners",
        runtimes,
    )),
    full(suite(
        "bundlers",
        "the packed package through every bundler, built and in dev mode, then run",
        bundlers,
    )),
    full(suite(
        "relaying",
        "the relay that the docs make of nginx",
        |needs| {
            let nginx = programs::nginx()?;
            Counts::of_runner(runner_command(needs, "relaying", None)?.env("NGINX", nginx))
        },
    )),
];

/// The tools crate holds two calls and a hundred dependencies: not worth compiling once more.
const WORKSPACE: [&str; 3] = ["--workspace", "--exclude", "xtask-tools"];
const CLIENT: [&str; 2] = ["--package", "node-provider-keys"];

/// Where tests run.
#[derive(Clone, Copy)]
enum Host {
    Node,
    Chromium,
    Firefox,
}

impl Host {
    fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// Finds or installs the host; gives its program.
    fn program(self) -> Result<PathBuf> {
        match self {
            Self::Node => Ok(PathBuf::from("node")),
            Self::Chromium => browsers::chromium(),
            Self::Firefox => browsers::firefox(),
        }
    }

    /// Folders with what drives the host.
    fn driver(self) -> Result<Vec<PathBuf>> {
        match self {
            Self::Node | Self::Chromium => Ok(Vec::new()),
            Self::Firefox => Ok(vec![geckodriver()?]),
        }
    }
}

fn format(_: &mut Needs) -> Result<Counts> {
    programs::rustfmt_and_clippy()?;
    let mut fmt = host_cargo();
    fmt.current_dir(root()?).args(["fmt", "--all", "--check"]);
    Ok(Counts::of_check(process::run(&mut fmt)))
}

fn lint(_: &mut Needs) -> Result<Counts> {
    programs::rustfmt_and_clippy()?;
    let mut native = host_cargo();
    native
        .current_dir(root()?)
        .args(["clippy", "--locked", "--all-targets"]);
    native.args(WORKSPACE).args(["--", "-Dwarnings"]);
    let mut counts = Counts::of_check(process::run(&mut native));

    let mut wasm = wasm::toolchain()?.cargo();
    wasm.current_dir(root()?)
        .args(["clippy", "--locked", "--target", TARGET]);
    wasm.args(CLIENT)
        .args(["--lib", "--all-features", "--test", "live"]);
    wasm.args(["--", "-Dwarnings"])
        .env("NPK_SERVICE", "")
        .env("NPK_TOKEN", "")
        .env("NPK_PROJECT", "");
    counts += Counts::of_check(process::run(&mut wasm));
    Ok(counts)
}

fn docs(_: &mut Needs) -> Result<Counts> {
    let mut doc = host_cargo();
    doc.current_dir(root()?)
        .args(["doc", "--locked", "--no-deps"])
        .args(WORKSPACE);
    Ok(Counts::of_check(process::run(
        doc.env("RUSTDOCFLAGS", "-Dwarnings"),
    )))
}

fn native(_: &mut Needs) -> Result<Counts> {
    let mut test = host_cargo();
    test.current_dir(root()?)
        .args(["test", "--locked", "--no-fail-fast"]);
    Counts::of_runner(test.args(WORKSPACE))
}

/// Runs `tests/live.rs`, compiled to wasm, on `host` against a running service.
fn live(host: Host) -> Result<Counts> {
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
    wasm::forget_cargo_run(&mut command);
    wasm::toolchain()?.select(&mut command);
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
    Counts::of_runner(
        command
            .args([".", "--locked", "--test", "live"])
            .env("PATH", path)
            .env("WASM_BINDGEN_TEST_ADDRESS", &address)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
            .env(
                "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
                webdriver_settings(host, &program)?,
            )
            .env("NPK_SERVICE", &service.url)
            .env("NPK_TOKEN", &service.token)
            .env("NPK_PROJECT", &service.project_id),
    )
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

fn guarantees(needs: &mut Needs, host: Host) -> Result<Counts> {
    let trap = needs.trap_consumer()?;
    let mut command = runner_command(needs, "guarantees", Some(host))?;
    Counts::of_runner(command.arg("--trap-pkg").arg(trap))
}

fn runtimes(needs: &mut Needs) -> Result<Counts> {
    browsers::all()?;
    browsers::webkit()?;
    let drivers = geckodriver()?;
    let mut command = runner_command(needs, "runtimes", None)?;
    command.env("PATH", process::path_with(&[&drivers])?);
    Counts::of_runner(with_tools(&mut command, "runtimes")?)
}

fn bundlers(needs: &mut Needs) -> Result<Counts> {
    browsers::chromium()?;
    let mut command = runner_command(needs, "bundlers", None)?;
    Counts::of_runner(with_tools(&mut command, "bundlers")?)
}

/// Tells a runner where its heavy packages are, and to write into the docs what ran.
fn with_tools<'a>(command: &'a mut Command, suite: &str) -> Result<&'a mut Command> {
    Ok(command
        .arg("--tools")
        .arg(node::packages_of(&format!("tests/{suite}"))?)
        .arg("--record"))
}

fn page(needs: &mut Needs, host: Host) -> Result<Counts> {
    programs::python()?;
    runner(needs, "page", Some(host))
}

fn page_in_webkit(needs: &mut Needs) -> Result<Counts> {
    programs::python()?;
    browsers::webkit()?;
    Counts::of_runner(runner_command(needs, "page", None)?.args(["--browser", "webkit"]))
}

/// Runs `tests/<suite>/run.js`.
fn runner(needs: &mut Needs, suite: &str, host: Option<Host>) -> Result<Counts> {
    Counts::of_runner(&mut runner_command(needs, suite, host)?)
}

fn runner_command(needs: &mut Needs, suite: &str, host: Option<Host>) -> Result<Command> {
    node::packages()?;
    let mut command = Command::new("node");
    command
        .current_dir(root()?)
        .arg(format!("tests/{suite}/run.js"))
        .arg("--pkg")
        .arg(needs.consumer()?)
        .arg("--service")
        .arg(needs.service()?);
    if let Some(host) = host {
        host.program()?;
        let drivers = host.driver()?;
        let drivers: Vec<&Path> = drivers.iter().map(PathBuf::as_path).collect();
        command
            .args(["--browser", host.name()])
            .env("PATH", process::path_with(&drivers)?);
    }
    Ok(command)
}
