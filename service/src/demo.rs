//! A code that is good once, for a while: with it the demo's page gets its token.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::contract::is_plain;

/// How long a code waits for its one use.
pub const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// The shortest and the longest code, in characters. It is drawn at random: 32 hexadecimal digits
/// are 128 bits.
const LENGTH: std::ops::RangeInclusive<usize> = 32..=128;

/// The code of this start.
pub struct Code {
    sha256: [u8; 32],
    /// `None` once it was used.
    since: Mutex<Option<Instant>>,
}

impl Code {
    /// Checks a code; an error is a sentence that does not quote it.
    pub fn new(code: &str, now: Instant) -> Result<Self, String> {
        if !LENGTH.contains(&code.len()) || !is_plain(code) {
            return Err(format!(
                "the demo's code must be {} to {} letters, digits, `-` or `_`.",
                LENGTH.start(),
                LENGTH.end()
            ));
        }
        Ok(Self {
            sha256: Sha256::digest(code).into(),
            since: Mutex::new(Some(now)),
        })
    }

    /// Whether this is the code, in time and for the first time. A wrong one changes nothing.
    pub fn take(&self, presented: &str, now: Instant) -> bool {
        let presented: [u8; 32] = Sha256::digest(presented).into();
        let right = bool::from(presented.ct_eq(&self.sha256));
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let in_time = since.is_some_and(|since| now.saturating_duration_since(since) < LIFETIME);
        if right {
            *since = None;
        }
        right && in_time
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Code, LIFETIME};

    #[test]
    fn a_code_is_good_once_and_for_a_while() {
        let start = Instant::now();
        let right = "a".repeat(32);
        let code = || Code::new(&right, start).unwrap();
        let last = start + LIFETIME - Duration::from_nanos(1);

        let used = code();
        assert!(!used.take("another", start));
        assert!(used.take(&right, last));
        assert!(!used.take(&right, last));

        let late = code();
        assert!(!late.take(&right, start + LIFETIME));
        assert!(!late.take(&right, start), "it was shown, too late");
    }

    #[test]
    fn a_code_that_could_be_guessed_is_refused() {
        for bad in [
            String::new(),
            "a".repeat(31),
            "a".repeat(129),
            "é".repeat(32),
        ] {
            let refused = Code::new(&bad, Instant::now()).err().unwrap();
            assert!(bad.is_empty() || !refused.contains(&bad));
        }
    }
}
