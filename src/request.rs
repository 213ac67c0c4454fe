//! What the caller passed, checked against the contract: a request, or all problems at once.

use js_sys::{Function, JSON, JsString, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Url;

use crate::handles::{global, part, property};
use crate::host::Signal;
use crate::rejection::{Rejection, Result};
use crate::rules::failure::{Failure, Issue, Operation, decimal};
use crate::rules::{endpoint, joined, limits, retry, token};

const DEFAULT_TIMEOUT: f64 = 30_000.0;
const DEFAULT_FILE_BYTES: u32 = 1 << 20;
const DEFAULT_ERROR_BYTES: u32 = 64 << 10;
const MOST_BYTES: u32 = 2_147_483_647;

/// The options that every call takes.
const COMMON: [&str; 8] = [
    "endpoint",
    "projectId",
    "token",
    "signal",
    "timeout",
    "fetch",
    "maxFileBytes",
    "maxErrorBytes",
];

/// A checked request, and how it is to be made.
pub struct Request {
    pub operation: Operation,
    pub method: &'static str,
    /// Endpoint, path and query.
    pub url: String,
    /// JSON.
    pub body: Option<JsString>,
    /// Where the token comes from.
    pub token: Token,
    /// The caller's signal.
    pub signal: Option<Signal>,
    /// Milliseconds, or infinity.
    pub timeout: f64,
    /// The caller's own fetch, of which nothing is known.
    pub fetch: Option<Function>,
    /// The most bytes of an answer to a success.
    pub max_file_bytes: u32,
    /// The most bytes of an answer to an error.
    pub max_error_bytes: u32,
    /// Extra attempts.
    pub retries: u32,
    #[cfg(feature = "trap")]
    pub description: Option<String>,
}

/// Where the token comes from; its text stays in JavaScript.
pub enum Token {
    /// A checked token.
    Fixed(JsString),
    /// Asked once an attempt.
    Provider(Function),
}

impl Default for Token {
    fn default() -> Self {
        Self::Fixed(JsString::default())
    }
}

impl Request {
    /// Reads the options of a call.
    pub fn read(operation: Operation, given: &JsValue) -> Result<Self> {
        let mut reader = Reader {
            given,
            issues: Vec::new(),
        };
        if !given.is_object() {
            reader.wrong("options", "must be an object");
        }
        let base = reader.endpoint();
        let project_id = reader.id("projectId", limits::PROJECT_ID);
        let mut request = Self {
            operation,
            method: "GET",
            url: String::new(),
            body: None,
            token: reader.token(),
            signal: reader.signal(),
            timeout: reader.timeout(),
            fetch: reader.own_fetch(),
            max_file_bytes: reader
                .whole("maxFileBytes", 1, MOST_BYTES, BYTES)
                .unwrap_or(DEFAULT_FILE_BYTES),
            max_error_bytes: reader
                .whole("maxErrorBytes", 1, MOST_BYTES, BYTES)
                .unwrap_or(DEFAULT_ERROR_BYTES),
            retries: 0,
            #[cfg(feature = "trap")]
            description: property(given, "description").as_string(),
        };
        let mut path = limits::keys_path(&project_id);
        let own: &[&'static str] = match operation {
            Operation::Delete => {
                let credential_id = reader.id("credentialId", limits::CREDENTIAL_ID);
                path = limits::key_path(&project_id, &credential_id);
                request.method = "DELETE";
                &["credentialId", "retries"]
            }
            Operation::List => {
                let mut separator = "?";
                for (name, least, most, rule) in [
                    ("offset", 0, limits::OFFSET, OFFSET),
                    ("limit", 1, limits::LIMIT, LIMIT),
                ] {
                    if let Some(number) = reader.whole(name, least, most, rule) {
                        path = joined(&[&path, separator, name, "=", &decimal(number)]);
                        separator = "&";
                    }
                }
                &["offset", "limit", "retries"]
            }
            _ => {
                request.method = "POST";
                request.body = Some(reader.body());
                &["description"]
            }
        };
        if operation != Operation::Create {
            let retries = reader.whole("retries", 0, retry::MOST, RETRIES);
            request.retries = retries.unwrap_or(0);
        }
        request.url = joined(&[base.as_str(), &path]);
        reader.refuse_others(own);
        if reader.issues.is_empty() {
            Ok(request)
        } else {
            Err(Rejection::new(Failure::invalid(reader.issues)))
        }
    }
}

const BYTES: &str = "must be a whole number of bytes from 1 to 2147483647";
const RETRIES: &str = "must be a whole number from 0 to 10";
const OFFSET: &str = "must be a whole number from 0 to 1000";
const LIMIT: &str = "must be a whole number from 1 to 1000";

/// Reads options one by one and keeps what is wrong with them.
struct Reader<'a> {
    given: &'a JsValue,
    issues: Vec<Issue>,
}

