//! The one error: what happened, what is certain, and what to do.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::error_body::ErrorBody;
use super::visible::one_line;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An argument breaks a rule; `issues` lists all that do.
    InvalidArgument,
    /// The connection failed before a whole answer was there.
    Network,
    /// The time was up.
    Timeout,
    /// The caller's signal was aborted.
    Aborted,
    /// The answer was a redirect, which is never followed.
    Redirect,
    /// The service, or something in front of it, answered with an error status.
    Http,
    /// The answer is not what the contract says.
    UnexpectedResponse,
    /// The package could not do its work here.
    Internal,
}

impl Kind {
    /// Its name as `ApiKeyError.kind` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalid_argument",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Aborted => "aborted",
            Self::Redirect => "redirect",
            Self::Http => "http",
            Self::UnexpectedResponse => "unexpected_response",
            Self::Internal => "internal",
        }
    }
}

/// What is certain about the service's state, in the order of how much is left to doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing can have reached the service.
    NotSent,
    /// The service answered that it did not do it.
    Rejected,
    /// It may have been done.
    Unknown,
}

impl Outcome {
    /// Its name as `ApiKeyError.outcome` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }
}

/// Which call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `createApiKey`
    Create,
    /// `deleteApiKey`
    Delete,
    /// `listApiKeys`, which changes nothing
    List,
    /// `readCredentials`, which sends nothing
    Read,
}

/// One argument that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The option's name.
    pub field: Cow<'static, str>,
    /// The rule and what to do, without the value.
    pub message: String,
}

/// A failed call. It serialises to the fields of the package's `ApiKeyError`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// What is certain about the service's state.
    pub outcome: Outcome,
    /// One sentence of fewer than 500 UTF-16 units: what happened and what to do.
    pub message: String,
    /// The answer's status, if there was an answer.
    pub status: Option<u16>,
    /// What the answer's body says; its request id is the header's, if that has one.
    pub body: ErrorBody,
    /// Every argument that breaks a rule.
    pub issues: Vec<Issue>,
    /// What happened in words, as far as the kind does not say it.
    pub what: String,
}

impl Failure {
    /// A failure of that kind; `what` completes "createApiKey was …" or is empty.
    pub fn new(kind: Kind, outcome: Outcome, what: impl Into<String>) -> Self {
        Self {
            kind,
            outcome,
            message: String::new(),
            status: None,
            body: ErrorBody::default(),
            issues: Vec::new(),
            what: what.into(),
        }
    }

    /// The failure of a call whose arguments break rules.
    pub fn invalid(issues: Vec<Issue>) -> Self {
        Self {
            issues,
            ..Self::new(Kind::InvalidArgument, Outcome::NotSent, "")
        }
    }

    /// Takes over what the answer's body says.
    pub fn with_body(self, body: ErrorBody) -> Self {
        Self { body, ..self }
    }

    /// Writes the message, once nothing else changes any more.
    pub fn finish(mut self, operation: Operation) -> Self {
        let name = match operation {
            Operation::Create => "createApiKey ",
            Operation::Delete => "deleteApiKey ",
            Operation::List => "listApiKeys ",
            Operation::Read => "readCredentials ",
        };
        let mut sentence = String::from(name);
        self.say_what_happened(&mut sentence);
        for part in self.advice(operation) {
            sentence.push_str(part);
        }
        self.message = bounded(sentence);
        self
    }

    fn say_what_happened(&self, sentence: &mut String) {
        let happened = match self.kind {
            Kind::InvalidArgument => "was not given what it needs: ",
            Kind::Network => "failed on the network",
            Kind::Timeout => "ran out of time",
            Kind::Aborted => "was aborted",
            Kind::Redirect => "was redirected, which is never followed",
            Kind::Http => "was answered with status ",
            Kind::UnexpectedResponse | Kind::Internal => &self.what,
        };
        sentence.push_str(happened);
        if self.kind == Kind::Http {
            self.say_the_answer(sentence);
        }
        let mut gap = "";
        for issue in &self.issues {
            for part in [gap, &issue.field, " ", &issue.message] {
                sentence.push_str(part);
            }
            gap = "; ";
        }
    }

    fn say_the_answer(&self, sentence: &mut String) {
        sentence.push_str(&decimal(self.status.unwrap_or(0).into()));
        let ErrorBody {
            error_code,
            error_msg,
            detail,
            ..
        } = &self.body;
        let mut gap = " (";
        for text in [error_code, error_msg, detail].into_iter().flatten() {
            let line = one_line(text, 60);
            if !line.is_empty() {
                sentence.push_str(gap);
                sentence.push_str(&line);
                gap = ", ";
            }
        }
        if gap == ", " {
            sentence.push(')');
        }
    }

