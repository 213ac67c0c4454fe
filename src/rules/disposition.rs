//! The key file's name: `Content-Disposition` (RFC 6266, RFC 8187), made safe to save.

use super::joined;
use super::visible::is_hidden;

/// The name of a key file that came without one.
pub const DEFAULT_NAME: &str = "node-provider-key.zip";

/// Bytes of UTF-8 that a name may have: every file system in use takes it, a prefix included.
const LONGEST: usize = 180;

/// The file name in a header, safe on any file system; [`DEFAULT_NAME`] where there is none.
///
/// ```
/// use node_provider_keys::rules::disposition::file_name;
///
/// assert_eq!(file_name(Some("attachment; filename=\"key 1.zip\"")), "key 1.zip");
/// assert_eq!(file_name(Some("attachment; filename*=UTF-8''cl%C3%A9.zip")), "clé.zip");
/// assert_eq!(file_name(Some("attachment; filename=\"../../etc/passwd\"")), "passwd");
/// ```
pub fn file_name(header: Option<&str>) -> String {
    header
        .map(parameters)
        .and_then(|(extended, plain)| {
            let extended = extended.as_deref().and_then(decode).map(|name| safe(&name));
            extended.flatten().or_else(|| safe(&plain?))
        })
        .unwrap_or_else(|| DEFAULT_NAME.into())
}

/// The first `filename*` and the first `filename` of a header.
fn parameters(header: &str) -> (Option<String>, Option<String>) {
    let (mut extended, mut plain) = (None, None);
    let mut rest = header;
    // The disposition type stands before the first semicolon; its value does not matter here.
    while let (_, Some(after)) = split(rest, b";") {
        let (name, value) = split(after, b"=;");
        let Some(value) = value.filter(|_| after.as_bytes().get(name.len()) == Some(&b'=')) else {
            rest = after.get(name.len()..).unwrap_or("");
            continue;
        };
        let (value, remaining) = read_value(value.trim_ascii_start());
        let name = name.trim_ascii();
        if name.eq_ignore_ascii_case("filename*") {
            extended.get_or_insert(value);
        } else if name.eq_ignore_ascii_case("filename") {
            plain.get_or_insert(value);
        }
        rest = remaining;
    }
    (extended, plain)
}

/// What stands before the first of some ASCII characters, and what after it, if there is one.
/// Searching `str` for patterns links 2 KB into the module.
fn split<'a>(text: &'a str, marks: &[u8]) -> (&'a str, Option<&'a str>) {
    match text.bytes().position(|byte| marks.contains(&byte)) {
        Some(at) => (text.get(..at).unwrap_or(""), text.get(at + 1..)),
        None => (text, None),
    }
}

/// A token or a quoted string, and what stands after it.
fn read_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix("\"") else {
        let (value, _) = split(text, b";");
        return (
            value.trim_ascii().into(),
            text.get(value.len()..).unwrap_or(""),
        );
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(character) = chars.next() {
        match character {
            '"' => break,
            '\\' => value.extend(chars.next()),
            _ => value.push(character),
        }
    }
    (value, chars.as_str())
}

/// `charset'language'percent-encoded`; `None` where it is not what it says.
fn decode(value: &str) -> Option<String> {
    let (charset, rest) = split(value, b"'");
    let (_language, encoded) = split(rest?, b"'");
    let encoded = encoded?;
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            _ => byte,
        });
    }
    if charset.eq_ignore_ascii_case("utf-8") {
        String::from_utf8(bytes).ok()
    } else if charset.eq_ignore_ascii_case("iso-8859-1") {
        Some(bytes.into_iter().map(char::from).collect())
    } else {
        None
    }
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// A name without folders, control or invisible characters, and not one that a system keeps for
/// itself; `None` if nothing is left.
fn safe(name: &str) -> Option<String> {
    let folders = name.bytes().rposition(|byte| b"/\\".contains(&byte));
    let name = folders.map_or(Some(name), |at| name.get(at + 1..))?;
    let visible: String = name
        .chars()
        .filter(|&character| !is_hidden(character))
        .map(|character| match character {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            _ => character,
        })
        .collect();
    let is_edge = |&byte: &u8| byte == b' ' || byte == b'.';
    let edge = visible.bytes().take_while(is_edge).count();
    let mut name = shorten(visible.get(edge..)?);
    let edge = name.bytes().rev().take_while(is_edge).count();
    name.truncate(name.len() - edge);
    match name.as_str() {
        "" => None,
        reserved if is_reserved(reserved) => Some(joined(&["_", reserved])),
        _ => Some(name),
    }
}

/// At most [`LONGEST`] bytes, the extension kept if it is short enough to be one.
fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.into();
    }
    let extension = name
        .bytes()
        .rposition(|byte| byte == b'.')
        .and_then(|at| name.get(at..))
        .filter(|extension| extension.len() <= 10)
        .unwrap_or("");
    let end = (0..=LONGEST - extension.len())
        .rev()
        .find(|&end| name.is_char_boundary(end))
        .unwrap_or(0);
    joined(&[name.get(..end).unwrap_or(""), extension])
}

