//! Times as the API's texts have them.

use std::num::NonZero;

use time::{
    OffsetDateTime,
    error::Format,
    format_description::well_known::{
        Iso8601,
        iso8601::{Config, EncodedConfig, TimePrecision},
    },
};

/// RFC 3339 with three digits of the second, always: so the texts sort as the times do.
const FORMAT: EncodedConfig = Config::DEFAULT
    .set_time_precision(TimePrecision::Second {
        decimal_digits: NonZero::new(3),
    })
    .encode();

/// The same with six digits, as IAM has it.
const IAM_FORMAT: EncodedConfig = Config::DEFAULT
    .set_time_precision(TimePrecision::Second {
        decimal_digits: NonZero::new(6),
    })
    .encode();

/// Such as `2026-01-31T23:59:59.120000Z`. The time must be in UTC.
pub fn iam_text(time: OffsetDateTime) -> Result<String, Format> {
    time.format(&Iso8601::<IAM_FORMAT>)
}

/// Such as `2026-01-31T23:59:59.120Z`. The time must be in UTC.
pub fn text(time: OffsetDateTime) -> Result<String, Format> {
    time.format(&Iso8601::<FORMAT>)
}

/// Milliseconds since 1970, UTC, as the database has them.
pub fn milliseconds(time: OffsetDateTime) -> i128 {
    time.unix_timestamp_nanos() / NANOSECONDS
}

/// The reverse of [`milliseconds`]; fails beyond the year 9999.
pub fn from_milliseconds(milliseconds: i64) -> Result<OffsetDateTime, time::error::ComponentRange> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * NANOSECONDS)
}

/// The nanoseconds of a millisecond.
const NANOSECONDS: i128 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::{from_milliseconds, iam_text, milliseconds, text};

    #[test]
    fn the_texts_are_utc_with_three_digits_and_sort_as_the_times_do() {
        let texts: Vec<_> = [0, 1, 10, 100, 999, 1_000, 1_785_585_599_120]
            .map(|time| {
                let read = from_milliseconds(time).unwrap();
                assert_eq!(milliseconds(read), i128::from(time));
                text(read).unwrap()
            })
            .into();
        assert!(texts.is_sorted());
        assert_eq!(texts.first().unwrap(), "1970-01-01T00:00:00.000Z");
        assert_eq!(texts.last().unwrap(), "2026-08-01T11:59:59.120Z");
        assert!(from_milliseconds(i64::MAX).is_err());
        let second = from_milliseconds(1_785_585_599_000).unwrap();
        assert_eq!(iam_text(second).unwrap(), "2026-08-01T11:59:59.000000Z");
    }
}
