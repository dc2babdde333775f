//! An instant to the day and the time of day that a clock in UTC shows.
use super::parse::is_valid;

/// A day of the Gregorian calendar, carried back, with a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Year, negative before the year 0.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 for Sunday to 6.
    pub weekday: u8,
    /// 1 to 366.
    pub day_of_year: u16,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 999.
    pub millisecond: u16,
}

impl Civil {
    /// What a clock in UTC shows so many milliseconds after the beginning of 1970; none if that is no date.
    #[must_use]
    pub fn of_millis(millis: f64) -> Option<Self> {
        if !is_valid(millis) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a date has at most 8.64e15 milliseconds")]
        let millis = millis.trunc() as i64;
        let (days, of_day) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
        let (year, month, day) = day_of(days);
        let part = |unit: i64, below: i64| of_day / unit % below;
        Some(Self {
            year,
            month: small(month),
            day: small(day),
            weekday: small((days + 4).rem_euclid(7)),
            day_of_year: small(days - days_of(year, 1, 1) + 1),
            hour: small(part(3_600_000, 24)),
            minute: small(part(60_000, 60)),
            second: small(part(1000, 60)),
            millisecond: small(part(1, 1000)),
        })
    }
}

fn small<T: TryFrom<i64> + Default>(number: i64) -> T {
    T::try_from(number).unwrap_or_default()
}

/// Year, month and day, so many days after the first of 1970. Years begin in March here, so that the leap day is the last.
fn day_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// Days from the first of 1970 to a day.
pub(super) fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn clocks_show_what_they_should() {
        let civil = |millis| {
            let at = Civil::of_millis(millis)?;
            Some((at.year, at.month, at.day, at.weekday, at.day_of_year, at.hour, at.minute, at.second, at.millisecond))
        };
        for (millis, expected) in [
            (0.0, Some((1970, 1, 1, 4, 1, 0, 0, 0, 0))),
            (-1.0, Some((1969, 12, 31, 3, 365, 23, 59, 59, 999))),
            (1_709_622_489_123.0, Some((2024, 3, 5, 2, 65, 7, 8, 9, 123))),
            (1_735_603_200_000.0, Some((2024, 12, 31, 2, 366, 0, 0, 0, 0))),
            (1_795_168_800_000_000.0, Some((58_856, 8, 19, 6, 232, 16, 0, 0, 0))),
            (8.64e15, Some((275_760, 9, 13, 6, 257, 0, 0, 0, 0))),
            (-8.64e15, Some((-271_821, 4, 20, 2, 110, 0, 0, 0, 0))),
            (8.65e15, None),
            (f64::NAN, None),
        ] {
            assert_eq!(civil(millis), expected, "{millis}");
        }
    }

    proptest! {
        #[test]
        fn days_there_and_back_are_the_same(days in -100_000_000_i64..=100_000_000) {
            let (year, month, day) = day_of(days);
            prop_assert_eq!(days_of(year, month, day), days);
        }
    }
}
