//! Deleting an API key.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{Uri, header},
    response::{IntoResponse, Response},
};
use tracing::{error, info};

use crate::{
    auth::{Caller, is_plain, segment},
    failure::Failure,
    routes::App,
    store::StoreError,
};

/// The length of a credential id, in characters; Table 1 of the delete page.
const CREDENTIAL_ID_LENGTH: usize = 36;

/// `DELETE /v1/{project_id}/node-provider/credentials/{credential_id}`: `null`, once.
///
/// A body, if there is one, is not read: the API page describes none.
pub async fn delete(_: Caller, State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Failure> {
    let id = credential_id(&uri).ok_or(Failure::Invalid)?;
    match app.store.remove(app.auth.project_id(), id.clone()).await {
        Ok(true) => {
            info!(credential_id = id, "deleted a key");
            Ok(([(header::CONTENT_TYPE, "application/json")], "null").into_response())
        }
        Ok(false) => Err(Failure::UnknownKey),
        Err(error) => {
            error!(%error, "no key was deleted");
            Err(StoreError::failure(&error))
        }
    }
}

/// The path's credential id, if it can be one.
pub fn credential_id(uri: &Uri) -> Option<String> {
    segment(uri, 5).filter(|id| id.len() == CREDENTIAL_ID_LENGTH && is_plain(id))
}
