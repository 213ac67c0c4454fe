//! The command line: read once, checked whole, refused in one sentence that quotes no secret.

mod callers;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use axum::http::{HeaderValue, Uri};
use clap::{
    Parser,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{failure::Codes, host::AllowedHost, log, upstream::Upstream};
pub use callers::Callers;
use callers::{FixedArgs, SignInArgs};

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
        /// Who may call, who may sign in, and for which projects.
        callers: Callers,
    },
    /// The real services.
    Relay {
        /// What answers the three calls.
        api: Upstream,
        /// What answers sign-ins, if they are passed on.
        iam: Option<Upstream>,
    },
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

    #[command(flatten)]
    fixed: FixedArgs,

    #[command(flatten)]
    sign_in: SignInArgs,

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
    /// and nothing else; http: for loopback hosts alone. Callers bring their own tokens. Of the
    /// variables RUST_LOG alone is read then
    #[arg(long, value_name = "URL", conflicts_with_all = ["data", "FixedArgs", "SignInArgs", "string_codes"])]
    upstream: Option<String>,

    /// Pass sign-ins on, too, to the identity service at this address; http: for loopback hosts alone
    #[arg(long, value_name = "URL", requires = "upstream")]
    upstream_iam: Option<String>,

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

/// Reads the process's arguments and variables.
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
        (Some(api), _) => relay(
            &api,
            args.upstream_iam.as_deref(),
            args.upstream_ca.as_deref(),
            args.upstream_timeout,
        )?,
        (None, Some(data)) => Backend::Own {
            data,
            callers: Callers::find(args.fixed, args.sign_in)?,
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

/// The way to the real services. The certificates are for whichever is reached over TLS.
fn relay(
    api: &str,
    iam: Option<&str>,
    ca: Option<&Path>,
    patience: Duration,
) -> Result<Backend, String> {
    let is_plain = |address: &str| address.starts_with("http:");
    let iam_ca = ca.filter(|_| iam.is_some_and(|address| !is_plain(address)));
    let api_ca = ca.filter(|_| !is_plain(api) || iam_ca.is_none());
    let iam = iam.map(|address| Upstream::new("--upstream-iam", address, iam_ca, patience));
    Ok(Backend::Relay {
        api: Upstream::new("--upstream", api, api_ca, patience)?,
        iam: iam.transpose()?,
    })
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
    use super::origin;

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
}
