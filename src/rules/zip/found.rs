//! All that can be asked of an entry, in one piece, for the tests.

use core::ops::Range;

use super::{Entry, walk};

/// An entry and what its header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub name: Range<usize>,
    pub data: Range<usize>,
    pub method: usize,
    pub encrypted: bool,
    pub crc: u32,
    pub size: usize,
}

/// The entries of a whole ZIP.
pub fn entries(bytes: &[u8]) -> Result<Vec<Found>, &'static str> {
    each(bytes, |entry| Found {
        method: entry.method(&bytes),
        encrypted: entry.is_encrypted(&bytes),
        crc: entry.crc(&bytes),
        size: entry.size(&bytes).expect("its size was looked for"),
        name: entry.name,
        data: entry.data,
    })
}

/// Which of the entries have that name.
pub fn named(bytes: &[u8], name: &str) -> Vec<bool> {
    each(bytes, |entry| entry.is_named(&bytes, name)).unwrap()
}

fn each<T>(bytes: &[u8], look: impl Fn(Entry) -> T) -> Result<Vec<T>, &'static str> {
    let mut all = Vec::new();
    walk(&bytes, &mut |entry| all.push(look(entry)))?;
    Ok(all)
}
