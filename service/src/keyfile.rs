//! The key file: a ZIP that holds one `credential.csv`.
//!
//! The CSV (RFC 4180, UTF-8, lines end in CRLF) has a head line and one row:
//!
//! | column | content |
//! |---|---|
//! | `credential_id` | the key's id, by which it is deleted |
//! | `project_id` | the project that it belongs to |
//! | `description` | as asked for; empty where none was given |
//! | `api_key` | the secret value, the only copy there is |
//! | `create_time` | RFC 3339, UTC, with milliseconds |

use std::{
    error::Error,
    io::{Cursor, Write},
};

use time::{OffsetDateTime, PrimitiveDateTime};
use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

use crate::{key::NewKey, timestamp};

/// The name of the one entry.
const ENTRY: &str = "credential.csv";

/// Packs a key's file in memory.
pub fn pack(
    key: &NewKey,
    project_id: &str,
    description: Option<&str>,
    created: OffsetDateTime,
) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    csv.write_record([
        "credential_id",
        "project_id",
        "description",
        "api_key",
        "create_time",
    ])?;
    csv.write_record([
        &key.id,
        project_id,
        description.unwrap_or_default(),
        &key.secret,
        &timestamp::text(created)?,
    ])?;
    // The format knows 1980 to 2107; outside of it a wrong clock must not cost the key.
    let modified = DateTime::try_from(PrimitiveDateTime::new(created.date(), created.time()));
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(modified.unwrap_or_default())
        .unix_permissions(0o600);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(ENTRY, options)?;
    zip.write_all(&csv.into_inner()?)?;
    Ok(zip.finish()?.into_inner())
}

/// The name under which a browser saves the file.
pub fn name(key: &NewKey) -> String {
    format!("node-provider-key-{}.zip", key.id)
}
