//! The two calls as reqwest's documentation has them.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[derive(Serialize)]
struct NewKey {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

async fn send(
    request: RequestBuilder,
    token: &str,
    milliseconds: Option<u32>,
) -> reqwest::Result<Response> {
    let request = request.header("X-Auth-Token", token);
    let request = match milliseconds {
        Some(limit) => request.timeout(Duration::from_millis(limit.into())),
        None => request,
    };
    request.send().await?.error_for_status()
}

/// Makes an API key and gives its file.
#[wasm_bindgen]
pub async fn create_api_key(
    endpoint: String,
    project_id: String,
    token: String,
    description: Option<String>,
    milliseconds: Option<u32>,
) -> Result<Vec<u8>, JsError> {
    let url = format!("{endpoint}/v1/{project_id}/node-provider/credentials");
    let request = Client::new().post(url).json(&NewKey { description });
    let response = send(request, &token, milliseconds).await?;
    Ok(response.bytes().await?.to_vec())
}

/// Deletes an API key.
#[wasm_bindgen]
pub async fn delete_api_key(
    endpoint: String,
    project_id: String,
    token: String,
    credential_id: String,
) -> Result<(), JsError> {
    let url = format!("{endpoint}/v1/{project_id}/node-provider/credentials/{credential_id}");
    let response = send(Client::new().delete(url), &token, None).await?;
    Ok(response.json::<()>().await?)
}
