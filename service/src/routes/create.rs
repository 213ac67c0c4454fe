//! Creating an API key.

use std::error::Error;

use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use time::OffsetDateTime;
use tracing::{error, info};

use crate::{
    auth::Caller,
    body,
    failure::Failure,
    key::NewKey,
    keyfile,
    routes::App,
    store::{Credential, StoreError},
    timestamp,
};

/// `POST /v1/{project_id}/node-provider/credentials`: the key file, once.
pub async fn create(
    caller: Caller,
    State(app): State<App>,
    body: Body,
) -> Result<Response, Failure> {
    let description = body::description(body, app.client_timeout).await?;
    make(&app, &caller.project_id, description)
        .await
        .map_err(|error| {
            error!(%error, "no key was made");
            StoreError::failure(&*error)
        })
}

/// Packs first, commits next, sends last: whatever fails, there is no file without a key,
/// and nothing but the sending can fail once there is a key.
async fn make(
    app: &App,
    project_id: &str,
    description: Option<String>,
) -> Result<Response, Box<dyn Error + Send + Sync>> {
    let created = OffsetDateTime::now_utc().truncate_to_millisecond();
    let key = NewKey::draw()?;
    let file = keyfile::pack(&key, project_id, description.as_deref(), created)?;
    let disposition = format!("attachment; filename=\"{}\"", keyfile::name(&key));
    let response = (
        [
            (header::CONTENT_TYPE, "application/zip"),
            (header::CONTENT_DISPOSITION, &disposition),
            (header::CACHE_CONTROL, "no-store"),
        ],
        file,
    )
        .into_response();
    app.store
        .insert(Credential {
            id: key.id.clone(),
            project_id: project_id.to_owned(),
            description,
            sha256: key.secret_sha256(),
            create_time: i64::try_from(timestamp::milliseconds(created))?,
        })
        .await?;
    info!(credential_id = key.id, "made a key");
    Ok(response)
}
