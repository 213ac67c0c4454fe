//! Who may call and who may sign in, among the arguments and the variables.

use std::{
    env::{self, VarError},
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use clap::Args;
use zeroize::Zeroizing;

use crate::{
    account::{Account, Given, Owned},
    auth::{Auth, Fixed},
    demo::Code,
    sessions::Sessions,
};

const TOKEN_VARIABLE: &str = "NODE_PROVIDER_TOKEN";
const PROJECT_VARIABLE: &str = "NODE_PROVIDER_PROJECT_ID";
const PASSWORD_VARIABLE: &str = "NODE_PROVIDER_PASSWORD";
const DEMO_VARIABLE: &str = "NODE_PROVIDER_DEMO_CODE";

/// The longest that a token can be asked to be good for, in seconds: what the API's are.
const LIFETIME_MAX: u64 = 24 * 60 * 60;

/// The caller of the command line.
#[derive(Args)]
pub struct FixedArgs {
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
}

/// Who may sign in.
#[derive(Args)]
pub struct SignInArgs {
    /// Name of the account whose user may sign in, at POST /v3/auth/tokens. No other caller is
    /// needed then
    #[arg(long, value_name = "NAME", requires_all = ["user", "project"])]
    account: Option<String>,

    /// Name of that user. Five wrong passwords in a row lock it for 15 minutes
    #[arg(long, value_name = "NAME", requires = "account")]
    user: Option<String>,

    /// Id of that user: 32 letters, digits, `-` or `_`; else it follows from the names
    #[arg(long, value_name = "ID", requires = "account")]
    user_id: Option<String>,

    /// File that holds the user's password; a line break at its end is dropped. Or the variable
    /// NODE_PROVIDER_PASSWORD
    #[arg(long, value_name = "FILE", requires = "account")]
    password_file: Option<PathBuf>,

    /// Project to which the user has rights, by name and id, such as
    /// ap-southeast-3=0123456789abcdef0123456789abcdef; repeatable
    #[arg(long, value_name = "NAME=ID", requires = "account", value_parser = Owned::read)]
    project: Vec<Owned>,

    /// File that holds the secret of the user's virtual MFA device, in base32: its code is needed
    /// beside the password then
    #[arg(long, value_name = "FILE", requires_all = ["account", "user_id"])]
    totp_secret_file: Option<PathBuf>,

    /// How long a token of a sign-in is good, in seconds
    #[arg(long, value_name = "S", default_value = "86400", value_parser = lifetime)]
    token_lifetime: Duration,
}

/// Who may call and who may sign in.
pub struct Callers {
    /// Who is let in.
    pub auth: Auth,
    /// Who may sign in, if anybody.
    pub account: Option<Account>,
    /// What the demo's page may swap for a token, if there is a demo.
    pub demo: Option<Code>,
}

impl Callers {
    /// Reads files and variables, and checks all; an error is a sentence that quotes no secret.
    pub fn find(fixed: FixedArgs, sign_in: SignInArgs) -> Result<Self, String> {
        let sessions = Sessions::new(
            time::Duration::try_from(sign_in.token_lifetime)
                .map_err(|_| "--token-lifetime is too long.")?,
        );
        let account = account(sign_in)?;
        let fixed = fixed_caller(fixed, account.is_some())?;
        let demo = variable(DEMO_VARIABLE)?.map(Zeroizing::new);
        if demo.is_some() && fixed.is_none() {
            return Err(format!("{DEMO_VARIABLE} needs a token and a project id."));
        }
        let demo = demo.map(|code| Code::new(&code, Instant::now()));
        Ok(Self {
            auth: Auth { fixed, sessions },
            account,
            demo: demo.transpose()?,
        })
    }
}

fn account(args: SignInArgs) -> Result<Option<Account>, String> {
    let (Some(account), Some(user)) = (args.account, args.user) else {
        return Ok(None);
    };
    let from_file = args.password_file.map(|path| read("password", &path));
    let password = exactly_one(
        "password",
        [
            ("--password-file", from_file.transpose()?.map(without_end)),
            (
                PASSWORD_VARIABLE,
                variable(PASSWORD_VARIABLE)?.map(Zeroizing::new),
            ),
        ],
    )?;
    let totp = args.totp_secret_file.map(|path| read("TOTP secret", &path));
    let given = Given {
        account,
        user,
        user_id: args.user_id,
        password,
        projects: args.project,
        totp: totp.transpose()?,
    };
    Account::new(given).map(Some)
}

/// The one caller's token and project. Where somebody can sign in, there need be none.
fn fixed_caller(args: FixedArgs, may_be_absent: bool) -> Result<Option<Fixed>, String> {
    let token_file = args.token_file.map(|path| read("token", &path));
    let token_file = token_file.transpose()?.map(|text| text.to_string());
    let tokens = [
        ("--token", args.token),
        ("--token-file", token_file),
        (TOKEN_VARIABLE, variable(TOKEN_VARIABLE)?),
    ];
    let projects = [
        ("--project-id", args.project_id),
        (PROJECT_VARIABLE, variable(PROJECT_VARIABLE)?),
    ];
    let is_absent = tokens.iter().all(|(_, value)| value.is_none())
        && projects.iter().all(|(_, value)| value.is_none());
    if may_be_absent && is_absent {
        return Ok(None);
    }
    let token = exactly_one("token", tokens)?;
    let project_id = exactly_one("project id", projects)?;
    Fixed::new(&token, project_id).map(Some)
}

fn read(what: &str, path: &Path) -> Result<Zeroizing<String>, String> {
    fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| {
            format!(
                "the {what} file {} cannot be read: {error}.",
                path.display()
            )
        })
}

/// A text without the line break that editors put at its end.
fn without_end(mut text: Zeroizing<String>) -> Zeroizing<String> {
    for end in ['\n', '\r'] {
        if text.ends_with(end) {
            text.pop();
        }
    }
    text
}

fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("the variable {name} is not UTF-8.")),
    }
}

/// A value given twice is refused: nobody should have to guess which one counts.
fn exactly_one<T, const N: usize>(
    what: &str,
    sources: [(&str, Option<T>); N],
) -> Result<T, String> {
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

/// How long a token is good. The parser's own range would quote what was given.
fn lifetime(text: &str) -> Result<Duration, String> {
    let number = text.parse().ok();
    let number = number.filter(|number| (1..=LIFETIME_MAX).contains(number));
    let number = number.ok_or_else(|| format!("it is a number of 1 to {LIFETIME_MAX}"))?;
    Ok(Duration::from_secs(number))
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::{exactly_one, without_end};

    #[test]
    fn a_line_break_at_the_end_is_none_of_the_password() {
        for (text, password) in [
            ("a", "a"),
            ("a\n", "a"),
            ("a\r\n", "a"),
            (" a \n", " a "),
            ("a\n\n", "a\n"),
            ("\n", ""),
        ] {
            assert_eq!(*without_end(Zeroizing::new(text.into())), password);
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
        let missing = exactly_one::<String, 2>("x", [("--a", None), ("B", None)]).unwrap_err();
        assert_eq!(missing, "the x is missing: give one of --a, B.");
        let twice = exactly_one("x", [("--a", some()), ("B", some())]).unwrap_err();
        assert_eq!(twice, "the x is given more than once: keep one of --a, B.");
    }
}
