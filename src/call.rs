//! One call: attempts of one exchange each, under one deadline, up to the result.

use js_sys::Promise;
use wasm_bindgen::JsValue;

use crate::host::{self, Call, End, body, found, give};
use crate::request::{Request, invalid};
use crate::rules::contract;
use crate::rules::error_body::ErrorBody;
use crate::rules::failure::{Failure, Kind, Operation, Outcome};
use crate::rules::retry::{self, RetryAfter};
use crate::rules::verdict::{REFUSED, Verdict, verdict};
use crate::rules::{Bytes, zip};
use crate::task;

/// What a step of a call gives, or why the call fails.
type Result<T> = core::result::Result<T, Box<Failure>>;

/// Starts a call over fetch; its promise settles with the result or with the fields of the one error.
pub fn start(operation: Operation, given: JsValue) -> Promise {
    let call = Call::with(given, operation == Operation::SignIn);
    let promise = call.promise();
    task::start(async move {
        let mut known = Known::default();
        if let Err(mut failure) = run(operation, &call, &mut known).await {
            failure.outcome = known.at_last();
            if let Some(id) = call.header("x-request-id") {
                failure.body.request_id = Some(id);
            }
            call.fail(&failure.fields(operation));
        }
    });
    promise
}

/// What is certain about a call while it runs.
struct Known {
    /// After the attempts that are over.
    before: Outcome,
    /// In the attempt that runs.
    now: Outcome,
    /// The status of its answer.
    status: Option<u16>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            before: Outcome::NotSent,
            now: Outcome::NotSent,
            status: None,
        }
    }
}

impl Known {
    /// An attempt is handed to fetch: from now on it may arrive.
    fn begin(&mut self) {
        self.before = self.at_last();
        self.now = Outcome::Unknown;
        self.status = None;
    }

    /// The least certain of all attempts.
    fn at_last(&self) -> Outcome {
        self.before.max(self.now)
    }

    #[inline(never)]
    fn failure(&self, kind: Kind, what: &'static str) -> Box<Failure> {
        let mut failure = Box::new(Failure::new(kind, self.now, what));
        failure.status = self.status;
        failure
    }

    fn ended(&self, end: End) -> Box<Failure> {
        let kind = match end {
            End::Timeout => Kind::Timeout,
            End::Aborted => Kind::Aborted,
        };
        self.failure(kind, "")
    }

    /// An answer that the contract does not have.
    fn unexpected(&self, what: &'static str) -> Box<Failure> {
        self.failure(Kind::UnexpectedResponse, what)
    }
}

/// Attempts until one succeeds, as far as trying again is allowed.
async fn run(operation: Operation, call: &Call, known: &mut Known) -> Result<()> {
    let request = &Request::read(operation, &call.options())?;
    crash::on(call, "trap");
    let mut may_renew = operation != Operation::SignIn && request.asks[1].is_some();
    let mut needs_new = false;
    let mut failed = 0;
    let mut last = Ok(());
    loop {
        match next_token(call, request, known).await {
            Ok(is_new) if is_new || !needs_new => (),
            Err(failure) if last.is_ok() || failure.kind != Kind::InvalidArgument => {
                return Err(failure);
            }
            // There is no other token: the answer says more than that.
            _ => return last,
        }
        let Err(failure) = attempt(call, request, known).await else {
            return Ok(());
        };
        needs_new = failure.status == Some(401) && may_renew;
        if needs_new {
            may_renew = false;
        } else if is_gone(request, &failure, known) {
            call.give(give::NOTHING);
            return Ok(());
        } else {
            let wait = wait(call, request, &failure, failed);
            let Some(nap) = wait.and_then(|wait| call.sleep(wait)) else {
                return Err(failure);
            };
            nap.await.map_err(|end| known.ended(end))?;
            failed += 1;
        }
        last = Err(failure);
    }
}

/// Whether an attempt before this one may have deleted the key, which is certainly not there now.
fn is_gone(request: &Request, failure: &Failure, known: &Known) -> bool {
    request.operation == Operation::Delete
        && failure.status == Some(404)
        && known.before == Outcome::Unknown
}

/// Milliseconds until the next attempt, if there may be one.
fn wait(call: &Call, request: &Request, failure: &Failure, failed: u32) -> Option<f64> {
    let is_transient = match failure.kind {
        Kind::Network => true,
        Kind::Http => failure.status.is_some_and(retry::is_transient),
        _ => false,
    };
    if !is_transient || failed >= request.retries {
        return None;
    }
    let backoff = retry::backoff(failed + 1, host::random());
    let header = call.header("retry-after").unwrap_or_default();
    match retry::retry_after(&header, host::now(), host::parse_date) {
        RetryAfter::Unsaid => Some(backoff),
        RetryAfter::Wait(wait) => Some(wait.max(backoff)),
        RetryAfter::GiveUp => None,
    }
}

