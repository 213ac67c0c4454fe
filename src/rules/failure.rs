//! The one error: what happened, what is certain, and what to do.

use super::error_body::ErrorBody;
use super::joined;
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
    /// `signIn`, which gets a token
    SignIn,
}

/// One argument that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The option's name.
    pub field: String,
    /// The rule and what to do, without the value.
    pub message: String,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// What is certain about the service's state.
    pub outcome: Outcome,
    /// The answer's status, if there was an answer.
    pub status: Option<u16>,
    /// What the answer's body says; its request id is the header's, if that has one.
    pub body: ErrorBody,
    /// Every argument that breaks a rule.
    pub issues: Vec<Issue>,
    /// What happened in words, as far as the kind does not say it: two parts of a sentence.
    pub what: [&'static str; 2],
}

impl Failure {
    /// A failure of that kind; `what` completes "createApiKey …" or is empty.
    pub fn new(kind: Kind, outcome: Outcome, what: &'static str) -> Self {
        Self {
            kind,
            outcome,
            status: None,
            body: ErrorBody::default(),
            issues: Vec::new(),
            what: [what, ""],
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

    /// One sentence of fewer than 500 UTF-16 units: what happened, what is certain, what to do.
    pub fn message(&self, operation: Operation) -> String {
        let name = match operation {
            Operation::Create => "createApiKey ",
            Operation::Delete => "deleteApiKey ",
            Operation::List => "listApiKeys ",
            Operation::Read => "readCredentials ",
            Operation::SignIn => "signIn ",
        };
        let happened = match self.kind {
            Kind::InvalidArgument => "got invalid arguments",
            Kind::Network => "failed on the network",
            Kind::Timeout => "ran out of time",
            Kind::Aborted => "was aborted",
            Kind::Redirect => "was redirected, and redirects are never followed",
            Kind::Http => "was answered with status ",
            Kind::UnexpectedResponse | Kind::Internal => self.what[0],
        };
        let [certain, to_do] = self.advice(operation);
        let parts = [
            name,
            happened,
            self.what[1],
            &self.details(),
            certain,
            to_do,
            ".",
        ];
        bounded(joined(&parts))
    }

    /// What the answer says, or what is wrong with the arguments.
    fn details(&self) -> String {
        let mut details = String::new();
        if let (Kind::Http, Some(status)) = (self.kind, self.status) {
            details = decimal(status.into());
        }
        let body = &self.body;
        // In quotes that no token can hold, so that two short texts never make a piece of one.
        let mut gap = ": “";
        for text in [&body.error_code, &body.error_msg, &body.detail]
            .into_iter()
            .flatten()
        {
            let line = one_line(text, 60);
            if !line.is_empty() {
                details = joined(&[&details, gap, &line, "”"]);
                gap = ", “";
            }
        }
        gap = ": ";
        for issue in &self.issues {
            details = joined(&[&details, gap, &issue.field, " ", &issue.message]);
            gap = "; ";
        }
        details
    }

    fn advice(&self, operation: Operation) -> [&'static str; 2] {
        use Operation::{Create, Delete, List, Read, SignIn};
        let certain = match (self.outcome, operation) {
            (_, Read) => return ["", ""],
            (Outcome::Unknown, Create) => {
                let list = "; a key may exist whose file can no longer be downloaded: list the \
                            project's API keys and delete the one that appeared";
                return [list, ""];
            }
            (Outcome::Unknown, Delete) => {
                let again = "; the key may or may not be deleted: delete it again, and a 404 says \
                             that it is gone";
                return [again, ""];
            }
            (Outcome::NotSent, _) => "; nothing was sent: ",
            (_, List) => "; nothing was changed: ",
            (_, SignIn) => "; no token was received: ",
            (Outcome::Rejected, Create) => "; no key was created: ",
            (Outcome::Rejected, Delete) => "; no key was deleted: ",
        };
        let to_do = match (self.kind, self.status) {
            (Kind::InvalidArgument, _) => "fix the options and call again",
            (Kind::Network, _) => "check the endpoint and the connection, then call again",
            (Kind::Timeout, _) => "call again with more time",
            (Kind::Aborted, _) => "call again when you need it",
            (Kind::Internal, _) => "fix that and call again",
            (_, Some(401 | 403 | 404)) if operation == SignIn => {
                "check account, user, password, project and your right to it, and with MFA passcode; \
                 wrong ones lock the user, and a HUAWEI ID cannot sign in"
            }
            (_, Some(401)) => "get a new token and call again",
            (_, Some(403)) => "ask for the right to manage this project's API keys",
            (_, Some(404)) if operation == Delete => {
                "check credentialId; the key may be gone already"
            }
            (_, Some(404 | 405)) => "check the endpoint",
            (_, Some(413 | 431)) => "a server on the way does not take a token of this length",
            (_, Some(429 | 500..)) => "wait a while and call again",
            _ => "fix what the answer names and call again",
        };
        [certain, to_do]
    }
}

impl Failure {
    /// The fields of the package's `ApiKeyError`: those of [`FIELDS`] by place, then the field and the
    /// message of each issue. All of them are text: each other type would be code of its own in the
    /// module.
    pub fn fields(self, operation: Operation) -> Vec<Option<String>> {
        let message = self.message(operation);
        let body = self.body;
        let mut fields = vec![
            Some(self.kind.name().into()),
            Some(self.outcome.name().into()),
            Some(message),
            self.status.map(|status| decimal(status.into())),
            body.code,
            body.error_code,
            body.error_msg,
            body.detail,
            body.request_id,
        ];
        for Issue { field, message } in self.issues {
            fields.extend([Some(field), Some(message)]);
        }
        fields
    }
}

/// The names of an error's fields.
pub const FIELDS: [&str; 9] = [
    "kind",
    "outcome",
    "message",
    "status",
    "code",
    "errorCode",
    "errorMsg",
    "detail",
    "requestId",
];

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
        let message = http(401, Outcome::Rejected)
            .with_body(body)
            .message(Operation::Create);
        assert_eq!(
            message,
            "createApiKey was answered with status 401: “BCS.03401001”, “Authorization failed.”, \
             “request token is not valid”; no key was created: get a new token and call again."
        );
    }

