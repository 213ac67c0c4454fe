//! Deleting an API key.

use axum::{
    extract::State,
    http::{Uri, header},
    response::{IntoResponse, Response},
};
use tracing::{error, info};

use crate::{
    auth::Caller, contract::credential_id, failure::Failure, routes::App, store::StoreError,
};

/// `DELETE /v1/{project_id}/node-provider/credentials/{credential_id}`: `null`, once.
///
/// A body, if there is one, is not read: the API page describes none.
pub async fn delete(caller: Caller, State(app): State<App>, uri: Uri) -> Result<Response, Failure> {
    let id = credential_id(&uri).ok_or(Failure::Invalid)?;
    match app.store.remove(&caller.project_id, id.clone()).await {
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