    fn advice(&self, operation: Operation) -> [&'static str; 3] {
        use Operation::{Create, Delete, List, Read};
        let certain = match (self.outcome, operation) {
            (_, Read) => return [".", "", ""],
            (Outcome::Unknown, Create) => {
                let list = "; a key may exist whose file cannot be had any more: list the project's \
                            API keys and delete the one that appeared.";
                return [list, "", ""];
            }
            (Outcome::Unknown, Delete) => {
                let again = "; the key may be deleted or not: delete it again, and a 404 says that it \
                             is gone.";
                return [again, "", ""];
            }
            (Outcome::NotSent, _) => "; nothing was sent: ",
            (_, List) => "; nothing was changed: ",
            (Outcome::Rejected, Create) => "; no key was made: ",
            (Outcome::Rejected, Delete) => "; no key was deleted: ",
        };
        let to_do = match (self.kind, self.status) {
            (Kind::InvalidArgument, _) => "mend the options and call again",
            (Kind::Network, _) => "check the endpoint and the connection and call again",
            (Kind::Timeout, _) => "call again with more time",
            (Kind::Aborted, _) => "call again when it is wanted",
            (Kind::Internal, _) => "mend that and call again",
            (_, Some(401)) => "get a new token and call again",
            (_, Some(403)) => "ask for the right to manage this project's API keys",
            (_, Some(404)) if operation == Delete => "check credentialId, or it is gone already",
            (_, Some(404 | 405)) => "check the endpoint",
            (_, Some(413 | 431)) => "a server on the way takes no token of that length",
            (_, Some(429 | 500..)) => "wait a while and call again",
            _ => "mend what the answer names and call again",
        };
        [certain, to_do, "."]
    }
}

// As maps, though they are structs: serde-wasm-bindgen keeps the names of a struct's fields in a
// hash table, which alone would be 4 KB of the module.
impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts = [
            ("kind", Some(self.kind.name())),
            ("outcome", Some(self.outcome.name())),
            ("message", Some(self.message.as_str())),
            ("code", self.body.code.as_deref()),
            ("errorCode", self.body.error_code.as_deref()),
            ("errorMsg", self.body.error_msg.as_deref()),
            ("detail", self.body.detail.as_deref()),
            ("requestId", self.body.request_id.as_deref()),
        ];
        let mut map = serializer.serialize_map(None)?;
        for (name, text) in texts {
            if let Some(text) = text {
                map.serialize_entry(name, text)?;
            }
        }
        if let Some(status) = self.status {
            map.serialize_entry("status", &status)?;
        }
        if !self.issues.is_empty() {
            map.serialize_entry("issues", &self.issues)?;
        }
        map.end()
    }
}

impl Serialize for Issue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("field", &*self.field)?;
        map.serialize_entry("message", self.message.as_str())?;
        map.end()
    }
}

/// The digits of a number, without the formatting machinery that `format!` links.
pub fn decimal(number: u32) -> String {
    let mut digits = match number / 10 {
        0 => String::new(),
        more => decimal(more),
    };
    digits.extend(char::from_digit(number % 10, 10));
    digits
}

