//! What every answer has: a request id, and the headers that go with any content.

use std::time::Instant;

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, info, info_span};
use uuid::Uuid;

use crate::{
    failure::{Codes, Failure},
    key::random_uuid,
};

/// The header by which an answer is found in the log.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of one request: 32 hexadecimal digits.
pub struct RequestId(String);

impl RequestId {
    /// A fresh id. One that cannot be drawn is all zeros: it must not cost the answer.
    pub fn fresh() -> Self {
        Self(random_uuid().unwrap_or(Uuid::nil()).simple().to_string())
    }
}

/// Writes failures out, and completes the headers. The outermost layer.
pub async fn finish(State(codes): State<Codes>, request: Request, next: Next) -> Response {
    let id = RequestId::fresh();
    let started = Instant::now();
    let method = known(request.method());
    // The pattern, not the path: whatever was put there by mistake stays out of the log.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = info_span!("request", id = id.0);
    async move {
        let mut response = next.run(request).await;
        complete(&mut response, codes, &id);
        info!(
            method,
            route = route.as_ref().map_or("none", MatchedPath::as_str),
            status = response.status().as_u16(),
            milliseconds = started.elapsed().as_millis(),
            "answered"
        );
        response
    }
    .instrument(span)
    .await
}

/// A method as the log has it: a made-up one may be of any length, and may hold anything.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "CONNECT", "TRACE",
    ];
    KNOWN
        .into_iter()
        .find(|known| known == &method.as_str())
        .unwrap_or("other")
}

/// Completes one answer. What is neither an API answer nor a failure keeps its own headers.
pub fn complete(response: &mut Response, codes: Codes, id: &RequestId) {
    if let Some(failure) = response.extensions().get::<Failure>().copied() {
        *response.status_mut() = failure.status();
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Failure::Busy = failure {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        *response.body_mut() = Body::from(failure.body(codes, &id.0));
    }
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        // A relayed answer has its id already.
        headers.entry(REQUEST_ID).or_insert(value);
    }
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    // Whatever has no rule of its own is not to be kept: it may follow from a token.
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
