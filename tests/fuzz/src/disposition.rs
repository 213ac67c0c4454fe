//! The file name in `Content-Disposition`.

use node_provider_keys::rules::disposition::{DEFAULT_NAME, file_name};

/// Any header gives a name that is safe to save, and a name is the same in every form of writing it.
pub fn check(data: &[u8]) {
    let header = String::from_utf8_lossy(data);
    assert_safe(&file_name(Some(&header)));

    let name = file_name(Some(&quoted(&header)));
    assert_safe(&name);
    assert_eq!(name, file_name(Some(&extended(&header))));
    // A name already safe stays as it is, unless its mark for a reserved word made it too long.
    if name.len() <= 180 {
        assert_eq!(file_name(Some(&quoted(&name))), name);
    }
}

/// A quoted string of RFC 9110.
fn quoted(name: &str) -> String {
    let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
    format!("attachment; filename=\"{escaped}\"")
}

/// An extended value of RFC 8187.
fn extended(name: &str) -> String {
    let digit = |digit: u8| char::from(b"0123456789ABCDEF"[usize::from(digit)]);
    let hex = |byte: u8| ['%', digit(byte >> 4), digit(byte & 15)];
    let encoded: String = name.bytes().flat_map(hex).collect();
    format!("attachment; filename={DEFAULT_NAME}; filename*=UTF-8''{encoded}")
}

fn assert_safe(name: &str) {
    assert!(!name.is_empty() && name.len() <= 181, "{name:?}");
    let is_bad = |c: char| c.is_control() || "/\\:*?\"<>|\u{202E}\u{200B}\u{FEFF}".contains(c);
    assert!(!name.contains(is_bad), "{name:?}");
    assert!(!name.starts_with(['.', ' ']), "{name:?}");
    assert!(!name.ends_with(['.', ' ']), "{name:?}");
    let stem = name.split('.').next().unwrap_or_default();
    // Windows takes away spaces at a name's end, but no wider ones.
    let stem = stem.trim_ascii_end().to_ascii_lowercase();
    let devices = ["con", "prn", "aux", "nul", "com1", "lpt9", "com²", "conin$"];
    assert!(!devices.contains(&stem.as_str()), "{name:?}");
}
