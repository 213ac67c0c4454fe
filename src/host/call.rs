//! A call over fetch: `pkg-template/call.js`.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{Options, Work, state};
use crate::rules::error_body::Document;

#[wasm_bindgen(module = "/pkg-template/call.js")]
extern "C" {
    /// Its deadline, its secrets, its exchange.
    #[wasm_bindgen(extends = Work)]
    pub type Call;

    /// What the caller passed.
    #[wasm_bindgen(method, getter)]
    pub fn options(this: &Call) -> Options;

    #[wasm_bindgen(method, js_name = ask)]
    fn raw_ask(this: &Call, name: &str) -> Promise;

    /// Takes the token that was found good; tells whether it is another than the one before.
    #[wasm_bindgen(method)]
    pub fn adopt(this: &Call) -> bool;

    #[wasm_bindgen(method, js_name = send)]
    fn raw_send(this: &Call, method: &str, path: &str, body: &str) -> Promise;

    #[wasm_bindgen(method)]
    fn status(this: &Call) -> i32;

    /// Whether the platform's own fetch gave a reason that the pattern matches.
    #[wasm_bindgen(method, js_name = isRefused)]
    pub fn is_refused(this: &Call, pattern: &str) -> bool;

    #[wasm_bindgen(method, js_name = read)]
    fn raw_read(this: &Call, most: u32, is_file: bool) -> Promise;

    /// How the reading of the body ended: see [`body`].
    #[wasm_bindgen(method)]
    pub fn body(this: &Call) -> u32;

    /// Reads the body as JSON; false where it is not.
    #[wasm_bindgen(method)]
    pub fn json(this: &Call) -> bool;

    #[wasm_bindgen(method)]
    fn member(this: &Call, path: &str) -> Option<String>;

    /// A header of the answer, without the secrets in it.
    #[wasm_bindgen(method)]
    pub fn header(this: &Call, name: &str) -> Option<String>;

    #[wasm_bindgen(method, js_name = sleep)]
    fn raw_sleep(this: &Call, milliseconds: f64) -> Option<Promise>;

    /// Succeeds with one of [`give`]; false where the answer is not that.
    #[wasm_bindgen(method)]
    pub fn give(this: &Call, what: u32) -> bool;
}

/// Why a call ends before its work does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Its time is up.
    Timeout,
    /// The caller's signal was aborted.
    Aborted,
}

/// How the reading of a body ends; otherwise it broke off.
pub mod body {
    pub const WHOLE: u32 = 0;
    pub const LARGE: u32 = 1;
    /// There is one, and no way to read it.
    pub const CLOSED: u32 = 3;
}

/// What a call succeeds with.
pub mod give {
    pub const NOTHING: u32 = 0;
    /// The body as a key file.
    pub const FILE: u32 = 1;
    /// What the document says, for the calls whose result is that.
    pub const DOCUMENT: u32 = 2;
}

/// What is added to the status of a redirect.
pub const REDIRECT: i32 = 1000;

/// A step under way; it ends at the latest when the call does.
pub struct Step<'a> {
    call: &'a Call,
    promise: JsFuture,
}

impl Future for Step<'_> {
    type Output = Result<(), End>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let settled = Pin::new(&mut self.promise).poll(context);
        // It rejects only when the call has ended.
        settled.map(|settled| match settled {
            Ok(_) => Ok(()),
            Err(_) => Err(self.call.end().unwrap_or(End::Aborted)),
        })
    }
}

#[cfg(feature = "plain")]
#[wasm_bindgen(module = "/pkg-template/plain.js")]
extern "C" {
    #[wasm_bindgen(js_name = callOf)]
    fn call_of(given: JsValue, signs_in: bool) -> Call;
}

#[cfg(not(feature = "plain"))]
fn call_of(given: JsValue, _: bool) -> Call {
    given.unchecked_into()
}

impl Call {
    /// The call that was handed over, or one with these options.
    pub fn with(given: JsValue, signs_in: bool) -> Self {
        call_of(given, signs_in)
    }

    /// Why the call has ended, if it has.
    pub fn end(&self) -> Option<End> {
        match self.state() {
            state::TIMEOUT => Some(End::Timeout),
            state::ABORTED => Some(End::Aborted),
            _ => None,
        }
    }

    fn step(&self, promise: Promise) -> Step<'_> {
        let promise = JsFuture::from(promise);
        Step {
            call: self,
            promise,
        }
    }

    /// Asks the caller's function for a secret, an option.
    pub fn ask(&self, name: &str) -> Step<'_> {
        self.step(self.raw_ask(name))
    }

    /// Sends the request; `path` and `body` name the options that go into them.
    pub fn send(&self, method: &str, path: &str, body: &str) -> Step<'_> {
        self.step(self.raw_send(method, path, body))
    }

    /// Reads the body up to `most` bytes. Those of a key file are kept if the call fails.
    pub fn read(&self, most: u32, is_file: bool) -> Step<'_> {
        self.step(self.raw_read(most, is_file))
    }

    /// Waits, if there is time for that.
    pub fn sleep(&self, milliseconds: f64) -> Option<Step<'_>> {
        self.raw_sleep(milliseconds)
            .map(|promise| self.step(promise))
    }

    /// The status of the answer, and whether it is a redirect; nothing where it is not a response.
    pub fn answer(&self) -> Option<(u16, bool)> {
        let status = self.status();
        let status_of = |status| u16::try_from(status).ok();
        match status_of(status - REDIRECT) {
            Some(status) => Some((status, true)),
            None => status_of(status).map(|status| (status, false)),
        }
    }
}

impl Document for Call {
    fn text(&self, path: &'static str) -> Option<String> {
        self.member(path)
    }
}

// The scripts that those above import: declared, so that wasm-bindgen takes them along. Not in a module of their own,
// since a linker leaves out what has nothing that is called.

#[wasm_bindgen(module = "/pkg-template/bytes.js")]
extern "C" {
    type BytesScript;
}

#[wasm_bindgen(module = "/pkg-template/clean.js")]
extern "C" {
    type CleanScript;
}

#[wasm_bindgen(module = "/pkg-template/clock.js")]
extern "C" {
    type ClockScript;
}

#[wasm_bindgen(module = "/pkg-template/error.js")]
extern "C" {
    type ErrorScript;
}

#[wasm_bindgen(module = "/pkg-template/exchange.js")]
extern "C" {
    type ExchangeScript;
}

#[wasm_bindgen(module = "/pkg-template/filename.js")]
extern "C" {
    type FilenameScript;
}

#[wasm_bindgen(module = "/pkg-template/list.js")]
extern "C" {
    type ListScript;
}

#[wasm_bindgen(module = "/pkg-template/names.js")]
extern "C" {
    type NamesScript;
}

#[wasm_bindgen(module = "/pkg-template/own.js")]
extern "C" {
    type OwnScript;
}

#[wasm_bindgen(module = "/pkg-template/redact.js")]
extern "C" {
    type RedactScript;
}

#[wasm_bindgen(module = "/pkg-template/plain.js")]
extern "C" {
    type PlainScript;
}

#[wasm_bindgen(module = "/pkg-template/session.js")]
extern "C" {
    type SessionScript;
}

#[wasm_bindgen(module = "/pkg-template/step.js")]
extern "C" {
    type StepScript;
}
