//! The calls, compiled to WebAssembly, against the running service: in Chromium, in Firefox and on
//! Node, by `wasm-pack test`.
//!
//! `cargo xtask test` starts the service and says where it is.
#![cfg(target_arch = "wasm32")]
// A test fails by a panic.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use js_sys::{Array, Function, Object, Promise, Reflect};
use node_provider_keys::{create_api_key, delete_api_key, list_api_keys, read_credentials};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

const SERVICE: &str = env!("NPK_SERVICE");
const TOKEN: &str = env!("NPK_TOKEN");
const PROJECT: &str = env!("NPK_PROJECT");
const NO_SUCH_KEY: &str = "01234567-89ab-cdef-0123-456789abcdef";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn global_fetch(url: &JsValue, init: &JsValue) -> Promise;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: u32);
}

fn options(more: &[(&str, JsValue)]) -> JsValue {
    let options = Object::new();
    for (name, value) in [
        ("endpoint", SERVICE),
        ("token", TOKEN),
        ("projectId", PROJECT),
    ] {
        Reflect::set(&options, &name.into(), &value.into()).unwrap();
    }
    for (name, value) in more {
        Reflect::set(&options, &(*name).into(), value).unwrap();
    }
    options.into()
}

fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn text(value: &JsValue, name: &str) -> String {
    get(value, name).as_string().unwrap_or_default()
}

/// A fetch that is a function of Rust.
fn fetch(answer: impl Fn(JsValue, JsValue) -> Promise + 'static) -> JsValue {
    Closure::<dyn Fn(JsValue, JsValue) -> Promise>::new(answer).into_js_value()
}

/// A fetch that answers so, whatever it is asked.
fn answering(status: u16, body: &'static str) -> JsValue {
    fetch(move |_, _| {
        let init = web_sys::ResponseInit::new();
        init.set_status(status);
        let response = web_sys::Response::new_with_opt_str_and_init(Some(body), &init);
        Promise::resolve(&JsValue::from(response.unwrap()))
    })
}

fn assert_fails(error: &JsValue, kind: &str, outcome: &str) {
    let found = (text(error, "kind"), text(error, "outcome"));
    assert_eq!(
        found,
        (kind.into(), outcome.into()),
        "{}",
        text(error, "message")
    );
}

async fn id_of(file: JsValue) -> String {
    let rows: Array = read_credentials(file).await.unwrap().into();
    assert_eq!(rows.length(), 1);
    text(&rows.get(0), "credential_id")
}

#[wasm_bindgen_test]
async fn a_key_is_made_opened_and_revoked() {
    let file = create_api_key(options(&[("description", "For test".into())]))
        .await
        .unwrap();
    assert_eq!(text(&file, "type"), "application/zip");
    assert!(text(&file, "name").ends_with(".zip"));

    let id = id_of(file).await;
    let revoke = || delete_api_key(options(&[("credentialId", id.as_str().into())]));
    assert!(revoke().await.unwrap().is_undefined());

    let again = revoke().await.unwrap_err();
    assert_fails(&again, "http", "rejected");
    assert_eq!(get(&again, "status"), 404);
}

#[wasm_bindgen_test]
async fn a_made_key_is_listed_until_it_is_revoked() {
    let listed = async |id: &str| {
        let list = list_api_keys(options(&[("limit", 1000.into())]))
            .await
            .unwrap();
        let keys: Array = get(&list, "keys").into();
        assert_eq!(get(&list, "count"), keys.length());
        keys.iter().find(|key| text(key, "id") == id)
    };
    let file = create_api_key(options(&[("description", "For the list".into())]))
        .await
        .unwrap();
    let id = id_of(file).await;
    let key = listed(&id).await.unwrap();
    assert_eq!(text(&key, "description"), "For the list");
    assert!(text(&key, "createTime").ends_with('Z'));

    delete_api_key(options(&[("credentialId", id.as_str().into())]))
        .await
        .unwrap();
    assert!(listed(&id).await.is_none());
}

#[wasm_bindgen_test]
async fn two_calls_make_two_keys() {
    let first = id_of(create_api_key(options(&[])).await.unwrap()).await;
    let second = id_of(create_api_key(options(&[])).await.unwrap()).await;
    assert_ne!(first, second);
    for id in [first, second] {
        delete_api_key(options(&[("credentialId", id.into())]))
            .await
            .unwrap();
    }
}

