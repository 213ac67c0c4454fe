//! What can be called.

use gloo_net::http::QueryParams;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::call::{Call, Reply, Request};
use crate::credentials;
use crate::handles::json;
use crate::listing;
use crate::options::{Create, Delete, List};
use crate::rejection::Result;
use crate::response;
use crate::rules::failure::{Kind, Operation, decimal};
use crate::rules::{limits, zip};

/// Starts a call; its promise settles with the result or with the fields of the one error.
pub fn start(operation: Operation, given: JsValue) -> Promise {
    future_to_promise(async move {
        let result = match operation {
            Operation::Create => create(&given).await,
            Operation::Delete => delete(&given).await,
            Operation::List => list(&given).await,
            Operation::Read => credentials::read(&given).await,
        };
        result.map_err(|rejection| rejection.into_js(operation))
    })
}

/// Makes a key and gives its file.
async fn create(given: &JsValue) -> Result<JsValue> {
    let create = Create::read(given)?;
    crash::on(&create, "trap");
    let options = &create.options;
    let request = Request {
        method: "POST",
        url: [
            options.base.as_str(),
            &limits::keys_path(&options.project_id),
        ]
        .concat(),
        body: Some(&create.body),
        retries: 0,
    };
    let call = Call::new(options, request)?;
    call.within_deadline(Box::pin(async {
        let reply = call.until_answered().await?;
        crash::on(&create, "trap after sending");
        key_file(&call, reply).await
    }))
    .await
}

/// Revokes a key.
async fn delete(given: &JsValue) -> Result<JsValue> {
    let delete = Delete::read(given)?;
    let options = &delete.options;
    let path = limits::key_path(&options.project_id, &delete.credential_id);
    let request = Request {
        method: "DELETE",
        url: [options.base.as_str(), &path].concat(),
        body: None,
        retries: delete.retries,
    };
    let call = Call::new(options, request)?;
    call.within_deadline(Box::pin(async {
        match call.until_answered().await {
            Ok(reply) => confirmation(&call, reply).await,
            // An earlier attempt did it, though its answer was lost.
            Err(gone) if gone.failure.status == Some(404) && call.was_repeated() => {
                Ok(JsValue::UNDEFINED)
            }
            Err(rejection) => Err(rejection),
        }
    }))
    .await
}

/// Lists keys: their number, and one page of them.
async fn list(given: &JsValue) -> Result<JsValue> {
    let list = List::read(given)?;
    let options = &list.options;
    let query = QueryParams::new();
    for (name, number) in [("offset", list.offset), ("limit", list.limit)] {
        if let Some(number) = number {
            query.append(name, &decimal(number));
        }
    }
    let query = query.to_string();
    let separator = if query.is_empty() { "" } else { "?" };
    let path = limits::keys_path(&options.project_id);
    let request = Request {
        method: "GET",
        url: [options.base.as_str(), &path, separator, &query].concat(),
        body: None,
        retries: list.retries,
    };
    let call = Call::new(options, request)?;
    call.within_deadline(Box::pin(async {
        let reply = call.until_answered().await?;
        let body = json(&call.document(reply).await?.bytes());
        body.and_then(|body| listing::read(&body))
            .ok_or_else(|| call.unexpected("was answered with success, but not with a list"))
    }))
    .await
}

/// The key file, every byte of it, if the body is one.
async fn key_file(call: &Call<'_>, reply: Reply) -> Result<JsValue> {
    let bytes = call.key_file(reply).await?.bytes();
    zip::entries(&bytes).map_err(|problem| {
        call.unexpected(&["was answered with success, but the body ", problem].concat())
    })?;
    response::file(&bytes, &call.file_name(), "application/zip").map_err(|error| {
        call.reject(Kind::Internal, "found no File here")
            .because(call.clean(&error))
    })
}

/// Sees that a success of delete is one: nothing, or JSON of any kind.
async fn confirmation(call: &Call<'_>, reply: Reply) -> Result<JsValue> {
    let received = call.document(reply).await?;
    if received.is_empty() || json(&received.bytes()).is_some() {
        Ok(JsValue::UNDEFINED)
    } else {
        Err(call.unexpected("was answered with success, but not with null"))
    }
}

/// Crashes on demand, for the tests of what happens then.
#[cfg(feature = "trap")]
mod crash {
    pub fn on(create: &super::Create, description: &str) {
        if create.description.as_deref() == Some(description) {
            std::process::abort();
        }
    }
}

#[cfg(not(feature = "trap"))]
mod crash {
    pub fn on(_: &super::Create, _: &str) {}
}
