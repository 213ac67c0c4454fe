//! `Via`, by which a relay knows again what it has passed on itself: RFC 9110, section 7.6.3.

use axum::http::{HeaderMap, HeaderValue, Version, header};

use crate::{failure::Failure, key::random_uuid};

/// The longest way that is passed on, in bytes: more than twenty relays like this one.
const VIA_MAX: usize = 1_024;

/// The name of this relay among all: of this process, so that a chain of relays is none.
pub struct Pseudonym(String);

impl Pseudonym {
    /// Draws a name; fails only where the system has no randomness.
    pub fn draw() -> Result<Self, getrandom::Error> {
        Ok(Self(format!("relay-{}", random_uuid()?.simple())))
    }

    /// The way of a request that is passed on: what it brings, and this relay. One that was here
    /// before, or at too many others, is refused.
    pub fn after(&self, headers: &HeaderMap, version: Version) -> Result<HeaderValue, Failure> {
        let mut way = Vec::new();
        for via in headers.get_all(header::VIA) {
            way.extend_from_slice(via.as_bytes());
            way.extend_from_slice(b", ");
        }
        let name = self.0.as_bytes();
        if way.len() > VIA_MAX || way.windows(name.len()).any(|part| part == name) {
            return Err(Failure::Loop);
        }
        let protocol = if version == Version::HTTP_10 {
            "1.0"
        } else {
            "1.1"
        };
        way.extend_from_slice(format!("{protocol} {}", self.0).as_bytes());
        HeaderValue::from_bytes(&way).map_err(|_| Failure::Loop)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Version, header};

    use super::Pseudonym;

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::VIA, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_relay_adds_its_name_and_knows_it_again() {
        let (first, second) = (Pseudonym::draw().unwrap(), Pseudonym::draw().unwrap());
        let way = first.after(&headers(&[]), Version::HTTP_10).unwrap();
        assert_eq!(way, format!("1.0 {}", first.0));
        let way = second
            .after(
                &headers(&["1.1 a (b)", way.to_str().unwrap()]),
                Version::HTTP_11,
            )
            .unwrap();
        assert_eq!(way, format!("1.1 a (b), 1.0 {}, 1.1 {}", first.0, second.0));
        for relay in [first, second] {
            let way = headers(&["1.1 c", way.to_str().unwrap()]);
            assert!(relay.after(&way, Version::HTTP_11).is_err());
        }
    }

    #[test]
    fn a_way_too_long_is_a_loop() {
        let relay = Pseudonym::draw().unwrap();
        let long = "1.1 a, ".repeat(146);
        let long = long.trim_end_matches(", ");
        assert!(relay.after(&headers(&[long]), Version::HTTP_11).is_ok());
        assert!(
            relay
                .after(&headers(&[long, "1.1 a"]), Version::HTTP_11)
                .is_err()
        );
    }
}
