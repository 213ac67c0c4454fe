//! The admin page and the package beside it, as static files.

use std::{convert::Infallible, path::Path};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Redirect, Response},
    routing::{self, MethodRouter},
};
use tower_http::services::ServeDir;

use crate::failure::Failure;

/// The page runs no foreign script, is in no frame, and calls nothing but what it is told:
/// the service itself, `https:`, and loopback.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self'; \
    connect-src 'self' https: http://127.0.0.1:* http://localhost:*; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// `/www/` and `/pkg/` from the folders of these names in `folder`, and nothing else of it.
pub fn router(folder: &Path) -> Router {
    Router::new()
        .route("/", to_page())
        .route("/www", to_page())
        .route_service("/www/", files(folder))
        .route_service("/www/{*path}", files(folder))
        .route_service("/pkg/{*path}", files(folder))
        .layer(map_response(guard))
}

fn to_page() -> MethodRouter {
    routing::get(async || Redirect::temporary("/www/"))
}

/// Serves from the whole folder, so that redirects keep the prefix; the routes above let
/// only two of its folders through, and ServeDir refuses every `..`, encoded or not.
fn files(folder: &Path) -> MethodRouter<(), Infallible> {
    routing::get_service(ServeDir::new(folder))
}

async fn guard(mut response: Response) -> Response {
    if response.extensions().get::<Failure>().is_none() {
        match response.status() {
            StatusCode::NOT_FOUND => response = Failure::NoRoute.into_response(),
            StatusCode::INTERNAL_SERVER_ERROR => response = Failure::NoFile.into_response(),
            _ => {}
        }
    }
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::CACHE_CONTROL, "no-cache"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
