//! What a token must be: both API pages, table 2.

use core::ops::Range;

use super::{Text, limits};

/// Why a text is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Nothing, or nothing but white space.
    Empty,
    /// More than [`limits::TOKEN`] characters.
    Long,
    /// A character outside 0x20 to 0x7E: such a token never reaches fetch, which would quote it.
    Character,
}

impl Problem {
    /// The rule, in words that follow "token ".
    pub fn rule(self) -> &'static str {
        match self {
            Self::Empty => "must not be empty: pass the value of X-Subject-Token",
            Self::Long => "must have at most 65535 characters",
            Self::Character => {
                "must have only printable ASCII characters: copy it again without line breaks"
            }
        }
    }
}

/// Where the token is in `text`: all but the white space at its ends.
pub fn check(text: &(impl Text + ?Sized)) -> Result<Range<usize>, Problem> {
    let end = (0..text.len())
        .rev()
        .find(|&at| !is_space(text.unit(at)))
        .map_or(0, |last| last + 1);
    let start = (0..end).find(|&at| !is_space(text.unit(at))).unwrap_or(end);
    match end - start {
        0 => Err(Problem::Empty),
        length if length > limits::TOKEN => Err(Problem::Long),
        _ if !text.is_printable(start..end) => Err(Problem::Character),
        _ => Ok(start..end),
    }
}

/// White space that a paste brings along: JavaScript's `trim`, as far as one unit or byte shows it.
fn is_space(unit: u16) -> bool {
    unit == 0xFEFF
        || char::from_u32(unit.into()).is_some_and(|c| c.is_whitespace() && c != '\u{85}')
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_1_to_65535_printable_characters() {
        assert_eq!(check(""), Err(Problem::Empty));
        assert_eq!(check(" \r\n\t"), Err(Problem::Empty));
        assert_eq!(check("t"), Ok(0..1));
        assert_eq!(check("a b~"), Ok(0..4));
        assert_eq!(check("t".repeat(65_535).as_str()), Ok(0..65_535));
        assert_eq!(check("t".repeat(65_536).as_str()), Err(Problem::Long));
        for bad in ["a\nb", "a\rb", "a\0b", "a\u{7f}b", "aéb", "a\tb"] {
            assert_eq!(check(bad), Err(Problem::Character), "{bad:?}");
        }
    }

    #[test]
    fn each_problem_says_its_rule() {
        for (problem, rule) in [
            (Problem::Empty, "must not be empty"),
            (Problem::Long, "at most 65535 characters"),
            (Problem::Character, "only printable ASCII"),
        ] {
            assert!(problem.rule().contains(rule), "{problem:?}");
        }
    }

    #[test]
    fn white_space_at_the_ends_is_left_out_and_nothing_else() {
        assert_eq!(check("\r\n  t k \n"), Ok(4..7));
        let longest = [" ", &"t".repeat(65_535), " "].concat();
        assert_eq!(check(longest.as_str()), Ok(1..65_536));
        let units: Vec<u16> = "\u{FEFF}\u{A0}token\u{2028}".encode_utf16().collect();
        assert_eq!(check(units.as_slice()), Ok(2..7));
    }

    proptest::proptest! {
        #[test]
        fn what_is_left_is_what_trim_leaves_if_all_of_it_is_printable(
            text in "[\\s\\u{FEFF}é]{0,3}[ -~]{0,9}[\\s\\u{FEFF}é]{0,3}",
        ) {
            let is_trimmed = |c: char| c == '\u{FEFF}' || (c.is_whitespace() && c != '\u{85}');
            let trimmed = text.trim_matches(is_trimmed);
            let wanted = match trimmed {
                "" => Err(Problem::Empty),
                _ if trimmed.bytes().all(|byte| matches!(byte, b' '..=b'~')) => Ok(trimmed.to_owned()),
                _ => Err(Problem::Character),
            };
            let units: Vec<u16> = text.encode_utf16().collect();
            let found = check(units.as_slice()).map(|range| String::from_utf16(&units[range]).unwrap());
            proptest::prop_assert_eq!(found, wanted);
        }

        #[test]
        fn bytes_of_a_text_are_never_cut_within_a_character(text in "[ \\u{A0}à\\u{2003}a]{0,6}") {
            if let Ok(range) = check(text.as_str()) {
                proptest::prop_assert!(text.get(range).is_some());
            }
        }
    }
}
