//! What an error's body says, whoever wrote it.
//!
//! - the service: `code`, `error_code`, `error_msg`, `message` (both API pages, tables of the
//!   statuses 400, 401 and 500; `code` is a number in the examples and a String in the tables);
//! - the gateway in front: `error_code`, `error_msg`, `request_id`;
//! - IAM: `error` with `code`, `message`, `title`; some services `errorCode`, `errorMsg`.

/// A JSON document. Only members of its objects' own count, whatever a prototype adds.
pub trait Document {
    /// What is at a path of names with dots between them: a string as it is, a whole number as its
    /// digits.
    fn text(&self, path: &'static str) -> Option<String>;
}

/// The fields of an error body, as far as they are there.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ErrorBody {
    /// The status code that the body gives.
    pub code: Option<String>,
    /// The service's own code, such as `BCS.03400001`.
    pub error_code: Option<String>,
    /// The short message.
    pub error_msg: Option<String>,
    /// The details: the body's `message`.
    pub detail: Option<String>,
    /// The gateway's id of the request.
    pub request_id: Option<String>,
}

impl ErrorBody {
    /// Reads a parsed body of any of the known shapes.
    pub fn read(body: &impl Document) -> Self {
        let first = |paths: &[&'static str]| paths.iter().find_map(|path| body.text(path));
        Self {
            code: first(&["code", "error.code"]).filter(|code| !code.is_empty()),
            error_code: first(&["error_code", "errorCode"]),
            error_msg: first(&["error_msg", "errorMsg", "error.message", "error.title"]),
            detail: first(&["message"]),
            request_id: first(&["request_id", "requestId"]),
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn text_of(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => number.as_u64().map(|number| number.to_string()),
            _ => None,
        }
    }

    impl Document for Value {
        fn text(&self, path: &'static str) -> Option<String> {
            let member = |value: Value, name| value.as_object()?.get(name).cloned();
            text_of(&path.split('.').try_fold(self.clone(), member)?)
        }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.into())
    }

    #[test]
    fn the_services_four_fields_are_read_with_a_code_of_either_type() {
        for code in [json!(400), json!("400")] {
            let body = ErrorBody::read(&json!({
                "code": code,
                "error_code": "BCS.03400001",
                "error_msg": "Invalid request.",
                "message": "unmarshal request data error",
            }));
            assert_eq!(
                body,
                ErrorBody {
                    code: some("400"),
                    error_code: some("BCS.03400001"),
                    error_msg: some("Invalid request."),
                    detail: some("unmarshal request data error"),
                    request_id: None,
                }
            );
        }
    }

    #[test]
    fn the_gateways_and_iams_shapes_are_read() {
        let gateway = ErrorBody::read(&json!({
            "error_msg": "Incorrect IAM authentication information",
            "error_code": "APIGW.0301",
            "request_id": "ab12",
        }));
        assert_eq!(gateway.error_code, some("APIGW.0301"));
        assert_eq!(gateway.request_id, some("ab12"));

        let identity = ErrorBody::read(&json!({
            "error": { "code": 401, "message": "Sign in.", "title": "Unauthorized" },
        }));
        assert_eq!(identity.code, some("401"));
        assert_eq!(identity.error_msg, some("Sign in."));

        let other = ErrorBody::read(&json!({ "errorCode": "X.1", "errorMsg": "No." }));
        assert_eq!(
            (other.error_code, other.error_msg),
            (some("X.1"), some("No."))
        );
    }

    #[test]
    fn what_is_no_error_body_gives_nothing() {
        for body in [
            json!(null),
            json!([]),
            json!("text"),
            json!(7),
            json!({}),
            json!({ "code": "" }),
            json!({ "error": "text", "code": {}, "error_code": null, "message": ["x"] }),
        ] {
            assert_eq!(ErrorBody::read(&body), ErrorBody::default(), "{body}");
        }
    }

    fn some_json() -> impl proptest::strategy::Strategy<Value = Value> {
        use proptest::prelude::*;
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[a🔑]{0,2}".prop_map(Value::from),
        ];
        let names = "(code|error|error_code|errorCode|error_msg|errorMsg|message|title|requestId)";
        leaf.prop_recursive(3, 24, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map(names, inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest::proptest! {
        #[test]
        fn every_field_is_the_first_text_at_a_documented_place(body in some_json()) {
            let first = |places: &[[&str; 2]]| places.iter().find_map(|[outer, inner]| {
                let value = body.as_object()?.get(*outer)?;
                if inner.is_empty() { text_of(value) } else { text_of(value.as_object()?.get(*inner)?) }
            });
            let wanted = ErrorBody {
                code: first(&[["code", ""], ["error", "code"]]).filter(|code| !code.is_empty()),
                error_code: first(&[["error_code", ""], ["errorCode", ""]]),
                error_msg: first(&[
                    ["error_msg", ""], ["errorMsg", ""], ["error", "message"], ["error", "title"],
                ]),
                detail: first(&[["message", ""]]),
                request_id: first(&[["request_id", ""], ["requestId", ""]]),
            };
            proptest::prop_assert_eq!(ErrorBody::read(&body), wanted);
        }
    }
}
