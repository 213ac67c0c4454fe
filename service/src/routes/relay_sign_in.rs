//! A sign-in, passed on to the identity service and back.
//!
//! As with the other calls nothing but the documented request gets through. The body is read, to
//! see that it is one, and passed on as it is; it is sent once, whatever becomes of it, since
//! wrong passwords lock the user.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header},
    response::Response,
};

use crate::{
    body,
    contract::SUBJECT_TOKEN_HEADER,
    failure::Failure,
    routes::{
        Relay, TOKENS,
        relay::{BAD_REQUEST, Origin, passed_back},
        sign_in::{is_json, wants_catalog},
    },
    sign_in::SignIn,
};

/// What is passed back beside the status and the body.
const PASSED_BACK: [HeaderName; 4] = [
    SUBJECT_TOKEN_HEADER,
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::RETRY_AFTER,
];

/// `POST` of a sign-in. A token in the request stays behind.
pub async fn sign_in(
    Origin { via, client }: Origin,
    State(relay): State<Arc<Relay>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let iam = relay.iam.as_ref().ok_or(Failure::NoSignIn)?;
    let query = match wants_catalog(&uri).ok_or(BAD_REQUEST)? {
        true => "",
        false => "?nocatalog=true",
    };
    if !is_json(&headers) {
        return Err(BAD_REQUEST);
    }
    let body = client.rest(body::whole(body, relay.client_timeout)).await;
    let body = body.ok_or(Failure::ClientGone)?.ok_or(BAD_REQUEST)?;
    SignIn::read(&body).ok_or(BAD_REQUEST)?;
    let length = HeaderValue::from(body.len());
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = format!("{}{TOKENS}{query}", iam.prefix())
        .parse()
        .map_err(|_| BAD_REQUEST)?;
    for (name, value) in [
        (header::CONTENT_LENGTH, length),
        (header::VIA, via),
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json;charset=utf8"),
        ),
        (
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        ),
    ] {
        request.headers_mut().insert(name, value);
    }
    passed_back(iam.send(request, &client).await?, &PASSED_BACK)
}
