//! The suites, in the order in which they run: what fails quickly comes first.

use anyhow::Result;

use super::host::Host;
use super::needs::Needs;
use super::{checks, live, native, runners, supply};
use crate::counts::Counts;
use crate::{fuzz, mutants};

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
    suite(
        "format",
        "rustfmt and Biome have nothing to change",
        checks::format,
    ),
    suite(
        "lint",
        "clippy, for this machine and for wasm32; Biome over the JavaScript",
        checks::lint,
    ),
    suite("rustdoc", "cargo doc without a warning", checks::rustdoc),
    suite(
        "native",
        "the Rust tests that run on this machine",
        native::everything,
    ),
    suite(
        "supply",
        "what comes in: licences, sources, lock files, unused packages; with --full also that two builds are equal",
        supply::run,
    ),
    suite("types", "the declarations, by tsc", |needs| {
        runners::run(needs, "types", None)
    }),
    suite(
        "contract",
        "the API pages in the client, the service and its description, which drives the service",
        |needs| runners::contract(needs, 300),
    ),
    full(suite(
        "contract-long",
        "the same with 10,000 requests",
        |needs| runners::contract(needs, 10_000),
    )),
    suite(
        "size",
        "what a browser downloads, against its budget",
        runners::size,
    ),
    suite(
        "package",
        "the packed package on Node, by import and by require, and bundled in Chromium",
        |needs| runners::run(needs, "package", Some(Host::Chromium)),
    ),
    suite(
        "live-node",
        "the client as wasm against the service, on Node",
        |_| live::run(Host::Node),
    ),
    suite("live-chromium", "the same in Chromium", |_| {
        live::run(Host::Chromium)
    }),
    suite("live-firefox", "the same in Firefox", |_| {
        live::run(Host::Firefox)
    }),
    suite(
        "guarantees-node",
        "what the package promises, on Node",
        |needs| runners::guarantees(needs, Host::Node),
    ),
    suite("guarantees-chromium", "the same in Chromium", |needs| {
        runners::guarantees(needs, Host::Chromium)
    }),
    suite("guarantees-firefox", "the same in Firefox", |needs| {
        runners::guarantees(needs, Host::Firefox)
    }),
    suite(
        "faults",
        "every fault of a connection in every call, on Node",
        |needs| runners::run(needs, "faults", Some(Host::Node)),
    ),
    full(suite(
        "faults-everywhere",
        "the same on Node, in Chromium, in Firefox and in WebKit, for the table of the docs",
        runners::faults_everywhere,
    )),
    suite("page", "the page in Chromium", |needs| {
        runners::page(needs, Host::Chromium)
    }),
    suite(
        "soak",
        "mixed calls on Node and in Chromium that leave nothing behind; a million with --full",
        runners::soak,
    ),
    full(suite(
        "kills",
        "the service killed at random moments, 50 times in 10,000 calls over 64 connections",
        native::kills,
    )),
    full(suite(
        "disks",
        "the service on a disk that is full, and on one that turns read-only; this mounts filesystems, as root",
        native::disks,
    )),
    full(suite("page-firefox", "the same in Firefox", |needs| {
        runners::page(needs, Host::Firefox)
    })),
    full(suite(
        "page-webkit",
        "the same in WebKit",
        runners::page_in_webkit,
    )),
    full(suite(
        "mutants",
        "every third fault in the rules, each of which a native test should find",
        |_| mutants::run(&mutants::Selection::third()),
    )),
    full(suite(
        "runtimes",
        "the packed package on Node, Deno, Bun, workerd, in three browser engines and two test runners",
        runners::runtimes,
    )),
    full(suite(
        "bundlers",
        "the packed package through every bundler, built and in dev mode, then run",
        runners::bundlers,
    )),
    full(suite(
        "fuzz",
        "half a minute of search for input that breaks a rule, for each target",
        |_| fuzz::search(&fuzz::targets()?, 30),
    )),
    full(suite(
        "relaying",
        "the relay that the docs make of nginx",
        runners::relaying,
    )),
];