/// Cuts a sentence that would have 500 UTF-16 units or more.
fn bounded(mut sentence: String) -> String {
    const MOST: usize = 499;
    let (mut units, mut end) = (0, 0);
    for (at, character) in sentence.char_indices() {
        units += character.len_utf16();
        // One unit is kept for the ellipsis.
        if units < MOST {
            end = at + character.len_utf8();
        }
    }
    if units > MOST {
        sentence.truncate(end);
        sentence.push('…');
    }
    sentence
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn http(status: u16, outcome: Outcome) -> Failure {
        Failure {
            status: Some(status),
            ..Failure::new(Kind::Http, outcome, "")
        }
    }

    #[test]
    fn a_rejected_create_says_what_the_service_said_and_what_to_do() {
        let body = ErrorBody {
            error_code: Some("BCS.03401001".into()),
            error_msg: Some("Authorization\nfailed.".into()),
            detail: Some("request token is not valid".into()),
            ..ErrorBody::default()
        };
        let failure = http(401, Outcome::Rejected)
            .with_body(body)
            .finish(Operation::Create);
        assert_eq!(
            failure.message,
            "createApiKey was answered with status 401 (BCS.03401001, Authorization failed., \
             request token is not valid); no key was made: get a new token and call again."
        );
    }

    #[test]
    fn an_unknown_create_says_that_a_key_may_exist_and_how_to_revoke_it() {
        for kind in [Kind::Network, Kind::Timeout, Kind::Aborted, Kind::Redirect] {
            let failure = Failure::new(kind, Outcome::Unknown, "").finish(Operation::Create);
            assert!(
                failure.message.contains("a key may exist"),
                "{}",
                failure.message
            );
            assert!(failure.message.contains("list"), "{}", failure.message);
            assert!(failure.message.contains("delete"), "{}", failure.message);
        }
    }

    #[test]
    fn all_issues_are_in_the_message() {
        let issue = |field: &'static str, message: &str| Issue {
            field: field.into(),
            message: message.into(),
        };
        let failure = Failure::invalid(vec![
            issue("projectId", "must be 32 characters"),
            issue("token", "must not be empty"),
        ])
        .finish(Operation::Create);
        assert_eq!(
            failure.message,
            "createApiKey was not given what it needs: projectId must be 32 characters; token \
             must not be empty; nothing was sent: mend the options and call again."
        );
    }

    #[test]
    fn a_message_stays_under_500_units_whatever_the_server_sends() {
        let long = Some("🔑".repeat(70_000));
        let body = ErrorBody {
            code: long.clone(),
            error_code: long.clone(),
            error_msg: long.clone(),
            detail: long.clone(),
            request_id: long,
        };
        for operation in [Operation::Create, Operation::Delete] {
            let failure = http(500, Outcome::Unknown)
                .with_body(body.clone())
                .finish(operation);
            assert!(failure.message.encode_utf16().count() < 500);
        }
        let issue = Issue {
            field: "description".into(),
            message: "🔑".repeat(300),
        };
        let failure = Failure::invalid(vec![issue; 3]).finish(Operation::Create);
        assert!((490..500).contains(&failure.message.encode_utf16().count()));
    }

    #[test]
    fn every_failure_says_what_is_certain_and_what_to_do() {
        use Kind::{Aborted, Http, Internal, Network, Redirect, Timeout, UnexpectedResponse};
        use Operation::{Create, Delete, List, Read};
        use Outcome::{NotSent, Rejected, Unknown};
        let again = "mend what the answer names and call again.";
        for (kind, status, outcome, operation, wanted) in [
            (
                Network,
                None,
                NotSent,
                Create,
                "failed on the network; nothing was sent: check the endpoint and the connection and call again.",
            ),
            (
                Network,
                None,
                Unknown,
                List,
                "; nothing was changed: check the endpoint and the connection and call again.",
            ),
            (
                Timeout,
                None,
                Unknown,
                List,
                "ran out of time; nothing was changed: call again with more time.",
            ),
            (
                Aborted,
                None,
                NotSent,
                Delete,
                "was aborted; nothing was sent: call again when it is wanted.",
            ),
            (
                Internal,
                None,
                NotSent,
                Create,
                "broke; nothing was sent: mend that and call again.",
            ),
            (
                UnexpectedResponse,
                Some(200),
                Unknown,
                List,
                &["broke; nothing was changed: ", again].concat(),
            ),
            (
                UnexpectedResponse,
                None,
                NotSent,
                Read,
                "readCredentials broke.",
            ),
            (
                Redirect,
                Some(302),
                Unknown,
                List,
                &["never followed; nothing was changed: ", again].concat(),
            ),
            (
                Http,
                Some(400),
                Rejected,
                Create,
                &["status 400; no key was made: ", again].concat(),
            ),
            (
                Http,
                Some(401),
                Rejected,
                Delete,
                "status 401; no key was deleted: get a new token and call again.",
            ),
            (
                Http,
                Some(403),
                Rejected,
                Create,
                ": ask for the right to manage this project's API keys.",
            ),
            (
                Http,
                Some(404),
                Rejected,
                Delete,
                ": check credentialId, or it is gone already.",
            ),
            (Http, Some(404), Rejected, Create, ": check the endpoint."),
            (Http, Some(405), Rejected, Delete, ": check the endpoint."),
            (
                Http,
                Some(413),
                Rejected,
                Create,
                ": a server on the way takes no token of that length.",
            ),
            (
                Http,
                Some(431),
                Rejected,
                Create,
                ": a server on the way takes no token of that length.",
            ),
            (
                Http,
                Some(429),
                Rejected,
                Create,
                ": wait a while and call again.",
            ),
            (
                Http,
                Some(500),
                Unknown,
                List,
                ": wait a while and call again.",
            ),
            (
                Http,
                Some(500),
                Unknown,
                Create,
                "status 500; a key may exist whose file cannot be had any more: list the project's API keys and delete the one that appeared.",
            ),
            (
                Http,
                Some(500),
                Unknown,
                Delete,
                "status 500; the key may be deleted or not: delete it again, and a 404 says that it is gone.",
            ),
        ] {
            let failure = Failure {
                status,
                ..Failure::new(kind, outcome, "broke")
            };
            let message = failure.finish(operation).message;
            assert!(
                message.ends_with(wanted),
                "{kind:?} {status:?} {operation:?}: {message}"
            );
        }
    }

    #[test]
    fn a_failure_has_each_field_of_the_body() {
        let text = |text: &str| Some(text.to_owned());
        let body = ErrorBody {
            code: text("400"),
            error_code: text("BCS.03400001"),
            error_msg: text("Invalid request."),
            detail: text("unmarshal request data error"),
            request_id: text("ab12"),
        };
        let failure = http(400, Outcome::Rejected).with_body(body.clone());
        assert_eq!((failure.status, failure.body), (Some(400), body));
    }

    #[test]
    fn a_sentence_is_cut_only_when_it_has_500_units() {
        let fits = "a".repeat(499);
        assert_eq!(bounded(fits.clone()), fits);
        assert_eq!(
            bounded("a".repeat(500)),
            ["a".repeat(498), "…".into()].concat()
        );
        assert_eq!(
            bounded("🔑".repeat(250)),
            ["🔑".repeat(249), "…".into()].concat()
        );
    }

    #[test]
    fn a_failure_becomes_the_fields_of_the_error_that_are_there() {
        use serde_json::{json, to_value};
        let body = ErrorBody {
            code: Some("401".into()),
            error_code: Some("BCS.03401001".into()),
            error_msg: Some("No.".into()),
            detail: Some("why".into()),
            request_id: Some("ab12".into()),
        };
        let mut failure = http(401, Outcome::Rejected).with_body(body);
        failure.message = "m".into();
        assert_eq!(
            to_value(&failure).unwrap(),
            json!({
                "kind": "http", "outcome": "rejected", "message": "m", "status": 401, "code": "401",
                "errorCode": "BCS.03401001", "errorMsg": "No.", "detail": "why", "requestId": "ab12",
            })
        );
        let issue = Issue {
            field: "token".into(),
            message: "must be given".into(),
        };
        assert_eq!(
            to_value(Failure::invalid(vec![issue])).unwrap(),
            json!({
                "kind": "invalid_argument", "outcome": "not_sent", "message": "",
                "issues": [{ "field": "token", "message": "must be given" }],
            })
        );
        let names = [
            Kind::Network,
            Kind::Timeout,
            Kind::Aborted,
            Kind::Redirect,
            Kind::UnexpectedResponse,
            Kind::Internal,
        ];
        assert_eq!(
            names.map(Kind::name),
            [
                "network",
                "timeout",
                "aborted",
                "redirect",
                "unexpected_response",
                "internal"
            ]
        );
        assert_eq!(Outcome::Unknown.name(), "unknown");
    }

    #[test]
    fn numbers_are_written_in_digits() {
        assert_eq!(
            [0, 7, 10, 599, u32::MAX].map(decimal),
            ["0", "7", "10", "599", "4294967295"]
        );
    }

    proptest::proptest! {
        #[test]
        fn every_message_is_one_short_sentence_with_nothing_hidden(
            status in 300..600_u16,
            texts in proptest::collection::vec(proptest::option::of(".{0,99}"), 3),
            fields in proptest::collection::vec("[a-z]{0,24}", 0..25),
            pick in 0..4_usize,
        ) {
            use Operation::{Create, Delete, List, Read};
            let [error_code, error_msg, detail] = texts.try_into().unwrap();
            let body = ErrorBody { error_code, error_msg, detail, ..ErrorBody::default() };
            let issue = |field: String| Issue { field: field.into(), message: "must be given".into() };
            for failure in [
                http(status, Outcome::Unknown).with_body(body),
                Failure::invalid(fields.into_iter().map(issue).collect()),
            ] {
                let message = failure.finish([Create, Delete, List, Read][pick]).message;
                proptest::prop_assert!(message.encode_utf16().count() < 500);
                proptest::prop_assert!(message.ends_with(['.', '…']), "{}", message);
                proptest::prop_assert!(!message.contains(super::super::visible::is_hidden));
            }
        }

        #[test]
        fn any_number_is_written_as_the_standard_library_writes_it(number in proptest::num::u32::ANY) {
            proptest::prop_assert_eq!(decimal(number), number.to_string());
        }
    }
}
