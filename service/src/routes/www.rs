//! The admin page and the package beside it, as static files.

use std::path::Path;

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
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
        .route("/www/", files(folder))
        .route("/www/{*path}", files(folder))
        .route("/pkg/{*path}", files(folder))
        .method_not_allowed_fallback(async || Failure::WrongMethod)
        .layer(map_response(guard))
}

fn to_page() -> MethodRouter {
    routing::get(async || Redirect::temporary("/www/"))
}

/// Serves from the whole folder, so that redirects keep the prefix; the routes above let
/// only two of its folders through, and ServeDir refuses every `..`, encoded or not.
fn files(folder: &Path) -> MethodRouter {
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
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CONTENT_SECURITY_POLICY),
    );
    // Kept, but asked about each time: a rebuilt package shows at once.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
