//! Signing in: a token for a user's password.

use std::time::Instant;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::{task::spawn_blocking, time::timeout};
use tracing::{error, info};

use crate::{
    account::{Account, Moment, Owned},
    body,
    contract::SUBJECT_TOKEN_HEADER,
    failure::Failure,
    routes::App,
    sessions::Issued,
    sign_in::SignIn,
    store::TURN_WAIT,
    timestamp::iam_text,
};

/// `POST /v3/auth/tokens`: a token in a header, and what it is for in the body.
///
/// Nothing is done twice and none of the request is kept. A token in the request, which the call
/// does not need, is not looked at.
pub async fn sign_in(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let account = app.account.clone().ok_or(Failure::NoSignIn)?;
    let catalog = wants_catalog(&uri).ok_or(Failure::BadSignIn)?;
    if !is_json(&headers) {
        return Err(Failure::BadSignIn);
    }
    let body = body::whole(body, app.client_timeout).await;
    let asked = body.and_then(|body| SignIn::read(&body));
    let asked = asked.ok_or(Failure::BadSignIn)?;
    // One at a time: each takes memory and a processor.
    let turn = timeout(TURN_WAIT, app.sign_in_turn.lock()).await;
    let turn = turn.map_err(|_| Failure::Busy)?;
    let now = OffsetDateTime::now_utc();
    let moment = Moment {
        steady: Instant::now(),
        unix: u64::try_from(now.unix_timestamp()).unwrap_or_default(),
    };
    let judged = spawn_blocking(move || account.judge(&asked, moment)).await;
    drop(turn);
    let project = judged.map_err(|_| Failure::NoSession)??;
    let issued = app.auth.sessions.issue(&project.id, now);
    let answer = issued
        .map_err(|error| error!(%error, "no token was made"))
        .ok()
        .and_then(|issued| answer(&app, &project, issued, catalog.then_some(&headers)));
    let answer = answer.ok_or(Failure::NoSession)?;
    info!("made a token");
    Ok(answer)
}

/// Whether the answer is to have the catalogue; `None` for a query that the call does not have.
pub fn wants_catalog(uri: &Uri) -> Option<bool> {
    match uri.query() {
        None => Some(true),
        Some("nocatalog=true") => Some(false),
        Some(_) => None,
    }
}

/// Whether the body is told to be JSON. A page of another origin cannot say so without being asked
/// first, so that none can lock the user.
pub fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(first), None) = (types.next(), types.next()) else {
        return false;
    };
    first.to_str().is_ok_and(|text| {
        let name = text.split(';').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("application/json")
    })
}

fn answer(
    app: &App,
    project: &Owned,
    issued: Issued,
    asked: Option<&HeaderMap>,
) -> Option<Response> {
    let account = app.account.as_ref()?;
    let domain = json!({ "id": account.id, "name": account.name });
    let mut token = json!({
        "expires_at": iam_text(issued.until).ok()?,
        "issued_at": iam_text(issued.from).ok()?,
        "methods": account.methods(),
        "project": { "id": project.id, "name": project.name, "domain": domain },
        "roles": [{ "id": "0", "name": "te_admin" }],
        "user": { "id": account.user_id, "name": account.user, "domain": domain },
    });
    if let Some(headers) = asked {
        token
            .as_object_mut()?
            .insert("catalog".to_owned(), catalog(account, headers));
    }
    let mut subject = HeaderValue::from_str(&issued.token).ok()?;
    subject.set_sensitive(true);
    let content = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        ),
        (SUBJECT_TOKEN_HEADER, subject),
    ];
    let body = json!({ "token": token }).to_string();
    Some((StatusCode::CREATED, content, body).into_response())
}

/// One service: this one, by the name it was called.
fn catalog(account: &Account, headers: &HeaderMap) -> Value {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default();
    json!([{
        "id": account.id,
        "name": "node-provider",
        "type": "node-provider",
        "endpoints": [{
            "id": account.id,
            "interface": "public",
            "region": "*",
            "region_id": "*",
            "url": format!("http://{host}"),
        }],
    }])
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{is_json, wants_catalog};

    #[test]
    fn json_is_what_says_so() {
        let takes = |texts: &[&str]| {
            let mut headers = HeaderMap::new();
            for text in texts {
                let value = HeaderValue::from_str(text).unwrap();
                headers.append(header::CONTENT_TYPE, value);
            }
            is_json(&headers)
        };
        for good in [
            "application/json",
            "application/json;charset=utf8",
            "Application/JSON ; charset=utf-8",
        ] {
            assert!(takes(&[good]), "{good}");
        }
        for bad in [
            &[][..],
            &[""],
            &["text/plain"],
            &["text/plain;application/json"],
            &["application/jsonp"],
            &["application/x-www-form-urlencoded"],
            &["application/json", "application/json"],
        ] {
            assert!(!takes(bad), "{bad:?}");
        }
    }

    #[test]
    fn the_query_is_none_or_that_of_the_call() {
        let of = |query: &str| wants_catalog(&format!("/v3/auth/tokens{query}").parse().unwrap());
        assert_eq!(of(""), Some(true));
        assert_eq!(of("?nocatalog=true"), Some(false));
        for other in [
            "?",
            "?nocatalog",
            "?nocatalog=1",
            "?nocatalog=true&a=b",
            "?a=b",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
