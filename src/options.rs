//! What the caller passed, checked against the contract, all problems at once.

use js_sys::{Function, JSON, JsString, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Url;

use crate::handles::{part, property};
use crate::host::Signal;
use crate::rejection::{Rejection, Result};
use crate::rules::failure::{Failure, Issue};
use crate::rules::{endpoint, limits, retry, token};

const DEFAULT_TIMEOUT: f64 = 30_000.0;
const DEFAULT_FILE_BYTES: u32 = 1 << 20;
const DEFAULT_ERROR_BYTES: u32 = 64 << 10;
const MOST_BYTES: u32 = 2_147_483_647;

/// What every call needs, checked.
pub struct Options {
    /// The endpoint's prefix, without a slash at its end.
    pub base: String,
    /// 32 characters that mean nothing in a path.
    pub project_id: String,
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
}

/// Where the token comes from; its text stays in JavaScript.
pub enum Token {
    /// A checked token.
    Fixed(JsString),
    /// Asked once an attempt.
    Provider(Function),
}

/// A create call.
pub struct Create {
    pub options: Options,
    /// The request's body in JSON.
    pub body: JsString,
    #[cfg(feature = "trap")]
    pub description: Option<String>,
}

/// A delete call.
pub struct Delete {
    pub options: Options,
    /// 36 characters that mean nothing in a path.
    pub credential_id: String,
    /// Extra attempts.
    pub retries: u32,
}

impl Create {
    /// Reads the options of `createApiKey`.
    pub fn read(given: &JsValue) -> Result<Self> {
        let mut reader = Reader::new(given);
        let common = reader.common();
        let description = reader.description();
        let options = reader.finish(common)?;
        Ok(Self {
            options,
            body: body(description.as_deref()),
            #[cfg(feature = "trap")]
            description,
        })
    }
}

impl Delete {
    /// Reads the options of `deleteApiKey`.
    pub fn read(given: &JsValue) -> Result<Self> {
        let mut reader = Reader::new(given);
        let common = reader.common();
        let credential_id = reader.id("credentialId", limits::CREDENTIAL_ID);
        let retries = reader.retries();
        let (options, credential_id) = reader.finish(common.zip(credential_id))?;
        Ok(Self {
            options,
            credential_id,
            retries,
        })
    }
}

/// A list call.
pub struct List {
    pub options: Options,
    /// How many keys to leave out at the beginning.
    pub offset: Option<u32>,
    /// How many keys to give at most.
    pub limit: Option<u32>,
    /// Extra attempts.
    pub retries: u32,
}

impl List {
    /// Reads the options of `listApiKeys`.
    pub fn read(given: &JsValue) -> Result<Self> {
        let mut reader = Reader::new(given);
        let common = reader.common();
        let offset = reader.whole("offset", None, 0, limits::OFFSET, OFFSET);
        let limit = reader.whole("limit", None, 1, limits::LIMIT, LIMIT);
        let retries = reader.retries();
        Ok(Self {
            options: reader.finish(common)?,
            offset,
            limit,
            retries,
        })
    }
}

/// The request body: with no description it is an empty object.
fn body(description: Option<&str>) -> JsString {
    let quoted = description.map(|text| JSON::stringify(&text.into()));
    match quoted {
        Some(Ok(quoted)) => JsString::from("{\"description\":")
            .concat(&quoted)
            .concat(&"}".into()),
        _ => "{}".into(),
    }
}

const BYTES: &str = "must be a whole number of bytes from 1 to 2147483647";
const RETRIES: &str = "must be a whole number from 0 to 10";
const OFFSET: &str = "must be a whole number from 0 to 1000";
const LIMIT: &str = "must be a whole number from 1 to 1000";

/// Reads options one by one and keeps what is wrong with them.
struct Reader<'a> {
    given: &'a JsValue,
    known: Vec<&'static str>,
    issues: Vec<Issue>,
}

impl<'a> Reader<'a> {
    fn new(given: &'a JsValue) -> Self {
        let mut reader = Self {
            given,
            known: Vec::new(),
            issues: Vec::new(),
        };
        if !given.is_object() {
            reader.wrong("options", "must be an object");
        }
        reader
    }

    fn wrong(&mut self, field: &'static str, message: &str) {
        self.issues.push(Issue {
            field: field.into(),
            message: message.into(),
        });
    }

    fn refuse<T>(&mut self, field: &'static str, message: &str) -> Option<T> {
        self.wrong(field, message);
        None
    }

    /// An option's value; nothing where it is absent or `undefined`.
    fn take(&mut self, name: &'static str) -> Option<JsValue> {
        self.known.push(name);
        let value = property(self.given, name);
        (!value.is_undefined()).then_some(value)
    }

    fn common(&mut self) -> Option<Options> {
        let base = self.endpoint();
        let project_id = self.id("projectId", limits::PROJECT_ID);
        let token = self.token();
        let signal = self.signal();
        let timeout = self.timeout();
        let own_fetch = self.own_fetch();
        let file_bytes = Some(DEFAULT_FILE_BYTES);
        let max_file_bytes = self.whole("maxFileBytes", file_bytes, 1, MOST_BYTES, BYTES);
        let error_bytes = Some(DEFAULT_ERROR_BYTES);
        let max_error_bytes = self.whole("maxErrorBytes", error_bytes, 1, MOST_BYTES, BYTES);
        Some(Options {
            base: base?,
            project_id: project_id?,
            token: token?,
            signal: signal?,
            timeout: timeout?,
            fetch: own_fetch?,
            max_file_bytes: max_file_bytes?,
            max_error_bytes: max_error_bytes?,
        })
    }

