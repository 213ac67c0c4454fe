//! Which keys a list asks for: the query parameters `offset` and `limit`.
//!
//! Both are decimal numbers, and both may be left out: then nothing is skipped, and at most
//! 100 keys are listed. An unknown parameter, one that is there twice, and one that is no
//! number in its range are all refused.

use percent_encoding::percent_decode_str;

use crate::contract::number;

/// The most keys that can be skipped.
const OFFSET_MAX: u16 = 1_000;

/// The fewest and the most keys that can be asked for.
const LIMIT_MIN: u16 = 1;
const LIMIT_MAX: u16 = 1_000;

const OFFSET_DEFAULT: u16 = 0;
const LIMIT_DEFAULT: u16 = 100;

/// The two parameters, as far as they were given.
#[derive(Default)]
pub struct ListQuery {
    offset: Option<u16>,
    limit: Option<u16>,
}

impl ListQuery {
    /// Reads a query, without its question mark; `None` if anything is wrong with it.
    pub fn read(query: Option<&str>) -> Option<Self> {
        let mut asked = Self::default();
        let Some(query) = query.filter(|query| !query.is_empty()) else {
            return Some(asked);
        };
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=')?;
            let (place, range) = match decode(name)?.as_str() {
                "offset" => (&mut asked.offset, 0..=OFFSET_MAX),
                "limit" => (&mut asked.limit, LIMIT_MIN..=LIMIT_MAX),
                _ => return None,
            };
            let number = number(&decode(value)?).filter(|number| range.contains(number))?;
            if place.replace(number).is_some() {
                return None;
            }
        }
        Some(asked)
    }

    /// How many of the newest keys are skipped.
    pub fn offset(&self) -> u16 {
        self.offset.unwrap_or(OFFSET_DEFAULT)
    }

    /// How many keys are listed at most.
    pub fn limit(&self) -> u16 {
        self.limit.unwrap_or(LIMIT_DEFAULT)
    }

    /// The parameters as a query, with its question mark, or nothing if there are none.
    pub fn text(&self) -> String {
        let given: Vec<_> = [("offset", self.offset), ("limit", self.limit)]
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
            .collect();
        if given.is_empty() {
            String::new()
        } else {
            format!("?{}", given.join("&"))
        }
    }
}

fn decode(text: &str) -> Option<String> {
    Some(percent_decode_str(text).decode_utf8().ok()?.into_owned())
}