    #[test]
    fn an_unknown_create_says_that_a_key_may_exist_and_how_to_revoke_it() {
        for kind in [Kind::Network, Kind::Timeout, Kind::Aborted, Kind::Redirect] {
            let message = Failure::new(kind, Outcome::Unknown, "").message(Operation::Create);
            for words in ["a key may exist", "list", "delete"] {
                assert!(message.contains(words), "{message}");
            }
        }
    }

    #[test]
    fn all_issues_are_in_the_message() {
        let issue = |field: &'static str, message: &str| Issue {
            field: field.into(),
            message: message.into(),
        };
        let message = Failure::invalid(vec![
            issue("projectId", "must be 32 characters"),
            issue("token", "must not be empty"),
        ])
        .message(Operation::Create);
        assert_eq!(
            message,
            "createApiKey got invalid arguments: projectId must be 32 characters; token must not \
             be empty; nothing was sent: fix the options and call again."
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
            let message = http(500, Outcome::Unknown)
                .with_body(body.clone())
                .message(operation);
            assert!(message.encode_utf16().count() < 500);
        }
        let issue = Issue {
            field: "description".into(),
            message: "🔑".repeat(300),
        };
        let message = Failure::invalid(vec![issue; 3]).message(Operation::Create);
        assert!((490..500).contains(&message.encode_utf16().count()));
    }

    #[test]
    fn every_failure_says_what_is_certain_and_what_to_do() {
        use Kind::{Aborted, Http, Internal, Network, Redirect, Timeout, UnexpectedResponse};
        use Operation::{Create, Delete, List, Read, SignIn};
        use Outcome::{NotSent, Rejected, Unknown};
        let again = "fix what the answer names and call again.";
        for (kind, status, outcome, operation, wanted) in [
            (
                Network,
                None,
                NotSent,
                Create,
                "failed on the network; nothing was sent: check the endpoint and the connection, then call again.",
            ),
            (
                Network,
                None,
                Unknown,
                List,
                "; nothing was changed: check the endpoint and the connection, then call again.",
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
                "was aborted; nothing was sent: call again when you need it.",
            ),
            (
                Internal,
                None,
                NotSent,
                Create,
                "broke; nothing was sent: fix that and call again.",
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
                &["status 400; no key was created: ", again].concat(),
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
                Some(401),
                Rejected,
                SignIn,
                "signIn was answered with status 401; no token was received: check account, user, \
                 password, project and your right to it, and with MFA passcode; wrong ones lock the \
                 user, and a HUAWEI ID cannot sign in.",
            ),
            (
                Timeout,
                None,
                Unknown,
                SignIn,
                "; no token was received: call again with more time.",
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
                ": check credentialId; the key may be gone already.",
            ),
            (Http, Some(404), Rejected, Create, ": check the endpoint."),
            (Http, Some(405), Rejected, Delete, ": check the endpoint."),
            (
                Http,
                Some(413),
                Rejected,
                Create,
                ": a server on the way does not take a token of this length.",
            ),
            (
                Http,
                Some(431),
                Rejected,
                Create,
                ": a server on the way does not take a token of this length.",
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
                "status 500; a key may exist whose file can no longer be downloaded: list the project's API keys and delete the one that appeared.",
            ),
            (
                Http,
                Some(500),
                Unknown,
                Delete,
                "status 500; the key may or may not be deleted: delete it again, and a 404 says that it is gone.",
            ),
        ] {
            let failure = Failure {
                status,
                ..Failure::new(kind, outcome, "broke")
            };
            let message = failure.message(operation);
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
    fn a_failure_becomes_the_fields_of_the_error_in_their_order() {
        let text = |text: &str| Some(text.to_owned());
        let body = ErrorBody {
            code: text("401"),
            error_code: text("BCS.03401001"),
            error_msg: text("No."),
            detail: text("why"),
            request_id: text("ab12"),
        };
        let message = "readCredentials was answered with status 401: “BCS.03401001”, “No.”, “why”.";
        let failure = http(401, Outcome::Rejected).with_body(body);
        let wanted = [
            "http",
            "rejected",
            message,
            "401",
            "401",
            "BCS.03401001",
            "No.",
            "why",
            "ab12",
        ];
        assert_eq!(failure.fields(Operation::Read), wanted.map(text));
        assert_eq!(FIELDS.len(), wanted.len());

        let issue = Issue {
            field: "token".into(),
            message: "must be given".into(),
        };
        let message = "readCredentials got invalid arguments: token must be given.";
        let mut wanted = vec![text("invalid_argument"), text("not_sent"), text(message)];
        wanted.extend([None, None, None, None, None, None]);
        wanted.extend(["token", "must be given"].map(text));
        let failure = Failure::invalid(vec![issue]);
        assert_eq!(failure.fields(Operation::Read), wanted);
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
            let issue = |field: String| Issue { field, message: "must be given".into() };
            for failure in [
                http(status, Outcome::Unknown).with_body(body),
                Failure::invalid(fields.into_iter().map(issue).collect()),
            ] {
                let message = failure.message([Create, Delete, List, Read][pick]);
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