/// Names that Windows keeps for devices, with any extension.
fn is_reserved(name: &str) -> bool {
    let stem = split(name, b".").0.trim_ascii_end();
    let is_one_of = |names: &[&str]| names.iter().any(|name| stem.eq_ignore_ascii_case(name));
    let is_numbered = || {
        let mut chars = stem.chars();
        let number = chars.next_back();
        let device = chars.as_str();
        (device.eq_ignore_ascii_case("com") || device.eq_ignore_ascii_case("lpt"))
            && number.is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'))
    };
    is_one_of(&["con", "prn", "aux", "nul", "conin$", "conout$"]) || is_numbered()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_every_form_of_the_standards() {
        for (header, name) in [
            ("attachment; filename=key.zip", "key.zip"),
            ("ATTACHMENT;FILENAME = \"key.zip\" ; x=y", "key.zip"),
            (
                "inline; x=\"; filename=no.zip\"; filename=yes.zip",
                "yes.zip",
            ),
            ("attachment; filename=\"a\\\"b;c.zip\"", "a_b;c.zip"),
            (
                "attachment; filename=plain.zip; filename*=utf-8'en'%e2%82%ac.zip",
                "€.zip",
            ),
            (
                "attachment; filename*=ISO-8859-1''%A3.zip; filename=plain.zip",
                "£.zip",
            ),
            (
                "attachment; filename=plain.zip; filename*=UTF-8''%ff",
                "plain.zip",
            ),
            (
                "attachment; filename=plain.zip; filename*=UTF-8''%f",
                "plain.zip",
            ),
            (
                "attachment; filename=plain.zip; filename*=utf-7''x",
                "plain.zip",
            ),
            (
                "attachment; filename=plain.zip; filename*=broken",
                "plain.zip",
            ),
            (
                "attachment; filename=first.zip; filename=second.zip",
                "first.zip",
            ),
            ("; ; filename=key.zip", "key.zip"),
        ] {
            assert_eq!(file_name(Some(header)), name, "{header}");
        }
    }

    #[test]
    fn without_a_name_there_is_the_default() {
        for header in [
            None,
            Some(""),
            Some("attachment"),
            Some("attachment; filename"),
            Some("attachment; filename="),
            Some("attachment; filename=\"\""),
            Some("attachment; filename=\"..\""),
            Some("attachment; filename=\"a/\""),
            Some("attachment; filename=\"\u{202E} \u{1}\""),
        ] {
            assert_eq!(file_name(header), DEFAULT_NAME, "{header:?}");
        }
    }

    #[test]
    fn names_are_safe_on_any_file_system() {
        for (given, name) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\\\Windows\\\\x.zip", "x.zip"),
            ("C:x.zip", "C_x.zip"),
            (".htaccess", "htaccess"),
            ("key.zip. . ", "key.zip"),
            ("nul", "_nul"),
            ("Aux.zip", "_Aux.zip"),
            ("com1.tar.gz", "_com1.tar.gz"),
            ("LPT².zip", "_LPT².zip"),
            ("common.zip", "common.zip"),
            ("comb.zip", "comb.zip"),
            ("key1.zip", "key1.zip"),
            ("a\u{202E}piz.exe", "apiz.exe"),
            ("a\r\n\u{7f}\u{85}b.zip", "ab.zip"),
            ("a<b>c|d?e*f.zip", "a_b_c_d_e_f.zip"),
        ] {
            let header = ["attachment; filename=\"", given, "\""].concat();
            assert_eq!(file_name(Some(&header)), name, "{given:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension_and_whole_characters() {
        let header = ["attachment; filename=", &"é".repeat(300), ".zip"].concat();
        let name = file_name(Some(&header));
        assert_eq!(
            name,
            ["é".repeat((LONGEST - 4) / 2), ".zip".into()].concat()
        );
    }

    proptest::proptest! {
        #[test]
        fn any_header_gives_a_safe_name(header in "(attachment; filename\\*?=)?\\PC{0,60}") {
            let name = file_name(Some(&header));
            proptest::prop_assert!(!name.is_empty() && name.len() <= LONGEST + 1);
            proptest::prop_assert!(!name.contains(['/', '\\', '\0', ':', '"']));
            proptest::prop_assert!(!name.starts_with('.') && !name.ends_with(['.', ' ']));
        }

        #[test]
        fn a_name_is_the_same_quoted_and_percent_encoded(name in "[a.;='\"\\\\/%é🔑\r\u{202E} ]{0,20}") {
            let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
            let quoted = ["attachment; filename=\"", &quoted, "\""].concat();
            let encoded: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let encoded = ["attachment; filename*=UTF-8''", &encoded].concat();
            let name = file_name(Some(&quoted));
            proptest::prop_assert_eq!(&file_name(Some(&encoded)), &name);

            let again = ["attachment; filename=\"", &name, "\""].concat();
            proptest::prop_assert_eq!(file_name(Some(&again)), name);
        }
    }
}
