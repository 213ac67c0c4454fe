//! Reading `credential.csv` in ranges (RFC 4180; any line end, a byte order mark, quotes). Columns
//! may also be separated by semicolons or tabs, as spreadsheets do in some countries.

use core::ops::Range;

use super::Bytes;

/// Where a field's text is, in UTF-8, without its outer quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The text between separators or quotes.
    pub range: Range<usize>,
    /// Whether quotes in it are doubled.
    pub is_doubled: bool,
}

/// In UTF-8.
const BYTE_ORDER_MARK: u32 = 0xBF_BBEF;

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Goes through the rows of a table, its header first, blank lines left out. Every row is as wide
/// as the header, whose empty columns at the end are left out. Otherwise tells what is broken, in
/// words that follow "credential.csv "; `each` may tell it, too.
pub fn walk(
    table: &dyn Bytes,
    each: &mut dyn FnMut(&[Field]) -> Result<(), &'static str>,
) -> Result<(), &'static str> {
    let mut at = if table.word(0) & 0xFF_FFFF == BYTE_ORDER_MARK {
        3
    } else {
        0
    };
    // The separator and the width, once the header is there.
    let mut form = None;
    while at < table.len() {
        let separator = match form {
            Some((separator, _)) => separator,
            None => find_separator(table, at)?,
        };
        let (row, next) = read_row(table, at, separator)?;
        // An empty field in quotes begins after its quote: such a line is a row.
        let is_blank = matches!(row.as_slice(), [only] if only.range == (at..at));
        at = next;
        if is_blank {
            continue;
        }
        let (_, width) = *form.get_or_insert_with(|| (separator, filled(&row).max(1)));
        // What stands in a column without a name would be lost.
        let columns = row.get(..width).filter(|_| filled(&row) <= width);
        each(columns.ok_or("has a row that is not as wide as its header")?)?;
    }
    form.map(drop).ok_or("is empty")
}

/// How many fields there are, the empty ones at the end left out.
fn filled(row: &[Field]) -> usize {
    row.iter()
        .rposition(|field| !field.range.is_empty())
        .map_or(0, |last| last + 1)
}

/// What separates the columns of the line that begins there; a comma where there is only one column.
fn find_separator(table: &dyn Bytes, start: usize) -> Result<u8, &'static str> {
    let mut found = None;
    for separator in SEPARATORS {
        let is_one = |(row, _): (Vec<Field>, _)| row.len() > 1;
        if read_row(table, start, separator).is_ok_and(is_one) && found.replace(separator).is_some()
        {
            return Err("has columns whose separator is not clear");
        }
    }
    Ok(found.unwrap_or(b','))
}

fn read_row(
    table: &dyn Bytes,
    start: usize,
    separator: u8,
) -> Result<(Vec<Field>, usize), &'static str> {
    let mut row = Vec::new();
    let mut at = start;
    loop {
        let (field, end) = read_field(table, at, separator)?;
        row.push(field);
        // Between `\r` and `\n` stands one more blank line, which is left out.
        if byte_at(table, end) != Some(separator) {
            return Ok((row, end + 1));
        }
        at = end + 1;
    }
}

fn read_field(
    table: &dyn Bytes,
    start: usize,
    separator: u8,
) -> Result<(Field, usize), &'static str> {
    let is_end = |byte| byte == separator || byte == b'\r' || byte == b'\n';
    if byte_at(table, start) != Some(b'"') {
        let end = (start..table.len())
            .find(|&at| byte_at(table, at).is_some_and(is_end))
            .unwrap_or(table.len());
        let field = Field {
            range: start..end,
            is_doubled: false,
        };
        return Ok((field, end));
    }
    let (mut at, mut is_doubled) = (start + 1, false);
    loop {
        match (byte_at(table, at), byte_at(table, at + 1)) {
            (Some(b'"'), Some(b'"')) => {
                is_doubled = true;
                at += 2;
            }
            (Some(b'"'), next) => {
                let is_over = next.map_or(at + 1 >= table.len(), is_end);
                let field = Field {
                    range: start + 1..at,
                    is_doubled,
                };
                return is_over
                    .then_some((field, at + 1))
                    .ok_or("has text after a closing quote");
            }
            _ if at >= table.len() => return Err("has a quote that does not end"),
            _ => at += 1,
        }
    }
}

/// The byte at a place, if it is there.
fn byte_at(table: &dyn Bytes, at: usize) -> Option<u8> {
    (at < table.len()).then(|| table.byte(at))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Vec<String>>, &'static str> {
        let mut rows = Vec::new();
        walk(&text.as_bytes(), &mut |row| {
            let field = |field: &Field| {
                let text = text[field.range.clone()].to_owned();
                if field.is_doubled {
                    text.replace("\"\"", "\"")
                } else {
                    text
                }
            };
            rows.push(row.iter().map(field).collect());
            Ok(())
        })?;
        Ok(rows)
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
        assert_eq!(read("схема\nключ🔑").unwrap(), [["схема"], ["ключ🔑"]]);
        assert_eq!(read("\n\"\"\n\n1\n\"\"").unwrap(), [[""], ["1"], [""]]);
    }

    #[test]
    fn columns_are_separated_by_what_separates_the_header() {
        let wanted = [["id", "key"], ["1", "a,b;c\td"]];
        for text in [
            "id,key\n1,\"a,b;c\td\"",
            "id;key\n1;\"a,b;c\td\"",
            "id\tkey\n1\t\"a,b;c\td\"",
            "\"id\";\"key\"\r\n1;\"a,b;c\td\"\r\n",
        ] {
            assert_eq!(read(text).unwrap(), wanted, "{text:?}");
        }
        assert_eq!(
            read("\"id;x\",key\n1,2;3").unwrap(),
            [["id;x", "key"], ["1", "2;3"]]
        );
        assert_eq!(read("id\n1;2").unwrap(), [["id"], ["1;2"]]);
    }

    #[test]
    fn empty_columns_at_the_end_are_left_out() {
        assert_eq!(read("id,\n,").unwrap(), [["id"], [""]]);
        assert_eq!(
            read("id,key,,\n1,2,,\n3,4\n").unwrap(),
            [["id", "key"], ["1", "2"], ["3", "4"]]
        );
        assert_eq!(
            read("id,,key\n1,,2").unwrap(),
            [["id", "", "key"], ["1", "", "2"]]
        );
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
            (
                "id,key,\n1,2,3",
                "has a row that is not as wide as its header",
            ),
            (
                "id;key,name\n1;2,3",
                "has columns whose separator is not clear",
            ),
            (
                "id;key\tname\n1;2\t3",
                "has columns whose separator is not clear",
            ),
        ] {
            assert_eq!(read(text), Err(problem), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back(
            mut table in proptest::collection::vec(
                proptest::collection::vec("[a\",;\t\r\né🔑 ]{0,6}", 4), 1..5),
            width in 1..=4_usize,
            separator in proptest::sample::select(&SEPARATORS),
        ) {
            table.iter_mut().for_each(|row| row.truncate(width));
            // An empty name at the end would say that there is no such column.
            table[0][width - 1].push('x');
            let mut builder = csv::WriterBuilder::new();
            let builder = builder.delimiter(separator).quote_style(csv::QuoteStyle::Always);
            let mut writer = builder.from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            proptest::prop_assert_eq!(read(&text).unwrap(), table);
        }

        #[test]
        fn no_text_is_out_of_bounds(text in "[a\",;\t\r\né\u{FEFF}]{0,40}") {
            let _ = read(&text);
        }
    }
}
