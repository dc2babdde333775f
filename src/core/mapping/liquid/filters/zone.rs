//! Where the clock hangs whose time the filter `date` shows.
use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde_json::Value;

use crate::core::js;
use crate::core::mapping::liquid::error::LiquidError;
use crate::core::mapping::liquid::value::Val;

/// The zones that come with the program: what a template gives must not hang on the machine.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A zone at one instant.
pub(super) struct Zone {
    /// Minutes behind UTC, negative east of it.
    pub(super) minutes_behind: f64,
    /// As it is written in the template, empty where that gives minutes.
    pub(super) name: String,
}

impl Zone {
    /// The zone that a template names, or the minutes that it gives; UTC where it says nothing.
    pub(super) fn of(written: &Val<'_>, millis: f64) -> Result<Self, LiquidError> {
        if let Some(name) = written.as_str() {
            let unknown = || LiquidError::new(format!("Invalid time zone specified: {name}"));
            let zone = ZONES.get(name).map_err(|_| unknown())?;
            return Ok(Self { minutes_behind: minutes_behind(&zone, millis), name: name.to_owned() });
        }
        let is_open =
            matches!(written, Val::Undefined) || matches!(written, Val::Json(value) if **value == Value::Null);
        if is_open {
            return Ok(Self { minutes_behind: 0.0, name: "UTC".to_owned() });
        }
        Ok(Self { minutes_behind: written.to_number(), name: String::new() })
    }

    /// `+0130`, or `+01:30`.
    pub(super) fn offset(&self, has_colon: bool) -> String {
        let sign = if self.minutes_behind > 0.0 { '-' } else { '+' };
        let minutes = self.minutes_behind.abs();
        let colon = if has_colon { ":" } else { "" };
        let rest = js::number_text(minutes % 60.0);
        format!("{sign}{:02}{colon}{rest:0>2}", (minutes / 60.0).floor())
    }
}

/// Far from today the offset is that of the nearest time that the zones know of.
fn minutes_behind(zone: &TimeZone, millis: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "a date has at most 8.64e15 milliseconds")]
    let at = jiff::Timestamp::from_millisecond(millis as i64);
    let nearest = if millis < 0.0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    -f64::from(zone.to_offset(at.unwrap_or(nearest)).seconds()) / 60.0
}
