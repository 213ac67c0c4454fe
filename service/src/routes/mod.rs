//! Which path and method lead where.

mod create;
mod delete;
mod demo;
mod list;
mod relay;
mod relay_sign_in;
mod sign_in;
mod www;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::FromRef,
    http::{HeaderValue, Method, header},
    middleware::from_fn_with_state,
    routing,
};
use tokio::sync::Mutex;
use tower_http::cors::CorsLayer;

use crate::{
    account::Account,
    answer::{self, REQUEST_ID},
    auth::Auth,
    contract::{SUBJECT_TOKEN_HEADER, TOKEN_HEADER},
    demo::Code,
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
    /// Who may sign in, if anybody.
    pub account: Option<Arc<Account>>,
    /// Held by the sign-in that is judged.
    pub sign_in_turn: Arc<Mutex<()>>,
    /// What the demo's page may swap for a token, if there is a demo.
    pub demo: Option<Arc<Code>>,
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
    /// What answers sign-ins, if they are passed on.
    pub iam: Option<Upstream>,
    /// What this relay is called on the way.
    pub pseudonym: Pseudonym,
    /// The longest wait for a request's body.
    pub client_timeout: Duration,
}

const CREDENTIALS: &str = "/v1/{project_id}/node-provider/credentials";
const CREDENTIAL: &str = "/v1/{project_id}/node-provider/credentials/{credential_id}";

const TOKENS: &str = "/v3/auth/tokens";
const DEMO_SESSION: &str = "/demo/session";

/// The calls, answered here.
pub fn answered(app: App) -> Router {
    Router::new()
        .route(CREDENTIALS, routing::get(list::list).post(create::create))
        .route(CREDENTIAL, routing::delete(delete::delete))
        .route(TOKENS, routing::post(sign_in::sign_in))
        .route(DEMO_SESSION, routing::post(demo::session))
        .with_state(app)
}

/// The calls, passed on.
pub fn relayed(relay: Arc<Relay>) -> Router {
    Router::new()
        .route(CREDENTIALS, routing::get(relay::list).post(relay::create))
        .route(CREDENTIAL, routing::delete(relay::delete))
        .route(TOKENS, routing::post(relay_sign_in::sign_in))
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
        .expose_headers([
            header::CONTENT_DISPOSITION,
            REQUEST_ID,
            SUBJECT_TOKEN_HEADER,
        ])
        .vary([header::ORIGIN])
}
