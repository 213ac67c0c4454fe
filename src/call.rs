//! One call: attempts of one exchange each, under one deadline.

use core::cell::{Cell, RefCell};
use core::future::Future;
use core::pin::Pin;

use gloo_net::http::Headers;
use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use crate::handles::{Document, json, redacted};
use crate::host::{self, Deadline, End, Exchange};
use crate::options::{Options, Token, checked_token};
use crate::rejection::{Rejection, Result, clean, code};
use crate::response::{self, Answer, Read, Received};
use crate::rules::answer::{Verdict, is_never_connected, verdict};
use crate::rules::disposition::{DEFAULT_NAME, file_name};
use crate::rules::error_body::ErrorBody;
use crate::rules::failure::{Failure, Kind, Outcome};
use crate::rules::retry::{self, RetryAfter};

/// What is to be sent.
pub struct Request<'a> {
    pub method: &'static str,
    pub url: String,
    /// JSON.
    pub body: Option<&'a JsString>,
    /// Extra attempts.
    pub retries: u32,
}

/// One call, and what is known of it while it runs: its deadline may end it anywhere.
pub struct Call<'a> {
    options: &'a Options,
    request: Request<'a>,
    fetch: Function,
    ends_at: f64,
    /// Every token that was sent: what the other side writes may quote them.
    tokens: RefCell<Vec<JsString>>,
    /// Attempts that are over and were followed by another after a wait.
    failed: Cell<u32>,
    /// What is certain after the attempts that are over, and in the one that runs.
    before: Cell<Outcome>,
    now: Cell<Outcome>,
    /// The answer to the attempt that runs.
    answer: RefCell<Option<Answer>>,
    status: Cell<Option<u16>>,
    /// The bytes of a key file, which may be the only copy.
    received: Received,
}

/// An answer of success whose body is still to come.
pub struct Reply {
    pub answer: Answer,
    exchange: Exchange,
}

/// Work of one type, so that what drives it is compiled once.
pub type Work<'a> = Pin<Box<dyn Future<Output = Result<JsValue>> + 'a>>;

impl<'a> Call<'a> {
    /// A call that nothing was done for yet.
    pub fn new(options: &'a Options, request: Request<'a>) -> Result<Self> {
        let fetch = options.fetch.clone().or_else(host::global_fetch);
        Ok(Self {
            options,
            request,
            fetch: fetch.ok_or_else(|| missing("found no fetch here: pass the option fetch"))?,
            ends_at: host::now() + options.timeout,
            tokens: RefCell::default(),
            failed: Cell::new(0),
            before: Cell::new(Outcome::NotSent),
            now: Cell::new(Outcome::NotSent),
            answer: RefCell::default(),
            status: Cell::new(None),
            received: Received::default(),
        })
    }

    /// Does the work of the call unless its deadline comes first, and says in the end what is
    /// certain.
    pub async fn within_deadline(&self, work: Work<'_>) -> Result<JsValue> {
        let mut deadline = Deadline::start(self.options.timeout, self.options.signal.clone())
            .map_err(|_| Rejection::invalid("signal", "must let itself be listened to"))?;
        let result = match deadline.race(work).await {
            Ok(result) => result,
            Err(End::Timeout) => Err(self.reject(Kind::Timeout, "")),
            Err(End::Aborted(reason)) => Err(self.reject(Kind::Aborted, "").because(reason)),
        };
        result.map_err(|rejection| self.with_all_known(rejection))
    }

    /// Attempts until one is answered with success, as far as trying again is allowed.
    pub async fn until_answered(&self) -> Result<Reply> {
        let mut token = self.token().await?;
        let mut is_renewed = false;
        loop {
            let rejection = match self.attempt(&token).await {
                Ok(reply) => return Ok(reply),
                Err(rejection) => rejection,
            };
            let is_refused = rejection.failure.status == Some(401);
            if is_refused && !is_renewed && matches!(self.options.token, Token::Provider(_)) {
                is_renewed = true;
                match self.token().await {
                    Ok(other) if other != token => token = other,
                    _ => return Err(rejection),
                }
                continue;
            }
            let Some(wait) = self.wait(&rejection.failure) else {
                return Err(rejection);
            };
            host::sleep(wait).await;
            self.failed.set(self.failed.get() + 1);
            match self.token().await {
                Ok(next) => token = next,
                Err(_) => return Err(rejection),
            }
        }
    }

    /// Whether an attempt came before the one that ended the call.
    pub fn was_repeated(&self) -> bool {
        self.failed.get() > 0
    }

    /// Milliseconds until the next attempt, if there may be one before the deadline.
    fn wait(&self, failure: &Failure) -> Option<f64> {
        let failed = self.failed.get();
        let is_passing = match failure.kind {
            Kind::Network => true,
            Kind::Http => failure.status.is_some_and(retry::is_passing),
            _ => false,
        };
        if !is_passing || failed >= self.request.retries {
            return None;
        }
        let backoff = retry::backoff(failed + 1, host::random());
        let wait = match self.retry_after() {
            RetryAfter::Unsaid => backoff,
            RetryAfter::Wait(wait) => wait.max(backoff),
            RetryAfter::GiveUp => return None,
        };
        (host::now() + wait < self.ends_at).then_some(wait)
    }

    fn retry_after(&self) -> RetryAfter {
        let header = self.header("retry-after").unwrap_or_default();
        retry::retry_after(&header, host::now(), host::parse_date)
    }

