//! When a delete is tried again. A create never is.

use super::joined;

/// The most extra attempts that a caller may ask for.
pub const MOST: u32 = 10;

/// The longest wait that a `Retry-After` may ask for, in milliseconds: past it nobody waits.
pub const LONGEST_WAIT: f64 = 60_000.0;

const FIRST: f64 = 200.0;
const LONGEST_BACKOFF: f64 = 10_000.0;

/// Whether an answer with that status may be followed by another attempt.
pub fn is_transient(status: u16) -> bool {
    matches!(status, 429 | 502 | 503 | 504)
}

/// How long to wait before the next attempt, in milliseconds: full jitter below a bound that
/// doubles with each failed attempt (the first is 1). `random` is in 0..1.
pub fn backoff(failed: u32, random: f64) -> f64 {
    // Past this many the bound is reached.
    let doublings = failed.saturating_sub(1).min(16);
    random * (FIRST * f64::from(1_u32 << doublings)).min(LONGEST_BACKOFF)
}

/// What a `Retry-After` asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RetryAfter {
    /// Nothing that can be read.
    Unsaid,
    /// To wait that many milliseconds.
    Wait(f64),
    /// To wait longer than [`LONGEST_WAIT`].
    GiveUp,
}

/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. `parse_date` gives milliseconds
/// since 1970 or NaN, as `Date.parse` does; `now` is in the same unit.
pub fn retry_after(header: &str, now: f64, parse_date: impl Fn(&str) -> f64) -> RetryAfter {
    let header = header.trim_ascii();
    let wait = if header.is_empty() {
        f64::NAN
    } else if header.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = header.bytes().fold(0.0, |seconds, digit| {
            seconds * 10.0 + f64::from(digit - b'0')
        });
        seconds * 1000.0
    } else if header
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic())
    {
        let ahead = parse_date(&with_zone(header)) - now;
        if ahead < 0.0 { 0.0 } else { ahead }
    } else {
        f64::NAN
    };
    if wait.is_nan() {
        RetryAfter::Unsaid
    } else if wait > LONGEST_WAIT {
        RetryAfter::GiveUp
    } else {
        RetryAfter::Wait(wait)
    }
}

/// A date that ends with its year, as asctime writes it, is in UTC; a parser takes it for local time.
fn with_zone(date: &str) -> String {
    let has_no_zone = matches!(date.as_bytes(), [.., b' ', a, b, c, d]
        if [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()));
    joined(&[date, if has_no_zone { " GMT" } else { "" }])
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn only_transient_answers_are_tried_again() {
        let transient: Vec<u16> = (0..1000).filter(|&status| is_transient(status)).collect();
        assert_eq!(transient, [429, 502, 503, 504]);
    }

    #[test]
    fn waits_double_up_to_a_bound_under_full_jitter() {
        let waits: Vec<f64> = [0, 1, 2, 3, 6, 7, 100, u32::MAX]
            .map(|n| backoff(n, 1.0))
            .to_vec();
        assert_eq!(
            waits,
            [200., 200., 400., 800., 6400., 10_000., 10_000., 10_000.]
        );
        assert_eq!(backoff(3, 0.0), 0.0);
        assert_eq!(backoff(3, 0.25), 200.0);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_never_overflows() {
        let read = |header| {
            retry_after(header, 1000.0, |date| match date {
                "Wed, 21 Oct 2015 07:28:00 GMT" => 3500.0,
                "Tue, 20 Oct 2015 07:28:00 GMT" => -99.0,
                "Thu, 22 Oct 2099 07:28:00 GMT" => 1e12,
                _ => f64::NAN,
            })
        };
        for (header, wanted) in [
            ("0", RetryAfter::Wait(0.0)),
            (" 7 ", RetryAfter::Wait(7000.0)),
            ("60", RetryAfter::Wait(60_000.0)),
            ("61", RetryAfter::GiveUp),
            ("4294968", RetryAfter::GiveUp),
            ("99999999999999999999999999", RetryAfter::GiveUp),
            ("Wed, 21 Oct 2015 07:28:00 GMT", RetryAfter::Wait(2500.0)),
            ("Tue, 20 Oct 2015 07:28:00 GMT", RetryAfter::Wait(0.0)),
            ("Thu, 22 Oct 2099 07:28:00 GMT", RetryAfter::GiveUp),
            ("", RetryAfter::Unsaid),
            ("-1", RetryAfter::Unsaid),
            ("1.5", RetryAfter::Unsaid),
            ("soon", RetryAfter::Unsaid),
        ] {
            assert_eq!(read(header), wanted, "{header}");
        }
    }

    #[test]
    fn a_date_without_a_zone_is_in_utc() {
        for (header, read) in [
            ("Sun Nov  6 08:49:37 1994", "Sun Nov  6 08:49:37 1994 GMT"),
            (
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT",
            ),
            (
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
            ),
            (
                "Sun, 06 Nov 1994 08:49:37 +0100",
                "Sun, 06 Nov 1994 08:49:37 +0100",
            ),
        ] {
            retry_after(header, 0.0, |date| {
                assert_eq!(date, read);
                0.0
            });
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_and_no_clock_asks_for_an_endless_wait(
            header in "([0-9]{1,30}|\\PC{0,12})",
            now in proptest::num::f64::ANY,
            date in proptest::num::f64::ANY,
        ) {
            if let RetryAfter::Wait(wait) = retry_after(&header, now, |_| date) {
                proptest::prop_assert!((0.0..=LONGEST_WAIT).contains(&wait), "{}", wait);
            }
        }

        #[test]
        fn seconds_are_read_as_a_number_of_any_length(seconds in 0..200_u32, zeros in 0..30_usize) {
            let header = ["0".repeat(zeros), seconds.to_string()].concat();
            let wait = f64::from(seconds) * 1000.0;
            let wanted = if seconds > 60 { RetryAfter::GiveUp } else { RetryAfter::Wait(wait) };
            proptest::prop_assert_eq!(retry_after(&header, 0.0, |_| f64::NAN), wanted);
        }

        #[test]
        fn a_wait_is_never_above_its_bound_nor_below_that_of_the_attempt_before(
            failed in 0..2000_u32,
            random in 0.0..1.0_f64,
        ) {
            let wait = backoff(failed, random);
            proptest::prop_assert!((0.0..LONGEST_BACKOFF).contains(&wait));
            proptest::prop_assert!(wait <= backoff(failed + 1, random));
        }
    }
}
