//! An attempt in its place on the timeline: what exports say of it beyond what it says of itself.
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::core::names::{DeliveryId, EventId};
use crate::core::record::{Attempt, EventRecord};
use crate::core::time::Timestamp;

/// What must be remembered of the records above to place an attempt, where there is no session to ask.
#[derive(Debug, Default)]
pub(super) struct Rows {
    first_start: Option<Timestamp>,
    last_ends: HashMap<DeliveryId, Timestamp>,
    message_ids: HashMap<EventId, Arc<str>>,
}

/// An attempt and its place.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) attempt: &'a Attempt,
    /// From the start of the first attempt of the session; negative in a file that is out of order.
    pub(super) start: Millis,
    /// How long it took.
    pub(super) duration: Millis,
    /// Since the attempt before it of the same delivery ended.
    pub(super) waited: Option<Millis>,
    /// From its end to the next attempt, if there is to be one.
    pub(super) next_wait: Option<Millis>,
    /// Message ids of its events, empty where an event has none.
    pub(super) message_ids: Vec<Arc<str>>,
}

impl Rows {
    pub(super) fn add_event(&mut self, event: &EventRecord) {
        if let Some(message_id) = &event.message_id {
            self.message_ids.insert(event.id.clone(), message_id.as_str().into());
        }
    }

    pub(super) fn add_attempt<'a>(&mut self, attempt: &'a Attempt) -> Row<'a> {
        let first_start = *self.first_start.get_or_insert(attempt.started_at);
        let last_end = self.last_ends.insert(attempt.delivery.clone(), attempt.ended_at);
        let message_id = |id: &EventId| self.message_ids.get(id).cloned().unwrap_or_else(|| "".into());
        Row::of(attempt, first_start, last_end, attempt.events.iter().map(message_id).collect())
    }
}

impl<'a> Row<'a> {
    /// Places an attempt: `first_start` is when the first of all began, `last_end` when the one before it of the same
    /// delivery ended.
    pub(super) fn of(
        attempt: &'a Attempt,
        first_start: Timestamp,
        last_end: Option<Timestamp>,
        message_ids: Vec<Arc<str>>,
    ) -> Self {
        Self {
            attempt,
            start: Millis::between(first_start, attempt.started_at),
            duration: Millis::between(attempt.started_at, attempt.ended_at),
            waited: last_end.map(|end| Millis::between(end, attempt.started_at)),
            next_wait: attempt.verdict.next_attempt_at.map(|next| Millis::between(attempt.ended_at, next)),
            message_ids,
        }
    }
}

/// A span in nanoseconds that is written as milliseconds: whole ones without a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Millis(i64);

impl Millis {
    fn between(from: Timestamp, to: Timestamp) -> Self {
        Self(to.as_nanos().saturating_sub(from.as_nanos()))
    }
}

/// Exact: as many digits behind the point as there are nanoseconds left.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        write!(f, "{sign}{whole}")?;
        let digits = format!("{rest:06}");
        match digits.trim_end_matches('0') {
            "" => Ok(()),
            digits => write!(f, ".{digits}"),
        }
    }
}

/// A number, rounded past 2^53 nanoseconds.
impl Serialize for Millis {
    #[expect(clippy::cast_precision_loss, reason = "numbers with a point are floats in JSON")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1_000_000 == 0 {
            serializer.serialize_i64(self.0 / 1_000_000)
        } else {
            serializer.serialize_f64(self.0 as f64 / 1e6)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_exact_and_short() {
        for (nanos, text, json) in [
            (0, "0", "0"),
            (1_500_000, "1.5", "1.5"),
            (-2_000_000, "-2", "-2"),
            (-1, "-0.000001", "-1e-6"),
            (12_345_678, "12.345678", "12.345678"),
        ] {
            assert_eq!(Millis(nanos).to_string(), text);
            assert_eq!(serde_json::to_string(&Millis(nanos)).unwrap(), json);
        }
    }
}
