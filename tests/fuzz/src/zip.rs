//! The structure of a key file, beside the `zip` crate.

use std::io::{Cursor, Read};

use ::zip::{CompressionMethod, ZipArchive};
use node_provider_keys::rules::zip::{Entry, crc32, walk};

use super::counted::Counted;

/// Bytes of an entry that are unpacked at most: a few packed bytes can be gigabytes.
const MOST: u64 = 1 << 20;

/// Every entry lies in the file, and is the one that the `zip` crate finds.
pub fn check(data: &[u8]) {
    let counted = Counted::new(data);
    let mut found = Vec::new();
    let walked = walk(&counted, &mut |entry| found.push(entry));
    counted.assert_linear(2);
    if walked.is_err() {
        return;
    }
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
    let last = name.rsplit(|byte| b"/\\".contains(byte)).next();
    let wanted = last
        .unwrap_or_default()
        .eq_ignore_ascii_case(b"credential.csv");
    let counted = Counted::new(data);
    assert_eq!(entry.is_named(&counted, "credential.csv"), wanted);
    assert!(counted.reads() <= 15, "{} reads", counted.reads());
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
        let size = ours.size(&data).map(|size| size as u64);
        assert_eq!(theirs.crc32(), ours.crc(&data));
        assert_eq!(Some(theirs.size()), size);
        assert_eq!(theirs.data_start(), Some(ours.data.start as u64));
        assert_eq!(theirs.compressed_size(), ours.data.len() as u64);
        assert_eq!(theirs.encrypted(), ours.is_encrypted(&data));
        let method = match theirs.compression() {
            CompressionMethod::Stored => Some(0),
            CompressionMethod::Deflated => Some(8),
            _ => None,
        };
        assert!(method.is_none_or(|method| method == ours.method(&data)));
        drop(theirs);
        if !ours.is_encrypted(&data) && size <= Some(MOST) {
            compare_content(data, ours, index, &mut archive);
        }
    }
}

/// The crate checks size and checksum while it unpacks; ours must say the same of the content.
fn compare_content(
    data: &[u8],
    ours: &Entry,
    index: usize,
    archive: &mut ZipArchive<Cursor<&[u8]>>,
) {
    let Ok(file) = archive.by_index(index) else {
        return;
    };
    let mut content = Vec::new();
    let read = file.take(MOST + 1).read_to_end(&mut content);
    if read.is_ok() && Some(content.len()) == ours.size(&data) {
        let counted = Counted::new(&content);
        assert_eq!(crc32(&counted), ours.crc(&data));
        assert_eq!(counted.reads(), content.len());
    }
}
