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

/// Whether a platform's error code proves that no connection came about, so that nothing was sent.
///
/// Node and Deno give the system's codes, undici its own time-out for connecting, Bun a name.
pub fn is_never_connected(code: &str) -> bool {
    matches!(
        code,
        "ECONNREFUSED"
            | "ENOTFOUND"
            | "EAI_AGAIN"
            | "UND_ERR_CONNECT_TIMEOUT"
            | "ConnectionRefused"
    )
}

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
                assert_eq!(verdict(status), verdict_wanted, "{status}");
            }
        }
    }

    #[test]
    fn only_codes_that_mean_no_connection_prove_that_nothing_was_sent() {
        assert!(is_never_connected("ECONNREFUSED"));
        for code in ["", "ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET"] {
            assert!(!is_never_connected(code), "{code}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_code_like_one_of_them_proves_it(
            code in proptest::sample::select(vec!["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]),
            at in 0..20_usize,
            character in "\\PC",
        ) {
            let mut changed = code.to_owned();
            changed.insert_str(at.min(code.len()), &character);
            proptest::prop_assert!(!is_never_connected(&changed));
            proptest::prop_assert!(!is_never_connected(&code.to_lowercase()));
        }
    }
}
