//! What the page of a demo begins with: a token for the code of its address.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header, uri::Authority},
    response::{IntoResponse, Response},
};
use serde_json::json;
use std::{net::IpAddr, time::Instant};
use time::OffsetDateTime;
use tracing::{error, info};

use crate::{
    body,
    failure::Failure,
    json::Json,
    routes::{App, sign_in::is_json},
    timestamp::iam_text,
};

/// `POST /demo/session`: the token and the project, for a code that is good once.
///
/// No call of the API. Where the service was given no code, the path leads nowhere.
pub async fn session(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let code = app.demo.as_ref().ok_or(Failure::NoRoute)?;
    let fixed = app.auth.fixed.as_ref().ok_or(Failure::NoRoute)?;
    if !is_own_page(&headers) {
        return Err(Failure::ForeignOrigin);
    }
    let unreadable = Failure::Unreadable(StatusCode::BAD_REQUEST);
    if !is_json(&headers) {
        return Err(unreadable);
    }
    let body = body::whole(body, app.client_timeout).await;
    let presented = body.and_then(|body| Json::read(&body)?.only("code")?.text());
    let presented = presented.ok_or(unreadable)?;
    if !code.take(&presented, Instant::now()) {
        return Err(Failure::NoCode);
    }
    let now = OffsetDateTime::now_utc();
    let issued = app.auth.sessions.issue(fixed.project_id(), now);
    let issued = issued.map_err(|error| {
        error!(%error, "no token was made");
        Failure::Internal
    })?;
    let until = iam_text(issued.until).map_err(|_| Failure::Internal)?;
    info!("swapped the demo's code for a token");
    let body = json!({
        "token": issued.token,
        "project_id": fixed.project_id(),
        "expires_at": until,
    });
    Ok((
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response())
}

/// Whether a request comes from a page of this service, called by a loopback name. A program that
/// is no browser says nothing of origins.
fn is_own_page(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let Some(host) = host.filter(|host| is_loopback(host)) else {
        return false;
    };
    headers
        .get_all(header::ORIGIN)
        .iter()
        .all(|origin| origin.as_bytes() == format!("http://{host}").as_bytes())
}

fn is_loopback(host: &str) -> bool {
    host.parse::<Authority>().is_ok_and(|authority| {
        let name = authority.host();
        let address = name.trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost")
            || address.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

    use super::is_own_page;

    #[test]
    fn only_the_own_page_may_ask() {
        let takes = |pairs: &[(HeaderName, &'static str)]| {
            let pairs = pairs.iter().cloned();
            let headers: HeaderMap = pairs
                .map(|(name, value)| (name, HeaderValue::from_static(value)))
                .collect();
            is_own_page(&headers)
        };
        let host = |host| (header::HOST, host);
        let origin = |origin| (header::ORIGIN, origin);
        assert!(takes(&[host("127.0.0.1:8787")]));
        assert!(takes(&[host("[::1]:1"), origin("http://[::1]:1")]));
        assert!(takes(&[
            host("localhost:8787"),
            origin("http://localhost:8787")
        ]));
        for foreign in [
            "null",
            "",
            "http://localhost",
            "https://localhost:8787",
            "http://127.0.0.1:8787",
            "http://a.test",
        ] {
            assert!(
                !takes(&[host("localhost:8787"), origin(foreign)]),
                "{foreign}"
            );
        }
        assert!(!takes(&[]));
        for other in ["keys.example:8787", "192.0.2.1:8787", "localhost.test:1"] {
            assert!(!takes(&[host(other)]), "{other}");
        }
    }
}
