//! A new key: its id, and a secret from the system's randomness.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// A key that is not stored yet.
pub struct NewKey {
    /// 36 characters, a random UUID.
    pub id: String,
    /// 64 hexadecimal digits (256 random bits), so that it fits into a node's URL as it is.
    pub secret: String,
}

impl NewKey {
    /// Draws a key; fails only where the system has no randomness.
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self {
            id: random_uuid()?.to_string(),
            secret: hexadecimal(&bytes),
        })
    }

    /// What is stored of the secret: the SHA-256 of its text, as 64 hexadecimal digits.
    pub fn secret_sha256(&self) -> String {
        hexadecimal(&Sha256::digest(&self.secret))
    }
}

/// A version 4 UUID; the uuid crate's own constructor would panic without randomness.
pub fn random_uuid() -> Result<Uuid, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(Builder::from_random_bytes(bytes).into_uuid())
}

/// Bytes as hexadecimal digits, two for each.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