    /// The token for one attempt.
    async fn token(&self) -> Result<JsString> {
        let token = match &self.options.token {
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
        self.tokens.borrow_mut().push(token.clone());
        Ok(token)
    }

    /// One exchange, up to the head of an answer of success.
    async fn attempt(&self, token: &JsString) -> Result<Reply> {
        let headers = self.headers(token);
        let headers = headers.ok_or_else(|| missing("found no Headers here"))?;
        let exchange = Exchange::new().map_err(|_| missing("found no AbortController here"))?;
        self.before.set(self.before.get().max(self.now.get()));
        self.now.set(Outcome::Unknown);
        self.status.set(None);
        self.answer.take();
        let Request {
            method, url, body, ..
        } = &self.request;
        let answer = exchange
            .send(&self.fetch, url, method, &headers, *body)
            .await
            .map_err(|error| self.not_answered(&error))?;
        let answer: Answer = answer.unchecked_into();
        self.answer.replace(Some(answer.clone()));
        match self.refusal(&answer).await {
            Some(rejection) => Err(rejection),
            None => Ok(Reply { answer, exchange }),
        }
    }

    /// The request's headers. The token goes in by handle, past gloo, which takes text by copy.
    fn headers(&self, token: &JsString) -> Option<JsValue> {
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
        list.set("x-auth-token", token).ok()?;
        Some(list.into())
    }

    fn not_answered(&self, error: &JsValue) -> Box<Rejection> {
        // The caller's own fetch may have tried before what it tells of.
        let is_certain = self.options.fetch.is_none()
            && code(error)
                .and_then(|code| code.as_string())
                .is_some_and(|code| is_never_connected(&code));
        if is_certain {
            self.now.set(Outcome::NotSent);
        }
        self.reject(Kind::Network, "").because(self.clean(error))
    }

    /// Why an answer is no success; its body is read for that.
    async fn refusal(&self, answer: &Answer) -> Option<Box<Rejection>> {
        let Some(status) = answer.status() else {
            return Some(self.unexpected("was answered with something that is no response"));
        };
        self.status.set((status > 0).then_some(status));
        let verdict = if answer.is_redirect() {
            Verdict::Failure(Kind::Redirect, Outcome::Unknown)
        } else {
            verdict(status)
        };
        let Verdict::Failure(kind, outcome) = verdict else {
            return None;
        };
        self.now.set(outcome);
        let mut rejection = self.reject(kind, "was answered with a status that HTTP does not have");
        match kind {
            Kind::Http => {
                let body = self.error_body(answer).await;
                rejection.failure = rejection.failure.with_body(body);
            }
            // A fetch that followed it all the same may have brought a key file.
            Kind::Redirect if (200..300).contains(&status) => {
                let most = self.options.max_file_bytes;
                answer.read(&self.received, most).await;
            }
            _ => (),
        }
        Some(rejection)
    }

    async fn error_body(&self, answer: &Answer) -> ErrorBody {
        let received = Received::default();
        match answer.read(&received, self.options.max_error_bytes).await {
            Read::Whole => json(&received.bytes())
                .map(|body| ErrorBody::read(&Document(body, &self.tokens.borrow())))
                .unwrap_or_default(),
            _ => ErrorBody::default(),
        }
    }

    /// The body of a success that is a key file: what came of it is never lost.
    pub async fn key_file(&self, reply: Reply) -> Result<&Received> {
        self.read(reply, &self.received).await?;
        Ok(&self.received)
    }

    /// The body of a success that holds no key.
    pub async fn document(&self, reply: Reply) -> Result<Received> {
        let received = Received::default();
        self.read(reply, &received).await?;
        Ok(received)
    }

    async fn read(&self, reply: Reply, received: &Received) -> Result<()> {
        let most = self.options.max_file_bytes;
        match reply.answer.read(received, most).await {
            Read::Whole => reply.exchange.done(),
            Read::TooLarge => {
                return Err(self.unexpected("was answered with more than maxFileBytes bytes"));
            }
            Read::Broken(error) => {
                let what = "was answered with success, but the body broke off";
                return Err(self.unexpected(what).because(self.clean(&error)));
            }
        }
        Ok(())
    }

    /// A rejection of an answer that the contract does not have.
    pub fn unexpected(&self, what: &str) -> Box<Rejection> {
        self.reject(Kind::UnexpectedResponse, what)
    }

    /// A rejection after what has happened so far.
    pub fn reject(&self, kind: Kind, what: &str) -> Box<Rejection> {
        let mut rejection = Rejection::of(kind, self.now.get(), what);
        rejection.failure.status = self.status.get();
        rejection
    }

    /// What is certain over all attempts, whose answer it was, and the bytes that came.
    fn with_all_known(&self, mut rejection: Box<Rejection>) -> Box<Rejection> {
        let failure = &mut rejection.failure;
        failure.outcome = self.before.get().max(self.now.get());
        failure.request_id = self.header("x-request-id").or(failure.request_id.take());
        if !self.received.is_empty() {
            let media_type = "application/octet-stream";
            rejection.file = response::file(&self.received.bytes(), DEFAULT_NAME, media_type).ok();
        }
        rejection
    }

    /// A header of the answer, without the secrets in it.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = self.answer.borrow().as_ref()?.header(name)?;
        Some(redacted(&text, &self.tokens.borrow()))
    }

    /// The key file's name. Decoding it may spell out what was no secret in the header.
    pub fn file_name(&self) -> String {
        let name = file_name(self.header("content-disposition").as_deref());
        redacted(&name.into(), &self.tokens.borrow())
    }

    /// A clean copy of a platform's error.
    pub fn clean(&self, error: &JsValue) -> JsValue {
        clean(error, Some(&self.tokens.borrow()))
    }
}

fn missing(what: &str) -> Box<Rejection> {
    Rejection::of(Kind::Internal, Outcome::NotSent, what)
}
