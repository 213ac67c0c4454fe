//! Fetch, clocks and abort signals: the one module that touches them.
//!
//! Everything that a host gives is duck-typed and may throw: it can be of another realm, a stub of
//! a test, or hostile.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use js_sys::{Array, Date, Function, JsString, Math, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::handles::{global, property, record, text};

/// The longest delay that platforms keep, in milliseconds; past it they fire at once.
const LONGEST_TIMER: f64 = 2_147_483_647.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(
        callback: &Function,
        milliseconds: f64,
        argument: &JsValue,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;

    /// An abort signal of any realm.
    #[derive(Clone)]
    pub type Signal;

    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    fn listen(this: &Signal, name: &JsString, listener: &Function) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    fn unlisten(this: &Signal, name: &JsString, listener: &Function) -> Result<(), JsValue>;
}

/// Why a call ends before its work does.
#[derive(Debug)]
pub enum End {
    /// Its time is up.
    Timeout,
    /// The caller's signal was aborted, for this reason.
    Aborted(JsValue),
}

impl Signal {
    /// Whether a value behaves as an abort signal.
    pub fn is(value: &JsValue) -> bool {
        property(value, "aborted").as_bool().is_some()
            && property(value, "addEventListener").is_function()
            && property(value, "removeEventListener").is_function()
    }

    fn is_aborted(&self) -> bool {
        property(self, "aborted").is_truthy()
    }

    fn reason(&self) -> JsValue {
        property(self, "reason")
    }
}

/// Something to come that a timer brings about. Dropped, it leaves no timer and no promise pending.
struct Timer {
    end: Function,
    ended: Promise,
    timer: Option<JsValue>,
}

impl Timer {
    /// Ends after that many milliseconds, unless no timer can hold them.
    fn start(milliseconds: f64) -> Self {
        let mut end = None;
        let ended = Promise::new(&mut |resolve, _| end = Some(resolve));
        let end: Function = end.unwrap_or(JsValue::UNDEFINED.unchecked_into());
        let timer = (milliseconds <= LONGEST_TIMER)
            .then(|| set_timeout(&end, milliseconds, &JsValue::TRUE).ok())
            .flatten();
        Self { end, ended, timer }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            let _ = clear_timeout(timer);
        }
        // A promise that settles frees what waits for it.
        let _ = self.end.call0(&JsValue::UNDEFINED);
    }
}

/// The one deadline of a call: its timeout and its caller's signal. Dropped, it leaves no listener.
pub struct Deadline {
    timer: Timer,
    signal: Option<Signal>,
}

impl Deadline {
    /// Starts the clock. `timeout` is in milliseconds; what a platform's timer cannot hold (25
    /// days) is no limit.
    ///
    /// # Errors
    ///
    /// What the signal throws when it is listened to.
    pub fn start(timeout: f64, signal: Option<Signal>) -> Result<Self, JsValue> {
        let timer = Timer::start(timeout);
        if let Some(signal) = &signal {
            signal.listen(text("abort"), &timer.end)?;
        }
        Ok(Self { timer, signal })
    }

    /// Settles at the latest when the deadline is dropped.
    pub fn ended(&self) -> Promise {
        self.timer.ended.clone()
    }

    /// Does the work unless the deadline comes first; the work is dropped then.
    pub async fn race<T>(&self, work: impl Future<Output = T>) -> Result<T, End> {
        if let Some(reason) = self.aborted() {
            return Err(End::Aborted(reason));
        }
        let mut work = pin!(work);
        let mut ended = pin!(JsFuture::from(self.ended()));
        let first = poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Ok(value)),
            Poll::Pending => ended.as_mut().poll(context).map(Err),
        });
        match first.await {
            Ok(value) => Ok(value),
            Err(Ok(by_timer)) if by_timer.is_truthy() && !by_timer.is_object() => Err(End::Timeout),
            Err(_) => Err(End::Aborted(
                self.signal
                    .as_ref()
                    .map_or(JsValue::UNDEFINED, Signal::reason),
            )),
        }
    }

    fn aborted(&self) -> Option<JsValue> {
        let signal = self.signal.as_ref()?;
        signal.is_aborted().then(|| signal.reason())
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        if let Some(signal) = &self.signal {
            let _ = signal.unlisten(text("abort"), &self.timer.end);
        }
    }
}

/// Waits; the deadline of the call ends it too.
pub async fn sleep(milliseconds: f64) {
    let timer = Timer::start(milliseconds);
    let _ = JsFuture::from(timer.ended.clone()).await;
}

/// A number in 0..1, for spreading retries.
pub fn random() -> f64 {
    Math::random()
}

/// Milliseconds since 1970.
pub fn now() -> f64 {
    Date::now()
}

/// A date of a header in milliseconds since 1970, or NaN.
pub fn parse_date(text: &str) -> f64 {
    Date::parse(text)
}

/// Settles with what a host's function returned, be it a promise or not.
pub async fn settled(returned: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&returned?)).await
}

/// The host's own fetch, looked up at every call.
pub fn global_fetch() -> Option<Function> {
    global("fetch").dyn_into().ok()
}

/// A request under way. Dropped before its answer is used up, it is aborted.
pub struct Exchange {
    controller: AbortController,
    is_done: bool,
}

impl Exchange {
    /// Prepares one exchange with a signal of its own: the caller's never reaches fetch, where
    /// listeners would pile up on it.
    pub fn new() -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        Ok(Self {
            controller,
            is_done: false,
        })
    }

    /// Sends the request, following no redirect and keeping nothing. `ended` settles when nobody
    /// waits for the answer any more.
    pub async fn send(
        &self,
        fetch: &Function,
        url: &str,
        method: &'static str,
        headers: &JsValue,
        body: Option<&JsString>,
        ended: &Promise,
    ) -> Result<JsValue, JsValue> {
        let init = record(&[
            ("method", text(method)),
            ("headers", headers),
            ("redirect", text("manual")),
            ("signal", &self.controller.signal()),
        ]);
        let set = |name, value: &JsString| {
            // It cannot fail on a fresh object.
            let _ = Reflect::set(&init, text(name), value);
        };
        if let Some(body) = body {
            set("body", body);
        }
        let known = property(&global("Request"), "prototype");
        for (name, value) in [
            ("credentials", "omit"),
            ("cache", "no-store"),
            ("referrer", ""),
            ("referrerPolicy", "no-referrer"),
        ] {
            // Some hosts throw on what their requests do not know.
            if Reflect::has(&known, text(name)).unwrap_or(true) {
                set(name, text(value));
            }
        }
        let returned = fetch.call2(&JsValue::UNDEFINED, &url.into(), &init)?;
        // A fetch that ignores its signal may never settle: what waits for it must not stay.
        let first = Promise::race(&Array::of2(&returned, ended));
        JsFuture::from(first).await
    }

    /// Says that the answer is used up, so that nothing is left to abort.
    pub fn done(mut self) {
        self.is_done = true;
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.is_done {
            self.controller.abort();
        }
    }
}
