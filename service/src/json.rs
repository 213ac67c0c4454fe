//! JSON of a request, read strictly: a name that is there twice is an error, and so is a name
//! that nobody asks for.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

/// A value. Texts may be secret: they are wiped when dropped, and nothing prints them.
pub enum Json {
    /// Names and values, in their order; each name is there once.
    Object(Vec<(String, Self)>),
    /// Values, in their order.
    Array(Vec<Self>),
    /// A text.
    Text(Zeroizing<String>),
    /// A number, `true`, `false` or `null`: no call takes one.
    Other,
}

impl Json {
    /// Reads one value and nothing after it; `None` where the bytes are anything else. It may be
    /// nested as deep as serde_json goes, which is 127 levels.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The values of an object's fields by these names, as far as they are there; `None` where it
    /// is no object, or has another field.
    pub fn fields<const N: usize>(self, names: [&str; N]) -> Option<[Option<Self>; N]> {
        let Self::Object(fields) = self else {
            return None;
        };
        let mut values = names.map(|_| None);
        for (name, value) in fields {
            let at = names.iter().position(|known| *known == name)?;
            *values.get_mut(at)? = Some(value);
        }
        Some(values)
    }

    /// The value of the one field of an object.
    pub fn only(self, name: &str) -> Option<Self> {
        let [value] = self.fields([name])?;
        value
    }

    /// The text that this is.
    pub fn text(self) -> Option<Zeroizing<String>> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The values that this has.
    pub fn list(self) -> Option<Vec<Self>> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut fields: Vec<(String, Json)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom("a name is there twice"));
            }
            if fields.len() == FIELDS_MAX {
                return Err(A::Error::custom("too many fields"));
            }
            fields.push((name, map.next_value()?));
        }
        Ok(Json::Object(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element()? {
            list.push(value);
        }
        Ok(Json::Array(list))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }
}

/// The most fields of an object, so that looking for a name twice stays cheap. No call has as many.
const FIELDS_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn fields_are_those_that_are_asked_for() {
        let read = |text: &str| Json::read(text.as_bytes());
        let [a, b] = read(r#"{"b":"1"}"#).unwrap().fields(["a", "b"]).unwrap();
        assert!(a.is_none());
        assert_eq!(*b.unwrap().text().unwrap(), "1");
        assert!(read(r#"{"a":1,"c":2}"#).unwrap().fields(["a"]).is_none());
        assert!(read("[]").unwrap().fields(["a"]).is_none());
        assert!(read("{}").unwrap().only("a").is_none());
        assert!(
            read(r#"{"a":1}"#)
                .unwrap()
                .only("a")
                .unwrap()
                .text()
                .is_none()
        );
        assert_eq!(read("[1,null]").unwrap().list().unwrap().len(), 2);
    }

    #[test]
    fn what_is_not_one_strict_value_is_refused() {
        let deep = "[".repeat(200);
        let wide: Vec<_> = (0..17).map(|name| format!("\"{name}\":0")).collect();
        for text in [
            "",
            "{",
            "{} {}",
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":1}"#,
            r#"[{"b":{"a":1,"a":1}}]"#,
            "\"\\ud800\"",
            "1e999",
            &deep,
            &format!("{{{}}}", wide.join(",")),
        ] {
            assert!(Json::read(text.as_bytes()).is_none(), "{text}");
        }
        assert!(Json::read(b"\"\xff\"").is_none());
    }
}
