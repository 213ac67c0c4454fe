//! Make and revoke API keys of a blockchain node service, without leaking, losing or duplicating
//! one.
//!
//! Compiled to WebAssembly this crate is the inside of the npm package `node-provider-keys`, whose
//! JavaScript reads the options, loads the module and throws the errors. In Rust, its [`rules`]
//! are of use on any target: the limits of the contract, statuses, error bodies, the structure of a
//! key file.
//!
//! A call passes through these modules, in this order:
//!
//! - `call` runs it: attempts of one exchange each, up to the result. `task` polls it in its caller's context.
//! - `request` checks what the caller passed, and has a request or all problems at once.
//! - [`rules`] is the contract in plain Rust: limits, statuses, error bodies, retries, key files, and the one error.
//! - `host` is the JavaScript side by handle: what each step needs of the platform, in one crossing.
//! - `credentials` opens a key file, without a network.
//!
//! The exports below take what the package hands over, a record of options, and reject with a
//! record of the fields of an `ApiKeyError`. Data takes one way: options, a checked request, one
//! exchange over fetch, a key file or the one error.

// A test fails by a panic.
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unwrap_used
    )
)]

mod call;
mod credentials;
mod host;
mod request;
pub mod rules;
mod task;

use js_sys::Promise;
use rules::failure::Operation;
use wasm_bindgen::prelude::*;

/// Half the size of the standard one, and as quick.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Makes an API key. The promise gives its file, a JavaScript `File`, or rejects with the fields of
/// an `ApiKeyError`.
///
/// Contract: "Creating an API Key", `POST /v1/{project_id}/node-provider/credentials`.
#[wasm_bindgen(js_name = createApiKey)]
pub fn create_api_key(options: JsValue) -> Promise {
    call::start(Operation::Create, options)
}

/// Revokes an API key. The promise gives `undefined`, or rejects with the fields of an
/// `ApiKeyError`.
///
/// Contract: "Deleting an API Key",
/// `DELETE /v1/{project_id}/node-provider/credentials/{credential_id}`.
#[wasm_bindgen(js_name = deleteApiKey)]
pub fn delete_api_key(options: JsValue) -> Promise {
    call::start(Operation::Delete, options)
}

/// Lists API keys. The promise gives an object with `count`, the number of all keys, and `keys`,
/// one page of them, or rejects with the fields of an `ApiKeyError`.
///
/// Contract: the sibling call of the two, `GET /v1/{project_id}/node-provider/credentials`.
#[wasm_bindgen(js_name = listApiKeys)]
pub fn list_api_keys(options: JsValue) -> Promise {
    call::start(Operation::List, options)
}

/// Gets a token from IAM. The promise gives an object with the project's id and the token's end, or
/// rejects with the fields of an `ApiKeyError`; the token itself stays in the call.
///
/// Contract: "Obtaining a token", `POST /v3/auth/tokens`.
#[wasm_bindgen(js_name = signIn)]
pub fn sign_in(options: JsValue) -> Promise {
    call::start(Operation::SignIn, options)
}

/// Opens a key file, a `File` or `Blob`. The promise gives the rows of its `credential.csv`, or
/// rejects with the fields of an `ApiKeyError`, which never quote the file.
#[wasm_bindgen(js_name = readCredentials)]
pub fn read_credentials(file: JsValue) -> Promise {
    credentials::start(file)
}
