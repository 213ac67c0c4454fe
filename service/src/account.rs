//! The one user who may sign in, and the lock that wrong passwords close.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use argon2::Argon2;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    contract::{PROJECT_ID_LENGTH, is_plain, is_project_id},
    failure::Failure,
    key::hexadecimal,
    sign_in::{Project, SignIn},
    totp::Totp,
};

/// So many wrong passwords or codes in a row lock the user.
pub const WRONG_MAX: u8 = 5;

/// How long the user is locked.
pub const LOCK: Duration = Duration::from_secs(15 * 60);

/// The longest name or password, in characters.
const TEXT_MAX: usize = 4_096;

/// Who may sign in, and for what.
pub struct Account {
    /// The account's name.
    pub name: String,
    /// The account's id: 32 characters, made of its name.
    pub id: String,
    /// The user's name.
    pub user: String,
    /// The user's id: 32 characters, made of both names unless it was given.
    pub user_id: String,
    projects: Vec<Owned>,
    password: Hashed,
    totp: Option<Totp>,
    tries: Mutex<Tries>,
}

/// A project that the user has rights to.
#[derive(Clone)]
pub struct Owned {
    /// Its name.
    pub name: String,
    /// Its id, 32 characters.
    pub id: String,
}

/// What the command line says of an account. The password is wiped when this is dropped.
pub struct Given {
    /// The account's name.
    pub account: String,
    /// The user's name.
    pub user: String,
    /// The user's id, if it was given.
    pub user_id: Option<String>,
    /// The user's password.
    pub password: Zeroizing<String>,
    /// The projects.
    pub projects: Vec<Owned>,
    /// The secret of the user's device, in base32, if there is one.
    pub totp: Option<Zeroizing<String>>,
}

#[derive(Default)]
struct Tries {
    /// Wrong ones in a row.
    wrong: u8,
    locked_since: Option<Instant>,
    /// The newest step of a code that was used: neither it nor one before it counts again.
    last_step: Option<u64>,
}

/// A moment, by the clock that never jumps and in seconds since 1970, UTC.
#[derive(Clone, Copy)]
pub struct Moment {
    /// Measures how long the user is locked.
    pub steady: Instant,
    /// Chooses the code of virtual MFA.
    pub unix: u64,
}

/// All that is kept of a password. The salt is drawn at each start.
struct Hashed {
    salt: [u8; 16],
    hash: [u8; 32],
}

impl Hashed {
    fn of(password: &str) -> Result<Self, String> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt)
            .map_err(|error| format!("the system has no randomness: {error}."))?;
        let hash = slow_hash(password, &salt).ok_or("the password cannot be hashed.")?;
        Ok(Self { salt, hash })
    }

    /// Takes as long whatever the answer; `None` where nothing can be hashed.
    fn is(&self, password: &str) -> Option<bool> {
        let hash = slow_hash(password, &self.salt)?;
        Some(bool::from(hash.ct_eq(&self.hash)))
    }
}

/// Argon2id with 19 MiB and two passes, as OWASP recommends. Fails for lack of memory.
fn slow_hash(password: &str, salt: &[u8]) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    Argon2::default()
        .hash_password_into(password.as_bytes(), salt, &mut hash)
        .ok()?;
    Some(hash)
}

