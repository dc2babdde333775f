//! Times and durations in words, in the way that people chose: since the start of the session, UTC or local time.
use std::time::Duration;

use jiff::tz::TimeZone;

use super::command::TimeMode;
use crate::core::time::Timestamp;

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

/// A duration to three digits or so: `182 ms`, `20.6 s`, `1 m 12 s`, `4 h 05 m`, `3 d 04 h`.
#[must_use]
pub fn duration(length: Duration) -> String {
    let millis = length.as_millis();
    let seconds = length.as_secs();
    match seconds {
        0 if millis == 0 && length.as_micros() > 0 => format!("{} µs", length.as_micros()),
        0 => format!("{millis} ms"),
        1..60 => {
            let tenths = (millis + 50) / 100;
            if tenths.is_multiple_of(10) {
                format!("{} s", tenths / 10)
            } else {
                format!("{}.{} s", tenths / 10, tenths % 10)
            }
        }
        60..3_600 if seconds.is_multiple_of(60) => format!("{} m", seconds / 60),
        60..3_600 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {:02} m", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {:02} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short_and_keep_what_matters() {
        for (nanos, text) in [
            (0, "0 ms"),
            (350_000, "350 µs"),
            (182_000_000, "182 ms"),
            (2_000_000_000, "2 s"),
            (20_640_000_000, "20.6 s"),
            (59_990_000_000, "60 s"),
            (60_000_000_000, "1 m"),
            (72_000_000_000, "1 m 12 s"),
            (14_700_000_000_000, "4 h 05 m"),
            (273_600_000_000_000, "3 d 04 h"),
        ] {
            assert_eq!(duration(Duration::from_nanos(nanos)), text);
        }
    }

    #[test]
    fn instants_are_written_as_chosen() {
        let origin = Timestamp::from_millis(1_764_000_000_000);
        let at = Timestamp::from_millis(1_764_000_010_500);
        assert_eq!(instant(TimeMode::Relative, at, origin), "+10.5 s");
        assert_eq!(instant(TimeMode::Relative, origin, at), "−10.5 s");
        assert_eq!(instant(TimeMode::Utc, at, origin), "16:00:10.500");
    }
}
