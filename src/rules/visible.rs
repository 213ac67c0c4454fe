//! Text of somebody else's that people will read.

/// Characters that do not show, or that turn the text around them.
pub fn is_hidden(character: char) -> bool {
    matches!(character,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' | '\u{61C}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFD}' | '\u{E0000}'..='\u{E007F}')
}

/// White space that is not hidden. The standard `is_whitespace` brings a table along.
fn is_space(character: char) -> bool {
    matches!(
        character,
        ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// At most `most` characters on one line. What is hidden parts words, as a space does: what a
/// server kept apart by it might else come together as a secret.
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let (mut count, mut after_gap) = (0, false);
    for character in text.chars() {
        if is_space(character) || is_hidden(character) {
            after_gap = count > 0;
            continue;
        }
        let gap = after_gap.then_some(' ');
        after_gap = false;
        for character in gap.into_iter().chain([character]) {
            if count == most {
                line.push('…');
                return line;
            }
            line.push(character);
            count += 1;
        }
    }
    line
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_one_visible_line_of_bounded_length() {
        assert_eq!(one_line(" a\r\n\tb\u{1b}[31m\u{202E}c ", 99), "a b [31m c");
        assert_eq!(one_line("a\u{200B} \u{200B} b\u{AD}", 99), "a b");
        assert_eq!(one_line("🔑🔑🔑", 2), "🔑🔑…");
        assert_eq!(one_line("", 9), "");
        assert_eq!(one_line("\u{200B} a\u{FEFF}", 9), "a");
        assert_eq!(one_line("two words", 9), "two words");
        assert_eq!(one_line("two words", 8), "two word…");
    }

    #[test]
    fn all_white_space_and_all_control_characters_separate_words() {
        for character in (0..=0x10_FFFF).filter_map(char::from_u32) {
            let separates = is_space(character) || is_hidden(character);
            if character.is_whitespace() || character.is_control() {
                assert!(separates, "{character:?}");
            }
            assert!(
                !is_space(character) || character.is_whitespace(),
                "{character:?}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_becomes_a_line_of_its_visible_characters(text in ".{0,40}", most in 0..40_usize) {
            let visible = |text: &str| -> String {
                text.chars().filter(|&c| !is_hidden(c) && !c.is_whitespace()).collect()
            };
            let line = one_line(&text, most);
            proptest::prop_assert!(!line.contains(is_hidden) && line.chars().count() <= most + 1);
            proptest::prop_assert!(line.split(' ').all(|word| !word.contains(char::is_whitespace)));
            // What stands together in the line stood together in the text.
            let words = line.strip_suffix('…').unwrap_or(&line).split(' ');
            proptest::prop_assert!(words.into_iter().all(|word| text.contains(word)));
            match line.strip_suffix('…').filter(|cut| cut.chars().count() == most) {
                Some(cut) => proptest::prop_assert!(visible(&text).starts_with(&visible(cut))),
                None => proptest::prop_assert_eq!(visible(&line), visible(&text)),
            }
        }
    }
}