/// Whether a text can be a name or a password.
fn is_text(text: &str) -> bool {
    (1..=TEXT_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// 32 hexadecimal digits that follow from a text.
fn id_of(text: &str) -> String {
    let mut id = hexadecimal(&Sha256::digest(text));
    id.truncate(PROJECT_ID_LENGTH);
    id
}

impl Account {
    /// Checks what was given; an error is a sentence that quotes no secret.
    pub fn new(given: Given) -> Result<Self, String> {
        for (what, text) in [
            ("account", given.account.as_str()),
            ("user", given.user.as_str()),
            ("password", given.password.as_str()),
        ] {
            if !is_text(text) {
                return Err(format!(
                    "the {what} must be 1 to {TEXT_MAX} characters, none of them a control character."
                ));
            }
        }
        let user_id = given
            .user_id
            .unwrap_or_else(|| id_of(&format!("{}\n{}", given.account, given.user)));
        if user_id.len() != PROJECT_ID_LENGTH || !is_plain(&user_id) {
            return Err(format!(
                "the user id must be {PROJECT_ID_LENGTH} letters, digits, `-` or `_`."
            ));
        }
        let totp = match given.totp {
            Some(secret) => Some(
                Totp::read(&secret)
                    .ok_or("the TOTP secret must be base32 of 16 bytes at least.")?,
            ),
            None => None,
        };
        Ok(Self {
            id: id_of(&given.account),
            password: Hashed::of(&given.password)?,
            name: given.account,
            user: given.user,
            user_id,
            projects: given.projects,
            totp,
            tries: Mutex::default(),
        })
    }

    /// How the user is proved.
    pub fn methods(&self) -> &'static [&'static str] {
        match self.totp {
            Some(_) => &["password", "totp"],
            None => &["password"],
        }
    }

    /// Judges a sign-in and gives the project that its token is for. It takes a tenth of a second
    /// or so of a processor, and callers take turns: what one has tried counts for the next.
    pub fn judge(&self, asked: &SignIn, now: Moment) -> Result<Owned, Failure> {
        // Whatever is wrong beside it, the password is looked at, so that time tells no name.
        let right = self
            .password
            .is(&asked.password)
            .ok_or(Failure::NoSession)?;
        let Ok(mut tries) = self.tries.lock() else {
            return Err(Failure::NoSession);
        };
        if *asked.account != self.name || *asked.user != self.user {
            return Err(Failure::WrongSignIn);
        }
        if let Some(since) = tries.locked_since {
            if now.steady.saturating_duration_since(since) < LOCK {
                return Err(Failure::Locked);
            }
            (tries.locked_since, tries.wrong) = (None, 0);
        }
        let step = match (&self.totp, &asked.passcode) {
            _ if !right => Err(Failure::WrongSignIn),
            (None, None) => Ok(None),
            (Some(_), None) => return Err(Failure::NeedsPasscode),
            // A code of somebody without a device is as wrong as any.
            (None, Some(_)) => Err(Failure::WrongSignIn),
            (Some(totp), Some(passcode)) => totp
                .step_of(&passcode.code, now.unix)
                .filter(|step| tries.last_step.is_none_or(|last| last < *step))
                .filter(|_| *passcode.user_id == self.user_id)
                .map(Some)
                .ok_or(Failure::WrongSignIn),
        };
        match step {
            Ok(step) => {
                tries.wrong = 0;
                tries.last_step = step.or(tries.last_step);
            }
            Err(failure) => {
                tries.wrong = tries.wrong.saturating_add(1);
                if tries.wrong >= WRONG_MAX {
                    tries.locked_since = Some(now.steady);
                }
                return Err(failure);
            }
        }
        self.project(&asked.project).ok_or(Failure::NoRight)
    }

    fn project(&self, asked: &Project) -> Option<Owned> {
        let is_meant = |owned: &&Owned| match asked {
            Project::WithId(id) => **id == owned.id,
            Project::Named(name, account) => {
                **name == owned.name && account.as_ref().is_none_or(|name| **name == self.name)
            }
        };
        self.projects.iter().find(is_meant).cloned()
    }
}

impl Owned {
    /// Reads `NAME=ID`.
    pub fn read(text: &str) -> Result<Self, String> {
        text.rsplit_once('=')
            .filter(|(name, id)| is_text(name) && is_project_id(id))
            .map(|(name, id)| Self {
                name: name.to_owned(),
                id: id.to_owned(),
            })
            .ok_or_else(|| {
                format!(
                    "it is NAME=ID, with an id of {PROJECT_ID_LENGTH} letters, digits, `-` or `_`"
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use zeroize::Zeroizing;

    use super::{Account, Given, LOCK, Moment, Owned};
    use crate::{
        failure::Failure,
        sign_in::{Passcode, Project, SignIn},
    };

    const PASSWORD: &str = "correct horse";
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn account(totp: bool) -> Account {
        Account::new(Given {
            account: "D".into(),
            user: "U".into(),
            user_id: None,
            password: Zeroizing::new(PASSWORD.into()),
            projects: [("R", "1"), ("R_x", "2")]
                .map(|(name, digit)| Owned {
                    name: name.into(),
                    id: digit.repeat(32),
                })
                .into(),
            totp: totp.then(|| Zeroizing::new(SECRET.into())),
        })
        .unwrap()
    }

    fn text(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    fn asked(password: &str) -> SignIn {
        SignIn {
            account: text("D"),
            user: text("U"),
            password: text(password),
            passcode: None,
            project: Project::Named(text("R"), None),
        }
    }

    fn with_code(account: &Account, code: &str) -> SignIn {
        let passcode = Passcode {
            user_id: text(&account.user_id),
            code: text(code),
        };
        SignIn {
            passcode: Some(passcode),
            ..asked(PASSWORD)
        }
    }

    fn at(unix: u64) -> Moment {
        let steady = Instant::now();
        Moment { steady, unix }
    }

    fn judge(account: &Account, asked: &SignIn, now: Moment) -> Result<String, Failure> {
        account.judge(asked, now).map(|project| project.name)
    }

    #[test]
    fn the_right_user_gets_the_project_that_is_asked_for() {
        let account = account(false);
        assert_eq!(account.user_id.len(), 32);
        let second = account.projects.last().unwrap().id.clone();
        for (project, wanted) in [
            (Project::Named(text("R"), None), Some("R")),
            (Project::Named(text("R_x"), Some(text("D"))), Some("R_x")),
            (Project::WithId(text(&second)), Some("R_x")),
            (Project::Named(text("R"), Some(text("E"))), None),
            (Project::Named(text("r"), None), None),
            (Project::WithId(text("R")), None),
        ] {
            let asked = SignIn {
                project,
                ..asked(PASSWORD)
            };
            match judge(&account, &asked, at(0)) {
                Ok(name) => assert_eq!(Some(name.as_str()), wanted),
                Err(Failure::NoRight) => assert_eq!(None, wanted),
                Err(other) => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn five_wrong_passwords_in_a_row_lock_the_user_for_a_while() {
        let account = account(false);
        let mut now = at(0);
        let mut attempt = |password: &str, later: Duration| {
            now.steady += later;
            judge(&account, &asked(password), now)
        };
        let soon = Duration::from_secs(1);
        for _ in 0..4 {
            assert!(matches!(attempt("wrong", soon), Err(Failure::WrongSignIn)));
        }
        assert!(attempt(PASSWORD, soon).is_ok(), "the fifth was right");
        for _ in 0..5 {
            assert!(matches!(attempt("wrong", soon), Err(Failure::WrongSignIn)));
        }
        for password in [PASSWORD, "wrong"] {
            assert!(matches!(attempt(password, soon), Err(Failure::Locked)));
        }
        // What was tried meanwhile does not lengthen it.
        assert!(attempt(PASSWORD, LOCK - 2 * soon).is_ok());
    }

    #[test]
    fn others_neither_learn_of_the_lock_nor_close_it() {
        let account = account(false);
        for _ in 0..10 {
            for (name, user) in [("E", "U"), ("D", "V"), ("", "")] {
                let other = SignIn {
                    account: text(name),
                    user: text(user),
                    ..asked(PASSWORD)
                };
                let judged = judge(&account, &other, at(0));
                assert!(matches!(judged, Err(Failure::WrongSignIn)));
            }
        }
        assert!(judge(&account, &asked(PASSWORD), at(0)).is_ok());
    }

    #[test]
    fn a_device_is_needed_where_there_is_one_and_a_code_counts_once() {
        let account = account(true);
        let time = 1_234_567_890;
        let missing = judge(&account, &asked(PASSWORD), at(time));
        assert!(matches!(missing, Err(Failure::NeedsPasscode)));
        let right = with_code(&account, "005924");
        assert!(judge(&account, &right, at(time)).is_ok());
        // Not even a step later, when it would still be in the window.
        for later in [0, 30] {
            let again = judge(&account, &right, at(time + later));
            assert!(matches!(again, Err(Failure::WrongSignIn)));
        }
        let mut foreign = with_code(&account, "279037");
        foreign.passcode.as_mut().unwrap().user_id = text("another");
        let judged = judge(&account, &foreign, at(2_000_000_000));
        assert!(matches!(judged, Err(Failure::WrongSignIn)));
        let next = with_code(&account, "279037");
        assert!(judge(&account, &next, at(2_000_000_000)).is_ok());
    }

    #[test]
    fn wrong_codes_lock_as_wrong_passwords_do() {
        let account = account(true);
        for _ in 0..5 {
            let judged = judge(&account, &with_code(&account, "000000"), at(1_234_567_890));
            assert!(matches!(judged, Err(Failure::WrongSignIn)));
        }
        let judged = judge(&account, &with_code(&account, "005924"), at(1_234_567_890));
        assert!(matches!(judged, Err(Failure::Locked)));
    }

    #[test]
    fn a_project_is_a_name_and_an_id() {
        let id = "0".repeat(32);
        let owned = Owned::read(&format!("a=b={id}")).unwrap();
        assert_eq!((owned.name.as_str(), &owned.id), ("a=b", &id));
        for bad in ["", "a", "a=0", &format!("={id}"), &id] {
            assert!(Owned::read(bad).is_err(), "{bad}");
        }
    }
}
