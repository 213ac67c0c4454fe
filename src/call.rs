//! One call: attempts of one exchange each, under one deadline, up to the result.

use gloo_net::http::Headers;
use js_sys::{Function, JsString, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::credentials;
use crate::handles::{Document, json, redacted};
use crate::host::{self, Deadline, End, Exchange};
use crate::listing;
use crate::rejection::{Rejection, Result, clean, code};
use crate::request::{Request, Token, checked_token};
use crate::response::{self, Answer, Read, Received};
use crate::rules::answer::{Verdict, is_never_connected, verdict};
use crate::rules::disposition::{DEFAULT_NAME, file_name};
use crate::rules::error_body::ErrorBody;
use crate::rules::failure::{Failure, Kind, Operation, Outcome};
use crate::rules::retry::{self, RetryAfter};
use crate::rules::{joined, zip};

/// Starts a call; its promise settles with the result or with the fields of the one error.
pub fn start(operation: Operation, given: JsValue) -> Promise {
    future_to_promise(async move {
        let result = match operation {
            Operation::Read => credentials::read(&given).await,
            _ => within_deadline(operation, &given).await,
        };
        result.map_err(|rejection| rejection.into_js(operation))
    })
}

/// Does a call unless its deadline comes first, and says in the end what is certain.
async fn within_deadline(operation: Operation, given: &JsValue) -> Result<JsValue> {
    let request = Request::read(operation, given)?;
    crash::on(&request, "trap");
    let deadline = Deadline::start(request.timeout, request.signal.clone())
        .map_err(|_| Rejection::invalid("signal", "must let itself be listened to"))?;
    let mut call = Call::new(request, deadline.ended())?;
    let first = deadline.race(call.until_done()).await;
    let result = match first {
        Ok(result) => result,
        Err(End::Timeout) => Err(call.reject(Kind::Timeout, "")),
        Err(End::Aborted(reason)) => Err(call.reject(Kind::Aborted, "").because(reason)),
    };
    result.map_err(|rejection| call.with_all_known(rejection))
}

/// One call, and what is known of it while it runs: its deadline may end it anywhere.
struct Call {
    request: Request,
    fetch: Function,
    ends_at: f64,
    /// Settles when the call has ended.
    ended: Promise,
    /// Every token that was sent: what the other side writes may quote them.
    tokens: Vec<JsString>,
    /// Attempts that are over and were followed by another after a wait.
    failed: u32,
    /// What is certain after the attempts that are over, and in the one that runs.
    before: Outcome,
    now: Outcome,
    /// The answer to the attempt that runs.
    answer: Option<Answer>,
    status: Option<u16>,
    /// The bytes of a key file, which may be the only copy.
    received: Received,
}

impl Call {
    /// A call that nothing was done for yet.
    fn new(request: Request, ended: Promise) -> Result<Self> {
        let fetch = request.fetch.clone().or_else(host::global_fetch);
        Ok(Self {
            fetch: fetch.ok_or_else(|| missing("found no fetch here: pass the option fetch"))?,
            ends_at: host::now() + request.timeout,
            ended,
            request,
            tokens: Vec::new(),
            failed: 0,
            before: Outcome::NotSent,
            now: Outcome::NotSent,
            answer: None,
            status: None,
            received: Received::default(),
        })
    }

    /// Attempts until one succeeds, as far as trying again is allowed.
    async fn until_done(&mut self) -> Result<JsValue> {
        self.next_token().await?;
        let mut may_renew = matches!(self.request.token, Token::Provider(_));
        loop {
            let rejection = match self.attempt().await {
                Ok(result) => return Ok(result),
                Err(rejection) => rejection,
            };
            let status = rejection.failure.status;
            // An earlier attempt did it, though its answer was lost.
            if self.failed > 0 && status == Some(404) && self.is(Operation::Delete) {
                return Ok(JsValue::UNDEFINED);
            }
            if status == Some(401) && may_renew {
                may_renew = false;
                if !matches!(self.next_token().await, Ok(true)) {
                    return Err(rejection);
                }
                continue;
            }
            let Some(wait) = self.wait(&rejection.failure) else {
                return Err(rejection);
            };
            host::sleep(wait).await;
            self.failed += 1;
            if self.next_token().await.is_err() {
                return Err(rejection);
            }
        }
    }

    fn is(&self, operation: Operation) -> bool {
        self.request.operation == operation
    }

    /// Milliseconds until the next attempt, if there may be one before the deadline.
    fn wait(&self, failure: &Failure) -> Option<f64> {
        let is_passing = match failure.kind {
            Kind::Network => true,
            Kind::Http => failure.status.is_some_and(retry::is_passing),
            _ => false,
        };
        if !is_passing || self.failed >= self.request.retries {
            return None;
        }
        let backoff = retry::backoff(self.failed + 1, host::random());
        let header = self.header("retry-after").unwrap_or_default();
        let wait = match retry::retry_after(&header, host::now(), host::parse_date) {
            RetryAfter::Unsaid => backoff,
            RetryAfter::Wait(wait) => wait.max(backoff),
            RetryAfter::GiveUp => return None,
        };
        (host::now() + wait < self.ends_at).then_some(wait)
    }

    /// Gets the token for one attempt, and says whether it is another than the one before.
    async fn next_token(&mut self) -> Result<bool> {
        let token = match &self.request.token {
            Token::Fixed(token) => token.clone(),
            Token::Provider(provider) => {
                let given = host::settled(provider.call0(&JsValue::UNDEFINED)).await;
                let failed = "could not be had: the function that gives it failed";
                // Nobody knows yet what is secret in the provider's own error.
                let given = given.map_err(|error| {
                    Rejection::invalid("token", failed).because(clean(&error, None))
                })?;
                checked_token(&given).map_err(|rule| Rejection::invalid("token", rule))?
            }
        };
        let is_new = self.tokens.last() != Some(&token);
        self.tokens.push(token);
        Ok(is_new)
    }

    /// One exchange, up to its result.
    async fn attempt(&mut self) -> Result<JsValue> {
        let headers = self.headers();
        let headers = headers.ok_or_else(|| missing("found no Headers here"))?;
        let exchange = Exchange::new().map_err(|_| missing("found no AbortController here"))?;
        self.before = self.before.max(self.now);
        self.now = Outcome::Unknown;
        self.status = None;
        self.answer = None;
        let Request {
            method, url, body, ..
        } = &self.request;
        let sent = exchange.send(
            &self.fetch,
            url,
            method,
            &headers,
            body.as_ref(),
            &self.ended,
        );
        let answer: Answer = match sent.await {
            Ok(answer) => answer.unchecked_into(),
            Err(error) => return Err(self.not_answered(&error)),
        };
        self.answer = Some(answer.clone());
        if let Some(rejection) = self.refusal(&answer).await {
            return Err(rejection);
        }
        crash::on(&self.request, "trap after sending");
        match answer
            .read(&mut self.received, self.request.max_file_bytes)
            .await
        {
            Read::Whole => exchange.done(),
            Read::TooLarge => {
                return Err(self.unexpected("was answered with more than maxFileBytes bytes"));
            }
            Read::Broken(error) => {
                let what = "was answered with success, but the body broke off";
                return Err(self.unexpected(what).because(self.clean(&error)));
            }
        }
        self.result()
    }

    /// The request's headers. The token goes in by handle, past gloo, which takes text by copy.
    fn headers(&self) -> Option<JsValue> {
        #[wasm_bindgen]
        extern "C" {
            type HeaderList;

            #[wasm_bindgen(method, catch)]
            fn set(
                this: &HeaderList,
                name: &str,
                value: &JsString,
            ) -> core::result::Result<(), JsValue>;
        }
        let headers = Headers::from_raw(web_sys::Headers::new().ok()?);
        if self.request.body.is_some() {
            headers.set("content-type", "application/json");
        }
        let list: HeaderList = headers.into_raw().unchecked_into();
        list.set("x-auth-token", self.tokens.last()?).ok()?;
        Some(list.into())
    }

    fn not_answered(&mut self, error: &JsValue) -> Box<Rejection> {
        // The caller's own fetch may have tried before what it tells of.
        let is_certain = self.request.fetch.is_none()
            && code(error)
                .and_then(|code| code.as_string())
                .is_some_and(|code| is_never_connected(&code));
        if is_certain {
            self.now = Outcome::NotSent;
        }
        self.reject(Kind::Network, "").because(self.clean(error))
    }

    /// Why an answer is no success; its body is read for that.
    async fn refusal(&mut self, answer: &Answer) -> Option<Box<Rejection>> {
        let Some(status) = answer.status() else {
            return Some(self.unexpected("was answered with something that is no response"));
        };
        self.status = (status > 0).then_some(status);
        let verdict = if answer.is_redirect() {
            Verdict::Failure(Kind::Redirect, Outcome::Unknown)
        } else {
            verdict(status)
        };
        let Verdict::Failure(kind, outcome) = verdict else {
            return None;
        };
        self.now = outcome;
        let mut rejection = self.reject(kind, "was answered with a status that HTTP does not have");
        match kind {
            Kind::Http => {
                let mut received = Received::default();
                let most = self.request.max_error_bytes;
                if let Read::Whole = answer.read(&mut received, most).await
                    && let Some(body) = json(&received.bytes())
                {
                    rejection.failure.body = ErrorBody::read(&Document(body, &self.tokens));
                }
            }
            // A fetch that followed it all the same may have brought a key file.
            Kind::Redirect if (200..300).contains(&status) => {
                let most = self.request.max_file_bytes;
                answer.read(&mut self.received, most).await;
            }
            _ => (),
        }
        Some(rejection)
    }

    /// What a body of success gives: the key file if it is one, a confirmation, or a list.
    fn result(&mut self) -> Result<JsValue> {
        let bytes = self.received.bytes();
        match self.request.operation {
            Operation::Delete if self.received.is_empty() => Ok(JsValue::UNDEFINED),
            Operation::Delete => json(&bytes)
                .map(|_| JsValue::UNDEFINED)
                .ok_or_else(|| self.unexpected("was answered with success, but not with null")),
            Operation::List => json(&bytes)
                .and_then(|body| listing::read(&body))
                .ok_or_else(|| self.unexpected("was answered with success, but not with a list")),
            _ => {
                zip::entries(&bytes).map_err(|problem| {
                    self.unexpected(&joined(&[
                        "was answered with success, but the body ",
                        problem,
                    ]))
                })?;
                let name = file_name(self.header("content-disposition").as_deref());
                // Decoding it may spell out what was no secret in the header.
                let name = redacted(&name.into(), &self.tokens);
                response::file(&bytes, &name, "application/zip").map_err(|error| {
                    self.reject(Kind::Internal, "found no File here")
                        .because(self.clean(&error))
                })
            }
        }
    }

    /// A rejection of an answer that the contract does not have.
    fn unexpected(&self, what: &str) -> Box<Rejection> {
        self.reject(Kind::UnexpectedResponse, what)
    }

    /// A rejection after what has happened so far.
    fn reject(&self, kind: Kind, what: &str) -> Box<Rejection> {
        let mut rejection = Rejection::of(kind, self.now, what);
        rejection.failure.status = self.status;
        rejection
    }

    /// What is certain over all attempts, whose answer it was, and the bytes that came.
    fn with_all_known(&mut self, mut rejection: Box<Rejection>) -> Box<Rejection> {
        let failure = &mut rejection.failure;
        failure.outcome = self.before.max(self.now);
        if let Some(id) = self.header("x-request-id") {
            failure.body.request_id = Some(id);
        }
        if self.is(Operation::Create) && !self.received.is_empty() {
            let media_type = "application/octet-stream";
            rejection.file = response::file(&self.received.bytes(), DEFAULT_NAME, media_type).ok();
        }
        rejection
    }

    /// A header of the answer, without the secrets in it.
    fn header(&self, name: &'static str) -> Option<String> {
        let text = self.answer.as_ref()?.header(name)?;
        Some(redacted(&text, &self.tokens))
    }

    /// A clean copy of a platform's error.
    fn clean(&self, error: &JsValue) -> JsValue {
        clean(error, Some(&self.tokens))
    }
}

fn missing(what: &str) -> Box<Rejection> {
    Rejection::of(Kind::Internal, Outcome::NotSent, what)
}

/// Crashes on demand, for the tests of what happens then.
#[cfg(feature = "trap")]
mod crash {
    pub fn on(request: &super::Request, description: &str) {
        if request.description.as_deref() == Some(description) {
            std::process::abort();
        }
    }
}

#[cfg(not(feature = "trap"))]
mod crash {
    pub fn on(_: &super::Request, _: &str) {}
}
