//! The rules for the options and headers that are plain text or numbers.

use std::ops::Range;

use node_provider_keys::rules::limits::{CREDENTIAL_ID, PROJECT_ID, is_description, is_id};
use node_provider_keys::rules::retry::{LONGEST_WAIT, RetryAfter, backoff, retry_after};
use node_provider_keys::rules::token::{self, Problem};

use super::counted::Counted;

/// ECMA-262, WhiteSpace and LineTerminator: what JavaScript's `trim` takes away.
const TRIMMED: &str = "\t\u{b}\u{c} \u{a0}\u{feff}\n\r\u{2028}\u{2029}\u{1680}\u{2000}\u{2001}\u{2002}\
                       \u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{202f}\
                       \u{205f}\u{3000}";

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
        is_description(&text),
        text.encode_utf16().filter(|unit| !is_low(*unit)).count() <= 100
    );
    check_retry_after(&text, f64::from_le_bytes(*number));
    check_backoff(u64::from_le_bytes(*number));
}

fn is_low(unit: u16) -> bool {
    (0xDC00..=0xDFFF).contains(&unit)
}

fn check_token(text: &str) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let counted = Counted::new(units.as_slice());
    let found = token::check(&counted);
    counted.assert_linear(2);

    let trimmed = text.trim_matches(|c| TRIMMED.contains(c));
    let is_printable = trimmed.bytes().all(|byte| (0x20..0x7F).contains(&byte));
    let wanted = match trimmed.encode_utf16().count() {
        0 => Err(Problem::Empty),
        65_536.. => Err(Problem::Long),
        _ if !is_printable => Err(Problem::Character),
        _ => Ok(trimmed),
    };
    let found = found.map(|range: Range<usize>| String::from_utf16_lossy(&units[range]));
    assert_eq!(found.as_deref().map_err(|problem| *problem), wanted);
}

fn check_ids(text: &str) {
    let is_plain = |c: char| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-');
    for length in [PROJECT_ID, CREDENTIAL_ID] {
        let wanted = text.chars().count() == length && text.chars().all(is_plain);
        assert_eq!(is_id(text, length), wanted);
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
