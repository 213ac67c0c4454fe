//! The command line: read once, checked whole, refused in one sentence that quotes no secret.

use std::{
    env::{self, VarError},
    fs,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use axum::http::{HeaderValue, Uri};
use clap::{
    Parser,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{auth::Auth, failure::Codes, host::AllowedHost, log, upstream::Upstream};

const TOKEN_VARIABLE: &str = "NODE_PROVIDER_TOKEN";
const PROJECT_VARIABLE: &str = "NODE_PROVIDER_PROJECT_ID";

/// The longest wait that can be asked for, in milliseconds: an hour.
const WAIT_MAX: u64 = 3_600_000;

/// What the service was told to do, already checked.
pub struct Settings {
    /// `HOST:PORT` to listen on; port 0 takes a free one.
    pub listen: String,
    /// What answers the calls.
    pub backend: Backend,
    /// Whether errors carry `code` as text, as in the tables, or as a number, as in the examples.
    pub codes: Codes,
    /// Origins whose pages may call.
    pub allow_origins: Vec<HeaderValue>,
    /// Names under which the service may be called, beside those of this machine.
    pub allow_hosts: Vec<AllowedHost>,
    /// The folder that holds `www/` and `pkg/`.
    pub www: Option<PathBuf>,
    /// The longest wait for each part of what a client sends.
    pub client_timeout: Duration,
    /// Whether errors alone are logged.
    pub quiet: bool,
}

/// What answers the calls.
pub enum Backend {
    /// This service itself.
    Own {
        /// The SQLite file.
        data: PathBuf,
        /// Who may call, and for which project.
        auth: Auth,
    },
    /// The real service.
    Relay(Upstream),
}

/// Makes, lists, deletes and stores API keys as the node provider's credentials API does; or,
/// with --upstream, passes these three calls on to the real one.
///
/// Prints `listening on http://HOST:PORT` when it is ready, and logs to the standard error.
/// SIGTERM, SIGINT and SIGHUP let the requests under way finish, for 10 seconds at most, and then
/// it exits with 0; a second one ends it at once.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8787")]
    listen: String,

    /// SQLite file for the keys, made if missing
    #[arg(long, value_name = "FILE", required_unless_present = "upstream")]
    data: Option<PathBuf>,

    /// Token that callers must send: 1 to 65,535 printable ASCII characters. Arguments can be
    /// read by every user of the machine: prefer --token-file or the variable NODE_PROVIDER_TOKEN
    #[arg(long)]
    token: Option<String>,

    /// File that holds the token; white space at its ends is dropped
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,

    /// Project whose keys these are: 32 letters, digits, `-` or `_`; or the variable
    /// NODE_PROVIDER_PROJECT_ID
    #[arg(long, value_name = "ID")]
    project_id: Option<String>,

    /// Send an error's `code` as text ("400") instead of a number (400)
    #[arg(long)]
    string_codes: bool,

    /// Origin whose pages may call, such as http://127.0.0.1:8000; repeatable
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    allow_origin: Vec<HeaderValue>,

    /// Name under which the service may be called, such as keys.example or keys.example:8443,
    /// beside localhost and loopback addresses with its own port; repeatable
    #[arg(long, value_name = "HOST", value_parser = AllowedHost::read)]
    allow_host: Vec<AllowedHost>,

    /// Folder whose www/ and pkg/ are served under the same names
    #[arg(long, value_name = "DIR")]
    www: Option<PathBuf>,

    /// Longest wait, in milliseconds, for a request's head, and again for its body
    #[arg(long, value_name = "MS", default_value = "10000", value_parser = milliseconds)]
    client_timeout: Duration,

    /// Pass the three calls on to the real service, such as https://host or https://host/prefix,
    /// and nothing else; http: for loopback hosts alone. Callers bring their own tokens. The two
    /// variables are not read then
    #[arg(long, value_name = "URL", conflicts_with_all = ["data", "token", "token_file", "project_id", "string_codes"])]
    upstream: Option<String>,

    /// PEM file with the certificates to trust in place of the public authorities
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    upstream_ca: Option<PathBuf>,

    /// Longest wait, in milliseconds, for the connection to the upstream, again for its answer
    /// to begin, and again for it to end
    #[arg(long, value_name = "MS", conflicts_with = "data", default_value = "20000", value_parser = milliseconds)]
    upstream_timeout: Duration,

    /// Log errors alone. Else the variable RUST_LOG chooses, such as `warn`; usually what is done
    /// is logged too
    #[arg(long)]
    quiet: bool,
}

/// Why there are no settings.
pub enum ArgsError {
    /// The parser's own report, which is also how `--help` and `--version` end.
    Usage(clap::Error),
    /// A sentence of ours.
    Sentence(String),
}

impl ArgsError {
    /// Prints the reason and gives the exit code: 0 for `--help` and `--version`, else 2.
    pub fn report(self) -> ExitCode {
        // Nothing is left to tell when even the terminal is gone.
        match self {
            Self::Usage(error) => {
                let code = ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
                let _ = without_values(error).print();
                code
            }
            Self::Sentence(sentence) => {
                let _ = io::stderr().write_all(&log::line(&sentence));
                ExitCode::from(2)
            }
        }
    }
}

impl From<String> for ArgsError {
    fn from(sentence: String) -> Self {
        Self::Sentence(sentence)
    }
}

/// The parser's report without what was given: any of it may be a token in the wrong place.
fn without_values(mut error: clap::Error) -> clap::Error {
    let hidden = || ContextValue::String("…".to_owned());
    if error.get(ContextKind::InvalidValue).is_some() {
        error.insert(ContextKind::InvalidValue, hidden());
    }
    if error.kind() == ErrorKind::UnknownArgument {
        error.insert(ContextKind::InvalidArg, hidden());
    }
    error.remove(ContextKind::Suggested);
    error
}

/// Reads the process's arguments and the two variables.
pub fn read() -> Result<Settings, ArgsError> {
    let args = Args::try_parse().map_err(ArgsError::Usage)?;
    if let Some(folder) = &args.www {
        let page = folder.join("www");
        if !page.is_dir() {
            return Err(format!(
                "--www needs a folder that holds www/: {} does not.",
                page.display()
            )
            .into());
        }
    }
    let backend = match (args.upstream, args.data) {
        (Some(address), _) => Backend::Relay(Upstream::new(
            &address,
            args.upstream_ca.as_deref(),
            args.upstream_timeout,
        )?),
        (None, Some(data)) => Backend::Own {
            data,
            auth: auth(args.token, args.token_file, args.project_id)?,
        },
        // The parser does not let this through.
        (None, None) => return Err("--data or --upstream is needed.".to_owned().into()),
    };
    Ok(Settings {
        listen: args.listen,
        backend,
        codes: if args.string_codes {
            Codes::Text
        } else {
            Codes::Number
        },
        allow_origins: args.allow_origin,
        allow_hosts: args.allow_host,
        www: args.www,
        client_timeout: args.client_timeout,
        quiet: args.quiet,
    })
}

/// Finds the one caller's token and project among the arguments and the variables.
fn auth(
    token: Option<String>,
    token_file: Option<PathBuf>,
    project_id: Option<String>,
) -> Result<Auth, String> {
    let token_file = token_file
        .map(|path| {
            fs::read_to_string(&path).map_err(|error| {
                format!("the token file {} cannot be read: {error}.", path.display())
            })
        })
        .transpose()?;
    let token = exactly_one(
        "token",
        [
            ("--token", token),
            ("--token-file", token_file),
            (TOKEN_VARIABLE, variable(TOKEN_VARIABLE)?),
        ],
    )?;
    let project_id = exactly_one(
        "project id",
        [
            ("--project-id", project_id),
            (PROJECT_VARIABLE, variable(PROJECT_VARIABLE)?),
        ],
    )?;
    Auth::new(&token, project_id)
}

fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("the variable {name} is not UTF-8.")),
    }
}

