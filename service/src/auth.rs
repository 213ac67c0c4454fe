//! Who may call: whoever has the one token of the command line, or one that signing in gave, each
//! for its project; or, through a relay, whoever has a token.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderValue, Uri, request::Parts},
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use crate::{
    contract::{PROJECT_ID_LENGTH, TOKEN_HEADER, TOKEN_MAX, is_project_id, project_id},
    failure::Failure,
    sessions::Sessions,
};

/// Who is let in.
pub struct Auth {
    /// The caller of the command line, if there is one.
    pub fixed: Option<Fixed>,
    /// Those who signed in.
    pub sessions: Sessions,
}

/// The caller of the command line.
pub struct Fixed {
    /// The token itself is not kept.
    token_sha256: [u8; 32],
    project_id: String,
}

impl Fixed {
    /// Checks both values against the contract; an error is a sentence that quotes neither.
    pub fn new(token: &str, project_id: String) -> Result<Self, String> {
        let token = token.trim_ascii();
        if !(1..=TOKEN_MAX).contains(&token.len())
            || !token.bytes().all(|byte| (0x20..=0x7E).contains(&byte))
        {
            return Err(format!(
                "the token must be 1 to {TOKEN_MAX} printable ASCII characters."
            ));
        }
        if !is_project_id(&project_id) {
            return Err(format!(
                "the project id must be {PROJECT_ID_LENGTH} letters, digits, `-` or `_`."
            ));
        }
        Ok(Self {
            token_sha256: Sha256::digest(token).into(),
            project_id,
        })
    }

    /// The project whose keys these are.
    pub fn project_id(&self) -> &str {
        &self.project_id
    }

    /// Digests have one length, so the comparison does not tell the token's length either.
    fn is(&self, sha256: &[u8; 32]) -> bool {
        bool::from(sha256.ct_eq(&self.token_sha256))
    }
}

impl Auth {
    /// The project of a request, if its token is for it.
    fn admits(&self, headers: &HeaderMap, uri: &Uri) -> Option<String> {
        let presented = Sha256::digest(only_token(headers)?.as_bytes()).into();
        let project = match self.fixed.as_ref().filter(|fixed| fixed.is(&presented)) {
            Some(fixed) => fixed.project_id.clone(),
            None => self
                .sessions
                .project_of(&presented, OffsetDateTime::now_utc())?,
        };
        project_id(uri).filter(|asked| *asked == project)
    }
}

/// The token, if there is exactly one.
fn only_token(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut tokens = headers.get_all(TOKEN_HEADER).iter();
    match (tokens.next(), tokens.next()) {
        (token, None) => token,
        _ => None,
    }
}

/// Proof that the request was let in, and for which project. A handler takes it first, so that
/// nothing of a stranger's request is read: not the path's id, not the body.
pub struct Caller {
    /// The project whose keys these are.
    pub project_id: String,
}

impl<S: Sync> FromRequestParts<S> for Caller
where
    Arc<Auth>: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let project = Arc::<Auth>::from_ref(state).admits(&parts.headers, &parts.uri);
        let project_id = project.ok_or(Failure::Unauthorized)?;
        Ok(Self { project_id })
    }
}

/// The token of a request that a relay passes on: checked for its form, and marked so that
/// nothing prints it. The upstream judges it.
pub struct Token(pub HeaderValue);

impl<S: Sync> FromRequestParts<S> for Token {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let mut token = only_token(&parts.headers)
            .filter(|token| (1..=TOKEN_MAX).contains(&token.len()))
            .ok_or(Failure::NoToken)?
            .clone();
        token.set_sensitive(true);
        Ok(Self(token))
    }
}
