//! The one error: what happened, what is certain, and what to do.

use std::borrow::Cow;

use serde::Serialize;

use super::error_body::ErrorBody;
use super::visible::one_line;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
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

/// What is certain about the service's state, in the order of how much is left to doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing can have reached the service.
    NotSent,
    /// The service answered that it did not do it.
    Rejected,
    /// It may have been done.
    Unknown,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// The option's name.
    pub field: Cow<'static, str>,
    /// The rule and what to do, without the value.
    pub message: String,
}

/// A failed call. It serialises to the fields of the package's `ApiKeyError`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// What is certain about the service's state.
    pub outcome: Outcome,
    /// One sentence of fewer than 500 UTF-16 units: what happened and what to do.
    pub message: String,
    /// The answer's status, if there was an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The body's `code`, always as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The body's `error_code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The body's `error_msg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_msg: Option<String>,
    /// The body's `message`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The header's request id, else the body's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Every argument that breaks a rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<Issue>,
    /// What happened in words, as far as the kind does not say it.
    #[serde(skip)]
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
            code: None,
            error_code: None,
            error_msg: None,
            detail: None,
            request_id: None,
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
        Self {
            code: body.code,
            error_code: body.error_code,
            error_msg: body.error_msg,
            detail: body.detail,
            request_id: body.request_id,
            ..self
        }
    }

    /// Writes the message, once nothing else changes any more.
    pub fn finish(mut self, operation: Operation) -> Self {
        let name = match operation {
            Operation::Create => "createApiKey",
            Operation::Delete => "deleteApiKey",
            Operation::List => "listApiKeys",
            Operation::Read => "readCredentials",
        };
        let sentence = [name, " ", &self.happened(), &self.advice(operation)].concat();
        self.message = bounded(sentence);
        self
    }

    fn happened(&self) -> String {
        match self.kind {
            Kind::InvalidArgument => self
                .issues
                .iter()
                .map(|issue| [&issue.field, " ", &issue.message].concat())
                .fold("was not given what it needs: ".into(), |mut list, issue| {
                    if !list.ends_with(": ") {
                        list.push_str("; ");
                    }
                    list.push_str(&issue);
                    list
                }),
            Kind::Network => "failed on the network".into(),
            Kind::Timeout => "ran out of time".into(),
            Kind::Aborted => "was aborted".into(),
            Kind::Redirect => "was redirected, which is never followed".into(),
            Kind::Http => self.answered(),
            Kind::UnexpectedResponse | Kind::Internal => self.what.clone(),
        }
    }

    fn answered(&self) -> String {
        let status = decimal(self.status.unwrap_or(0).into());
        let texts = [&self.error_code, &self.error_msg, &self.detail];
        let said: Vec<String> = texts
            .into_iter()
            .flatten()
            .map(|text| one_line(text, 60))
            .filter(|text| !text.is_empty())
            .collect();
        if said.is_empty() {
            ["was answered with status ", &status].concat()
        } else {
            [
                "was answered with status ",
                &status,
                " (",
                &said.join(", "),
                ")",
            ]
            .concat()
        }
    }

    fn advice(&self, operation: Operation) -> String {
        use Operation::{Create, Delete, List, Read};
        let certain = match (self.outcome, operation) {
            (_, Read) => return ".".into(),
            (Outcome::Unknown, Create) => {
                return "; a key may exist whose file cannot be had any more: list the project's \
                        API keys and delete the one that appeared."
                    .into();
            }
            (Outcome::Unknown, Delete) => {
                return "; the key may be deleted or not: delete it again, and a 404 says that it \
                        is gone."
                    .into();
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
        [certain, to_do, "."].concat()
    }
}

/// The digits of a number, without the formatting machinery that `format!` links.
pub fn decimal(number: u32) -> String {
    let mut digits = Vec::new();
    let mut rest = number;
    loop {
        digits.push(char::from(b'0' + u8::try_from(rest % 10).unwrap_or(0)));
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    digits.into_iter().rev().collect()
}

/// Cuts a sentence that would have 500 UTF-16 units or more.
fn bounded(sentence: String) -> String {
    const MOST: usize = 499;
    if sentence.encode_utf16().count() <= MOST {
        return sentence;
    }
    let mut units = 1;
    let mut cut: String = sentence
        .chars()
        .take_while(|character| {
            units += character.len_utf16();
            units <= MOST
        })
        .collect();
    cut.push('…');
    cut
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
        let Failure {
            code,
            error_code,
            error_msg,
            detail,
            request_id,
            ..
        } = failure;
        let taken = ErrorBody {
            code,
            error_code,
            error_msg,
            detail,
            request_id,
        };
        assert_eq!((failure.status, taken), (Some(400), body));
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
    fn numbers_are_written_in_digits() {
        assert_eq!(
            [0, 7, 10, 599, u32::MAX].map(decimal),
            ["0", "7", "10", "599", "4294967295"]
        );
    }
}
