//! What the caller passed, checked against the contract: a request, or all problems at once.

use gloo_net::http::Method;

use crate::host::{Options, found, lack};
use crate::rules::contract::{self, Shape};
use crate::rules::failure::{Failure, Issue, Kind, Operation, Outcome};
use crate::rules::{endpoint, joined, retry};

const DEFAULT_FILE_BYTES: u32 = 1 << 20;
const DEFAULT_ERROR_BYTES: u32 = 64 << 10;
const MOST_BYTES: u32 = 2_147_483_647;

const PROJECT_ID: &str =
    "must be the project's id: exactly 32 characters of A-Z, a-z, 0-9, _ and -";
const CREDENTIAL_ID: &str =
    "must be the API key's id: exactly 36 characters of A-Z, a-z, 0-9, _ and -";
const USER_ID: &str = "must be the user's id: exactly 32 characters of A-Z, a-z, 0-9, _ and -";
const LINE: &str = "must be a string of 1 to 4096 characters without line breaks";
const BYTES: &str = "must be a whole number of bytes from 1 to 2147483647";
const RETRIES: &str = "must be a whole number from 0 to 10";
const OFFSET: &str = "must be a whole number from 0 to 1000";
const LIMIT: &str = "must be a whole number from 1 to 1000";

/// A checked request, and how it is to be made. What the caller passed is named in it, and stays in
/// JavaScript.
pub struct Request {
    pub operation: Operation,
    pub method: &'static Method,
    /// Path and query, below the endpoint.
    pub path: &'static str,
    /// JSON; empty where there is none.
    pub body: &'static str,
    /// The secrets that a function gives.
    pub asks: [Option<&'static Secret>; 2],
    /// The most bytes of an answer to a success.
    pub max_file_bytes: u32,
    /// The most bytes of an answer to an error.
    pub max_error_bytes: u32,
    /// Extra attempts.
    pub retries: u32,
}

static POST: Method = Method::POST;
static DELETE: Method = Method::DELETE;
static GET: Method = Method::GET;

impl Request {
    /// Reads the options of a call.
    pub fn read(operation: Operation, options: &Options) -> Result<Self, Box<Failure>> {
        let mut reader = Reader {
            options,
            issues: Vec::new(),
            asks: [None; 2],
        };
        match options.unread().as_deref() {
            None => (),
            Some("") => return Err(invalid("options", "must be an object")),
            Some(name) => return Err(invalid(name, "could not be read: its getter threw")),
        }
        reader.endpoint();
        let mut max_file_bytes = DEFAULT_FILE_BYTES;
        if operation != Operation::SignIn {
            reader.shaped("projectId", contract::PROJECT_ID, PROJECT_ID);
            reader.secret(&TOKEN);
            max_file_bytes = reader.bytes("maxFileBytes", max_file_bytes);
        }
        reader.others();
        let mut request = Self {
            operation,
            method: &GET,
            path: contract::KEYS,
            body: "",
            asks: [None; 2],
            max_file_bytes,
            max_error_bytes: reader.bytes("maxErrorBytes", DEFAULT_ERROR_BYTES),
            retries: 0,
        };
        match operation {
            Operation::SignIn => {
                request.method = &POST;
                request.path = contract::TOKENS;
                request.body = reader.identity();
            }
            Operation::Delete => {
                reader.shaped("credentialId", contract::CREDENTIAL_ID, CREDENTIAL_ID);
                request.method = &DELETE;
                request.path = contract::KEY;
            }
            Operation::List => request.path = reader.page(),
            _ => {
                request.method = &POST;
                request.body = reader.description();
            }
        }
        if matches!(operation, Operation::Delete | Operation::List) {
            request.retries = reader.whole("retries", 0, retry::MOST, 0, RETRIES);
        }
        reader.refuse_others();
        request.asks = reader.asks;
        if !reader.issues.is_empty() {
            return Err(Box::new(Failure::invalid(reader.issues)));
        }
        let missing = match options.lack(operation == Operation::Create) {
            lack::FETCH => "found no fetch here: pass the option fetch",
            lack::FILE => "found no File here",
            _ => return Ok(request),
        };
        let failure = Failure::new(Kind::Internal, Outcome::NotSent, missing);
        Err(Box::new(failure))
    }
}

/// A failure of one argument.
pub fn invalid(field: &str, message: &str) -> Box<Failure> {
    let issue = Issue {
        field: field.into(),
        message: message.into(),
    };
    Box::new(Failure::invalid(vec![issue]))
}

/// An option that may be a function, and that never leaves JavaScript.
pub struct Secret {
    /// The option's name.
    pub name: &'static str,
    shape: Shape,
    /// The rule in words that follow its name; the token has several.
    rule: Option<&'static str>,
}

impl Secret {
    /// The rule that it breaks now; nothing where it is good.
    pub fn rule(&self, options: &Options) -> Option<&'static str> {
        self.broken(options.text(self.name, self.shape))
    }

    fn broken(&self, found: u32) -> Option<&'static str> {
        if found == found::GOOD {
            return None;
        }
        self.rule.or_else(|| Some(token_rule(found)))
    }
}

static TOKEN: Secret = Secret {
    name: "token",
    shape: contract::TOKEN,
    rule: None,
};

