//! `credential.csv`, beside the `csv` crate.

use ::csv::ReaderBuilder;
use node_provider_keys::rules::csv::{Field, rows};

use super::counted::Counted;

/// Reads the same table as the `csv` crate, or refuses what that crate mends silently.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let units: Vec<u16> = text.encode_utf16().collect();
    let counted = Counted::new(units.as_slice());
    let read = rows(&counted);
    // A carriage return that is a blank line is looked at most: as start, end, separator and next.
    counted.assert_linear(4);

    let ours = read.map(|rows| texts(&units, rows));
    match (ours, reference(&text)) {
        (Ok(ours), theirs) => assert_eq!(Some(ours), theirs),
        (Err("is empty"), theirs) => assert_eq!(theirs, Some(Vec::new())),
        (Err("has a row that is not as wide as its header"), theirs) => assert_eq!(theirs, None),
        (Err(problem), _) => assert!(problem.contains("quote") && text.contains('"'), "{problem}"),
    }
}

/// The rows as the `csv` crate reads them; `None` where they differ in width.
fn reference(text: &str) -> Option<Vec<Vec<String>>> {
    let mut reader = ReaderBuilder::new();
    // The usual 64 KiB buffer takes longer to make than a table to read.
    let reader = reader.has_headers(false).buffer_capacity(1 << 10);
    let reader = reader.from_reader(text.as_bytes());
    reader
        .into_records()
        .map(|row| Some(row.ok()?.iter().map(str::to_owned).collect()))
        .collect()
}

fn texts(units: &[u16], rows: Vec<Vec<Field>>) -> Vec<Vec<String>> {
    let text = |field: Field| {
        let text = String::from_utf16(&units[field.range]).expect("a character was cut");
        match field.escaped {
            true => text.replace("\"\"", "\""),
            false => text,
        }
    };
    let texts = |row: Vec<Field>| row.into_iter().map(text).collect();
    rows.into_iter().map(texts).collect()
}
