//! What a status says, and what is certain after it.

use super::failure::{Kind, Outcome};

/// How an answer is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The service says that it did it; the body must bear that out.
    Success,
    /// It did not, or it is not known.
    Failure(Kind, Outcome),
}

impl Verdict {
    /// What went wrong, if something did.
    pub fn failure(self) -> Option<(Kind, Outcome)> {
        match self {
            Self::Success => None,
            Self::Failure(kind, outcome) => Some((kind, outcome)),
        }
    }
}

/// The verdict on a status. The pages name 200, 400, 401 and 500; the others go by their class.
///
/// 408 and 421 stand apart from 4xx: platforms re-send a request that was answered so.
pub fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Success,
        300..=399 => Verdict::Failure(Kind::Redirect, Outcome::Unknown),
        408 | 421 => Verdict::Failure(Kind::Http, Outcome::Unknown),
        400..=499 => Verdict::Failure(Kind::Http, Outcome::Rejected),
        500..=599 => Verdict::Failure(Kind::Http, Outcome::Unknown),
        _ => Verdict::Failure(Kind::UnexpectedResponse, Outcome::Unknown),
    }
}

/// Matches what a platform's own fetch gives as the reason when it refuses a request before it sends
/// anything: a permission that the process does not have (Node, Deno), a port that fetch never
/// calls (Node).
///
/// No other reason proves that. Platforms send again by themselves, and a reason is that of the last
/// sending: a connection that is refused may be the second one.
pub const REFUSED: &str = "^(ERR_ACCESS_DENIED|NotCapable|bad port)$";

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_verdict() {
        use Kind::{Http, Redirect, UnexpectedResponse};
        use Outcome::{Rejected, Unknown};
        for (statuses, verdict_wanted) in [
            (200..=299, Verdict::Success),
            (300..=399, Verdict::Failure(Redirect, Unknown)),
            (400..=407, Verdict::Failure(Http, Rejected)),
            (408..=408, Verdict::Failure(Http, Unknown)),
            (409..=420, Verdict::Failure(Http, Rejected)),
            (421..=421, Verdict::Failure(Http, Unknown)),
            (422..=499, Verdict::Failure(Http, Rejected)),
            (500..=599, Verdict::Failure(Http, Unknown)),
            (0..=199, Verdict::Failure(UnexpectedResponse, Unknown)),
            (
                600..=u16::MAX,
                Verdict::Failure(UnexpectedResponse, Unknown),
            ),
        ] {
            for status in statuses {
                let verdict = verdict(status);
                assert_eq!(verdict, verdict_wanted, "{status}");
                let again = verdict
                    .failure()
                    .map_or(Verdict::Success, |(kind, outcome)| {
                        Verdict::Failure(kind, outcome)
                    });
                assert_eq!(again, verdict_wanted, "{status}");
            }
        }
    }

    #[test]
    fn only_what_fetch_refuses_itself_proves_that_nothing_was_sent() {
        let refused = regex::Regex::new(REFUSED).unwrap();
        for reason in ["ERR_ACCESS_DENIED", "NotCapable", "bad port"] {
            assert!(refused.is_match(reason), "{reason}");
        }
        for reason in [
            "",
            "ECONNREFUSED",
            "ENOTFOUND",
            "EAI_AGAIN",
            "UND_ERR_CONNECT_TIMEOUT",
            "ConnectionRefused",
            "ECONNRESET",
            "EPIPE",
            "ETIMEDOUT",
            "UND_ERR_SOCKET",
        ] {
            assert!(!refused.is_match(reason), "{reason}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_reason_like_one_of_them_proves_it(
            reason in proptest::sample::select(vec!["ERR_ACCESS_DENIED", "NotCapable", "bad port"]),
            at in 0..20_usize,
            character in "\\PC",
        ) {
            let refused = regex::Regex::new(REFUSED).unwrap();
            let mut changed = reason.to_owned();
            changed.insert_str(at.min(reason.len()), &character);
            proptest::prop_assert!(!refused.is_match(&changed));
            proptest::prop_assert!(!refused.is_match(&reason.to_uppercase()) || reason.to_uppercase() == reason);
        }
    }
}
