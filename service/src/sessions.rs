//! The tokens that sign-ins gave out: in memory alone, and only their SHA-256.
//!
//! They end with the process, as do the user's rights: a service that is started with another
//! password must not take the tokens of the former one.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::key::hexadecimal;

/// The most tokens that are good at a time, so that memory stays bounded. One more ends the one
/// that would end first.
const TOKENS_MAX: usize = 10_000;

/// A token that is given out, and never kept.
pub struct Issued {
    /// 64 hexadecimal digits (256 random bits).
    pub token: String,
    /// When it was made, in whole seconds.
    pub from: OffsetDateTime,
    /// From when on it is good no longer.
    pub until: OffsetDateTime,
}

/// What is kept of a token.
struct Session {
    project_id: String,
    until: OffsetDateTime,
}

/// All tokens that are good.
pub struct Sessions {
    lifetime: Duration,
    by_sha256: Mutex<HashMap<[u8; 32], Session>>,
}

impl Sessions {
    /// None yet; each will be good for `lifetime`.
    pub fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            by_sha256: Mutex::default(),
        }
    }

    /// Makes a token for a project; fails only where the system has no randomness.
    pub fn issue(&self, project_id: &str, now: OffsetDateTime) -> Result<Issued, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        let token = hexadecimal(&bytes);
        let from = now.truncate_to_second();
        let until = from.saturating_add(self.lifetime);
        let session = Session {
            project_id: project_id.to_owned(),
            until,
        };
        let mut sessions = self
            .by_sha256
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| now < session.until);
        if sessions.len() >= TOKENS_MAX {
            let first = sessions.iter().min_by_key(|(_, session)| session.until);
            if let Some(first) = first.map(|(sha256, _)| *sha256) {
                sessions.remove(&first);
            }
        }
        sessions.insert(Sha256::digest(&token).into(), session);
        Ok(Issued { token, from, until })
    }

    /// The project that a token is for, by the token's SHA-256. Whoever can choose that has the
    /// token, so how long the search takes tells nothing.
    pub fn project_of(&self, sha256: &[u8; 32], now: OffsetDateTime) -> Option<String> {
        let sessions = self
            .by_sha256
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let session = sessions.get(sha256)?;
        (now < session.until).then(|| session.project_id.clone())
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};
    use time::{Duration, OffsetDateTime};

    use super::{Sessions, TOKENS_MAX};

    #[test]
    fn a_token_is_good_for_its_time_and_its_project() {
        let sessions = Sessions::new(Duration::HOUR);
        let now = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(1_500);
        let one = sessions.issue("one", now).unwrap();
        let two = sessions.issue("two", now).unwrap();
        assert_eq!(one.token.len(), 64);
        assert_ne!(one.token, two.token);
        assert_eq!(one.until - one.from, Duration::HOUR);
        let project = |token: &str, at| sessions.project_of(&Sha256::digest(token).into(), at);
        let last = one.until - Duration::NANOSECOND;
        assert_eq!(project(&one.token, now).as_deref(), Some("one"));
        assert_eq!(project(&two.token, last).as_deref(), Some("two"));
        assert_eq!(project(&one.token, one.until), None);
        assert_eq!(project("another", now), None);
    }

    #[test]
    fn there_are_never_too_many() {
        let sessions = Sessions::new(Duration::HOUR);
        let at = |seconds| OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds);
        let first = sessions.issue("first", at(0)).unwrap();
        for _ in 0..TOKENS_MAX {
            sessions.issue("more", at(1)).unwrap();
        }
        let count = || sessions.by_sha256.lock().unwrap().len();
        assert_eq!(count(), TOKENS_MAX);
        let first = Sha256::digest(&first.token).into();
        assert_eq!(sessions.project_of(&first, at(1)), None);
        sessions.issue("later", at(4_000)).unwrap();
        assert_eq!(count(), 1, "what is over is let go");
    }
}