impl Reader<'_> {
    fn wrong(&mut self, field: &'static str, message: &str) {
        self.issues.push(Issue {
            field: field.into(),
            message: message.into(),
        });
    }

    /// What was read, or anything in its place when it breaks a rule.
    fn checked<T: Default>(
        &mut self,
        field: &'static str,
        read: core::result::Result<T, &'static str>,
    ) -> T {
        read.unwrap_or_else(|rule| {
            self.wrong(field, rule);
            T::default()
        })
    }

    fn endpoint(&mut self) -> String {
        const RULE: &str = "must be an absolute URL such as https://bcs.<region>.myhuaweicloud.com, \
                            or in a page also a relay's path such as /nes";
        let given = property(self.given, "endpoint");
        let base = address(&given).ok_or(RULE).and_then(|url| {
            endpoint::base(endpoint::Parts {
                href: &url.href(),
                protocol: &url.protocol(),
                hostname: &url.hostname(),
                user_info: &joined(&[&url.username(), &url.password()]),
            })
            .map(str::to_owned)
        });
        self.checked("endpoint", base)
    }

    fn id(&mut self, name: &'static str, length: usize) -> String {
        let id = property(self.given, name).as_string();
        let rule = if length == limits::PROJECT_ID {
            "must be the project's id: exactly 32 characters of A-Z, a-z, 0-9, _ and -"
        } else {
            "must be the API key's id: exactly 36 characters of A-Z, a-z, 0-9, _ and -"
        };
        self.checked(name, id.filter(|id| limits::is_id(id, length)).ok_or(rule))
    }

    fn token(&mut self) -> Token {
        let token = property(self.given, "token");
        let read = if token.is_undefined() {
            Err("must be given: a string, or a function that gives one")
        } else if token.is_function() {
            Ok(Token::Provider(token.unchecked_into()))
        } else {
            checked_token(&token).map(Token::Fixed)
        };
        self.checked("token", read)
    }

    fn signal(&mut self) -> Option<Signal> {
        let signal = property(self.given, "signal");
        let read = if signal.is_undefined() || signal.is_null() {
            Ok(None)
        } else if Signal::is(&signal) {
            Ok(Some(signal.unchecked_into()))
        } else {
            Err("must be an AbortSignal or null")
        };
        self.checked("signal", read)
    }

    fn timeout(&mut self) -> f64 {
        let timeout = property(self.given, "timeout");
        if timeout.is_undefined() {
            return DEFAULT_TIMEOUT;
        }
        let read = timeout.as_f64().filter(|&timeout| timeout > 0.0);
        self.checked(
            "timeout",
            read.ok_or("must be milliseconds above 0, or Infinity"),
        )
    }

    fn own_fetch(&mut self) -> Option<Function> {
        let fetch = property(self.given, "fetch");
        let read = if fetch.is_undefined() {
            Ok(None)
        } else if fetch.is_function() {
            Ok(Some(fetch.unchecked_into()))
        } else {
            Err("must be a function like fetch")
        };
        self.checked("fetch", read)
    }

    /// The request body: with no description it is an empty object.
    fn body(&mut self) -> JsString {
        const HALVES: &str = "must be text without half of a surrogate pair";
        let given = property(self.given, "description");
        if given.is_undefined() {
            return "{}".into();
        }
        let read = match given.as_string() {
            // Half of a surrogate pair is another character when it comes back.
            Some(text) if given != JsValue::from_str(&text) => Err(HALVES),
            None => Err(HALVES),
            Some(text) if !limits::is_description(&text) => Err("must have at most 100 characters"),
            // Text always has a form in JSON.
            Some(_) => Ok(JSON::stringify(&given).unwrap_or_default()),
        };
        let quoted = self.checked("description", read);
        JsString::from("{\"description\":")
            .concat(&quoted)
            .concat(&"}".into())
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn whole(
        &mut self,
        name: &'static str,
        least: u32,
        most: u32,
        rule: &'static str,
    ) -> Option<u32> {
        let given = property(self.given, name);
        if given.is_undefined() {
            return None;
        }
        // A number's integer comes back the same from u32; NaN and fractions do not.
        let number = given.as_f64().unwrap_or(f64::NAN);
        let whole = number as u32;
        let keeps = f64::from(whole) == number && (least..=most).contains(&whole);
        self.checked(name, keeps.then_some(Some(whole)).ok_or(rule))
    }

    /// Refuses options that the call does not take.
    fn refuse_others(&mut self, own: &[&'static str]) {
        if !self.given.is_object() {
            return;
        }
        let known = || COMMON.iter().chain(own).copied();
        let names = Reflect::own_keys(self.given.unchecked_ref()).unwrap_or_default();
        for name in names.iter().filter_map(|name| name.as_string()) {
            if known().any(|known| known == name) {
                continue;
            }
            let mut message = String::from("is no option; the options are");
            let mut gap = " ";
            for known in known() {
                message.push_str(gap);
                message.push_str(known);
                gap = ", ";
            }
            // Only what looks like a slip is named: anything else might be a value in the wrong place.
            let is_slip = name.len() <= 24
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-$".contains(&byte));
            let field = if is_slip {
                name.into()
            } else {
                "options".into()
            };
            self.issues.push(Issue { field, message });
        }
    }
}

/// The URL that a text or a `URL` says.
fn address(given: &JsValue) -> Option<Url> {
    let text = given.as_string();
    let text = text.or_else(|| property(given, "href").as_string())?;
    Url::new(&text).ok().or_else(|| relative(&text))
}

/// A relay's address on the page's own origin: anything else that is not absolute is a slip.
fn relative(text: &str) -> Option<Url> {
    let location = property(&global("location"), "href").as_string()?;
    let url = Url::new_with_base(text, &location).ok()?;
    let is_path = matches!(text.bytes().next(), Some(b'/' | b'.'));
    (is_path && url.origin() == Url::new(&location).ok()?.origin()).then_some(url)
}

/// A token without the white space at its ends, or the rule that it breaks.
pub fn checked_token(given: &JsValue) -> core::result::Result<JsString, &'static str> {
    let text = given.dyn_ref::<JsString>().ok_or("must be a string")?;
    let range = token::check(text).map_err(token::Problem::rule)?;
    Ok(part(text, range))
}
