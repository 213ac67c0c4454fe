//! The structure of a key file, beside the `zip` crate.

use std::io::{Cursor, Read};

use ::zip::ZipArchive;
use node_provider_keys::rules::zip::{Entry, crc32, entries, is_named};

use super::counted::Counted;

/// Bytes of an entry that are unpacked at most: a few packed bytes can be gigabytes.
const MOST: u64 = 1 << 20;

/// Every entry lies in the file, and is the one that the `zip` crate finds.
pub fn check(data: &[u8]) {
    let counted = Counted::new(data);
    let found = entries(&counted);
    counted.assert_linear(8);
    let Ok(found) = found else { return };
    assert!(!found.is_empty());
    for entry in &found {
        assert!(entry.name.start <= entry.name.end && entry.name.end <= data.len());
        assert!(entry.data.start <= entry.data.end && entry.data.end <= data.len());
        check_name(data, entry);
    }
    if let Ok(archive) = ZipArchive::new(Cursor::new(data)) {
        compare(data, &found, archive);
    }
}

fn check_name(data: &[u8], entry: &Entry) {
    let name = &data[entry.name.clone()];
    let last = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let wanted = last.eq_ignore_ascii_case(b"credential.csv");
    assert_eq!(is_named(data, entry, "credential.csv"), wanted);
}

fn compare(data: &[u8], found: &[Entry], mut archive: ZipArchive<Cursor<&[u8]>>) {
    let start = found.first().map(|entry| entry.name.start as u64 - 46);
    // The crate takes a ZIP after other bytes, and of two directories another; it keeps one entry a name.
    if archive.offset() != 0
        || Some(archive.central_directory_start()) != start
        || archive.has_duplicate_names()
    {
        return;
    }
    assert_eq!(archive.len(), found.len());
    for (index, ours) in found.iter().enumerate() {
        let Ok(theirs) = archive.by_index_raw(index) else {
            continue;
        };
        assert_eq!(theirs.name_raw(), &data[ours.name.clone()]);
        assert_eq!(theirs.crc32(), ours.crc);
        assert_eq!(theirs.size(), ours.size);
        assert_eq!(theirs.data_start(), Some(ours.data.start as u64));
        assert_eq!(theirs.compressed_size(), ours.data.len() as u64);
        assert_eq!(theirs.encrypted(), ours.encrypted);
        drop(theirs);
        if !ours.encrypted && ours.size <= MOST {
            compare_content(ours, index, &mut archive);
        }
    }
}

/// The crate checks size and checksum while it unpacks; ours must say the same of the content.
fn compare_content(ours: &Entry, index: usize, archive: &mut ZipArchive<Cursor<&[u8]>>) {
    let Ok(file) = archive.by_index(index) else {
        return;
    };
    let mut content = Vec::new();
    let read = file.take(MOST + 1).read_to_end(&mut content);
    if read.is_ok() && content.len() as u64 == ours.size {
        let counted = Counted::new(content.as_slice());
        assert_eq!(crc32(&counted), ours.crc);
        assert_eq!(counted.reads(), content.len());
    }
}
