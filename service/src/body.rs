//! What a create asks for: a JSON object with at most one field, `description`.
//!
//! The body's content type is not looked at, since the API page names no such header. An
//! empty body is refused: it is no JSON, and a client that lost its body must not get a
//! nameless key. Absent and empty descriptions are different requests.

use std::{fmt, time::Duration};

use axum::body::{Body, Bytes, to_bytes};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use tokio::time::timeout;

use crate::failure::Failure;

/// The largest body, in bytes. The largest legal request is far smaller.
pub const BODY_MAX: usize = 64 * 1024;

/// The longest description, in code points; Table 3 of the create page.
const DESCRIPTION_MAX: usize = 100;

/// Reads a create's body and gives the description, if there is one.
///
/// Everything that is wrong with a body is the same failure, also one that does not arrive
/// within `patience`.
pub async fn description(body: Body, patience: Duration) -> Result<Option<String>, Failure> {
    let bytes = whole(body, patience).await.ok_or(Failure::Invalid)?;
    parse(&bytes).map_err(|_| Failure::Invalid)
}

/// The bytes of a body; `None` where there are too many, or they do not arrive within `patience`.
pub async fn whole(body: Body, patience: Duration) -> Option<Bytes> {
    timeout(patience, to_bytes(body, BODY_MAX)).await.ok()?.ok()
}

fn parse(bytes: &[u8]) -> serde_json::Result<Option<String>> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    // A derived struct would take an array too, and null for an absent description.
    let description = json.deserialize_map(Fields)?;
    json.end()?;
    Ok(description)
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with the field `description` or none")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut description = None;
        while let Some(name) = map.next_key::<String>()? {
            if name != "description" {
                return Err(A::Error::custom("unknown field"));
            }
            if description.is_some() {
                return Err(A::Error::duplicate_field("description"));
            }
            let text: String = map.next_value()?;
            if text.chars().count() > DESCRIPTION_MAX {
                return Err(A::Error::custom("too long"));
            }
            description = Some(text);
        }
        Ok(description)
    }
}
