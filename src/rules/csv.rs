//! Reading `credential.csv` in ranges (RFC 4180; any line end, a byte order mark, quotes).

use core::ops::Range;

use super::Text;

/// Where a field's text is, without its outer quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The text between separators or quotes.
    pub range: Range<usize>,
    /// Whether quotes in it are doubled.
    pub escaped: bool,
}

/// The rows of a table, its header first, blank lines left out. Every row is as wide as the
/// header. Otherwise what is broken, in words that follow "credential.csv ".
pub fn rows(text: &(impl Text + ?Sized)) -> Result<Vec<Vec<Field>>, &'static str> {
    let mut rows: Vec<Vec<Field>> = Vec::new();
    let mut at = byte_order_mark(text);
    while at < text.len() {
        let (row, next) = read_row(text, at)?;
        // An empty field in quotes begins after its quote: such a line is a row.
        let is_blank = matches!(row.as_slice(), [only] if only.range == (at..at));
        at = next;
        if is_blank {
            continue;
        }
        if rows.first().is_some_and(|header| header.len() != row.len()) {
            return Err("has a row that is not as wide as its header");
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err("is empty");
    }
    Ok(rows)
}

fn byte_order_mark(text: &(impl Text + ?Sized)) -> usize {
    usize::from(text.unit(0) == 0xFEFF)
}

fn read_row(
    text: &(impl Text + ?Sized),
    start: usize,
) -> Result<(Vec<Field>, usize), &'static str> {
    let mut row = Vec::new();
    let mut at = start;
    loop {
        let (field, end) = read_field(text, at)?;
        row.push(field);
        // Between `\r` and `\n` stands one more blank line, which is left out.
        if char_at(text, end) != Some(b',') {
            return Ok((row, end + 1));
        }
        at = end + 1;
    }
}

fn read_field(text: &(impl Text + ?Sized), start: usize) -> Result<(Field, usize), &'static str> {
    if char_at(text, start) != Some(b'"') {
        let end = (start..text.len())
            .find(|&at| matches!(char_at(text, at), Some(b',' | b'\r' | b'\n')))
            .unwrap_or(text.len());
        let field = Field {
            range: start..end,
            escaped: false,
        };
        return Ok((field, end));
    }
    let (mut at, mut escaped) = (start + 1, false);
    loop {
        match (char_at(text, at), char_at(text, at + 1)) {
            (Some(b'"'), Some(b'"')) => {
                escaped = true;
                at += 2;
            }
            (Some(b'"'), None) if at + 1 < text.len() => return Err(AFTER_QUOTE),
            (Some(b'"'), None | Some(b',' | b'\r' | b'\n')) => {
                let field = Field {
                    range: start + 1..at,
                    escaped,
                };
                return Ok((field, at + 1));
            }
            (Some(b'"'), Some(_)) => return Err(AFTER_QUOTE),
            _ if at >= text.len() => return Err("has a quote that does not end"),
            _ => at += 1,
        }
    }
}

const AFTER_QUOTE: &str = "has text after a closing quote";

/// The unit at a place, if it is there and ASCII.
fn char_at(text: &(impl Text + ?Sized), at: usize) -> Option<u8> {
    (at < text.len())
        .then(|| u8::try_from(text.unit(at)).ok())
        .flatten()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Vec<String>>, &'static str> {
        let units: Vec<u16> = text.encode_utf16().collect();
        Ok(rows(units.as_slice())?
            .into_iter()
            .map(|row| {
                row.into_iter()
                    .map(|field| {
                        let text = String::from_utf16(&units[field.range]).unwrap();
                        if field.escaped {
                            text.replace("\"\"", "\"")
                        } else {
                            text
                        }
                    })
                    .collect()
            })
            .collect())
    }

    #[test]
    fn every_way_to_write_a_table_is_read() {
        let wanted = vec![vec!["id", "key"], vec!["1", "a,\"b\"\r\nc"]];
        for text in [
            "id,key\r\n1,\"a,\"\"b\"\"\r\nc\"\r\n",
            "\u{FEFF}id,key\n1,\"a,\"\"b\"\"\r\nc\"",
            "\n\"id\",\"key\"\r\r1,\"a,\"\"b\"\"\r\nc\"\r",
        ] {
            assert_eq!(read(text).unwrap(), wanted, "{text:?}");
        }
        assert_eq!(read("id\r1\r2").unwrap(), [["id"], ["1"], ["2"]]);
        assert_eq!(read("id,\n,").unwrap(), [["id", ""], ["", ""]]);
        assert_eq!(read("схема\nключ🔑").unwrap(), [["схема"], ["ключ🔑"]]);
        assert_eq!(read("\n\"\"\n\n1\n\"\"").unwrap(), [[""], ["1"], [""]]);
    }

    #[test]
    fn a_broken_table_is_named_and_not_quoted() {
        for (text, problem) in [
            ("", "is empty"),
            ("\u{FEFF}\r\n\r\n", "is empty"),
            ("id\n\"secret", "has a quote that does not end"),
            ("id\n\"secret\"x", "has text after a closing quote"),
            ("id\n\"secret\"é", "has text after a closing quote"),
            ("id\n\"secret\"ключ", "has text after a closing quote"),
            ("id,key\n1", "has a row that is not as wide as its header"),
            ("id\n1,2", "has a row that is not as wide as its header"),
        ] {
            assert_eq!(read(text), Err(problem), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back(
            mut table in proptest::collection::vec(
                proptest::collection::vec("[a\",\r\né🔑 ]{0,6}", 4), 1..5),
            width in 1..=4_usize,
        ) {
            table.iter_mut().for_each(|row| row.truncate(width));
            let mut writer = csv::Writer::from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            proptest::prop_assert_eq!(read(&text).unwrap(), table);
        }

        #[test]
        fn no_text_is_out_of_bounds(text in "[a\",\r\né\u{FEFF}]{0,40}") {
            let _ = read(&text);
        }
    }
}
