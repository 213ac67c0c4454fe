//! Listing the API keys of a project.

use std::error::Error;

use axum::{
    extract::State,
    http::{Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use tracing::error;

use crate::{
    auth::Caller,
    failure::Failure,
    list_query::ListQuery,
    routes::App,
    store::{Listed, StoreError},
    timestamp,
};

/// `GET /v1/{project_id}/node-provider/credentials?offset=…&limit=…`: the newest keys first.
///
/// `count` is the number of all keys of the project. A key that was made without a description
/// has no field `description`. `update_time` is when a key was last used; no key is ever used
/// here, so it is empty. A body, if there is one, is not read.
pub async fn list(caller: Caller, State(app): State<App>, uri: Uri) -> Result<Response, Failure> {
    let query = ListQuery::read(uri.query()).ok_or(Failure::Invalid)?;
    let body = body(&app, &caller.project_id, &query)
        .await
        .map_err(|error| {
            error!(%error, "no keys were listed");
            StoreError::failure(&*error)
        })?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

async fn body(
    app: &App,
    project_id: &str,
    query: &ListQuery,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let page = app
        .store
        .page(project_id, query.offset(), query.limit())
        .await?;
    let credentials = page
        .credentials
        .into_iter()
        .map(credential)
        .collect::<Result<Value, _>>()?;
    Ok(json!({ "credentials": credentials, "count": page.count }).to_string())
}

fn credential(listed: Listed) -> Result<Value, Box<dyn Error + Send + Sync>> {
    let created = timestamp::from_milliseconds(listed.create_time)?;
    let mut fields = Map::new();
    fields.insert("id".to_owned(), listed.id.into());
    // Absent and empty stay different, as they are in a create.
    if let Some(description) = listed.description {
        fields.insert("description".to_owned(), description.into());
    }
    fields.insert("create_time".to_owned(), timestamp::text(created)?.into());
    fields.insert("update_time".to_owned(), "".into());
    Ok(fields.into())
}
