//! The suites, in the order in which they run: what fails quickly comes first.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::counts::Counts;
use super::needs::Needs;
use super::supply;
use crate::service::Service;
use crate::setup::wasm::{self, TARGET, host_cargo};
use crate::setup::{browsers, geckodriver, node, programs, python, wasm_bindgen, wasm_pack};
use crate::{bench, cargo, fuzz, mutants, process, root};

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
    suite("format", "rustfmt and Biome have nothing to change", format),
    suite(
        "lint",
        "clippy, for this machine and for wasm32; Biome over the JavaScript",
        lint,
    ),
    suite("docs", "cargo doc without a warning", docs),
    suite("native", "the Rust tests that run on this machine", native),
    suite(
        "supply",
        "what comes in: licences, sources, lock files, unused packages; with --full also that two builds are equal",
        supply::run,
    ),
    suite("types", "the declarations, by tsc", |needs| {
        runner(needs, "types", None)
    }),
    suite(
        "contract",
        "the API pages in the client, the service and its description, which drives the service",
        |needs| contract(needs, 300),
    ),
    full(suite(
        "contract-long",
        "the same with 10,000 requests",
        |needs| contract(needs, 10_000),
    )),
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
    suite(
        "faults",
        "every fault of a connection in every call, on Node",
        |needs| runner(needs, "faults", Some(Host::Node)),
    ),
    full(suite(
        "faults-everywhere",
        "the same on Node, in Chromium, in Firefox and in WebKit, for the table of the docs",
        faults_everywhere,
    )),
    suite("page", "the page in Chromium", |needs| {
        page(needs, Host::Chromium)
    }),
    suite(
        "soak",
        "mixed calls on Node and in Chromium that leave nothing behind; a million with --full",
        soak,
    ),
    full(suite(
        "holding",
        "the service killed at random moments, 50 times in 10,000 calls over 64 connections",
        holding,
    )),
    full(suite(
        "disks",
        "the service on a disk that is full, and on one that turns read-only; this mounts filesystems, as root",
        disks,
    )),
    full(suite("page-firefox", "the same in Firefox", |needs| {
        page(needs, Host::Firefox)
    })),
    full(suite("page-webkit", "the same in WebKit", page_in_webkit)),
    full(suite(
        "mutants",
        "every third fault in the rules, each of which a native test should find",
        |_| mutants::run(&mutants::Selection::third()),
    )),
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
        "fuzz",
        "half a minute of search for input that breaks a rule, for each target",
        |_| fuzz::search(&fuzz::targets()?, 30),
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
pub enum Host {
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
    let mut counts = Counts::of_check(process::run(&mut fmt));

    let mut fmt = host_cargo();
    fmt.current_dir(root()?.join("tests/fuzz"))
        .args(["fmt", "--check"]);
    counts += Counts::of_check(process::run(&mut fmt));

    let mut biome = Command::new(node::packages()?.join(".bin/biome"));
    biome.current_dir(root()?).arg("format");
    counts += Counts::of_check(process::run(&mut biome));
    Ok(counts)
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

    let mut biome = Command::new(node::packages()?.join(".bin/biome"));
    biome
        .current_dir(root()?)
        .args(["lint", "--error-on-warnings"]);
    counts += Counts::of_check(process::run(&mut biome));

    // Nobody else here says --locked to the workspace of the fuzz targets.
    let mut lock = host_cargo();
    lock.current_dir(root()?.join("tests/fuzz")).args([
        "metadata",
        "--locked",
        "--format-version=1",
    ]);
    counts += Counts::of_check(process::run_quietly(&mut lock));
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
    programs::faketime()?;
    let mut test = host_cargo();
    test.current_dir(root()?)
        .args(["test", "--locked", "--no-fail-fast"])
        .args(WORKSPACE)
        // Few containers let anyone mount; there a limit on the file's size is the full disk.
        .args(["--", "--skip", "disks::"]);
    Counts::of_runner(&mut test)
}

fn disks(_: &mut Needs) -> Result<Counts> {
    Counts::of_runner(&mut service_tests("disks::")?)
}

/// What the native suite does with a tenth of the calls.
fn holding(_: &mut Needs) -> Result<Counts> {
    // The seed and the counts are to be seen.
    let mut test = service_tests("kills::")?;
    Counts::of_runner(test.arg("--nocapture").env("KILLS_CALLS", "10000"))
}

/// The service's tests whose names begin so.
fn service_tests(name: &str) -> Result<Command> {
    let mut test = host_cargo();
    test.current_dir(root()?)
        .args(["test", "--locked", "--package", "node-provider-service"])
        .args(["--test", "service", "--", name]);
    Ok(test)
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
    let mut command = command_with_browsers(needs, "runtimes")?;
    Counts::of_runner(with_tools(&mut command, "runtimes")?)
}

fn faults_everywhere(needs: &mut Needs) -> Result<Counts> {
    let mut command = command_with_browsers(needs, "faults")?;
    Counts::of_runner(command.args(["--browser", "node,chromium,firefox,webkit", "--record"]))
}

/// A runner that drives every browser.
fn command_with_browsers(needs: &mut Needs, suite: &str) -> Result<Command> {
    browsers::all()?;
    browsers::webkit()?;
    let drivers = geckodriver()?;
    let mut command = runner_command(needs, suite, None)?;
    command.env("PATH", process::path_with(&[&drivers])?);
    Ok(command)
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

/// Runs `tests/contract`, with so many requests at least that are made up from the service's description.
fn contract(needs: &mut Needs, examples: u32) -> Result<Counts> {
    let mut command = runner_command(needs, "contract", None)?;
    command
        .arg("--tools")
        .arg(node::packages_of("tests/contract")?)
        .arg("--python")
        .arg(python::programs_of("contract")?)
        .args(["--examples", &examples.to_string()]);
    Counts::of_runner(&mut command)
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

fn soak(needs: &mut Needs) -> Result<Counts> {
    let mut command = runner_command(needs, "soak", None)?;
    browsers::chromium()?;
    if needs.full {
        command.arg("--full");
    }
    Counts::of_runner(&mut command)
}

/// Runs `tests/<suite>/run.js`.
pub fn runner(needs: &mut Needs, suite: &str, host: Option<Host>) -> Result<Counts> {
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
