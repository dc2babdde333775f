//! Instants in the one form that this program writes: `2026-11-22T07:31:02.114Z`, with any number of digits up to nine.
use crate::core::time::Timestamp;

/// The instant; none for anything else, which may be an instant all the same.
pub(super) fn instant(text: &[u8]) -> Option<Timestamp> {
    Calendar::default().instant(text)
}

/// Length of an instant in whole milliseconds.
pub(super) const MILLIS_LEN: usize = "2026-11-22T07:31:02.114Z".len();

/// Reads instants, of which many have the minute of the one before, and most its date.
#[derive(Debug)]
pub(super) struct Calendar {
    /// The beginning of the one before, up to its minute.
    minute: [u8; 16],
    /// Days from 1970-01-01 to its date.
    days: i64,
    /// Minutes from then to its minute.
    minutes: i64,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { minute: *b"1970-01-01T00:00", days: 0, minutes: 0 }
    }
}

impl Calendar {
    /// The instant; none for anything else, which may be an instant all the same.
    pub(super) fn instant(&mut self, text: &[u8]) -> Option<Timestamp> {
        let (minute, rest) = text.split_first_chunk::<16>()?;
        if *minute != self.minute {
            self.turn_to(minute)?;
        }
        let ([b':', s1 @ b'0'..=b'5', s2 @ b'0'..=b'9'], fraction) = rest.split_first_chunk()? else { return None };
        let seconds = self.minutes * 60 + i64::from(s1 - b'0') * 10 + i64::from(s2 - b'0');
        Some(Timestamp::from_nanos(seconds * 1_000_000_000 + nanos(fraction)?))
    }

    /// Goes to a minute such as `2026-11-22T07:31`.
    fn turn_to(&mut self, minute: &[u8; 16]) -> Option<()> {
        let (date, clock) = minute.split_first_chunk::<10>()?;
        let days = if self.minute.starts_with(date) { self.days } else { days(*date)? };
        let [b'T', h1, h2, b':', mi1, mi2] = clock else { return None };
        let (hour, minute_of_hour) = (number(&[*h1, *h2])?, number(&[*mi1, *mi2])?);
        if hour >= 24 || minute_of_hour >= 60 {
            return None;
        }
        *self = Self { minute: *minute, days, minutes: (days * 24 + hour) * 60 + minute_of_hour };
        Some(())
    }
}

/// Days since 1970-01-01 of a date such as `2026-11-22`.
fn days([y1, y2, y3, y4, dash, mo1, mo2, other_dash, d1, d2]: [u8; 10]) -> Option<i64> {
    let (year, month, day) = (number(&[y1, y2, y3, y4])?, number(&[mo1, mo2])?, number(&[d1, d2])?);
    let is_sane = (dash, other_dash) == (b'-', b'-')
        && (1700..2200).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day);
    is_sane.then(|| days_since_epoch(year, month, day))
}

/// Nanoseconds of a fraction such as `.114Z`, or of `Z` alone.
fn nanos(fraction: &[u8]) -> Option<i64> {
    const UNITS: [i64; 10] = [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    match fraction {
        // The form of all but foreign lines; a loop costs more than these three digits.
        [b'.', d1 @ b'0'..=b'9', d2 @ b'0'..=b'9', d3 @ b'0'..=b'9', b'Z'] => {
            let millis = [d1, d2, d3].map(|digit| i64::from(digit - b'0'));
            Some((millis[0] * 100 + millis[1] * 10 + millis[2]) * UNITS[3])
        }
        [b'Z'] => Some(0),
        [b'.', digits @ .., b'Z'] if !digits.is_empty() => Some(number(digits)? * UNITS.get(digits.len())?),
        _ => None,
    }
}

/// A number of at most 18 digits.
fn number(digits: &[u8]) -> Option<i64> {
    let (mut value, mut highest) = (0_i64, 0);
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        highest = digit.max(highest);
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
    }
    (highest < 10 && digits.len() <= 18).then_some(value)
}

const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
const fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let century = year / 100;
    let months_since_march = (month + 9) % 12;
    let day_of_year = (153 * months_since_march + 2) / 5 + day - 1;
    year * 365 + year / 4 - century + century / 4 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_new_calendar_knows_no_minute_that_is_none() {
        let mut text = *b"1970-01-01T00:00:07.114Z";
        assert_eq!(instant(&text), Some(Timestamp::from_nanos(7_114_000_000)));
        text[..16].fill(0);
        assert_eq!(instant(&text), None);
    }

    proptest! {
        #[test]
        fn what_is_taken_is_what_the_calendar_says(
            seconds in -8_500_000_000_i64..7_200_000_000,
            nanos in prop_oneof![Just(0_i64), (0_i64..1_000).prop_map(|millis| millis * 1_000_000), 0_i64..1_000_000_000],
        ) {
            let at = Timestamp::from_nanos(seconds * 1_000_000_000 + nanos);
            prop_assert_eq!(instant(at.to_string().as_bytes()), Some(at));
        }

        #[test]
        fn nothing_is_taken_that_the_calendar_refuses(text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,10})?Z?") {
            if let Some(at) = instant(text.as_bytes()) {
                prop_assert_eq!(text.parse(), Ok(at));
            }
        }

        #[test]
        fn no_byte_that_is_off_is_taken(at in 0..24_usize, byte in any::<u8>()) {
            let mut text = *b"2026-11-22T07:31:02.114Z";
            text[at] = byte;
            let said = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
            if let Some(at) = instant(&text) {
                prop_assert_eq!(said, Some(at));
            }
        }

        #[test]
        fn a_calendar_gives_what_a_new_one_gives(
            texts in prop::collection::vec("202[67]-1[012]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z", 0..200),
        ) {
            let mut calendar = Calendar::default();
            for text in &texts {
                prop_assert_eq!(calendar.instant(text.as_bytes()), instant(text.as_bytes()), "{}", text);
            }
        }
    }
}
