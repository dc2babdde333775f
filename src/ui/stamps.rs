//! Times and durations in words, in the way that people chose: since the start of the session, UTC or local time.
use jiff::tz::TimeZone;

use super::command::TimeMode;
use crate::core::time::Timestamp;

pub use crate::core::duration_words::in_words as duration;

/// An instant to the millisecond, in a session that began at `origin`.
#[must_use]
pub fn instant(mode: TimeMode, at: Timestamp, origin: Timestamp) -> String {
    match mode {
        TimeMode::Relative if at >= origin => format!("+{}", duration(at.since(origin))),
        TimeMode::Relative => format!("−{}", duration(origin.since(at))),
        TimeMode::Utc => clock_time(at, TimeZone::UTC, "%H:%M:%S%.3f"),
        TimeMode::Local => clock_time(at, TimeZone::system(), "%H:%M:%S%.3f"),
    }
}

/// An instant in a time zone, in the words of a `strftime` pattern.
#[must_use]
pub fn clock_time(at: Timestamp, zone: TimeZone, pattern: &str) -> String {
    let stamp = jiff::Timestamp::from_nanosecond(i128::from(at.as_nanos())).unwrap_or_default();
    stamp.to_zoned(zone).strftime(pattern).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_chosen() {
        let origin = Timestamp::from_millis(1_764_000_000_000);
        let at = Timestamp::from_millis(1_764_000_010_500);
        assert_eq!(instant(TimeMode::Relative, at, origin), "+10.5 s");
        assert_eq!(instant(TimeMode::Relative, origin, at), "−10.5 s");
        assert_eq!(instant(TimeMode::Utc, at, origin), "16:00:10.500");
    }
}
