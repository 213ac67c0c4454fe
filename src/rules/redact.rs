//! Finding a secret in text that somebody else wrote.

use core::ops::Range;

use super::Text;

/// Units that a piece of a secret must have to be found.
pub const WINDOW: usize = 12;
/// A shorter secret is not looked for: it would blank out plain words.
pub const SHORTEST: usize = 8;

const BASE: u64 = 0x0000_0100_0000_01B3;

/// Text up to this length is first searched piece by piece, which mostly finds nothing and is quick.
const SHORT: usize = 256;

/// The parts of `text` that are pieces of a secret, in order and apart from each other.
///
/// Windows are compared by hash: a hash says nothing about its window to who reads linear memory,
/// and two windows of one hash only hide more than they must. Reading is linear in both texts.
///
/// ```
/// use node_provider_keys::rules::redact::find;
///
/// let secrets = ["correct-horse-battery"];
/// assert_eq!(find("token correct-horse-batt is old", secrets), [6..24]);
/// assert_eq!(find("correct horse", secrets), []);
/// ```
pub fn find<'s, T: Text + ?Sized + 's>(
    text: &T,
    secrets: impl IntoIterator<Item = &'s T>,
) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for secret in secrets {
        let window = WINDOW.min(secret.len());
        if window < SHORTEST || text.len() < window {
            continue;
        }
        if text.len() <= SHORT && !may_share(text, secret, window) {
            continue;
        }
        let mut hashes: Vec<u64> = windows(secret, window).collect();
        hashes.sort_unstable();
        collect(
            text,
            window,
            |hash| hashes.binary_search(hash).is_ok(),
            &mut found,
        );
    }
    found.sort_unstable_by_key(|range| range.start);
    merge(found)
}

/// Whether a secret has any of the half windows that `text` can be cut into: every shared window
/// holds one of them.
fn may_share<T: Text + ?Sized>(text: &T, secret: &T, window: usize) -> bool {
    let half = window / 2;
    (0..text.len() / half).any(|place| secret.has_part(text, place * half..(place + 1) * half))
}

fn collect(
    text: &(impl Text + ?Sized),
    length: usize,
    known: impl Fn(&u64) -> bool,
    found: &mut Vec<Range<usize>>,
) {
    for (start, hash) in windows(text, length).enumerate() {
        if known(&hash) {
            match found.last_mut() {
                // A range of another secret may reach further than this window.
                Some(last) if last.end >= start && last.start <= start => {
                    last.end = last.end.max(start + length);
                }
                _ => found.push(start..start + length),
            }
        }
    }
}

