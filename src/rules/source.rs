//! How the rules read what they must not copy.

/// Bytes that may hold a key.
pub trait Bytes {
    /// How many bytes there are.
    fn len(&self) -> usize;

    /// The little-endian number of the four bytes at a place; beyond the end there are zeros.
    fn word(&self, at: usize) -> u32;

    /// Whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The little-endian number of the two bytes at a place.
    fn half(&self, at: usize) -> usize {
        (self.word(at) & 0xFFFF) as usize
    }

    /// The byte at a place.
    fn byte(&self, at: usize) -> u8 {
        self.word(at).to_le_bytes()[0]
    }
}

impl Bytes for &[u8] {
    fn len(&self) -> usize {
        <[u8]>::len(self)
    }

    fn word(&self, at: usize) -> u32 {
        let byte = |place| {
            let at = at.checked_add(place);
            at.and_then(|at| self.get(at)).copied().unwrap_or(0)
        };
        u32::from_le_bytes([byte(0), byte(1), byte(2), byte(3)])
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn bytes_know_when_they_are_empty() {
        assert!(Bytes::is_empty(&[0_u8; 0].as_slice()));
        assert!(!Bytes::is_empty(&[0_u8].as_slice()));
    }

    #[test]
    fn numbers_are_little_endian_and_nothing_stands_beyond_the_end() {
        let bytes = [1, 2, 3, 0xFF].as_slice();
        assert_eq!(bytes.word(0), 0xFF03_0201);
        assert_eq!(bytes.word(2), 0xFF03);
        assert_eq!(bytes.half(1), 0x0302);
        assert_eq!(bytes.byte(3), 0xFF);
        assert_eq!(bytes.word(usize::MAX), 0);
    }

    proptest::proptest! {
        #[test]
        fn numbers_are_little_endian_and_zero_beyond_the_end(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..12),
            at in proptest::prop_oneof![0..16_usize, usize::MAX - 9..=usize::MAX],
        ) {
            let mut wanted = [0; 4];
            for (place, byte) in wanted.iter_mut().enumerate() {
                *byte = at.checked_add(place).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
            }
            let bytes = bytes.as_slice();
            proptest::prop_assert_eq!(bytes.word(at), u32::from_le_bytes(wanted));
            proptest::prop_assert_eq!(bytes.half(at), usize::from(wanted[0]) | usize::from(wanted[1]) << 8);
            proptest::prop_assert_eq!(bytes.byte(at), wanted[0]);
        }
    }
}