#[wasm_bindgen_test]
async fn the_request_is_that_of_the_page() {
    for (description, wanted) in [
        (JsValue::UNDEFINED, "{}"),
        ("".into(), r#"{"description":""}"#),
        ("For test".into(), r#"{"description":"For test"}"#),
        (
            "\"\\\u{1}\n密🔑".into(),
            r#"{"description":"\"\\\u0001\n密🔑"}"#,
        ),
    ] {
        let stub = fetch(move |url, init| {
            let wanted_url = format!("{SERVICE}/v1/{PROJECT}/node-provider/credentials");
            assert_eq!(url, wanted_url.as_str());
            assert_eq!(text(&init, "method"), "POST");
            assert_eq!(text(&init, "body"), wanted);
            let headers: Object = get(&init, "headers").unchecked_into();
            assert_eq!(text(&headers, "X-Auth-Token"), TOKEN);
            assert_eq!(text(&headers, "Content-Type"), "application/json");
            assert_eq!(Object::keys(&headers).length(), 2);
            assert!(Object::get_prototype_of(&headers).is_null(), "it inherits");
            Promise::reject(&"seen".into())
        });
        let more = [("description", description), ("fetch", stub)];
        let error = create_api_key(options(&more)).await.unwrap_err();
        assert_fails(&error, "network", "unknown");
        assert_eq!(text(&get(&error, "cause"), "message"), "seen");
    }
}

#[wasm_bindgen_test]
async fn a_request_that_the_service_cannot_read_is_answered_with_400() {
    let garbled = fetch(|url, init| {
        Reflect::set(&init, &"body".into(), &"{".into()).unwrap();
        global_fetch(&url, &init)
    });
    let error = create_api_key(options(&[("fetch", garbled)]))
        .await
        .unwrap_err();
    assert_documented(&error, 400, "BCS.03400001", "Invalid request.", "rejected");
}

#[wasm_bindgen_test]
async fn a_wrong_token_is_answered_with_401() {
    let wrong = || ("token", JsValue::from("wrong"));
    let id = ("credentialId", NO_SUCH_KEY.into());
    let created = create_api_key(options(&[wrong()])).await;
    let deleted = delete_api_key(options(&[wrong(), id])).await;
    for error in [created.unwrap_err(), deleted.unwrap_err()] {
        let message = "Authorization failed.";
        assert_documented(&error, 401, "BCS.03401001", message, "rejected");
        assert_eq!(text(&error, "detail"), "request token is not valid");
    }
}

#[wasm_bindgen_test]
async fn the_example_of_500_leaves_the_outcome_unknown() {
    const EXAMPLE: &str = r#"{
  "code" : 500,
  "error_code" : "BCS.03500001",
  "error_msg" : "Internal error.",
  "message" : "project [xxx] node [xxx] get service bearer user token error"
}"#;
    let broken = || ("fetch", answering(500, EXAMPLE));
    let error = create_api_key(options(&[broken()])).await.unwrap_err();
    assert_documented(&error, 500, "BCS.03500001", "Internal error.", "unknown");

    let id = ("credentialId", NO_SUCH_KEY.into());
    let error = delete_api_key(options(&[broken(), id])).await.unwrap_err();
    assert_documented(&error, 500, "BCS.03500001", "Internal error.", "unknown");
}

fn assert_documented(error: &JsValue, status: u16, error_code: &str, msg: &str, outcome: &str) {
    assert_fails(error, "http", outcome);
    assert_eq!(get(error, "status"), status);
    assert_eq!(text(error, "code"), status.to_string());
    assert_eq!(text(error, "errorCode"), error_code);
    assert_eq!(text(error, "errorMsg"), msg);
}

#[wasm_bindgen_test]
async fn a_delete_takes_null_nothing_and_any_json_for_done() {
    for body in ["null", "", "{\"ok\":true}", " [] "] {
        let more = [
            ("credentialId", NO_SUCH_KEY.into()),
            ("fetch", answering(200, body)),
        ];
        let done = delete_api_key(options(&more)).await;
        assert!(done.is_ok_and(|value| value.is_undefined()), "{body}");
    }
    let more = [
        ("credentialId", NO_SUCH_KEY.into()),
        ("fetch", answering(200, "<html>")),
    ];
    let error = delete_api_key(options(&more)).await.unwrap_err();
    assert_fails(&error, "unexpected_response", "unknown");
}

#[wasm_bindgen_test]
async fn a_list_is_asked_for_by_page_and_read_without_what_is_unknown() {
    const BODY: &str = r#"{"count":7,"eps":1,"credentials":[
        {"id":"a","description":"密","create_time":"2026-01-01","update_time":"","node_ids":[1]},
        {"id":"b","description":null}]}"#;
    let stub = fetch(|url, init| {
        let wanted = format!("{SERVICE}/v1/{PROJECT}/node-provider/credentials?offset=0&limit=2");
        assert_eq!((url, text(&init, "method")), (wanted.into(), "GET".into()));
        let response = web_sys::Response::new_with_opt_str(Some(BODY)).unwrap();
        Promise::resolve(&JsValue::from(response))
    });
    let more = [("fetch", stub), ("offset", 0.into()), ("limit", 2.into())];
    let list = list_api_keys(options(&more)).await.unwrap();
    assert_eq!(get(&list, "count"), 7);
    let wanted =
        r#"[{"id":"a","description":"密","createTime":"2026-01-01","updateTime":""},{"id":"b"}]"#;
    assert_eq!(
        js_sys::JSON::stringify(&get(&list, "keys")).unwrap(),
        wanted
    );
}

