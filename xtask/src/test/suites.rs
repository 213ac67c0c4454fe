//! The suites, in the order in which they run: what fails quickly comes first.

use anyhow::Result;

use super::host::Host;
use super::needs::Needs;
use super::{checks, live, native, runners, supply};
use crate::counts::Counts;
use crate::{fuzz, mutants};

/// When a suite runs that nobody names; each has those before it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// After every change to the client.
    Quick,
    Gate,
    /// The gate leaves it out, for its length.
    Full,
}

/// A suite.
pub struct Suite {
    pub name: &'static str,
    pub what: &'static str,
    pub when: When,
    /// Whether it needs the package as it is published, or writes down how that did.
    pub is_of_published: bool,
    /// Whether it can be told to run only the tests with a word in their names.
    pub takes_word: bool,
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
        when: When::Gate,
        is_of_published: false,
        takes_word: true,
        run,
    }
}

/// Also of `--quick`.
const fn quick(suite: Suite) -> Suite {
    Suite {
        when: When::Quick,
        ..suite
    }
}

/// Only of `--full`.
const fn full(suite: Suite) -> Suite {
    Suite {
        when: When::Full,
        ..suite
    }
}

/// Of the package as it is published.
const fn of_published(suite: Suite) -> Suite {
    Suite {
        is_of_published: true,
        ..suite
    }
}

/// Without tests that have names.
const fn whole(suite: Suite) -> Suite {
    Suite {
        takes_word: false,
        ..suite
    }
}

/// Every suite.
pub const ALL: &[Suite] = &[
    whole(suite(
        "format",
        "rustfmt and Biome have nothing to change",
        checks::format,
    )),
    whole(suite(
        "lint",
        "clippy, for this machine and for wasm32; Biome over the JavaScript, and the type checker over the package's",
        checks::lint,
    )),
    whole(suite(
        "rustdoc",
        "cargo doc without a warning",
        checks::rustdoc,
    )),
    suite(
        "native",
        "the Rust tests that run on this machine",
        native::everything,
    ),
    quick(suite(
        "scripts",
        "the package's scripts one by one, beside plain implementations of the same",
        |needs| runners::run_without_package(needs, "scripts"),
    )),
    quick(suite(
        "repository",
        "short files, no circle of imports, links that lead somewhere",
        |needs| runners::run_without_package(needs, "repository"),
    )),
    of_published(suite(
        "supply",
        "what comes in: licences, sources, lock files, unused packages; with --full also that two builds are equal",
        supply::run,
    )),
    of_published(suite("types", "the declarations, by tsc", |needs| {
        runners::run(needs, "types", None)
    })),
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
    of_published(whole(suite(
        "size",
        "what a browser downloads, against its budget",
        runners::size,
    ))),
    of_published(suite(
        "package",
        "the packed package on Node, by import and by require, and bundled in Chromium",
        |needs| runners::run(needs, "package", Some(Host::Chromium)),
    )),
    suite(
        "crate",
        "the crate as wasm-pack builds it, called with plain options",
        |needs| live::run_alone(needs),
    ),
    suite(
        "live-node",
        "the client as wasm against the service, on Node",
        |needs| live::run(needs, Host::Node),
    ),
    suite("live-chromium", "the same in Chromium", |needs| {
        live::run(needs, Host::Chromium)
    }),
    suite("live-firefox", "the same in Firefox", |needs| {
        live::run(needs, Host::Firefox)
    }),
    quick(suite(
        "guarantees-node",
        "what the package promises, on Node",
        |needs| runners::guarantees(needs, Host::Node),
    )),
    suite("guarantees-chromium", "the same in Chromium", |needs| {
        runners::guarantees(needs, Host::Chromium)
    }),
    suite("guarantees-firefox", "the same in Firefox", |needs| {
        runners::guarantees(needs, Host::Firefox)
    }),
    suite(
        "detectors",
        "a fault planted into the package for each guarantee, which its tests find, on Node",
        runners::detectors,
    ),
    quick(suite(
        "faults",
        "every fault of a connection in every call, on Node",
        |needs| runners::run(needs, "faults", Some(Host::Node)),
    )),
    full(of_published(suite(
        "faults-everywhere",
        "the same on Node, in Chromium, in Firefox and in WebKit, for the table of the docs",
        runners::faults_everywhere,
    ))),
    suite("page", "the page in Chromium", |needs| {
        runners::page(needs, Host::Chromium)
    }),
    suite(
        "soak",
        "mixed calls on Node and in Chromium that leave nothing behind, also of callers in contexts of their own; a million of each with --full",
        runners::soak,
    ),
    full(whole(suite(
        "kills",
        "the service killed at random moments, 50 times in 10,000 calls over 64 connections, with its log read, closed and full",
        native::kills,
    ))),
    full(whole(suite(
        "disks",
        "the service on a disk that is full, also killed there as often and without a log, and on one that turns read-only; this \
         mounts filesystems, as root",
        native::disks,
    ))),
    full(suite("page-firefox", "the same in Firefox", |needs| {
        runners::page(needs, Host::Firefox)
    })),
    full(suite(
        "page-webkit",
        "the same in WebKit",
        runners::page_in_webkit,
    )),
    full(whole(suite(
        "mutants",
        "every third fault in the rules, each of which a native test should find",
        |_| mutants::run(&mutants::Selection::third()),
    ))),
    full(of_published(suite(
        "runtimes",
        "the packed package on Node, Deno, Bun, workerd, in three browser engines, and in test runners and their environments",
        runners::runtimes,
    ))),
    full(of_published(suite(
        "bundlers",
        "the packed package through every bundler and framework, built and in dev mode, then run",
        runners::bundlers,
    ))),
    full(whole(suite(
        "fuzz",
        "half a minute of search for input that breaks a rule, for each target",
        |_| fuzz::search(&fuzz::targets()?, 30, 2, |_| Ok(())),
    ))),
    suite(
        "sign-in",
        "a user signs in at the local service, on Node and in Chromium through the relay",
        runners::sign_in,
    ),
    full(suite(
        "keystone",
        "the same at a real Keystone",
        runners::keystone,
    )),
    full(suite(
        "relaying",
        "the relay that the docs make of nginx",
        runners::relaying,
    )),
];
