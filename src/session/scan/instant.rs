//! Instants in the one form that this program writes: `2026-11-22T07:31:02.114Z`, with any number of digits up to nine.
use crate::core::time::Timestamp;

/// The instant; none for anything else, which may be an instant all the same.
pub(super) fn instant(text: &[u8]) -> Option<Timestamp> {
    Calendar::default().instant(text)
}

/// Reads instants, of which many have the date of the one before.
#[derive(Debug, Default)]
pub(super) struct Calendar {
    date: [u8; 10],
    days: i64,
}

impl Calendar {
    /// The instant; none for anything else, which may be an instant all the same.
    pub(super) fn instant(&mut self, text: &[u8]) -> Option<Timestamp> {
        let (date, rest) = text.split_first_chunk::<10>()?;
        if *date != self.date {
            self.days = days(*date)?;
            self.date = *date;
        }
        let (mark, rest) = rest.split_first()?;
        let (clock, rest) = rest.split_first_chunk::<8>()?;
        let seconds = (*mark == b'T').then(|| seconds(*clock))?? + self.days * 86_400;
        Some(Timestamp::from_nanos(seconds * 1_000_000_000 + nanos(rest)?))
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

/// Seconds since midnight of a time such as `07:31:02`.
fn seconds(clock: [u8; 8]) -> Option<i64> {
    const ZEROS: u64 = u64::from_be_bytes(*b"00:00:00");
    const BEYOND_DIGITS: u64 = u64::from_be_bytes([0xf0, 0xf0, 0xff, 0xf0, 0xf0, 0xff, 0xf0, 0xf0]);
    const SIX_IN_DIGITS: u64 = u64::from_be_bytes([6, 6, 0, 6, 6, 0, 6, 6]);
    // All eight bytes at once: colons become 0 and digits their values, which with 6 more are below 16.
    let values = u64::from_be_bytes(clock) ^ ZEROS;
    if values & BEYOND_DIGITS != 0 || (values + SIX_IN_DIGITS) & BEYOND_DIGITS != 0 {
        return None;
    }
    let [h1, h2, _, mi1, mi2, _, s1, s2] = values.to_be_bytes().map(i64::from);
    let (hour, minute, second) = (h1 * 10 + h2, mi1 * 10 + mi2, s1 * 10 + s2);
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3_600 + minute * 60 + second)
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
            texts in prop::collection::vec("20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]Z", 0..20),
        ) {
            let mut calendar = Calendar::default();
            for text in &texts {
                prop_assert_eq!(calendar.instant(text.as_bytes()), instant(text.as_bytes()), "{}", text);
            }
        }
    }
}
