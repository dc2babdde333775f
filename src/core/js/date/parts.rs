//! What has been read of a time so far, and what it comes to.
use super::civil::days_of;

/// Up to three numbers and perhaps the name of a month.
#[derive(Default)]
pub(super) struct Day {
    numbers: Vec<i32>,
    pub(super) named_month: Option<i32>,
    pub(super) form: Form,
}

/// How the numbers of a day are read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// Year, month, day, as they stand.
    Iso,
    /// Month, day and year unless the first cannot be one; two digits make a year between 1950 and 2049.
    #[default]
    Older,
}

impl Day {
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    pub(super) fn add(&mut self, number: i32) -> Option<()> {
        (self.numbers.len() < 3).then(|| self.numbers.push(number))
    }

    /// Days since 1970. Missing numbers are 1.
    pub(super) fn days(&self) -> Option<i64> {
        let first = *self.numbers.first()?;
        let second = self.numbers.get(1).copied().unwrap_or(1);
        let third = self.numbers.get(2).copied().unwrap_or(1);
        let (year, month, day) = match self.named_month {
            None if self.form == Form::Iso || !is_day(first) => (first, second, third),
            None => (third, first, second),
            Some(month) if !is_day(first) => (first, month, second),
            Some(month) => (second, month, first),
        };
        let year = match year {
            0..=49 if self.form == Form::Older => year + 2000,
            50..=99 if self.form == Form::Older => year + 1900,
            _ => year,
        };
        (is_month(month) && is_day(day)).then(|| days_of(year.into(), month.into(), day.into()))
    }
}

pub(super) fn is_month(number: i32) -> bool {
    (1..=12).contains(&number)
}

pub(super) fn is_day(number: i32) -> bool {
    (1..=31).contains(&number)
}

/// Hour, minute, second, millisecond, as far as they were read.
#[derive(Default)]
pub(super) struct Clock {
    numbers: Vec<i32>,
    pub(super) half_of_day: Option<i32>,
}

impl Clock {
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    pub(super) fn add(&mut self, number: i32) -> Option<()> {
        (self.numbers.len() < 4).then(|| self.numbers.push(number))
    }

    /// Adds the last number: what follows is no part of the time any more.
    pub(super) fn add_last(&mut self, number: i32) {
        self.numbers.truncate(4);
        if self.numbers.len() < 4 {
            self.numbers.push(number);
            self.numbers.resize(4, 0);
        }
    }

    /// Whether a number without a colon behind it can be the next part.
    pub(super) fn expects(&self, number: i32) -> bool {
        match self.numbers.len() {
            1 | 2 => is_minute(number),
            3 => is_millisecond(number),
            _ => false,
        }
    }

    /// Milliseconds since midnight.
    pub(super) fn millis(&self) -> Option<i64> {
        let part = |index: usize| self.numbers.get(index).copied().unwrap_or(0);
        let (hour, minute, second, millisecond) = (part(0), part(1), part(2), part(3));
        let hour = match self.half_of_day {
            None => hour,
            Some(offset) if (0..=12).contains(&hour) => hour % 12 + offset,
            Some(_) => return None,
        };
        let is_sound = is_hour(hour) && is_minute(minute) && is_minute(second) && is_millisecond(millisecond);
        let is_midnight_after = (hour, minute, second, millisecond) == (24, 0, 0, 0);
        let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
        (is_sound || is_midnight_after).then(|| seconds * 1000 + i64::from(millisecond))
    }
}

pub(super) fn is_hour(number: i32) -> bool {
    (0..=23).contains(&number)
}

pub(super) fn is_minute(number: i32) -> bool {
    (0..=59).contains(&number)
}

fn is_millisecond(number: i32) -> bool {
    (0..=999).contains(&number)
}

/// Offset from UTC, as far as it was read.
#[derive(Default)]
pub(super) struct Zone {
    pub(super) sign: Option<i32>,
    pub(super) hour: Option<i32>,
    pub(super) minute: Option<i32>,
}

impl Zone {
    pub(super) fn set(&mut self, hours: i32) {
        *self = Self { sign: Some(if hours < 0 { -1 } else { 1 }), hour: Some(hours.abs()), minute: Some(0) };
    }

    pub(super) fn is_utc(&self) -> bool {
        self.hour == Some(0) && self.minute == Some(0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.hour.is_none()
    }

    /// Whether a number can be its minutes.
    pub(super) fn expects(&self, number: i32) -> bool {
        self.hour.is_some() && self.minute.is_none() && is_minute(number)
    }

    /// Milliseconds ahead of UTC; a time without a zone is in UTC.
    pub(super) fn millis(&self) -> i64 {
        let minutes = i64::from(self.hour.unwrap_or(0)) * 60 + i64::from(self.minute.unwrap_or(0));
        i64::from(self.sign.unwrap_or(0)) * minutes * 60_000
    }
}
