//! Whether a body is a whole ZIP, and where its entries are.
//!
//! Only structure is read: signatures, sizes and places. Comments, data descriptors and ZIP64 are
//! legal (APPNOTE.TXT 6.3, sections 4.3 and 4.5).

use core::ops::Range;

use super::Bytes;

/// One file in a ZIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where its name is.
    pub name: Range<usize>,
    /// Where its data is, packed as `method` says.
    pub data: Range<usize>,
    /// 0 for stored, 8 for deflated.
    pub method: u16,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// CRC-32 of the unpacked data.
    pub crc: u32,
    /// Bytes of the unpacked data.
    pub size: u64,
}

const LOCAL_HEADER: u64 = 0x0403_4B50;
const CENTRAL_HEADER: u64 = 0x0201_4B50;
const END: u64 = 0x0605_4B50;
const END_64: u64 = 0x0606_4B50;
const END_64_LOCATOR: u64 = 0x0706_4B50;

const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
const END_64_SIZE: usize = 56;
const LOCATOR_SIZE: usize = 20;
const LONGEST_COMMENT: usize = 0xFFFF;

/// The entries of a whole ZIP with at least one file, or what it lacks, in words that follow
/// "the body ".
pub fn entries(bytes: &(impl Bytes + ?Sized)) -> Result<Vec<Entry>, &'static str> {
    if bytes.is_empty() {
        return Err("is empty");
    }
    if bytes.len() < LOCAL_SIZE || bytes.number(0, 4) != LOCAL_HEADER {
        return Err("is not a ZIP");
    }
    let directory = find_directory(bytes).ok_or("is a ZIP without its end")?;
    read_directory(bytes, directory).ok_or("is a ZIP with a broken directory")
}

/// Whether an entry's name, without its folders, is `name` in any case.
pub fn is_named(bytes: &(impl Bytes + ?Sized), entry: &Entry, name: &str) -> bool {
    let Some(start) = entry.name.end.checked_sub(name.len()) else {
        return false;
    };
    let follows_folder =
        start == entry.name.start || (start > entry.name.start && bytes.byte(start - 1) == b'/');
    follows_folder
        && (start..)
            .zip(name.bytes())
            .all(|(at, wanted)| bytes.byte(at).eq_ignore_ascii_case(&wanted))
}

