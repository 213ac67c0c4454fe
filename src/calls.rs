//! The calls: attempts of one exchange each, under one deadline.

use core::cell::{Cell, RefCell};
use core::future::Future;

use gloo_net::http::{Headers, QueryParams};
use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::handles::{Document, json, redacted};
use crate::host::{self, Answer, Deadline, End, Exchange, Read, Received};
use crate::listing;
use crate::options::{Create, Delete, List, Options, Token, checked_token};
use crate::rejection::{Rejection, Result, clean, code};
use crate::rules::answer::{Verdict, is_never_connected, verdict};
use crate::rules::disposition::{DEFAULT_NAME, file_name};
use crate::rules::error_body::ErrorBody;
use crate::rules::failure::{Failure, Issue, Kind, Outcome, decimal};
use crate::rules::redact::Redactor;
use crate::rules::retry::{self, RetryAfter};
use crate::rules::{limits, zip};

/// Makes a key and gives its file.
pub async fn create(given: &JsValue) -> Result<JsValue> {
    let create = Create::read(given)?;
    crash::on(&create, "trap");
    let url = [
        create.options.base.as_str(),
        &limits::keys_path(&create.options.project_id),
    ]
    .concat();
    let call = Call::new(&create.options, "POST", url, Some(&create.body))?;
    call.within_deadline(async {
        let reply = call.until_answered(0).await?;
        crash::on(&create, "trap after sending");
        call.key_file(reply).await
    })
    .await
}

/// Revokes a key.
pub async fn delete(given: &JsValue) -> Result<JsValue> {
    let delete = Delete::read(given)?;
    let url = [
        delete.options.base.as_str(),
        &limits::key_path(&delete.options.project_id, &delete.credential_id),
    ]
    .concat();
    let call = Call::new(&delete.options, "DELETE", url, None)?;
    call.within_deadline(async {
        match call.until_answered(delete.retries).await {
            Ok(reply) => call.confirmation(reply).await,
            // An earlier attempt did it, though its answer was lost.
            Err(gone) if gone.failure.status == Some(404) && call.failed.get() > 0 => Ok(()),
            Err(rejection) => Err(rejection),
        }
    })
    .await
    .map(|()| JsValue::UNDEFINED)
}

/// Lists keys: their number, and one page of them.
pub async fn list(given: &JsValue) -> Result<JsValue> {
    let list = List::read(given)?;
    let query = QueryParams::new();
    for (name, number) in [("offset", list.offset), ("limit", list.limit)] {
        if let Some(number) = number {
            query.append(name, &decimal(number));
        }
    }
    let path = limits::keys_path(&list.options.project_id);
    let query = query.to_string();
    let separator = if query.is_empty() { "" } else { "?" };
    let url = [&list.options.base, &path, separator, &query].concat();
    let call = Call::new(&list.options, "GET", url, None)?;
    call.within_deadline(async {
        let reply = call.until_answered(list.retries).await?;
        call.listing(reply).await
    })
    .await
}

/// One call, and what is known of it while it runs: its deadline may end it anywhere.
struct Call<'a> {
    options: &'a Options,
    fetch: js_sys::Function,
    method: &'static str,
    url: String,
    body: Option<&'a JsString>,
    ends_at: f64,
    /// Every token that was sent: what the other side writes may quote them.
    tokens: RefCell<Vec<JsString>>,
    /// Attempts that are over and were followed by another.
    failed: Cell<u32>,
    /// What is certain after the attempts that are over, and in the one that runs.
    before: Cell<Outcome>,
    now: Cell<Outcome>,
    status: Cell<Option<u16>>,
    retry_after: Cell<RetryAfter>,
    /// The bytes of a key file, which may be the only copy.
    received: Received,
}

/// An answer of success whose body is still to come.
struct Reply {
    answer: Answer,
    exchange: Exchange,
}

impl<'a> Call<'a> {
    fn new(
        options: &'a Options,
        method: &'static str,
        url: String,
        body: Option<&'a JsString>,
    ) -> Result<Self> {
        let fetch = options.fetch.clone().or_else(host::global_fetch);
        Ok(Self {
            options,
            fetch: fetch.ok_or_else(|| missing("found no fetch here: pass the option fetch"))?,
            method,
            url,
            body,
            ends_at: host::now() + options.timeout,
            tokens: RefCell::default(),
            failed: Cell::new(0),
            before: Cell::new(Outcome::NotSent),
            now: Cell::new(Outcome::NotSent),
            status: Cell::new(None),
            retry_after: Cell::new(RetryAfter::Unsaid),
            received: Received::default(),
        })
    }

