//! Archives put together by hand, with what few writers write, and with each part broken in turn.

use super::found::{Found as Entry, entries, named};
use super::*;

/// An extra field that says nothing here.
const OTHER: &[u8] = b"pu\x03\x00abc";
const COMMENT: &[u8] = b"a comment";

/// An archive, and where its parts are.
struct Archive {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    locals: Vec<usize>,
    centrals: Vec<usize>,
    /// ZIP64 records; 0 where there are none.
    record: usize,
    locator: usize,
    end: usize,
}

/// What ZIP64 stands in for.
#[derive(Clone, Copy, PartialEq)]
enum Wide {
    Nothing,
    Count,
    Size,
    Start,
    Everything,
}

impl Wide {
    fn narrow(self, which: Self, number: u64, width: usize) -> (u64, usize) {
        let is_wide = self == which || self == Self::Everything;
        (if is_wide { u64::MAX } else { number }, width)
    }
}

/// Numbers in little endian, of the width beside each.
fn put(bytes: &mut Vec<u8>, fields: &[(u64, usize)]) {
    for &(number, width) in fields {
        bytes.extend(&number.to_le_bytes()[..width]);
    }
}

fn number(place: usize) -> u64 {
    place.try_into().unwrap()
}

impl Archive {
    /// Files by name and data. Sizes, flags and checksums are invented: none of them is looked into here.
    fn new(files: &[(&str, &str)], wide: Wide) -> Self {
        Self::with_numbers(files, wide, [wide == Wide::Everything; 3])
    }

    /// The same, where ZIP64 stands in for some of what an entry says: its size, its packed size, its place.
    fn with_numbers(files: &[(&str, &str)], wide: Wide, of_entries: [bool; 3]) -> Self {
        let mut archive = Self {
            bytes: Vec::new(),
            entries: Vec::new(),
            locals: Vec::new(),
            centrals: Vec::new(),
            record: 0,
            locator: 0,
            end: 0,
        };
        for &(name, data) in files {
            archive.add_file(name, data);
        }
        let start = archive.bytes.len();
        for (at, &(name, _)) in files.iter().enumerate() {
            archive.list_file(at, name, of_entries);
        }
        archive.finish(start, wide);
        archive
    }

    fn add_file(&mut self, name: &str, data: &str) {
        let (bytes, nth) = (&mut self.bytes, number(self.locals.len()));
        let extra = if name.is_empty() {
            b"".as_slice()
        } else {
            OTHER
        };
        self.locals.push(bytes.len());
        put(bytes, &[(LOCAL_HEADER.into(), 4), (0, 8), (0, 8), (0, 6)]);
        put(bytes, &[(number(name.len()), 2), (number(extra.len()), 2)]);
        bytes.extend(name.as_bytes());
        bytes.extend(extra);
        let start = bytes.len();
        bytes.extend(data.as_bytes());
        self.entries.push(Entry {
            name: 0..0,
            data: start..bytes.len(),
            method: if nth == 0 { 8 } else { 0 },
            encrypted: nth == 0,
            crc: 0x0403_0201 + u32::try_from(nth).unwrap(),
            size: 0x0001_0203 + usize::try_from(nth).unwrap(),
        });
    }

    fn list_file(&mut self, at: usize, name: &str, wide: [bool; 3]) {
        let (bytes, entry) = (&mut self.bytes, &mut self.entries[at]);
        self.centrals.push(bytes.len());
        let sizes = [
            number(entry.size),
            number(entry.data.len()),
            number(self.locals[at]),
        ];
        let (mut extra, comment) = match name {
            "" => (Vec::new(), b"".as_slice()),
            _ => (OTHER.to_vec(), COMMENT),
        };
        let numbers: Vec<(u64, usize)> = sizes
            .into_iter()
            .zip(wide)
            .filter_map(|(number, is_wide)| is_wide.then_some((number, 8)))
            .collect();
        if !numbers.is_empty() {
            put(&mut extra, &[(1, 2), (8 * number(numbers.len()), 2)]);
            put(&mut extra, &numbers);
        }
        let narrow = |at: usize| (if wide[at] { u64::MAX } else { sizes[at] }, 4);
        let [size, packed, local] = [0, 1, 2].map(narrow);
        let flags = 0x0808 | u64::from(entry.encrypted);
        put(
            bytes,
            &[
                (CENTRAL_HEADER.into(), 4),
                (0x031E, 2),
                (45, 2),
                (flags, 2),
                (number(entry.method), 2),
            ],
        );
        put(
            bytes,
            &[(0x5A5A_A5A5, 4), (entry.crc.into(), 4), packed, size],
        );
        put(
            bytes,
            &[
                (number(name.len()), 2),
                (number(extra.len()), 2),
                (number(comment.len()), 2),
            ],
        );
        put(bytes, &[(0, 2), (1, 2), (0x81A4_0000, 4), local]);
        entry.name = bytes.len()..bytes.len() + name.len();
        bytes.extend(name.as_bytes());
        bytes.extend(&extra);
        bytes.extend(comment);
    }

