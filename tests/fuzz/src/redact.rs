//! Secrets in somebody else's text, beside a search that compares every piece.

use std::collections::HashSet;
use std::ops::Range;

use node_provider_keys::rules::redact::{SHORTEST, WINDOW, find};

use super::counted::Counted;

/// Finds what the naive search finds, and reads each text a fixed number of times.
pub fn check(data: &[u8]) {
    // Two bytes for lengths, then two secrets, then the text.
    let Some(([first, second], rest)) = data.split_first_chunk::<2>() else {
        return;
    };
    let units: Vec<u16> = rest.iter().map(|byte| u16::from(*byte)).collect();
    let (first, rest) = units.split_at(usize::from(*first).min(units.len()));
    let (second, text) = rest.split_at(usize::from(*second).min(rest.len()));

    let secrets = [first, second].map(Counted::new);
    let counted = Counted::new(text);
    let found = find(&counted, &secrets);
    assert_eq!(shown(text.len(), found), naive(text, [first, second]));

    // Short text is first searched in halves of a window, each through the whole secret.
    let factor = if text.len() <= 256 { 512 } else { 2 };
    secrets
        .iter()
        .for_each(|secret| secret.assert_linear(factor));
    let searched = 4 * text.len() + secrets.iter().map(Counted::reads).sum::<usize>();
    assert!(counted.reads() <= searched, "{} reads", counted.reads());
}

/// Which units are hidden; the ranges must be in order and apart from each other.
fn shown(length: usize, ranges: Vec<Range<usize>>) -> Vec<bool> {
    let mut hidden = vec![false; length];
    let mut last = None;
    for range in ranges {
        assert!(range.start < range.end && last.is_none_or(|last| last < range.start));
        last = Some(range.end);
        hidden[range].fill(true);
    }
    hidden
}

fn naive(text: &[u16], secrets: [&[u16]; 2]) -> Vec<bool> {
    let mut hidden = vec![false; text.len()];
    for secret in secrets
        .into_iter()
        .filter(|secret| secret.len() >= SHORTEST)
    {
        let window = WINDOW.min(secret.len());
        let pieces: HashSet<&[u16]> = secret.windows(window).collect();
        for (at, piece) in text.windows(window).enumerate() {
            if pieces.contains(piece) {
                hidden[at..at + window].fill(true);
            }
        }
    }
    hidden
}
