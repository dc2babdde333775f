//! Durations as people write them in plans: a number of seconds, or a number with a unit.
use std::time::Duration;

use serde_json::Value;

use crate::core::duration_words::from_words;
use crate::session::fields::FromField;

impl FromField for Duration {
    fn must_be() -> String {
        "a number of seconds, or text such as \"500 ms\", \"30s\", \"5 min\" or \"4h\"".to_owned()
    }

    fn from_value(value: Value) -> Result<Self, Value> {
        let length = match &value {
            Value::String(text) => from_words(text),
            other => other.as_f64().and_then(|seconds| Self::try_from_secs_f64(seconds).ok()),
        };
        length.ok_or(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn durations_are_seconds_or_text_with_units() {
        for (value, millis) in [
            (json!(2), 2_000),
            (json!(0.25), 250),
            (json!("30s"), 30_000),
            (json!("5 min"), 300_000),
            (json!("4h"), 14_400_000),
            (json!("1h 30m"), 5_400_000),
            (json!("1.5 hours"), 5_400_000),
            (json!("250 ms"), 250),
            (json!(" 7 "), 7_000),
            (json!("0"), 0),
        ] {
            assert_eq!(Duration::from_value(value.clone()), Ok(Duration::from_millis(millis)), "{value}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for value in [
            json!(""),
            json!("soon"),
            json!("5 parsecs"),
            json!("h"),
            json!(-1),
            json!("-1s"),
            json!(1e300),
            json!("inf"),
            json!("NaN"),
            json!(true),
            json!("1h 2"),
        ] {
            assert_eq!(Duration::from_value(value.clone()), Err(value));
        }
    }
}