#[wasm_bindgen_test]
async fn what_is_no_list_is_unexpected() {
    for body in [
        "null",
        "[]",
        "{}",
        r#"{"credentials":{}}"#,
        r#"{"credentials":[{}]}"#,
        "<html>",
    ] {
        let error = list_api_keys(options(&[("fetch", answering(200, body))]))
            .await
            .unwrap_err();
        assert_fails(&error, "unexpected_response", "unknown");
    }
    for (name, value) in [
        ("offset", 1001),
        ("offset", -1),
        ("limit", 0),
        ("limit", 1001),
    ] {
        let error = list_api_keys(options(&[(name, value.into())]))
            .await
            .unwrap_err();
        assert_fails(&error, "invalid_argument", "not_sent");
    }
}

#[wasm_bindgen_test]
async fn an_abort_ends_a_call_with_its_own_reason() {
    let controller = web_sys::AbortController::new().unwrap();
    let abort = controller.clone();
    let hanging = fetch(move |_, _| {
        abort.abort_with_reason(&"changed my mind".into());
        Promise::new(&mut |_, _| ())
    });
    let signal = controller.signal().into();
    let error = create_api_key(options(&[("fetch", hanging), ("signal", signal)]))
        .await
        .unwrap_err();
    assert_fails(&error, "aborted", "unknown");
    assert_eq!(get(&error, "cause"), "changed my mind");
}

#[wasm_bindgen_test]
async fn an_aborted_signal_keeps_a_call_from_being_sent() {
    let never = fetch(|_, _| Promise::reject(&"it was sent".into()));
    let signal = web_sys::AbortSignal::abort().into();
    let error = create_api_key(options(&[("fetch", never), ("signal", signal)]))
        .await
        .unwrap_err();
    assert_fails(&error, "aborted", "not_sent");
}

#[wasm_bindgen_test]
async fn a_timeout_ends_a_call_whose_answer_does_not_come() {
    let hanging = fetch(|_, _| Promise::new(&mut |_, _| ()));
    let more = [("fetch", hanging), ("timeout", 10.into())];
    let error = create_api_key(options(&more)).await.unwrap_err();
    assert_fails(&error, "timeout", "unknown");
}

#[wasm_bindgen_test]
async fn a_call_that_is_late_but_in_time_succeeds() {
    let late = fetch(|url, init| {
        let wait = Promise::new(&mut |resolve, _| set_timeout(&resolve, 30));
        wasm_bindgen_futures::future_to_promise(async move {
            JsFuture::from(wait).await?;
            JsFuture::from(global_fetch(&url, &init)).await
        })
    });
    let id = id_of(create_api_key(options(&[("fetch", late)])).await.unwrap()).await;
    delete_api_key(options(&[("credentialId", id.into())]))
        .await
        .unwrap();
}

#[wasm_bindgen_test]
async fn all_problems_are_listed_at_once() {
    let more = [
        ("endpoint", "http://example.com".into()),
        ("token", "line\nbreak".into()),
        ("projectId", "..".into()),
        ("description", "x".repeat(101).into()),
        ("timeout", 0.into()),
        ("desciption", "a slip".into()),
    ];
    let error = create_api_key(options(&more)).await.unwrap_err();
    assert_fails(&error, "invalid_argument", "not_sent");
    let issues: Array = get(&error, "issues").into();
    let fields: Vec<String> = issues.iter().map(|issue| text(&issue, "field")).collect();
    let wanted = [
        "endpoint",
        "projectId",
        "token",
        "timeout",
        "description",
        "desciption",
    ];
    assert_eq!(fields, wanted);
}
