//! Whether a body is a whole ZIP, and where its entries are.
//!
//! Only structure is read: signatures, sizes and places. Comments, data descriptors and ZIP64 are
//! legal (APPNOTE.TXT 6.3, sections 4.3 and 4.5).

use core::ops::Range;

use super::Bytes;

/// One file in a ZIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where its header in the directory is.
    header: usize,
    /// Where its name is.
    pub name: Range<usize>,
    /// Where its data is, packed as [`Entry::method`] says.
    pub data: Range<usize>,
    /// Where its ZIP64 numbers are.
    wide: Range<usize>,
}

/// The most files of a key file: it has one, and a body of a million must not take a second.
pub const MOST: usize = 1000;

const LOCAL_HEADER: u32 = 0x0403_4B50;
const CENTRAL_HEADER: u32 = 0x0201_4B50;
const END: u32 = 0x0605_4B50;
const END_64: u32 = 0x0606_4B50;
const END_64_LOCATOR: u32 = 0x0706_4B50;

const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
const END_64_SIZE: usize = 56;
const LOCATOR_SIZE: usize = 20;
const LONGEST_COMMENT: usize = 0xFFFF;
/// What stands in place of a number that is wider than its field.
const SEE_WIDE: u32 = 0xFFFF_FFFF;

/// Goes through the entries of a whole ZIP with at least one file. Otherwise tells what it lacks,
/// in words that follow "the body ".
pub fn walk(bytes: &dyn Bytes, each: &mut dyn FnMut(Entry)) -> Result<(), &'static str> {
    if bytes.is_empty() {
        return Err("is empty");
    }
    if bytes.len() < LOCAL_SIZE || bytes.word(0) != LOCAL_HEADER {
        return Err("is not a ZIP");
    }
    let directory = find_directory(bytes).ok_or("is a ZIP without its end")?;
    if directory.count > MOST {
        return Err("is a ZIP of more than 1000 files");
    }
    read_directory(bytes, directory, each).ok_or("is a ZIP with a broken directory")
}

impl Entry {
    /// How it is packed: 0 for stored, 8 for deflated.
    pub fn method(&self, bytes: &dyn Bytes) -> usize {
        bytes.half(self.header + 10)
    }

    /// Whether it is encrypted.
    pub fn is_encrypted(&self, bytes: &dyn Bytes) -> bool {
        bytes.half(self.header + 8) & 1 == 1
    }

    /// CRC-32 of the unpacked data.
    pub fn crc(&self, bytes: &dyn Bytes) -> u32 {
        bytes.word(self.header + 16)
    }

    /// Bytes of the unpacked data.
    pub fn size(&self, bytes: &dyn Bytes) -> Option<usize> {
        match bytes.word(self.header + 24) {
            // It is the first of the wide numbers.
            SEE_WIDE => wide(bytes, &self.wide, 0),
            size => usize::try_from(size).ok(),
        }
    }

    /// Whether its name, without folders, is `name` in any case.
    pub fn is_named(&self, bytes: &dyn Bytes, name: &str) -> bool {
        let Some(start) = self.name.end.checked_sub(name.len()) else {
            return false;
        };
        let is_last_part = start == self.name.start
            || (start > self.name.start && matches!(bytes.byte(start - 1), b'/' | b'\\'));
        is_last_part
            && (start..)
                .zip(name.bytes())
                .all(|(at, wanted)| bytes.byte(at).eq_ignore_ascii_case(&wanted))
    }
}

