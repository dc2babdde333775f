//! What a person recognises a delivery by: who it is about, and what happened.
use serde_json::Value;

use super::beginning::Beginning;
use super::ids::DeliveryIdx;
use super::session::Session;
use crate::core::record::EventRecord;

/// Stands for somebody who is not known.
pub(super) const NOBODY: &str = "(nobody)";

/// A delivery in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// E-mail, user or visitor; for a batch how many events.
    pub who: String,
    /// Name of the event; empty for a batch of different ones.
    pub what: String,
    /// `messageId` of its event; for a batch the delivery's own name.
    pub message_id: String,
}

impl Label {
    /// The label of a delivery.
    #[must_use]
    pub fn of(session: &Session, delivery_idx: DeliveryIdx) -> Self {
        let delivery = session.delivery(delivery_idx);
        let what = session.name(delivery.event_name).to_owned();
        if delivery.is_batch() {
            return Self::of_batch(delivery.n_events, what, session.delivery_id(delivery_idx).to_string());
        }
        let event = session.first_event(delivery_idx);
        Self::of_event(event.as_deref(), what, || session.delivery_id(delivery_idx).to_string())
    }

    /// The label of a delivery that the session does not know yet.
    #[must_use]
    pub fn of_beginning(session: &Session, beginning: &Beginning) -> Self {
        let event = beginning.first_event.map(|first| session.event(first));
        let what = event.as_deref().map_or("", |event| event_name(&event.payload)).to_owned();
        if beginning.is_batch() {
            return Self::of_batch(beginning.n_events, what, beginning.delivery.to_string());
        }
        Self::of_event(event.as_deref(), what, || beginning.delivery.to_string())
    }

    fn of_batch(n_events: usize, what: String, message_id: String) -> Self {
        Self { who: batch_of(n_events), what, message_id }
    }

    fn of_event(event: Option<&EventRecord>, what: String, name: impl FnOnce() -> String) -> Self {
        let who = event.and_then(|event| people(&event.payload).next()).unwrap_or(NOBODY).to_owned();
        let message_id = event.and_then(|event| event.message_id.clone()).unwrap_or_else(name);
        Self { who, what, message_id }
    }
}

/// What stands for the people of a batch.
pub(super) fn batch_of(n_events: usize) -> String {
    format!("batch of {}", thousands(n_events))
}

/// Name of an event: `event` of a track call, else the call's type.
#[must_use]
pub fn event_name(payload: &Value) -> &str {
    ["event", "name", "type"]
        .iter()
        .find_map(|key| payload.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()))
        .unwrap_or_default()
}

/// Everything that an event calls the one it is about, what people recognise best first.
pub fn people(payload: &Value) -> impl Iterator<Item = &str> {
    let named = ["/traits/email", "/context/traits/email", "/properties/email", "/userId"].into_iter();
    let ids = payload.pointer("/context/externalIds").and_then(Value::as_array).into_iter().flatten();
    named
        .map(|path| payload.pointer(path))
        .chain(ids.map(|id| id.get("id")))
        .chain([payload.get("anonymousId")])
        .filter_map(|name| name?.as_str())
        .filter(|name| !name.is_empty())
}

/// A count and what was counted: `1 delivery`, `1 284 deliveries`.
#[must_use]
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// A count with its thousands apart, as in `1 284`.
#[must_use]
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut spaced = String::with_capacity(digits.len() + digits.len() / 3);
    for (digit_idx, digit) in digits.chars().enumerate() {
        if digit_idx > 0 && (digits.len() - digit_idx).is_multiple_of(3) {
            spaced.push('\u{202f}');
        }
        spaced.push(digit);
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_person_is_known_by_the_first_name_found() {
        for (payload, who) in [
            (json!({"traits": {"email": "ada@example.com"}, "userId": "u-1"}), Some("ada@example.com")),
            (json!({"context": {"traits": {"email": "ada@example.com"}}}), Some("ada@example.com")),
            (json!({"userId": "", "anonymousId": "a-1"}), Some("a-1")),
            (json!({"userId": 7}), None),
        ] {
            assert_eq!(people(&payload).next(), who, "{payload}");
        }
    }

    #[test]
    fn counts_are_spaced_in_thousands() {
        for (count, text) in [(0, "0"), (999, "999"), (1_284, "1\u{202f}284"), (1_000_000, "1\u{202f}000\u{202f}000")] {
            assert_eq!(thousands(count), text);
        }
    }
}
