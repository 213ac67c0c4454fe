//! A small, honest stand-in for the node provider's credentials API, or a relay to the real one.
//!
//! It makes, lists and deletes API keys as the API pages say, down to the codes and texts of
//! their errors, and keeps the keys in one SQLite file. Clients are tested against it, and
//! the admin page is served by it.
//!
//! A request passes through these modules, in this order:
//!
//! - [`args`] reads the command line, once; [`log`] writes what is said from then on, and keeps
//!   no call waiting for it; [`server`] listens, accepts and drains, and [`places`] bounds how
//!   many may be there at a time.
//! - [`connection`] carries one request and then closes: no request ever travels on a
//!   reused connection, so nothing beneath a client's `fetch` can send a create twice.
//!   [`gate`] catches the bare answers that the HTTP library gives to unreadable requests, and
//!   resets a connection whose answer breaks off.
//! - [`answer`] gives every answer its request id and turns a [`failure`] into its JSON.
//! - [`host`] lets nobody in who calls the service by a foreign name.
//! - [`auth`] checks the token before anything else is looked at.
//! - [`routes`] holds one file for each call; [`contract`] knows the parts of a request, [`body`]
//!   reads what a create asks for and [`list_query`] what a list asks for, [`key`] draws the
//!   secret, [`keyfile`] packs it, [`store`] commits it together with the others that wait.
//!   [`files`] reads the page.
//!
//! With `--account` a user can sign in: [`json`] and [`sign_in`] read what is asked, [`account`]
//! judges it, with [`totp`] for the codes of a device, and [`sessions`] makes the token. [`demo`]
//! is what the page of a demo begins with.
//!
//! With `--upstream` the calls are not answered here: [`routes`]' relay makes each request anew
//! and [`upstream`] carries it, once, over a connection of its own, if the [`client`] is still
//! there then; [`via`] finds a way that leads in a circle. No database is opened then.
//!
//! Only the SHA-256 of a key's secret is stored, and only that of a token is kept. Of a password a
//! salted slow hash is kept, in memory alone.

#![forbid(unsafe_code)]
#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::todo,
    clippy::unreachable,
    clippy::unwrap_used
)]
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

mod account;
mod answer;
mod args;
mod auth;
mod body;
mod client;
mod connection;
mod contract;
mod demo;
mod failure;
mod files;
mod gate;
mod host;
mod json;
mod key;
mod keyfile;
mod list_query;
mod log;
mod places;
mod routes;
mod server;
mod sessions;
mod sign_in;
mod store;
mod timestamp;
mod totp;
mod upstream;
mod via;

use std::process::ExitCode;

use args::ArgsError;
use log::Log;

fn main() -> ExitCode {
    let settings = match args::read() {
        Ok(settings) => settings,
        Err(error) => return error.report(),
    };
    let log = match Log::start(settings.quiet) {
        Ok(log) => log,
        Err(error) => return ArgsError::from(format!("the log does not start: {error}.")).report(),
    };
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the runtime does not start: {error}"))
        .and_then(|runtime| {
            let outcome = runtime.block_on(server::run(settings));
            // A file system that hangs must not hold the end.
            runtime.shutdown_background();
            outcome
        });
    if let Err(sentence) = &outcome {
        log.say(sentence);
    }
    log.end();
    ExitCode::from(u8::from(outcome.is_err()))
}