/// Gets the secrets for one attempt; tells whether the token is another than the one before.
async fn next_token(call: &Call, request: &Request, known: &Known) -> Result<bool> {
    for secret in request.asks.into_iter().flatten() {
        let asked = call.ask(secret.name).await;
        asked.map_err(|end| known.ended(end))?;
        let broken = if call.failed() {
            Some("could not be read: the function that gives it failed")
        } else {
            secret.rule(&call.options())
        };
        if let Some(rule) = broken {
            return Err(invalid(secret.name, rule));
        }
    }
    Ok(request.operation == Operation::SignIn || call.adopt())
}

/// One exchange, up to its result.
async fn attempt(call: &Call, request: &Request, known: &mut Known) -> Result<()> {
    if let Some(end) = call.end() {
        return Err(known.ended(end));
    }
    known.begin();
    let sent = call.send(request.method.as_str(), request.path, request.body);
    sent.await.map_err(|end| known.ended(end))?;
    if call.failed() {
        if call.is_refused(REFUSED) {
            known.now = Outcome::NotSent;
        }
        return Err(known.failure(Kind::Network, ""));
    }
    let Some((status, is_redirect)) = call.answer() else {
        return Err(known.unexpected("was answered with something that is not a response"));
    };
    known.status = (status > 0).then_some(status);
    let verdict = if is_redirect {
        Verdict::Failure(Kind::Redirect, Outcome::Unknown)
    } else {
        verdict(status)
    };
    let failure = verdict.failure().map(|(kind, outcome)| {
        known.now = outcome;
        known.failure(kind, "was answered with a status that HTTP does not have")
    });
    crash::on(call, "trap after sending");

    // Also of a redirect: a fetch that followed it all the same may have brought a key file.
    let is_success = (200..300).contains(&status);
    let most = match failure {
        Some(failure) if !is_success && failure.kind != Kind::Http => return Err(failure),
        _ if is_success => request.max_file_bytes,
        _ => request.max_error_bytes,
    };
    let is_file = is_success && request.operation == Operation::Create;
    let read = call.read(most, is_file).await;
    read.map_err(|end| known.ended(end))?;
    let end = call.body();
    if let Some(mut failure) = failure {
        if !is_success && end == body::WHOLE && call.json() {
            failure.body = ErrorBody::read(call);
        }
        return Err(failure);
    }
    let what = match end {
        body::WHOLE => return conclude(call, request, known),
        body::LARGE => "was answered with more than maxFileBytes bytes",
        body::CLOSED => {
            "was answered with a body that cannot be read: the response of your fetch needs \
             body.getReader(), an async iterator or arrayBuffer()"
        }
        _ => "was answered with success, but the body broke off",
    };
    Err(known.unexpected(what))
}

/// Gives what a body of success is: a key file, a confirmation, or a list.
fn conclude(call: &Call, request: &Request, known: &Known) -> Result<()> {
    match request.operation {
        Operation::Delete => {
            if !call.is_empty() && !call.json() {
                return Err(known.unexpected("was answered with success, but not with null"));
            }
            call.give(give::NOTHING);
        }
        Operation::List => {
            if !call.json() || !call.give(give::DOCUMENT) {
                return Err(known.unexpected("was answered with success, but not with a list"));
            }
        }
        Operation::SignIn => {
            let is_token = call.options().text("token", contract::TOKEN) == found::GOOD;
            if !is_token || !call.json() || !call.give(give::DOCUMENT) {
                return Err(known.unexpected("was answered with success, but not with a token"));
            }
        }
        _ => {
            zip::walk(&**call, &mut |_| ()).map_err(|problem| {
                let mut failure = known.unexpected("was answered with success, but the body ");
                failure.what[1] = problem;
                failure
            })?;
            if !call.give(give::FILE) {
                return Err(known.failure(Kind::Internal, "found no File here"));
            }
        }
    }
    Ok(())
}

/// Crashes on demand, for the tests of what happens then.
#[cfg(feature = "trap")]
mod crash {
    use crate::host::Call;

    pub fn on(call: &Call, description: &str) {
        if call.options().description().as_deref() == Some(description) {
            std::process::abort();
        }
    }
}

#[cfg(not(feature = "trap"))]
mod crash {
    pub fn on(_: &crate::host::Call, _: &str) {}
}
