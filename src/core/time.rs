//! Instants of the timeline: nanoseconds since the Unix epoch, UTC, whichever clock they came from.
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// An instant, in nanoseconds since 1970-01-01T00:00:00Z. Covers the years 1677 to 2262.
///
/// Arithmetic saturates: a file may hold any number, and the timeline must survive it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The instant that lies `nanos` nanoseconds after the epoch.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// The instant that lies `millis` milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// What the operating system's clock says now. Core never asks it.
    #[must_use]
    pub fn from_system_clock() -> Self {
        let nanos = jiff::Timestamp::now().as_nanosecond();
        Self(i64::try_from(nanos).unwrap_or(i64::MAX))
    }

    /// The instant that an HTTP header names (`Sun, 06 Nov 1994 08:49:37 GMT`), if it is one.
    #[must_use]
    pub fn from_http_date(text: &str) -> Option<Self> {
        let nanos = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_nanosecond();
        i64::try_from(nanos).ok().map(Self)
    }

    /// Nanoseconds since the epoch.
    #[must_use]
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since the epoch, rounded down.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The same instant without what is finer than a millisecond.
    #[must_use]
    pub const fn cut_to_millis(self) -> Self {
        Self::from_millis(self.as_millis())
    }

    /// The instant `wait` later, or the last one there is.
    #[must_use]
    pub fn saturating_add(self, wait: Duration) -> Self {
        Self(self.0.saturating_add(nanos_of(wait)))
    }

    /// The instant `wait` earlier, or the first one there is.
    #[must_use]
    pub fn saturating_sub(self, wait: Duration) -> Self {
        Self(self.0.saturating_sub(nanos_of(wait)))
    }

    /// How long after `earlier` this is; zero if it is not after.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let nanos = i128::from(self.0) - i128::from(earlier.0);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
    }
}

fn nanos_of(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

/// RFC 3339 in UTC with at least milliseconds, finer only where the instant is finer.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stamp = jiff::Timestamp::from_nanosecond(i128::from(self.0)).map_err(|_| fmt::Error)?;
        match self.0.rem_euclid(1_000_000_000) {
            nanos if nanos % 1_000_000 == 0 => write!(f, "{stamp:.3}"),
            nanos if nanos % 1_000 == 0 => write!(f, "{stamp:.6}"),
            _ => write!(f, "{stamp:.9}"),
        }
    }
}

/// A text that is no RFC 3339 instant between the years 1677 and 2262.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an RFC 3339 time between the years 1677 and 2262")]
pub struct TimestampError(String);

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let stamp: jiff::Timestamp = text.parse().map_err(|_| TimestampError(text.to_owned()))?;
        i64::try_from(stamp.as_nanosecond()).map(Self).map_err(|_| TimestampError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_milliseconds_and_finer_only_where_needed() {
        for (nanos, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_764_000_000_114_000_000, "2025-11-24T16:00:00.114Z"),
            (1_764_000_000_114_500_000, "2025-11-24T16:00:00.114500Z"),
            (-1, "1969-12-31T23:59:59.999999999Z"),
        ] {
            assert_eq!(Timestamp::from_nanos(nanos).to_string(), text);
            assert_eq!(text.parse(), Ok(Timestamp::from_nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn offsets_are_read_and_words_are_not() {
        assert_eq!("2025-11-24T18:00:00+02:00".parse(), Ok(Timestamp::from_millis(1_764_000_000_000)));
        assert!("yesterday".parse::<Timestamp>().is_err());
        assert!("9999-01-01T00:00:00Z".parse::<Timestamp>().is_err());
    }

    #[test]
    fn http_dates_are_read_and_seconds_are_none() {
        let at = Timestamp::from_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(at, "1994-11-06T08:49:37Z".parse().ok());
        assert_eq!(Timestamp::from_http_date("120"), None);
    }

    #[test]
    fn arithmetic_saturates() {
        let last = Timestamp::from_nanos(i64::MAX);
        assert_eq!(last.saturating_add(Duration::MAX), last);
        assert_eq!(Timestamp::EPOCH.since(last), Duration::ZERO);
    }
}
