//! How the rules read what they must not copy.

use core::ops::Range;

/// Text seen as UTF-16 code units, the way JavaScript holds it.
///
/// Every `str` is a `Text` by its bytes: the rules look for ASCII, and compare text of one kind
/// with text of the same kind.
pub trait Text {
    /// How many units there are.
    fn len(&self) -> usize;

    /// The unit at a place below [`len`](Text::len); 0 beyond it.
    fn unit(&self, at: usize) -> u16;

    /// Whether there are no units.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether that part of another text stands anywhere in this one.
    fn has_part(&self, other: &Self, part: Range<usize>) -> bool {
        (0..(self.len() + 1).saturating_sub(part.len())).any(|at| {
            part.clone()
                .zip(at..)
                .all(|(theirs, ours)| other.unit(theirs) == self.unit(ours))
        })
    }

    /// Whether every unit of the range is printable ASCII, 0x20 to 0x7E.
    fn is_printable(&self, range: Range<usize>) -> bool {
        range
            .into_iter()
            .all(|at| (0x20..=0x7E).contains(&self.unit(at)))
    }
}

impl Text for str {
    fn len(&self) -> usize {
        str::len(self)
    }

    fn unit(&self, at: usize) -> u16 {
        self.as_bytes().get(at).copied().unwrap_or(0).into()
    }
}

impl Text for [u16] {
    fn len(&self) -> usize {
        <[u16]>::len(self)
    }

    fn unit(&self, at: usize) -> u16 {
        self.get(at).copied().unwrap_or(0)
    }
}

/// Bytes that may hold a key.
pub trait Bytes {
    /// How many bytes there are.
    fn len(&self) -> usize;

    /// The byte at a place below [`len`](Bytes::len); 0 beyond it.
    fn byte(&self, at: usize) -> u8;

    /// Whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The little-endian number of `width` bytes (at most 8) at a place.
    fn number(&self, at: usize, width: usize) -> u64 {
        (0..width).rev().fold(0, |number, place| {
            number << 8 | u64::from(self.byte(at.saturating_add(place)))
        })
    }
}

impl Bytes for [u8] {
    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn byte(&self, at: usize) -> u8 {
        self.get(at).copied().unwrap_or(0)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_know_when_they_are_empty() {
        assert!(
            Text::is_empty("")
                && Text::is_empty([0_u16; 0].as_slice())
                && Bytes::is_empty([0_u8; 0].as_slice())
        );
        assert!(
            !Text::is_empty("a")
                && !Text::is_empty([0_u16].as_slice())
                && !Bytes::is_empty([0_u8].as_slice())
        );
    }

    #[test]
    fn a_part_is_found_wherever_it_stands() {
        for text in ["key", "key-", "-key", "kkey"] {
            assert!(text.has_part("the key is", 4..7), "{text}");
        }
        for text in ["", "ke", "ey", "k-ey", "KEY"] {
            assert!(!text.has_part("the key is", 4..7), "{text}");
        }
    }

    #[test]
    fn only_the_range_must_be_printable() {
        assert!("\n ~\x7F".is_printable(1..3));
        assert!(!"\n ~\x7F".is_printable(0..3));
        assert!(!"\n ~\x7F".is_printable(1..4));
    }

    #[test]
    fn numbers_are_little_endian_and_nothing_stands_beyond_the_end() {
        let bytes = [1, 2, 3, 0xFF].as_slice();
        assert_eq!(bytes.number(0, 4), 0xFF03_0201);
        assert_eq!(bytes.number(2, 8), 0xFF03);
        assert_eq!(bytes.number(usize::MAX, 8), 0);
    }

    proptest::proptest! {
        #[test]
        fn a_part_is_found_where_the_standard_library_finds_it(
            text in "[ab]{0,12}", other in "[ab]{0,6}", cut in (0..7_usize, 0..7_usize),
        ) {
            let (start, end) = (cut.0.min(other.len()), cut.1.min(other.len()));
            let range = start.min(end)..start.max(end);
            let wanted = text.contains(&other[range.clone()]);
            proptest::prop_assert_eq!(text.as_str().has_part(&other, range.clone()), wanted);
            let [text, other] = [text, other].map(|text| text.encode_utf16().collect::<Vec<u16>>());
            proptest::prop_assert_eq!(text.as_slice().has_part(&other, range), wanted);
        }

        #[test]
        fn printable_is_from_space_to_tilde(text in "[ -~]{0,9}[\\x1F ~\\x7Fé🔑]{0,2}") {
            let wanted = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            proptest::prop_assert_eq!(text.as_str().is_printable(0..text.len()), wanted);
        }

        #[test]
        fn numbers_are_little_endian_and_zero_beyond_the_end(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..12),
            at in proptest::prop_oneof![0..16_usize, usize::MAX - 9..=usize::MAX],
            width in 0..=8_usize,
        ) {
            let mut wanted = [0; 8];
            for (byte, place) in wanted.iter_mut().zip(0..width) {
                *byte = at.checked_add(place).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
            }
            proptest::prop_assert_eq!(bytes.as_slice().number(at, width), u64::from_le_bytes(wanted));
        }
    }
}
