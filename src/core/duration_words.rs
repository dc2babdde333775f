//! Durations in words: those that the program writes for people, and those that people write.
use std::time::Duration;

/// A duration to three digits or so: `182 ms`, `20.6 s`, `1 m 12 s`, `4 h 05 m`, `3 d 04 h`.
#[must_use]
pub fn in_words(length: Duration) -> String {
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

/// Names of units, and how many seconds each has.
const UNITS: &[(&[&str], f64)] = &[
    (&["ms", "millisecond", "milliseconds"], 0.001),
    (&["s", "sec", "secs", "second", "seconds"], 1.0),
    (&["m", "min", "mins", "minute", "minutes"], 60.0),
    (&["h", "hour", "hours"], 3_600.0),
    (&["d", "day", "days"], 86_400.0),
];

/// The duration that somebody wrote: `1h 30m` is an hour and a half, `30` is thirty seconds.
#[must_use]
pub fn from_words(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if let Ok(seconds) = rest.parse() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let (number, behind) = rest.split_at(rest.find(|c: char| c != '.' && !c.is_ascii_digit())?);
        let behind = behind.trim_start();
        let (unit, behind) = behind.split_at(behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len()));
        let (_, length) = UNITS.iter().find(|(names, _)| names.contains(&unit))?;
        seconds += number.parse::<f64>().ok()? * length;
        rest = behind.trim_start();
    }
    let is_empty = text.trim().is_empty();
    Duration::try_from_secs_f64(seconds).ok().filter(|_| !is_empty)
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
            assert_eq!(in_words(Duration::from_nanos(nanos)), text);
        }
    }

    #[test]
    fn what_the_screen_says_can_be_typed() {
        for length in [0, 182_000_000, 2_000_000_000, 20_600_000_000, 72_000_000_000, 14_700_000_000_000] {
            let length = Duration::from_nanos(length);
            assert_eq!(from_words(&in_words(length)), Some(length));
        }
        assert_eq!(from_words("h"), None);
    }
}