    fn endpoint(&mut self) -> Option<String> {
        const RULE: &str = "must be an absolute URL such as https://bcs.<region>.myhuaweicloud.com, \
                            or in a page also a relay's path such as /nes";
        let Some(given) = self.take("endpoint") else {
            return self.refuse("endpoint", RULE);
        };
        let text = given.as_string();
        let text = text.or_else(|| property(&given, "href").as_string());
        let url = text.and_then(|text| Url::new(&text).ok().or_else(|| relative(&text)));
        let Some(url) = url else {
            return self.refuse("endpoint", RULE);
        };
        let base = endpoint::base(endpoint::Parts {
            href: &url.href(),
            protocol: &url.protocol(),
            hostname: &url.hostname(),
            user_info: &[url.username(), url.password()].concat(),
        })
        .map(str::to_owned);
        base.map_err(|rule| self.wrong("endpoint", rule)).ok()
    }

    fn id(&mut self, name: &'static str, length: usize) -> Option<String> {
        let id = self.take(name).and_then(|id| id.as_string());
        let id = id.filter(|id| limits::is_id(id, length));
        id.or_else(|| {
            let rule = if length == limits::PROJECT_ID {
                "must be the project's id: exactly 32 characters of A-Z, a-z, 0-9, _ and -"
            } else {
                "must be the API key's id: exactly 36 characters of A-Z, a-z, 0-9, _ and -"
            };
            self.refuse(name, rule)
        })
    }

    fn token(&mut self) -> Option<Token> {
        let Some(token) = self.take("token") else {
            return self.refuse(
                "token",
                "must be given: a string, or a function that gives one",
            );
        };
        if let Some(provider) = token.dyn_ref::<Function>() {
            return Some(Token::Provider(provider.clone()));
        }
        match checked_token(&token) {
            Ok(token) => Some(Token::Fixed(token)),
            Err(rule) => self.refuse("token", rule),
        }
    }

    fn signal(&mut self) -> Option<Option<Signal>> {
        match self.take("signal") {
            None => Some(None),
            Some(signal) if signal.is_null() => Some(None),
            Some(signal) if Signal::is(&signal) => Some(Some(signal.unchecked_into())),
            Some(_) => self.refuse("signal", "must be an AbortSignal or null"),
        }
    }

    fn timeout(&mut self) -> Option<f64> {
        match self.take("timeout") {
            None => Some(DEFAULT_TIMEOUT),
            Some(timeout) => timeout
                .as_f64()
                .filter(|&timeout| timeout > 0.0)
                .or_else(|| self.refuse("timeout", "must be milliseconds above 0, or Infinity")),
        }
    }

    fn own_fetch(&mut self) -> Option<Option<Function>> {
        match self.take("fetch").map(JsCast::dyn_into) {
            None => Some(None),
            Some(Ok(fetch)) => Some(Some(fetch)),
            Some(Err(_)) => self.refuse("fetch", "must be a function like fetch"),
        }
    }

    fn description(&mut self) -> Option<String> {
        let given = self.take("description")?;
        let text = given
            .dyn_ref::<JsString>()
            .filter(|text| text.is_valid_utf16());
        match text.map(String::from) {
            Some(text) if limits::is_description(&text) => Some(text),
            Some(_) => self.refuse("description", "must have at most 100 characters"),
            None => self.refuse(
                "description",
                "must be text without half of a surrogate pair",
            ),
        }
    }

    fn retries(&mut self) -> u32 {
        let retries = self.whole("retries", Some(0), 0, retry::MOST, RETRIES);
        retries.unwrap_or(0)
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn whole(
        &mut self,
        name: &'static str,
        default: Option<u32>,
        least: u32,
        most: u32,
        rule: &str,
    ) -> Option<u32> {
        let Some(given) = self.take(name) else {
            return default;
        };
        given
            .as_f64()
            .filter(|number| number.fract() == 0.0)
            .filter(|number| (f64::from(least)..=f64::from(most)).contains(number))
            .map(|number| number as u32)
            .or_else(|| self.refuse(name, rule))
    }

    /// What was read if nothing was wrong, and no option was given that nobody reads.
    fn finish<T>(mut self, read: Option<T>) -> Result<T> {
        if self.given.is_object() {
            let names = Reflect::own_keys(self.given.unchecked_ref()).unwrap_or_default();
            for name in names.iter().filter_map(|name| name.as_string()) {
                if !self.known.contains(&name.as_str()) {
                    self.unknown(name);
                }
            }
        }
        match read {
            Some(read) if self.issues.is_empty() => Ok(read),
            _ => Err(Rejection::new(Failure::invalid(self.issues))),
        }
    }

    fn unknown(&mut self, name: String) {
        let message = ["is no option; the options are ", &self.known.join(", ")].concat();
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

/// A relay's address on the page's own origin: anything else that is not absolute is a slip.
fn relative(text: &str) -> Option<Url> {
    let location = property(&property(&js_sys::global(), "location"), "href").as_string()?;
    let url = Url::new_with_base(text, &location).ok()?;
    let is_path = text.starts_with(['/', '.']);
    (is_path && url.origin() == Url::new(&location).ok()?.origin()).then_some(url)
}

/// A token without the white space at its ends, or the rule that it breaks.
pub fn checked_token(given: &JsValue) -> core::result::Result<JsString, &'static str> {
    let text = given.dyn_ref::<JsString>().ok_or("must be a string")?;
    let range = token::check(text).map_err(token::Problem::rule)?;
    Ok(part(text, range))
}