    fn finish(&mut self, start: usize, wide: Wide) {
        let bytes = &mut self.bytes;
        let (count, size) = (number(self.entries.len()), number(bytes.len() - start));
        let start = number(start);
        if wide != Wide::Nothing {
            self.record = bytes.len();
            put(
                bytes,
                &[
                    (END_64.into(), 4),
                    (44, 8),
                    (45, 2),
                    (45, 2),
                    (0, 4),
                    (0, 4),
                ],
            );
            put(bytes, &[(count, 8), (count, 8), (size, 8), (start, 8)]);
            self.locator = bytes.len();
            put(
                bytes,
                &[
                    (END_64_LOCATOR.into(), 4),
                    (0, 4),
                    (number(self.record), 8),
                    (1, 4),
                ],
            );
        }
        self.end = bytes.len();
        let count = wide.narrow(Wide::Count, count, 2);
        put(bytes, &[(END.into(), 4), (0, 2), (0, 2), count, count]);
        put(
            bytes,
            &[
                wide.narrow(Wide::Size, size, 4),
                wide.narrow(Wide::Start, start, 4),
            ],
        );
        put(bytes, &[(number(COMMENT.len()), 2)]);
        bytes.extend(COMMENT);
    }

    fn read(&self) -> Result<Vec<Entry>, &'static str> {
        entries(self.bytes.as_slice())
    }

    /// The same with another number at a place.
    fn with(&self, at: usize, number: u64, width: usize) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes[at..at + width].copy_from_slice(&number.to_le_bytes()[..width]);
        assert_ne!(bytes, self.bytes, "nothing was broken at {at}");
        bytes
    }
}

fn two_files(wide: Wide) -> Archive {
    Archive::new(
        &[
            ("notes.txt", "first"),
            ("keys/credential.csv", "id,key\r\n"),
        ],
        wide,
    )
}

/// Checks that the archive is whole, and that it is not with any of those numbers put in: what, where, number, width.
fn refuses(archive: &Archive, problem: &str, broken: &[(&str, usize, u64, usize)]) {
    assert_eq!(archive.read().as_ref(), Ok(&archive.entries));
    for &(what, at, number, width) in broken {
        let bytes = archive.with(at, number, width);
        assert_eq!(entries(bytes.as_slice()), Err(problem), "{what}");
    }
}

const NO_END: &str = "is a ZIP without its end";
const BROKEN: &str = "is a ZIP with a broken directory";

#[test]
fn an_archive_is_read_to_the_last_field_with_zip64_and_without() {
    for wide in [
        Wide::Nothing,
        Wide::Count,
        Wide::Size,
        Wide::Start,
        Wide::Everything,
    ] {
        let archive = two_files(wide);
        assert_eq!(archive.read().as_ref(), Ok(&archive.entries));
    }
}

#[test]
fn each_number_of_an_entry_may_be_wide_alone() {
    for of_entries in (0..8).map(|bits| [1, 2, 4].map(|bit| bits & bit != 0)) {
        let archive =
            Archive::with_numbers(&[("a", "first"), ("b", "")], Wide::Nothing, of_entries);
        assert_eq!(
            archive.read().as_ref(),
            Ok(&archive.entries),
            "{of_entries:?}"
        );
    }
}

#[test]
fn a_file_from_a_pipe_may_have_no_name_and_no_data() {
    let archive = Archive::new(&[("", "")], Wide::Nothing);
    assert_eq!(archive.read().as_ref(), Ok(&archive.entries));
}

#[test]
fn an_end_that_does_not_fit_is_none() {
    let archive = two_files(Wide::Nothing);
    let (start, end) = (archive.centrals[0], archive.end);
    refuses(
        &archive,
        NO_END,
        &[
            ("another signature", end + 3, 7, 1),
            ("this is another disk", end + 4, 1, 2),
            ("the directory begins on another disk", end + 6, 1, 2),
            ("one of three files is on this disk", end + 8, 3, 2),
            (
                "the directory reaches into its end",
                end + 12,
                number(end - start) + 1,
                4,
            ),
            ("the directory begins later", end + 16, number(start) + 1, 4),
            ("a longer comment", end + 20, number(COMMENT.len()) + 1, 2),
            ("a shorter comment", end + 20, number(COMMENT.len()) - 1, 2),
        ],
    );
}

#[test]
fn a_zip64_end_that_does_not_fit_is_none() {
    let archive = two_files(Wide::Everything);
    let (start, record, locator) = (archive.centrals[0], archive.record, archive.locator);
    refuses(
        &archive,
        NO_END,
        &[
            ("another signature of the locator", locator, 0, 4),
            (
                "the record is elsewhere",
                locator + 8,
                number(record) + 1,
                8,
            ),
            ("the record is nowhere", locator + 8, u64::MAX, 8),
            ("another signature of the record", record, 0, 4),
            ("this is another disk", record + 16, 1, 4),
            ("the directory begins on another disk", record + 20, 1, 4),
            (
                "the directory reaches into the record",
                record + 40,
                number(record - start) + 1,
                8,
            ),
            (
                "the directory begins later",
                record + 48,
                number(start) + 1,
                8,
            ),
            (
                "the directory begins past all numbers",
                record + 48,
                u64::MAX,
                8,
            ),
        ],
    );
    refuses(
        &archive,
        BROKEN,
        &[
            ("one file of two", record + 32, 1, 8),
            ("three files of two", record + 32, 3, 8),
            ("no file", record + 32, 0, 8),
            (
                "a shorter directory",
                record + 40,
                number(record - start) - 1,
                8,
            ),
            (
                "the directory begins earlier",
                record + 48,
                number(start) - 1,
                8,
            ),
        ],
    );
}