fn merge(sorted: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(sorted.len());
    for range in sorted {
        match merged.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// The rolling hash of each window of `length` units, from the first to the last.
fn windows(text: &(impl Text + ?Sized), length: usize) -> impl Iterator<Item = u64> {
    let leaving = (1..length).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = 0_u64;
    (0..text.len()).filter_map(move |at| {
        if at >= length {
            let gone = u64::from(text.unit(at - length)).wrapping_mul(leaving);
            hash = hash.wrapping_sub(gone);
        }
        hash = hash.wrapping_mul(BASE).wrapping_add(text.unit(at).into());
        (at + 1 >= length).then_some(hash)
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::single_range_in_vec_init, reason = "one range was found")]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn every_piece_of_twelve_units_is_found_wherever_it_stands() {
        let secret = "abcdefghijklmnopqrstuvwxyz";
        for start in 0..=secret.len() - WINDOW {
            let text = ["<<", &secret[start..start + WINDOW], ">>"].concat();
            assert_eq!(find(text.as_str(), [secret]), [2..14]);
        }
        assert_eq!(find(secret, [secret]), [0..26]);
        assert_eq!(find("abcdefghijk", [secret]), []);
        assert_eq!(find("abcdefghijklXmnopqrstuvwx", [secret]), [0..12, 13..25]);
    }

    #[test]
    fn a_short_secret_is_found_whole_and_a_tiny_one_never() {
        let secrets = ["password", "on"];
        assert_eq!(find("the password is on", secrets), [4..12]);
        assert_eq!(find("the passwor is on", secrets), []);
    }

    #[test]
    fn the_secrets_of_several_attempts_are_all_found() {
        let secrets = ["first-token-of-two", "second-token-of-two", "password"];
        let text = "first-token-of-two, second-token-of-two; password";
        assert_eq!(find(text, secrets), [0..18, 20..39, 41..49]);

        let alike = ["same-beginning-first", "same-beginning-second"];
        for text in alike {
            assert_eq!(find(text, alike), [0..text.len()]);
        }

        let text = "password; second-token-of-two, first-token-of-two";
        assert_eq!(find(text, secrets), [0..8, 10..29, 31..49]);
    }

    #[test]
    fn pieces_that_share_a_part_or_touch_are_one() {
        let secrets = ["abcdefghijklmnop", "ijklmnopqrstuvwx", "0123456789AB"];
        assert_eq!(find("-abcdefghijklmnopqrstuvwx-", secrets), [1..25]);
        assert_eq!(find("abcdefghijklmnop0123456789AB", secrets), [0..28]);
        assert_eq!(find("0123456789ABijklmnopqrstuvwx", secrets), [0..28]);
    }

    #[test]
    fn a_text_that_is_one_piece_is_found_whole() {
        assert_eq!(find("abcdefghijkl", ["abcdefghijklm"]), [0..12]);
        assert_eq!(find("password", ["password"]), [0..8]);
        assert_eq!(find("\0\0\0\0\0\0\0\0", ["\0\0\0\0\0\0\0\0"]), [0..8]);
    }

    /// Text that counts how many units are read; its search is its own, as JavaScript's is.
    struct Watched(&'static str, Cell<u32>);

    impl Text for Watched {
        fn len(&self) -> usize {
            self.0.len()
        }

        fn unit(&self, at: usize) -> u16 {
            self.1.set(self.1.get() + 1);
            self.0.unit(at)
        }

        fn has_part(&self, other: &Self, part: Range<usize>) -> bool {
            self.0.contains(&other.0[part])
        }
    }

    #[test]
    fn no_unit_of_a_secret_is_read_for_short_text_without_a_part_of_it() {
        let secret = Watched("correct-horse-battery", Cell::new(0));
        let text = |text| Watched(text, Cell::new(0));
        assert_eq!(find(&text("not a -horse"), [&secret]), []);
        assert!(secret.1.take() > 0, "half a window is there");
        assert_eq!(find(&text("nothing of that kind"), [&secret]), []);
        assert_eq!(secret.1.take(), 0);
        let long = Watched(Box::leak("x".repeat(SHORT + 1).into()), Cell::new(0));
        assert_eq!(find(&long, [&secret]), []);
        assert!(
            secret.1.take() > 0,
            "long text is not searched piece by piece"
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_is_what_a_naive_search_finds(
            cuts in proptest::collection::vec((0..36_usize, 0..30_usize), 0..8),
            first in 0..=3_usize,
            padding in 0..2_usize,
        ) {
            // Secrets and text are pieces of one text, so that they share parts of any length.
            let whole = "abcdefghijklmnopqrstuvwxyz0123456789";
            let piece = |&(start, length): &(usize, usize)| &whole[start..36.min(start + length)];
            let pieces: Vec<&str> = cuts.iter().map(piece).collect();
            let (secrets, texts) = pieces.split_at(first.min(pieces.len()));
            // Long text takes another way than short text.
            let text = ["x".repeat(padding * SHORT), texts.concat()].concat();
            let mut hidden = vec![false; text.len()];
            for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
                let window = WINDOW.min(secret.len());
                for at in 0..(text.len() + 1).saturating_sub(window) {
                    if secret.contains(&text[at..at + window]) {
                        hidden[at..at + window].fill(true);
                    }
                }
            }
            let mut found = vec![false; text.len()];
            for range in find(text.as_str(), secrets.iter().copied()) {
                found[range].fill(true);
            }
            proptest::prop_assert_eq!(hidden, found);
        }
    }
}
