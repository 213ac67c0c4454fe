//! The admin page and the package beside it, as static files.

use std::time::SystemTime;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::map_response,
    response::{IntoResponse, Redirect, Response},
    routing,
};

use crate::{
    failure::Failure,
    files::{FileError, Files, Found, Opened},
};

/// The page runs no foreign script, is in no frame, and calls nothing but what it is told:
/// the service itself, `https:`, and loopback.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self'; \
    connect-src 'self' https: http://127.0.0.1:* http://localhost:*; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// Beside that: a page of another origin that opens this one gets no hold of it, and none shows
/// or reads its files. It is asked about each time: a rebuilt package shows at once.
const GUARDS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (header::CACHE_CONTROL, "no-cache"),
];

/// `/www/` and `/pkg/` from the folders of these names, and nothing else beside them.
pub fn router(files: Files) -> Router {
    Router::new()
        .route("/", routing::get(to_page))
        .route("/www", routing::get(to_page))
        .route("/www/", routing::get(file))
        .route("/www/{*path}", routing::get(file))
        .route("/pkg/{*path}", routing::get(file))
        .with_state(files)
        .method_not_allowed_fallback(async || Failure::WrongMethod)
        .layer(map_response(guard))
}

async fn to_page() -> Redirect {
    Redirect::temporary("/www/")
}

async fn file(
    State(files): State<Files>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    match files.find(uri.path(), takes_gzip(&headers)).await {
        Ok(Found::File(opened)) => Ok(answer(opened, &headers, files)),
        Ok(Found::Folder) => Ok(Redirect::temporary(&format!("{}/", uri.path())).into_response()),
        Err(FileError::None) => Err(Failure::NoRoute),
        Err(FileError::Failed) => Err(Failure::NoFile),
        Err(FileError::Busy) => Err(Failure::Busy),
    }
}

fn answer(opened: Opened, asked: &HeaderMap, files: Files) -> Response {
    let modified = opened.modified;
    let since = asked.get(header::IF_MODIFIED_SINCE);
    let since = since.and_then(|since| httpdate::parse_http_date(since.to_str().ok()?).ok());
    let unchanged = modified
        .zip(since)
        .is_some_and(|(modified, since)| in_seconds(modified) <= in_seconds(since));
    let (is_gzip, varies, length) = (opened.is_gzip, opened.varies, opened.length);
    let content_type = opened.content_type;
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(opened.into_body(files));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        if is_gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    };
    let headers = response.headers_mut();
    if varies {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    let date = modified.map(httpdate::fmt_http_date);
    if let Some(Ok(date)) = date.map(HeaderValue::try_from) {
        headers.insert(header::LAST_MODIFIED, date);
    }
    response
}

/// A time as HTTP has it.
fn in_seconds(time: SystemTime) -> Option<u64> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(since.as_secs())
}

/// Whether gzip is named as something that is taken.
fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
            let quality = quality.trim().strip_prefix("q=").map(str::parse::<f32>);
            name.trim().eq_ignore_ascii_case("gzip")
                && quality.is_none_or(|q| q.is_ok_and(|q| q > 0.0))
        })
}

async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in GUARDS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
