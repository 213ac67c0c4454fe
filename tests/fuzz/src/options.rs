//! The rules for the options and headers that are plain text or numbers.

use node_provider_keys::rules::contract::{CREDENTIAL_ID, DESCRIPTION, PROJECT_ID, TOKEN};
use node_provider_keys::rules::retry::{LONGEST_WAIT, RetryAfter, backoff, retry_after};

use super::shapes::fits;

/// Each rule says of any text what the contract's words say of it.
pub fn check(data: &[u8]) {
    // Eight bytes for a number, the rest for a text.
    let Some((number, text)) = data.split_first_chunk::<8>() else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    check_token(&text);
    check_ids(&text);
    assert_eq!(
        fits(DESCRIPTION, &text),
        text.encode_utf16().filter(|unit| !is_low(*unit)).count() <= 100
    );
    check_retry_after(&text, f64::from_le_bytes(*number));
    check_backoff(u64::from_le_bytes(*number));
}

fn is_low(unit: u16) -> bool {
    (0xDC00..=0xDFFF).contains(&unit)
}

fn check_token(text: &str) {
    let is_printable = text.bytes().all(|byte| (0x20..0x7F).contains(&byte));
    let wanted = is_printable && matches!(text.len(), 1..=65_535);
    assert_eq!(fits(TOKEN, text), wanted);
}

fn check_ids(text: &str) {
    let is_plain = |c: char| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-');
    for (shape, length) in [(PROJECT_ID, 32), (CREDENTIAL_ID, 36)] {
        let wanted = text.chars().count() == length && text.chars().all(is_plain);
        assert_eq!(fits(shape, text), wanted);
    }
}

fn check_retry_after(header: &str, date: f64) {
    let wait = retry_after(header, 0.0, |_| date);
    if let RetryAfter::Wait(wait) = wait {
        assert!((0.0..=LONGEST_WAIT).contains(&wait), "{wait}");
    }
    let digits = header.trim_matches([' ', '\t', '\n', '\r', '\u{c}']);
    if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
        let wanted = match digits.parse::<u16>() {
            Ok(seconds @ 0..=60) => RetryAfter::Wait(f64::from(seconds) * 1000.0),
            Ok(_) => RetryAfter::GiveUp,
            Err(_) if digits.trim_start_matches('0').len() < 3 => return,
            Err(_) => RetryAfter::GiveUp,
        };
        assert_eq!(wait, wanted, "{header:?}");
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn check_backoff(number: u64) {
    let (failed, random) = (
        (number >> 32) as u32,
        f64::from(number as u32) / 2_f64.powi(32),
    );
    let wait = backoff(failed, random);
    assert!((0.0..10_000.0).contains(&wait), "{wait}");
    assert!(wait <= backoff(failed.saturating_add(1), random));
}
