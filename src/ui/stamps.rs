//! Times and durations in words, in the way that people chose: since the start of the session, UTC or local time.
use std::time::Duration;

use jiff::tz::TimeZone;

use super::command::TimeMode;
use crate::core::time::Timestamp;

pub use crate::core::duration_words::in_words as duration;

/// An instant to the millisecond, in a session that began at `origin`.
#[must_use]
pub fn instant(mode: TimeMode, at: Timestamp, origin: Timestamp) -> String {
    match mode {
        TimeMode::Relative if at >= origin => format!("+{}", stopwatch(at.since(origin))),
        TimeMode::Relative => format!("−{}", stopwatch(origin.since(at))),
        TimeMode::Utc => clock_time(at, TimeZone::UTC, "%H:%M:%S%.3f"),
        TimeMode::Local => clock_time(at, TimeZone::system(), "%H:%M:%S%.3f"),
    }
}

/// A duration to the millisecond, as on a stopwatch: `2.114 s`, `31:05.200`, `2:31:05.200`, `3 d 02:31:05`.
fn stopwatch(length: Duration) -> String {
    let (seconds, millis) = (length.as_secs(), length.subsec_millis());
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match seconds {
        0..60 => format!("{seconds}.{millis:03} s"),
        60..3_600 => format!("{minutes}:{:02}.{millis:03}", seconds % 60),
        3_600..86_400 => format!("{hours}:{minutes:02}:{:02}.{millis:03}", seconds % 60),
        _ => format!("{days} d {hours:02}:{minutes:02}:{:02}", seconds % 60),
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
        assert_eq!(instant(TimeMode::Relative, at, origin), "+10.500 s");
        assert_eq!(instant(TimeMode::Relative, origin, at), "−10.500 s");
        let hours = Timestamp::from_millis(1_764_009_065_200);
        assert_eq!(instant(TimeMode::Relative, hours, origin), "+2:31:05.200");
        assert_eq!(instant(TimeMode::Utc, at, origin), "16:00:10.500");
    }
}
