//! Which path and method lead where.

mod create;
mod delete;
mod list;
mod relay;
mod www;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::FromRef,
    http::{HeaderValue, Method, header},
    middleware::from_fn_with_state,
    routing,
};
use tower_http::cors::CorsLayer;

use crate::{
    answer::{self, REQUEST_ID},
    auth::Auth,
    contract::TOKEN_HEADER,
    failure::{Codes, Failure},
    files::Files,
    host::{self, Hosts},
    store::Store,
    upstream::Upstream,
    via::Pseudonym,
};

/// What the handlers share.
#[derive(Clone)]
pub struct App {
    /// Who may call.
    pub auth: Arc<Auth>,
    /// The keys.
    pub store: Arc<Store>,
    /// The longest wait for a request's body.
    pub client_timeout: Duration,
}

impl FromRef<App> for Arc<Auth> {
    fn from_ref(app: &App) -> Self {
        Arc::clone(&app.auth)
    }
}

/// What the handlers of a relay share.
pub struct Relay {
    /// The real service.
    pub upstream: Upstream,
    /// What this relay is called on the way.
    pub pseudonym: Pseudonym,
    /// The longest wait for a request's body.
    pub client_timeout: Duration,
}

const CREDENTIALS: &str = "/v1/{project_id}/node-provider/credentials";
const CREDENTIAL: &str = "/v1/{project_id}/node-provider/credentials/{credential_id}";

/// The three calls, answered here.
pub fn answered(app: App) -> Router {
    Router::new()
        .route(CREDENTIALS, routing::get(list::list).post(create::create))
        .route(CREDENTIAL, routing::delete(delete::delete))
        .with_state(app)
}

/// The three calls, passed on.
pub fn relayed(relay: Arc<Relay>) -> Router {
    Router::new()
        .route(CREDENTIALS, routing::get(relay::list).post(relay::create))
        .route(CREDENTIAL, routing::delete(relay::delete))
        .with_state(relay)
}

/// All routes, with the layers that every answer passes.
pub fn router(
    calls: Router,
    codes: Codes,
    hosts: Hosts,
    origins: Vec<HeaderValue>,
    www: Option<Files>,
) -> Router {
    let mut router = calls;
    if let Some(files) = www {
        router = router.merge(www::router(files));
    }
    router = router
        .method_not_allowed_fallback(async || Failure::WrongMethod)
        .fallback(async || Failure::NoRoute);
    if !origins.is_empty() {
        router = router.layer(cors(origins));
    }
    router
        .layer(from_fn_with_state(Arc::new(hosts), host::check))
        .layer(from_fn_with_state(codes, answer::finish))
}

/// What a page of another origin needs, and no more.
fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([header::CONTENT_TYPE, TOKEN_HEADER])
        .expose_headers([header::CONTENT_DISPOSITION, REQUEST_ID])
        .vary([header::ORIGIN])
}