/// A value given twice is refused: nobody should have to guess which one counts.
fn exactly_one<const N: usize>(
    what: &str,
    sources: [(&str, Option<String>); N],
) -> Result<String, String> {
    let names = sources.each_ref().map(|(name, _)| *name).join(", ");
    let mut given = sources.into_iter().filter_map(|(_, value)| value);
    match (given.next(), given.next()) {
        (Some(value), None) => Ok(value),
        (None, _) => Err(format!("the {what} is missing: give one of {names}.")),
        (Some(_), Some(_)) => Err(format!(
            "the {what} is given more than once: keep one of {names}."
        )),
    }
}

/// A wait. The parser's own range would quote what was given.
fn milliseconds(text: &str) -> Result<Duration, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=WAIT_MAX).contains(number));
    let number = number.ok_or_else(|| format!("it is a number of 1 to {WAIT_MAX}"))?;
    Ok(Duration::from_millis(number))
}

/// An origin as browsers write it, since it is compared byte by byte.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let uri: Uri = text.parse().map_err(|_| "not an origin")?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(
            "an origin is http://host or https://host, with a port if it is unusual".into(),
        );
    };
    let usual_port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return Err("the scheme of an origin is http or https".into()),
    };
    if text != format!("{scheme}://{authority}")
        || authority.as_str().contains('@')
        || authority.as_str().ends_with(':')
        || authority.port_u16() == Some(usual_port)
        || text.chars().any(|c| c.is_ascii_uppercase())
    {
        return Err("write it as browsers do: lower case, no user, no usual port, no path, no slash at the end".into());
    }
    HeaderValue::from_str(text).map_err(|_| "not an origin".into())
}

#[cfg(test)]
mod tests {
    use super::{exactly_one, origin};

    #[test]
    fn an_origin_is_taken_only_as_browsers_write_it() {
        for good in [
            "http://127.0.0.1:8000",
            "http://localhost",
            "https://keys.example",
            "https://keys.example:8443",
            "http://[::1]:8000",
            "https://keys.example:80",
        ] {
            assert_eq!(origin(good).expect(good), good);
        }
        for bad in [
            "",
            "*",
            "null",
            "keys.example",
            "/www",
            "http://",
            "http://keys.example/",
            "http://keys.example/a",
            "http://keys.example?a",
            "HTTP://keys.example",
            "http://Keys.example",
            "http://me@keys.example",
            "http://keys.example:80",
            "https://keys.example:443",
            "http://keys.example:",
            "ftp://keys.example",
            "http://a b",
        ] {
            assert!(origin(bad).is_err(), "{bad} was taken");
        }
    }

    #[test]
    fn a_value_is_taken_from_exactly_one_place() {
        let some = || Some("value".to_owned());
        assert_eq!(
            exactly_one("x", [("--a", some()), ("B", None)]).unwrap(),
            "value"
        );
        assert_eq!(
            exactly_one("x", [("--a", None), ("B", some())]).unwrap(),
            "value"
        );
        let missing = exactly_one("x", [("--a", None), ("B", None)]).unwrap_err();
        assert_eq!(missing, "the x is missing: give one of --a, B.");
        let twice = exactly_one("x", [("--a", some()), ("B", some())]).unwrap_err();
        assert_eq!(twice, "the x is given more than once: keep one of --a, B.");
    }
}
