//! What the API pages say of the parts of a request.

use axum::http::{HeaderName, Uri};
use percent_encoding::percent_decode_str;

/// The header that carries the token.
pub const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-auth-token");

/// The header by which IAM gives a token.
pub const SUBJECT_TOKEN_HEADER: HeaderName = HeaderName::from_static("x-subject-token");

/// The longest token, in characters; Table 2 of both API pages.
pub const TOKEN_MAX: usize = 65_535;

/// The length of a project id, in characters; Table 1 of both API pages.
pub const PROJECT_ID_LENGTH: usize = 32;

/// The length of a credential id, in characters; Table 1 of the delete page.
const CREDENTIAL_ID_LENGTH: usize = 36;

/// Whether a text can be a project's id.
pub fn is_project_id(text: &str) -> bool {
    text.len() == PROJECT_ID_LENGTH && is_plain(text)
}

/// Whether a text is made of letters, digits, `-` and `_` alone, as all ids are.
pub fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The path's project, percent-decoded, whatever it is.
pub fn project_id(uri: &Uri) -> Option<String> {
    segment(uri, 2)
}

/// The path's credential id, if it can be one.
pub fn credential_id(uri: &Uri) -> Option<String> {
    segment(uri, 5).filter(|id| id.len() == CREDENTIAL_ID_LENGTH && is_plain(id))
}

/// The path's part at `index` (the one before the first slash is 0), percent-decoded;
/// `None` where it is not UTF-8. Axum's own extractor fails for all parts together.
fn segment(uri: &Uri, index: usize) -> Option<String> {
    let part = uri.path().split('/').nth(index)?;
    Some(percent_decode_str(part).decode_utf8().ok()?.into_owned())
}

/// A decimal number; the standard parser alone would take a plus sign too.
pub fn number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}