    async fn within_deadline<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut deadline = Deadline::start(self.options.timeout, self.options.signal.clone())
            .map_err(|_| invalid("signal", "must be an AbortSignal that can be listened to"))?;
        let result = match deadline.race(work).await {
            Ok(result) => result,
            Err(End::Timeout) => Err(self.reject(Kind::Timeout, "")),
            Err(End::Aborted(reason)) => Err(self.reject(Kind::Aborted, "").because(reason)),
        };
        result.map_err(|rejection| self.with_all_known(rejection))
    }

    /// Attempts until one is answered with success, as far as trying again is allowed.
    async fn until_answered(&self, retries: u32) -> Result<Reply> {
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
            let Some(wait) = self.wait(&rejection.failure, retries) else {
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

    /// Milliseconds until the next attempt, if there may be one before the deadline.
    fn wait(&self, failure: &Failure, retries: u32) -> Option<f64> {
        let failed = self.failed.get();
        let is_passing = match failure.kind {
            Kind::Network => true,
            Kind::Http => failure.status.is_some_and(retry::is_passing),
            _ => false,
        };
        if !is_passing || failed >= retries {
            return None;
        }
        let backoff = retry::backoff(failed + 1, host::random());
        let wait = match self.retry_after.replace(RetryAfter::Unsaid) {
            RetryAfter::Unsaid => backoff,
            RetryAfter::Wait(wait) => wait.max(backoff),
            RetryAfter::GiveUp => return None,
        };
        (host::now() + wait < self.ends_at).then_some(wait)
    }

    /// The token for one attempt.
    async fn token(&self) -> Result<JsString> {
        let token = match &self.options.token {
            Token::Fixed(token) => token.clone(),
            Token::Provider(provider) => {
                let given = host::settled(provider.call0(&JsValue::UNDEFINED)).await;
                // Nobody knows yet what is secret in the provider's own error.
                let given = given.map_err(|error| {
                    invalid(
                        "token",
                        "could not be had: the function that gives it failed",
                    )
                    .because(clean(&error, None))
                })?;
                checked_token(&given).map_err(|rule| invalid("token", rule))?
            }
        };
        self.tokens.borrow_mut().push(token.clone());
        Ok(token)
    }

    /// One exchange, up to the head of an answer of success.
    async fn attempt(&self, token: &JsString) -> Result<Reply> {
        let headers = self
            .headers(token)
            .ok_or_else(|| missing("found no Headers here"))?;
        let exchange = Exchange::new().map_err(|_| missing("found no AbortController here"))?;
        self.before.set(self.before.get().max(self.now.get()));
        self.now.set(Outcome::Unknown);
        self.status.set(None);
        let answer = exchange
            .send(&self.fetch, &self.url, self.method, &headers, self.body)
            .await
            .map_err(|error| self.not_answered(&error))?;
        if let Some(rejection) = self.refusal(&answer).await {
            return Err(rejection);
        }
        Ok(Reply { answer, exchange })
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
        if self.body.is_some() {
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
        let what = "was answered with a status that HTTP does not have";
        let mut rejection = self.reject(kind, what);
        let request_id = self.header(answer, "x-request-id");
        let mut body = ErrorBody::default();
        match kind {
            Kind::Http => {
                body = self.error_body(answer).await;
                self.retry_after.set(self.read_retry_after(answer));
            }
            // A fetch that followed it all the same may have brought a key file.
            Kind::Redirect if (200..300).contains(&status) => {
                answer
                    .read(&self.received, self.options.max_file_bytes)
                    .await;
            }
            _ => (),
        }
        rejection.failure = rejection.failure.with_body(body, request_id);
        Some(rejection)
    }

    async fn error_body(&self, answer: &Answer) -> ErrorBody {
        let received = Received::default();
        match answer.read(&received, self.options.max_error_bytes).await {
            Read::Whole => json(&received.bytes())
                .map(|body| ErrorBody::read(&Document(body, &self.redactor())))
                .unwrap_or_default(),
            _ => ErrorBody::default(),
        }
    }

    fn read_retry_after(&self, answer: &Answer) -> RetryAfter {
        let header = self.header(answer, "retry-after").unwrap_or_default();
        retry::retry_after(&header, host::now(), host::parse_date)
    }

    /// The key file, every byte of it, if the body is one.
    async fn key_file(&self, reply: Reply) -> Result<JsValue> {
        let most = self.options.max_file_bytes;
        match reply.answer.read(&self.received, most).await {
            Read::Whole => (),
            Read::TooLarge => return Err(self.too_large()),
            Read::Broken(error) => return Err(self.broken(&error)),
        }
        reply.exchange.done();
        let bytes = self.received.bytes();
        zip::entries(&bytes).map_err(|problem| {
            self.unexpected(&["was answered with success, but the body ", problem].concat())
        })?;
        let name = file_name(self.header(&reply.answer, "content-disposition").as_deref());
        host::file(&bytes, &name, "application/zip").map_err(|error| {
            self.reject(Kind::Internal, "found no File here")
                .because(self.clean(&error))
        })
    }

    /// Sees that a success of delete is one: nothing, or JSON of any kind.
    async fn confirmation(&self, reply: Reply) -> Result<()> {
        let received = self.document(reply).await?;
        if received.is_empty() || json(&received.bytes()).is_some() {
            Ok(())
        } else {
            Err(self.unexpected("was answered with success, but not with null"))
        }
    }

    /// The keys of a list, if the body is one.
    async fn listing(&self, reply: Reply) -> Result<JsValue> {
        let received = self.document(reply).await?;
        let listing = json(&received.bytes()).and_then(|body| listing::read(&body));
        listing.ok_or_else(|| self.unexpected("was answered with success, but not with a list"))
    }

    /// The body of a success that holds no key.
    async fn document(&self, reply: Reply) -> Result<Received> {
        let received = Received::default();
        match reply
            .answer
            .read(&received, self.options.max_file_bytes)
            .await
        {
            Read::Whole => reply.exchange.done(),
            Read::TooLarge => return Err(self.too_large()),
            Read::Broken(error) => return Err(self.broken(&error)),
        }
        Ok(received)
    }

    fn too_large(&self) -> Box<Rejection> {
        self.unexpected("was answered with more than maxFileBytes bytes")
    }

    fn broken(&self, error: &JsValue) -> Box<Rejection> {
        self.unexpected("was answered with success, but the body broke off")
            .because(self.clean(error))
    }

    fn unexpected(&self, what: &str) -> Box<Rejection> {
        self.reject(Kind::UnexpectedResponse, what)
    }

    fn reject(&self, kind: Kind, what: &str) -> Box<Rejection> {
        let mut rejection = Rejection::of(kind, self.now.get(), what);
        rejection.failure.status = self.status.get();
        rejection
    }

    /// What is certain over all attempts, and the bytes that came.
    fn with_all_known(&self, mut rejection: Box<Rejection>) -> Box<Rejection> {
        rejection.failure.outcome = self.before.get().max(self.now.get());
        if !self.received.is_empty() {
            let media_type = "application/octet-stream";
            rejection.file = host::file(&self.received.bytes(), DEFAULT_NAME, media_type).ok();
        }
        rejection
    }

    fn header(&self, answer: &Answer, name: &str) -> Option<String> {
        let text = answer.header(name)?;
        Some(redacted(&text, &self.redactor()))
    }

    fn clean(&self, error: &JsValue) -> JsValue {
        clean(error, Some(&self.redactor()))
    }

    fn redactor(&self) -> Redactor {
        let mut redactor = Redactor::default();
        for token in self.tokens.borrow().iter() {
            redactor.add(token);
        }
        redactor
    }
}

fn invalid(field: &'static str, message: &str) -> Box<Rejection> {
    Rejection::new(Failure::invalid(vec![Issue {
        field: field.into(),
        message: message.into(),
    }]))
}

fn missing(what: &str) -> Box<Rejection> {
    Rejection::of(Kind::Internal, Outcome::NotSent, what)
}

/// Crashes on demand, for the tests of what happens then.
#[cfg(feature = "trap")]
mod crash {
    pub fn on(create: &super::Create, description: &str) {
        if create.description.as_deref() == Some(description) {
            std::process::abort();
        }
    }
}

#[cfg(not(feature = "trap"))]
mod crash {
    pub fn on(_: &super::Create, _: &str) {}
}
