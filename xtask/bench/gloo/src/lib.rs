//! The two calls as gloo-net's documentation has them.

use gloo_net::http::{Request, Response};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

#[derive(Serialize)]
struct NewKey {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error_code: String,
    error_msg: String,
}

async fn succeeded(response: Response) -> Result<Response, JsError> {
    if response.ok() {
        return Ok(response);
    }
    let Refusal {
        error_code,
        error_msg,
    } = response.json().await?;
    Err(JsError::new(&format!("{error_code}: {error_msg}")))
}

/// Makes an API key and gives its file.
#[wasm_bindgen]
pub async fn create_api_key(
    endpoint: String,
    project_id: String,
    token: String,
    description: Option<String>,
) -> Result<Vec<u8>, JsError> {
    let url = format!("{endpoint}/v1/{project_id}/node-provider/credentials");
    let response = Request::post(&url)
        .header("X-Auth-Token", &token)
        .json(&NewKey { description })?
        .send()
        .await?;
    Ok(succeeded(response).await?.binary().await?)
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
    let response = Request::delete(&url)
        .header("X-Auth-Token", &token)
        .send()
        .await?;
    Ok(succeeded(response).await?.json::<()>().await?)
}
