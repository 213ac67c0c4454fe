//! Text of somebody else's that people will read.

/// Characters that do not show, or that turn the text around them.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFD}'
            | '\u{E0000}'..='\u{E007F}')
}

/// At most `most` characters on one line, with nothing hidden in them.
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut count = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let gap = if line.is_empty() || word.is_empty() {
            ""
        } else {
            " "
        };
        for character in gap.chars().chain(word.chars().filter(|&c| !is_hidden(c))) {
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
        assert_eq!(one_line(" a\r\n\tb\u{1b}[31m\u{202E}c ", 99), "a b [31mc");
        assert_eq!(one_line("🔑🔑🔑", 2), "🔑🔑…");
        assert_eq!(one_line("", 9), "");
        assert_eq!(one_line("\u{200B} a\u{FEFF}", 9), "a");
        assert_eq!(one_line("two words", 9), "two words");
        assert_eq!(one_line("two words", 8), "two word…");
    }
}