static PASSWORD: Secret = Secret {
    name: "password",
    shape: contract::LINE,
    rule: Some(
        "must be a string of 1 to 4096 characters without line breaks, or a function that gives one",
    ),
};

static CODE: Secret = Secret {
    name: "passcode.code",
    shape: contract::CODE,
    rule: Some("must be a string of 6 digits, or a function that gives one"),
};

fn token_rule(found: u32) -> &'static str {
    match found {
        found::NOTHING => "must be given: a string, or a function that gives one",
        found::SHORT => "must not be empty: pass the value of X-Subject-Token",
        found::LONG => "must have at most 65535 characters",
        found::CHARACTER => {
            "must have only printable ASCII characters: copy it again without line breaks"
        }
        _ => "must be a string",
    }
}

/// Reads options one by one and keeps what is wrong with them.
struct Reader<'a> {
    options: &'a Options,
    issues: Vec<Issue>,
    /// The secrets that a function gives.
    asks: [Option<&'static Secret>; 2],
}

impl Reader<'_> {
    fn wrong(&mut self, name: &str, message: &str) {
        self.issues.push(Issue {
            field: name.into(),
            message: message.into(),
        });
    }

    fn endpoint(&mut self) {
        let rule = match self.options.endpoint("endpoint", endpoint::ALLOWED) {
            found::GOOD => return,
            found::CHARACTER => endpoint::RULES
                .iter()
                .find(|(text, wanted, _)| self.options.endpoint_has(text) != *wanted)
                .map_or(endpoint::KIND, |(_, _, rule)| rule),
            _ => endpoint::KIND,
        };
        self.wrong("endpoint", rule);
    }

    fn shaped(&mut self, name: &str, shape: Shape, rule: &str) {
        if self.options.text(name, shape) != found::GOOD {
            self.wrong(name, rule);
        }
    }

    fn secret(&mut self, secret: &'static Secret) {
        match self.options.text(secret.name, secret.shape) {
            found::ASKS => self.asks = [self.asks[1], Some(secret)],
            found => {
                if let Some(rule) = secret.broken(found) {
                    self.wrong(secret.name, rule);
                }
            }
        }
    }

    /// The body of a sign-in.
    fn identity(&mut self) -> &'static str {
        self.shaped("account", contract::LINE, LINE);
        self.shaped("user", contract::LINE, LINE);
        self.shaped("project", contract::LINE, LINE);
        self.secret(&PASSWORD);
        let is_id = self.options.text("project", contract::HEX_ID) == found::GOOD;
        let has_code = self.options.text("passcode", contract::LINE) != found::NOTHING;
        if has_code {
            self.shaped("passcode.userId", contract::PROJECT_ID, USER_ID);
            self.secret(&CODE);
        }
        let [plain, coded] = if is_id {
            contract::BY_ID
        } else {
            contract::BY_NAME
        };
        if has_code { coded } else { plain }
    }

    /// What is used on the JavaScript side alone.
    fn others(&mut self) {
        if !self.options.usable("signal") {
            self.wrong("signal", "must be an AbortSignal or null");
        }
        // NaN is neither.
        let timeout = self.options.number("timeout", 1.0);
        if timeout <= 0.0 || timeout.is_nan() {
            self.wrong("timeout", "must be milliseconds above 0, or Infinity");
        }
        if !self.options.usable("fetch") {
            self.wrong("fetch", "must be a function like fetch");
        }
    }

    /// The body of a create; with no description it is an empty object.
    fn description(&mut self) -> &'static str {
        match self.options.text("description", contract::DESCRIPTION) {
            found::NOTHING => return contract::PLAIN,
            found::GOOD => (),
            found::LONG => self.wrong("description", "must have at most 100 characters"),
            _ => self.wrong(
                "description",
                "must be text without half of a surrogate pair",
            ),
        }
        contract::DESCRIBED
    }

    /// The path of a list, with the page in its query.
    fn page(&mut self) -> &'static str {
        let mut is_there =
            |name, least, most, rule| self.whole(name, least, most, u32::MAX, rule) != u32::MAX;
        let offset = is_there("offset", 0, contract::OFFSET, OFFSET);
        let limit = is_there("limit", 1, contract::LIMIT, LIMIT);
        match (offset, limit) {
            (false, false) => contract::KEYS,
            (false, true) => contract::LIMITED,
            (true, false) => contract::FROM,
            (true, true) => contract::PAGE,
        }
    }

    fn bytes(&mut self, name: &str, standard: u32) -> u32 {
        self.whole(name, 1, MOST_BYTES, standard, BYTES)
    }

    /// A whole number; `standard` where there is none, and where it breaks the rule.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn whole(
        &mut self,
        name: &str,
        least: u32,
        most: u32,
        standard: u32,
        rule: &'static str,
    ) -> u32 {
        let number = self.options.number(name, standard.into());
        // A number's integer comes back the same from u32; NaN and fractions do not.
        let whole = number as u32;
        let is_whole = f64::from(whole) == number;
        if is_whole && (whole == standard || (least..=most).contains(&whole)) {
            return whole;
        }
        self.wrong(name, rule);
        standard
    }

    /// Refuses options that the call does not take.
    fn refuse_others(&mut self) {
        while let Some(name) = self.options.unknown() {
            self.issues.push(Issue {
                field: name,
                message: joined(&["is not an option; the options are ", &self.options.known()]),
            });
        }
    }
}