#[test]
fn a_directory_that_does_not_add_up_is_refused() {
    let archive = two_files(Wide::Nothing);
    let (first, last, end) = (archive.centrals[0], archive.centrals[1], archive.end);
    let (local, name) = (archive.locals[1], archive.entries[1].name.len());
    let both = |count: u64| count << 16 | count;
    refuses(
        &archive,
        BROKEN,
        &[
            ("no file", end + 8, both(0), 4),
            ("one file of two", end + 8, both(1), 4),
            ("three files of two", end + 8, both(3), 4),
            ("a shorter directory", end + 12, number(end - first) - 1, 4),
            (
                "the directory begins earlier",
                end + 16,
                number(first) - 1,
                4,
            ),
            ("another signature in the directory", last, 0, 4),
            (
                "packed data reaches into the directory",
                last + 20,
                number(archive.entries[1].data.len()) + 1,
                4,
            ),
            ("a longer name", last + 28, number(name) + 1, 2),
            ("a shorter name", last + 28, number(name) - 1, 2),
            (
                "a longer extra field",
                last + 30,
                number(OTHER.len()) + 1,
                2,
            ),
            ("a longer comment", last + 32, number(COMMENT.len()) + 1, 2),
            ("the file is elsewhere", last + 42, number(local) + 1, 4),
            ("the file is nowhere", last + 42, 0xFFFF_FFFE, 4),
            ("another signature of the file", local, 0, 4),
            ("a longer name of the file", local + 26, number(name) + 1, 2),
            (
                "a longer extra field of the file",
                local + 28,
                number(OTHER.len()) + 1,
                2,
            ),
        ],
    );
}

#[test]
fn a_directory_of_nothing_is_refused() {
    let mut archive = Archive::new(&[("", "")], Wide::Nothing);
    let (start, end) = (archive.centrals[0], archive.end);
    archive.bytes.drain(start..end);
    let end = archive.end - (end - start);
    archive.bytes[end + 8..end + 16].fill(0);
    assert_eq!(archive.read(), Err(BROKEN));
}

#[test]
fn zip64_sizes_that_are_not_all_there_are_refused() {
    let archive = two_files(Wide::Everything);
    let extra = archive.entries[1].name.end;
    let sizes = extra + OTHER.len();
    refuses(
        &archive,
        BROKEN,
        &[
            ("the field before them is longer", extra + 2, 4, 2),
            ("another field", sizes, 2, 2),
            ("a field that is too short", sizes + 2, 23, 2),
            ("a field that is too long", sizes + 2, 25, 2),
            ("packed data past all numbers", sizes + 12, u64::MAX, 8),
            ("the file is nowhere", sizes + 20, u64::MAX, 8),
        ],
    );
}

#[test]
fn a_name_counts_from_the_last_folder_and_inside_its_own_bounds() {
    let archive = two_files(Wide::Nothing);
    let bytes = archive.bytes.as_slice();
    for (name, wanted) in [
        ("notes.txt", [true, false]),
        ("NOTES.TXT", [true, false]),
        ("credential.csv", [false, true]),
        ("redential.csv", [false, false]),
        ("credential.csw", [false, false]),
    ] {
        assert_eq!(named(bytes, name), wanted, "{name}");
    }
    let mut found = Vec::new();
    walk(&bytes, &mut |entry| found.push(entry)).unwrap();
    let mut cut = found.remove(1);
    cut.name.start = cut.name.end - 3;
    assert!(
        !cut.is_named(&bytes, "credential.csv"),
        "the name is only its end"
    );
}

#[test]
fn folders_end_with_either_slash() {
    for (folder, wanted) in [
        ("a/", true),
        ("a\\", true),
        ("a\\b/", true),
        ("a-", false),
        ("a:", false),
    ] {
        let name = [folder, "credential.csv"].concat();
        let archive = Archive::new(&[(&name, "data")], Wide::Nothing);
        assert_eq!(named(&archive.bytes, "credential.csv"), [wanted], "{name}");
    }
}

#[test]
fn more_files_than_a_key_file_has_are_refused_before_they_are_looked_at() {
    let names: Vec<String> = (0..=MOST).map(|number| number.to_string()).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    let most = Archive::new(&files[1..], Wide::Nothing);
    assert_eq!(most.read().map(|entries| entries.len()), Ok(MOST));
    let mut read = 0;
    let more = Archive::new(&files, Wide::Nothing);
    let walked = walk(&more.bytes.as_slice(), &mut |_| read += 1);
    assert_eq!((walked, read), (Err("is a ZIP of more than 1000 files"), 0));
}