/// The CRC-32 that ZIP uses.
pub fn crc32(bytes: &(impl Bytes + ?Sized)) -> u32 {
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
fn find_directory(bytes: &(impl Bytes + ?Sized)) -> Option<Directory> {
    let last = bytes.len().checked_sub(END_SIZE)?;
    let first = last.saturating_sub(LONGEST_COMMENT);
    (first..=last).rev().find_map(|at| {
        let is_end = bytes.byte(at) == b'P'
            && bytes.number(at, 4) == END
            && place(bytes, at + 20, 2) == Some(last - at);
        is_end.then(|| directory_at(bytes, at)).flatten()
    })
}

fn directory_at(bytes: &(impl Bytes + ?Sized), end: usize) -> Option<Directory> {
    let (disks, count, size, start) = (
        bytes.number(end + 4, 4),
        place(bytes, end + 10, 2)?,
        place(bytes, end + 12, 4)?,
        place(bytes, end + 16, 4)?,
    );
    let is_64 = count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF;
    if is_64 && let Some(directory) = directory_64_at(bytes, end) {
        return Some(directory);
    }
    if disks != 0 || bytes.number(end + 8, 2) != bytes.number(end + 10, 2) {
        return None;
    }
    bounded(start, size, end).map(|range| Directory { range, count })
}

fn directory_64_at(bytes: &(impl Bytes + ?Sized), end: usize) -> Option<Directory> {
    let locator = end.checked_sub(LOCATOR_SIZE)?;
    let record = place(bytes, locator + 8, 8)?;
    let is_whole = bytes.number(locator, 4) == END_64_LOCATOR
        && record.checked_add(END_64_SIZE)? <= locator
        && bytes.number(record, 4) == END_64
        && bytes.number(record + 16, 8) == 0;
    if !is_whole {
        return None;
    }
    let range = bounded(
        place(bytes, record + 48, 8)?,
        place(bytes, record + 40, 8)?,
        record,
    )?;
    let count = place(bytes, record + 32, 8)?;
    Some(Directory { range, count })
}

fn read_directory(bytes: &(impl Bytes + ?Sized), directory: Directory) -> Option<Vec<Entry>> {
    let Directory { range, count } = directory;
    if count == 0 {
        return None;
    }
    // Nothing is reserved for them: a count costs an attacker nothing, and the first that is not there ends it.
    let mut at = range.start;
    let mut entries = Vec::new();
    for _ in 0..count {
        let (entry, next) = read_entry(bytes, at, &range)?;
        entries.push(entry);
        at = next;
    }
    (at == range.end).then_some(entries)
}

fn read_entry(
    bytes: &(impl Bytes + ?Sized),
    at: usize,
    directory: &Range<usize>,
) -> Option<(Entry, usize)> {
    let name_start = at.checked_add(CENTRAL_SIZE)?;
    if name_start > directory.end || bytes.number(at, 4) != CENTRAL_HEADER {
        return None;
    }
    let name_end = name_start + place(bytes, at + 28, 2)?;
    let extra_end = name_end + place(bytes, at + 30, 2)?;
    let next = extra_end + place(bytes, at + 32, 2)?;
    if next > directory.end {
        return None;
    }
    let mut wide = Wide::find(bytes, name_end..extra_end);
    let size = wide.or_narrow(bytes, bytes.number(at + 24, 4))?;
    let packed = wide.or_narrow(bytes, bytes.number(at + 20, 4))?;
    let local = wide.or_narrow(bytes, bytes.number(at + 42, 4))?;

    let local = usize::try_from(local).ok()?;
    let header_end = local.checked_add(LOCAL_SIZE)?;
    if header_end > directory.start || bytes.number(local, 4) != LOCAL_HEADER {
        return None;
    }
    let start = header_end + place(bytes, local + 26, 2)? + place(bytes, local + 28, 2)?;
    let entry = Entry {
        name: name_start..name_end,
        data: bounded(start, usize::try_from(packed).ok()?, directory.start)?,
        method: u16::try_from(bytes.number(at + 10, 2)).ok()?,
        encrypted: bytes.number(at + 8, 2) & 1 == 1,
        crc: u32::try_from(bytes.number(at + 16, 4)).ok()?,
        size,
    };
    Some((entry, next))
}

/// The ZIP64 extra field: 8-byte numbers for those that are all ones in the header, in order.
struct Wide(Range<usize>);

impl Wide {
    fn find(bytes: &(impl Bytes + ?Sized), extra: Range<usize>) -> Self {
        let mut at = extra.start;
        while at + 4 <= extra.end {
            let start = at + 4;
            let Some(end) = place(bytes, at + 2, 2).map(|size| start + size) else {
                break;
            };
            if end > extra.end {
                break;
            }
            if bytes.number(at, 2) == 1 {
                return Self(start..end);
            }
            at = end;
        }
        Self(0..0)
    }

    fn or_narrow(&mut self, bytes: &(impl Bytes + ?Sized), narrow: u64) -> Option<u64> {
        if narrow != 0xFFFF_FFFF {
            return Some(narrow);
        }
        if self.0.len() < 8 {
            return None;
        }
        let number = bytes.number(self.0.start, 8);
        self.0.start += 8;
        Some(number)
    }
}

fn place(bytes: &(impl Bytes + ?Sized), at: usize, width: usize) -> Option<usize> {
    usize::try_from(bytes.number(at, width)).ok()
}

fn bounded(start: usize, length: usize, limit: usize) -> Option<Range<usize>> {
    let end = start.checked_add(length)?;
    (end <= limit).then_some(start..end)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod by_hand_tests;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::io::{Cursor, Write};

    use ::zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

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
            assert!(is_named(bytes.as_slice(), &entries[0], "credential.csv"));
            assert!(!is_named(bytes.as_slice(), &entries[0], "redential.csv"));
        }
    }

    #[test]
    fn a_stored_entry_is_where_it_says_and_has_its_checksum() {
        let bytes = key_file(stored());
        let entry = entries(bytes.as_slice()).unwrap().remove(0);
        assert_eq!(&bytes[entry.data.clone()], b"id,key\r\n1,2\r\n");
        assert_eq!(crc32(&bytes[entry.data.clone()]), entry.crc);
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
        let central = usize::try_from(good.as_slice().number(end + 16, 4)).unwrap();
        for (what, at) in [
            ("directory size", end + 12),
            ("directory place", end + 16),
            ("packed size", central + 20),
            ("local header place", central + 42),
        ] {
            for value in [1, 0x7FFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF_u32] {
                let mut bad = good.clone();
                bad[at..at + 4].copy_from_slice(&value.to_le_bytes());
                let truth = good.as_slice().number(at, 4) == u64::from(value);
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
                proptest::prop_assert_eq!(entry.crc, crc32(content.as_bytes()));
                proptest::prop_assert_eq!(entry.size, content.len() as u64);
                if entry.method == 0 {
                    proptest::prop_assert_eq!(&bytes[entry.data.clone()], content.as_bytes());
                }
            }
        }
    }
}
