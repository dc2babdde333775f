//! Times as text.

/// Whether a number of milliseconds since 1970 is a date: 100 million days either way.
#[must_use]
pub fn is_valid(millis: f64) -> bool {
    millis.abs() <= 8.64e15
}

/// `Date.parse(text)` in a process whose time zone is UTC: milliseconds since 1970, `None` for no date.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let stamp = text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond);
    let date = || {
        Some(
            text.parse::<jiff::civil::Date>()
                .ok()?
                .to_zoned(jiff::tz::TimeZone::UTC)
                .ok()?
                .timestamp()
                .as_millisecond(),
        )
    };
    #[expect(clippy::cast_precision_loss, reason = "the years of jiff are far below 2⁵³ milliseconds")]
    stamp.ok().or_else(date).map(|millis| millis as f64)
}
