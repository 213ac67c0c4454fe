//! The three calls, passed on to the real service and back.
//!
//! A request is taken apart and made anew, so that nothing but the three calls gets through:
//! method, path and query of the contract, its two headers, the way so far, and the body's bytes. A cookie, a
//! header of the browser's or an odd path has no place to travel in.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header,
        request::Parts,
    },
    response::Response,
};
use tokio::time::timeout;
use tracing::{info, warn};

use crate::{
    answer::REQUEST_ID,
    auth::Token,
    body::BODY_MAX,
    client::Client,
    contract::{TOKEN_HEADER, credential_id, is_project_id, project_id},
    failure::Failure,
    list_query::ListQuery,
    routes::Relay,
    upstream::Tail,
};

/// What is passed back of a call's answer beside the status and the body. The encoding is none that
/// was asked for, but without its name a compressed key file would be lost.
const PASSED_BACK: [HeaderName; 4] = [
    header::CONTENT_TYPE,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::RETRY_AFTER,
];

/// The longest request id, in bytes.
const REQUEST_ID_MAX: usize = 128;

/// The longest request id that is logged: a UUID or a digest, with some room.
const LOGGED_ID_MAX: usize = 64;

pub const BAD_REQUEST: Failure = Failure::Unreadable(StatusCode::BAD_REQUEST);

/// Where a request comes from.
pub struct Origin {
    /// The way so far, with this relay.
    pub via: HeaderValue,
    /// Who waits for the answer.
    pub client: Client,
}

impl FromRequestParts<Arc<Relay>> for Origin {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, relay: &Arc<Relay>) -> Result<Self, Failure> {
        Ok(Self {
            via: relay.pseudonym.after(&parts.headers, parts.version)?,
            client: parts.extensions.remove().ok_or(Failure::ClientGone)?,
        })
    }
}

/// What each of the three calls brings beside its path.
pub struct Caller {
    token: HeaderValue,
    via: HeaderValue,
    client: Client,
}

impl FromRequestParts<Arc<Relay>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, relay: &Arc<Relay>) -> Result<Self, Failure> {
        let Token(token) = Token::from_request_parts(parts, relay).await?;
        let Origin { via, client } = Origin::from_request_parts(parts, relay).await?;
        Ok(Self { token, via, client })
    }
}

/// `GET` of the list: the query is checked, and passed on as far as it was given.
pub async fn list(
    caller: Caller,
    State(relay): State<Arc<Relay>>,
    uri: Uri,
) -> Result<Response, Failure> {
    let query = ListQuery::read(uri.query()).ok_or(BAD_REQUEST)?;
    let target = format!("{}{}", credentials(&uri)?, query.text());
    let request = request(&relay, Method::GET, &target, &caller, Body::empty())?;
    pass(&relay, request, &caller.client).await
}

/// `POST` of a key. The body is there whole before anything is sent, so that a client which
/// breaks off makes no key.
pub async fn create(
    caller: Caller,
    State(relay): State<Arc<Relay>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let target = credentials(&uri)?;
    let body = timeout(relay.client_timeout, to_bytes(body, BODY_MAX));
    // Whoever sends it is not known yet.
    let body = caller.client.rest(body).await;
    let body = body
        .ok_or(Failure::ClientGone)?
        .map_err(|_| BAD_REQUEST)?
        .map_err(|_| BAD_REQUEST)?;
    let length = HeaderValue::from(body.len());
    let mut request = request(&relay, Method::POST, &target, &caller, Body::from(body))?;
    // Said of an empty body too: there are servers that want to know.
    request.headers_mut().insert(header::CONTENT_LENGTH, length);
    if let Some(content_type) = headers.get(header::CONTENT_TYPE) {
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type.clone());
    }
    pass(&relay, request, &caller.client).await
}

/// `DELETE` of a key. A body, if there is one, is not read.
pub async fn delete(
    caller: Caller,
    State(relay): State<Arc<Relay>>,
    uri: Uri,
) -> Result<Response, Failure> {
    let id = credential_id(&uri).ok_or(BAD_REQUEST)?;
    let target = format!("{}/{id}", credentials(&uri)?);
    let request = request(&relay, Method::DELETE, &target, &caller, Body::empty())?;
    pass(&relay, request, &caller.client).await
}

/// The path of a project's keys. A project that cannot be one is not passed on: some server on
/// the way could take it for a part of the path.
fn credentials(uri: &Uri) -> Result<String, Failure> {
    let project = project_id(uri)
        .filter(|project| is_project_id(project))
        .ok_or(BAD_REQUEST)?;
    Ok(format!("/v1/{project}/node-provider/credentials"))
}

fn request(
    relay: &Relay,
    method: Method,
    target: &str,
    caller: &Caller,
    body: Body,
) -> Result<Request<Body>, Failure> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = format!("{}{target}", relay.upstream.prefix())
        .parse()
        .map_err(|_| BAD_REQUEST)?;
    let headers = request.headers_mut();
    headers.insert(TOKEN_HEADER, caller.token.clone());
    headers.insert(header::VIA, caller.via.clone());
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    Ok(request)
}

/// Sends a request and gives what may be passed back of its answer.
async fn pass(relay: &Relay, request: Request<Body>, client: &Client) -> Result<Response, Failure> {
    passed_back(relay.upstream.send(request, client).await?, &PASSED_BACK)
}

/// What may be passed back of an answer: its status, its body, its request id and these headers.
pub fn passed_back(answer: Response<Tail>, names: &[HeaderName]) -> Result<Response, Failure> {
    let (theirs, body) = answer.into_parts();
    if !is_passed_back(theirs.status) {
        warn!(
            status = theirs.status.as_u16(),
            "the upstream's answer is not passed back"
        );
        return Err(Failure::NotPassedBack);
    }
    let mut response = Response::new(Body::new(body));
    *response.status_mut() = theirs.status;
    let headers = response.headers_mut();
    for name in names {
        if let Some(value) = theirs.headers.get(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    let id = theirs.headers.get(REQUEST_ID);
    // The line has this relay's own id too. What may be anything but an id is not logged.
    let plain = id.and_then(|id| id.to_str().ok());
    let upstream_id = plain.filter(|id| {
        (1..=LOGGED_ID_MAX).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    });
    info!(
        upstream_id,
        status = theirs.status.as_u16(),
        "the upstream answered"
    );
    if let Some(id) = id.filter(|id| is_request_id(id.as_bytes())) {
        headers.insert(REQUEST_ID, id.clone());
    }
    Ok(response)
}

/// A redirect could lead the token elsewhere, and browsers answer 408 and 421 by sending the
/// request again, a create too.
fn is_passed_back(status: StatusCode) -> bool {
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::MISDIRECTED_REQUEST => false,
        _ => status.is_success() || status.is_client_error() || status.is_server_error(),
    }
}

fn is_request_id(id: &[u8]) -> bool {
    (1..=REQUEST_ID_MAX).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic)
}