/// The CRC-32 that ZIP uses.
pub fn crc32(bytes: &dyn Bytes) -> u32 {
    !(0..bytes.len()).fold(!0_u32, |crc, at| {
        (0..8).fold(crc ^ u32::from(bytes.byte(at)), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

struct Directory {
    range: Range<usize>,
    count: usize,
}

/// Looks for the end record from the back: its comment must reach exactly to the last byte.
fn find_directory(bytes: &dyn Bytes) -> Option<Directory> {
    let last = bytes.len().checked_sub(END_SIZE)?;
    let first = last.saturating_sub(LONGEST_COMMENT);
    (first..=last).rev().find_map(|at| {
        let is_end = bytes.word(at) == END && bytes.half(at + 20) == last - at;
        is_end.then(|| directory_at(bytes, at)).flatten()
    })
}

fn directory_at(bytes: &dyn Bytes, end: usize) -> Option<Directory> {
    let (disks, counts) = (bytes.word(end + 4), bytes.word(end + 8));
    let (size, start) = (bytes.word(end + 12), bytes.word(end + 16));
    let count = (counts >> 16) as usize;
    let is_64 = count == 0xFFFF || size == SEE_WIDE || start == SEE_WIDE;
    if is_64 && let Some(directory) = directory_64_at(bytes, end) {
        return Some(directory);
    }
    if disks != 0 || (counts & 0xFFFF) as usize != count {
        return None;
    }
    let range = bounded(
        usize::try_from(start).ok()?,
        usize::try_from(size).ok()?,
        end,
    )?;
    Some(Directory { range, count })
}

fn directory_64_at(bytes: &dyn Bytes, end: usize) -> Option<Directory> {
    let locator = end.checked_sub(LOCATOR_SIZE)?;
    let record = number(bytes, locator + 8)?;
    let is_whole = bytes.word(locator) == END_64_LOCATOR
        && record.checked_add(END_64_SIZE)? <= locator
        && bytes.word(record) == END_64
        && number(bytes, record + 16) == Some(0);
    if !is_whole {
        return None;
    }
    let range = bounded(
        number(bytes, record + 48)?,
        number(bytes, record + 40)?,
        record,
    )?;
    let count = number(bytes, record + 32)?;
    Some(Directory { range, count })
}

fn read_directory(
    bytes: &dyn Bytes,
    directory: Directory,
    each: &mut dyn FnMut(Entry),
) -> Option<()> {
    let Directory { range, count } = directory;
    let mut at = range.start;
    for _ in 0..count {
        let (entry, next) = read_entry(bytes, at, &range)?;
        each(entry);
        at = next;
    }
    (count > 0 && at == range.end).then_some(())
}

fn read_entry(
    bytes: &dyn Bytes,
    header: usize,
    directory: &Range<usize>,
) -> Option<(Entry, usize)> {
    let name_start = header.checked_add(CENTRAL_SIZE)?;
    if name_start > directory.end || bytes.word(header) != CENTRAL_HEADER {
        return None;
    }
    let (packed, lengths) = (bytes.word(header + 20), bytes.word(header + 28));
    let local = bytes.word(header + 42);
    let name_end = name_start + (lengths & 0xFFFF) as usize;
    let extra_end = name_end + (lengths >> 16) as usize;
    let next = extra_end + bytes.half(header + 32);
    if next > directory.end {
        return None;
    }
    let mut entry = Entry {
        header,
        name: name_start..name_end,
        data: 0..0,
        wide: 0..0,
    };
    let (mut packed, mut local) = (usize::try_from(packed).ok(), usize::try_from(local).ok());
    let is_wide = |number: Option<usize>| number == usize::try_from(SEE_WIDE).ok();
    let is_size_wide = bytes.word(header + 24) == SEE_WIDE;
    if is_size_wide || is_wide(packed) || is_wide(local) {
        entry.wide = find_wide(bytes, name_end..extra_end);
        // 8-byte numbers for those that are all ones in the header, in order.
        let mut place = usize::from(is_size_wide);
        for narrow in [&mut packed, &mut local] {
            if is_wide(*narrow) {
                *narrow = wide(bytes, &entry.wide, place);
                place += 1;
            }
        }
        if is_size_wide {
            entry.size(bytes)?;
        }
    }
    let (packed, local) = (packed?, local?);
    let header_end = local.checked_add(LOCAL_SIZE)?;
    if header_end > directory.start || bytes.word(local) != LOCAL_HEADER {
        return None;
    }
    let lengths = bytes.word(local + 26);
    let start = header_end + (lengths & 0xFFFF) as usize + (lengths >> 16) as usize;
    entry.data = bounded(start, packed, directory.start)?;
    Some((entry, next))
}

/// Where the ZIP64 numbers of an entry are.
fn find_wide(bytes: &dyn Bytes, extra: Range<usize>) -> Range<usize> {
    let mut at = extra.start;
    while at + 4 <= extra.end {
        let field = bytes.word(at);
        let start = at + 4;
        let end = start + (field >> 16) as usize;
        if end > extra.end {
            break;
        }
        if field & 0xFFFF == 1 {
            return start..end;
        }
        at = end;
    }
    0..0
}

/// One of the ZIP64 numbers.
fn wide(bytes: &dyn Bytes, range: &Range<usize>, place: usize) -> Option<usize> {
    let at = range.start + place * 8;
    (at + 8 <= range.end).then(|| number(bytes, at)).flatten()
}

/// A number of eight bytes, if it can be a place or a size here.
fn number(bytes: &dyn Bytes, at: usize) -> Option<usize> {
    let high = u64::from(bytes.word(at.checked_add(4)?)) << 32;
    usize::try_from(high | u64::from(bytes.word(at))).ok()
}

fn bounded(start: usize, length: usize, limit: usize) -> Option<Range<usize>> {
    let end = start.checked_add(length)?;
    (end <= limit).then_some(start..end)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod by_hand_tests;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod found;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::io::{Cursor, Write};

    use ::zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    use super::found::{entries, named};
    use super::*;

    fn build(write: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        write(&mut writer);
        writer.finish().unwrap().into_inner()
    }

    fn key_file(options: SimpleFileOptions) -> Vec<u8> {
        build(|zip| {
            zip.start_file("credential.csv", options).unwrap();
            zip.write_all(b"id,key\r\n1,2\r\n").unwrap();
        })
    }

    fn stored() -> SimpleFileOptions {
        SimpleFileOptions::default().compression_method(CompressionMethod::Stored)
    }

    #[test]
    fn entries_of_every_legal_kind_are_found() {
        let with_comment = build(|zip| {
            zip.set_comment("PK\u{5}\u{6} is no end here").unwrap();
            zip.start_file("a/b/credential.csv", stored()).unwrap();
            zip.write_all(b"id").unwrap();
        });
        for (name, bytes) in [
            ("stored", key_file(stored())),
            ("deflated", key_file(SimpleFileOptions::default())),
            ("zip64", key_file(stored().large_file(true))),
            ("comment", with_comment),
        ] {
            let entries = entries(bytes.as_slice()).expect(name);
            assert_eq!(entries.len(), 1, "{name}");
            assert_eq!(named(&bytes, "credential.csv"), [true]);
            assert_eq!(named(&bytes, "redential.csv"), [false]);
        }
    }

    #[test]
    fn a_stored_entry_is_where_it_says_and_has_its_checksum() {
        let bytes = key_file(stored());
        let entry = entries(bytes.as_slice()).unwrap().remove(0);
        assert_eq!(&bytes[entry.data.clone()], b"id,key\r\n1,2\r\n");
        assert_eq!(crc32(&&bytes[entry.data.clone()]), entry.crc);
        assert_eq!((entry.size, entry.method), (13, 0));
    }

    #[test]
    fn every_cut_of_a_whole_zip_is_seen() {
        let bytes = key_file(SimpleFileOptions::default());
        for length in 0..bytes.len() {
            assert!(entries(&bytes[..length]).is_err(), "{length}");
        }
        assert!(entries([&bytes[..], b"x"].concat().as_slice()).is_err());
    }

    #[test]
    fn what_is_no_zip_is_named() {
        assert_eq!(entries(b"".as_slice()), Err("is empty"));
        assert_eq!(entries(b"PKXXX".as_slice()), Err("is not a ZIP"));
        assert_eq!(
            entries(b"<!doctype html><title>Log in</title>".as_slice()),
            Err("is not a ZIP")
        );
        let header = [b"PK\x03\x04".as_slice(), &[0; 26]].concat();
        assert_eq!(entries(&header[..29]), Err("is not a ZIP"));
        assert_eq!(entries(header.as_slice()), Err("is a ZIP without its end"));
        let empty = build(|_| ());
        assert_eq!(entries(empty.as_slice()), Err("is not a ZIP"));
    }

    #[test]
    fn places_outside_the_file_are_refused() {
        let good = key_file(stored());
        let end = good.len() - END_SIZE;
        let central = good.as_slice().word(end + 16) as usize;
        for (what, at) in [
            ("directory size", end + 12),
            ("directory place", end + 16),
            ("packed size", central + 20),
            ("local header place", central + 42),
        ] {
            for value in [1, 0x7FFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF_u32] {
                let mut bad = good.clone();
                bad[at..at + 4].copy_from_slice(&value.to_le_bytes());
                let truth = good.as_slice().word(at) == value;
                // A shorter packed size stays inside its file.
                let harmless = what == "packed size" && value == 1;
                assert!(
                    truth || harmless || entries(bad.as_slice()).is_err(),
                    "{what} {value}"
                );
            }
        }
    }

    #[test]
    fn a_zip64_record_at_the_end_of_all_numbers_is_refused() {
        let mut bytes = key_file(stored());
        let end = bytes.len() - END_SIZE;
        bytes[end + 10..end + 12].fill(0xFF);
        bytes.splice(end..end, [0xFF; LOCATOR_SIZE]);
        assert!(entries(bytes.as_slice()).is_err());
    }

    proptest::proptest! {
        #[test]
        fn ranges_stay_inside_the_file_whatever_is_flipped(
            flips in proptest::collection::vec((0..200_usize, proptest::num::u8::ANY), 1..6),
        ) {
            let mut bytes = key_file(stored().large_file(true));
            for (at, value) in flips {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            for entry in entries(bytes.as_slice()).unwrap_or_default() {
                proptest::prop_assert!(entry.name.end <= bytes.len());
                proptest::prop_assert!(entry.data.end <= bytes.len());
                proptest::prop_assert!(entry.data.start <= entry.data.end);
            }
        }

        #[test]
        fn what_the_zip_crate_writes_is_found_file_by_file(
            files in proptest::collection::btree_map("[a-z/é.]{1,9}", ".{0,30}", 1..5),
            comment in "[PK\u{5}\u{6}\0]{0,30}",
            kinds in proptest::collection::vec(0..4_u8, 5),
        ) {
            let kinds = kinds.into_iter().map(|kind| {
                let options = SimpleFileOptions::default().large_file(kind & 1 == 1);
                options.compression_method(match kind & 2 {
                    0 => CompressionMethod::Stored,
                    _ => CompressionMethod::Deflated,
                })
            });
            let bytes = build(|zip| {
                zip.set_comment(comment).unwrap();
                for ((name, content), options) in files.iter().zip(kinds) {
                    zip.start_file(name, options).unwrap();
                    zip.write_all(content.as_bytes()).unwrap();
                }
            });
            let entries = entries(bytes.as_slice()).unwrap();
            proptest::prop_assert_eq!(entries.len(), files.len());
            for (entry, (name, content)) in entries.iter().zip(&files) {
                proptest::prop_assert_eq!(&bytes[entry.name.clone()], name.as_bytes());
                proptest::prop_assert_eq!(entry.crc, crc32(&content.as_bytes()));
                proptest::prop_assert_eq!(entry.size, content.len());
                if entry.method == 0 {
                    proptest::prop_assert_eq!(&bytes[entry.data.clone()], content.as_bytes());
                }
            }
        }
    }
}
