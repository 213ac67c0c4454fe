//! Make and revoke API keys of a blockchain node service, without leaking, losing or duplicating
//! one.
//!
//! Compiled to WebAssembly this crate is the inside of the npm package `node-provider-keys`, whose
//! JavaScript reads the options, loads the module and throws the errors. In Rust, its [`rules`]
//! are of use on any target: the limits of the contract, error bodies, file names, the structure
//! of a key file.
//!
//! The exports below take what the package hands over, a record of options, and reject with a
//! record of the fields of an `ApiKeyError`. Data takes one way: options, a checked request, one
//! exchange over fetch, a key file or the one error.

// A panic is a trap in WebAssembly, and a trap is a call that does not say what happened.
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod calls;
mod credentials;
mod handles;
mod host;
mod listing;
mod options;
mod rejection;
pub mod rules;

use rules::failure::Operation;
use wasm_bindgen::prelude::*;

/// Makes an API key and gives its file, a JavaScript `File`.
///
/// Contract: "Creating an API Key", `POST /v1/{project_id}/node-provider/credentials`.
///
/// # Errors
///
/// The fields of an `ApiKeyError`.
#[wasm_bindgen(js_name = createApiKey)]
pub async fn create_api_key(options: JsValue) -> Result<JsValue, JsValue> {
    calls::create(&options)
        .await
        .map_err(|rejection| rejection.into_js(Operation::Create))
}

/// Revokes an API key; gives `undefined`.
///
/// Contract: "Deleting an API Key",
/// `DELETE /v1/{project_id}/node-provider/credentials/{credential_id}`.
///
/// # Errors
///
/// The fields of an `ApiKeyError`.
#[wasm_bindgen(js_name = deleteApiKey)]
pub async fn delete_api_key(options: JsValue) -> Result<JsValue, JsValue> {
    calls::delete(&options)
        .await
        .map_err(|rejection| rejection.into_js(Operation::Delete))
}

/// Lists API keys: gives an object with `count`, the number of all keys, and `keys`, one page of
/// them.
///
/// Contract: the sibling call of the two, `GET /v1/{project_id}/node-provider/credentials`.
///
/// # Errors
///
/// The fields of an `ApiKeyError`.
#[wasm_bindgen(js_name = listApiKeys)]
pub async fn list_api_keys(options: JsValue) -> Result<JsValue, JsValue> {
    calls::list(&options)
        .await
        .map_err(|rejection| rejection.into_js(Operation::List))
}

/// Opens a key file, a `File` or `Blob`, and gives the rows of its `credential.csv`.
///
/// # Errors
///
/// The fields of an `ApiKeyError`, never the file's content.
#[wasm_bindgen(js_name = readCredentials)]
pub async fn read_credentials(file: JsValue) -> Result<JsValue, JsValue> {
    credentials::read(&file)
        .await
        .map_err(|rejection| rejection.into_js(Operation::Read))
}
