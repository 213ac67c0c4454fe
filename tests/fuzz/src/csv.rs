//! `credential.csv`, beside the `csv` crate.

use ::csv::{ByteRecord, ReaderBuilder};
use node_provider_keys::rules::csv::{Field, walk};

use super::counted::Counted;

type Table = Vec<Vec<Vec<u8>>>;

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
const UNCLEAR: &str = "has columns whose separator is not clear";
const UNEVEN: &str = "has a row that is not as wide as its header";

/// Reads the same table as the `csv` crate, or refuses what that crate mends silently.
pub fn check(data: &[u8]) {
    let ours = read(data);
    if !data.contains(&b'"') {
        assert_eq!(ours, reference(data));
        return;
    }
    match ours {
        // Quotes that break a rule under one separator are text under another.
        Ok(ours) => {
            let is_ours = |separator| even(records(data, separator)).as_ref() == Ok(&ours);
            assert!(SEPARATORS.into_iter().any(is_ours), "{ours:?}");
        }
        Err("is empty") => assert!(records(data, b',').is_empty()),
        Err(UNCLEAR) => {
            let is_there = |separator: &&u8| data.contains(separator);
            assert!(SEPARATORS.iter().filter(is_there).count() > 1);
        }
        Err(UNEVEN) => {
            let is_uneven = |separator| even(records(data, separator)).is_err();
            assert!(SEPARATORS.into_iter().any(is_uneven));
        }
        Err(problem) => assert!(problem.contains("quote"), "{problem}"),
    }
}

/// The rows as ours reads them, the header at most four times and all else once: a byte is looked at as start, end and
/// separator.
fn read(data: &[u8]) -> Result<Table, &'static str> {
    let counted = Counted::new(data);
    let mut table = Vec::new();
    let mut header = None;
    let walked = walk(&counted, &mut |row| {
        let end = row.last().expect("a row without fields").range.end;
        header.get_or_insert((end, counted.reads()));
        table.push(row.iter().map(|field| bytes(data, field)).collect());
        Ok(())
    });
    counted.assert_linear(12);
    if let Some((end, reads)) = header {
        let (left, more) = (data.len() - end, counted.reads() - reads);
        assert!(more <= 3 * left + 8, "{more} reads of {left} bytes");
    }
    walked.map(|()| table)
}

fn bytes(data: &[u8], field: &Field) -> Vec<u8> {
    let mut rest = &data[field.range.clone()];
    let mut bytes = Vec::new();
    while let Some((&byte, after)) = rest.split_first() {
        bytes.push(byte);
        let is_second = field.is_doubled && byte == b'"';
        rest = if is_second { &after[1..] } else { after };
    }
    bytes
}

/// The table as the `csv` crate reads it with the separator of its header; for text without quotes.
fn reference(data: &[u8]) -> Result<Table, &'static str> {
    let has_columns = |separator: &u8| matches!(records(data, *separator).first(), Some(header) if header.len() > 1);
    let found: Vec<u8> = SEPARATORS.into_iter().filter(has_columns).collect();
    match *found {
        [] => even(records(data, b',')),
        [separator] => even(records(data, separator)),
        _ => Err(UNCLEAR),
    }
}

/// The rows as wide as the header without its empty columns at the end; no row may be without one of these columns, or
/// have more in others.
fn even(mut rows: Table) -> Result<Table, &'static str> {
    let header = rows.first().ok_or("is empty")?;
    let named = header.iter().rposition(|name| !name.is_empty());
    let width = named.map_or(1, |last| last + 1);
    for row in &mut rows {
        if row.len() < width || row[width..].iter().any(|field| !field.is_empty()) {
            return Err(UNEVEN);
        }
        row.truncate(width);
    }
    Ok(rows)
}

fn records(data: &[u8], separator: u8) -> Table {
    let mut reader = ReaderBuilder::new();
    // The usual 64 KiB buffer takes longer to make than a table to read.
    let reader = reader.has_headers(false).buffer_capacity(1 << 10);
    let mut reader = reader.flexible(true).delimiter(separator).from_reader(data);
    let fields = |row: ByteRecord| row.iter().map(<[u8]>::to_vec).collect();
    let rows = reader
        .byte_records()
        .map(|row| fields(row.expect("a slice cannot be read")));
    rows.collect()
}
