//! What Segment does to an event between its API and the destinations: an id, the batch's context, and times that are
//! free of the sender's clock.
use serde_json::{Map, Value};

use super::envelope::Envelope;
use crate::core::time::Timestamp;

/// Makes an event of a request what destinations get. `new_message_id` names those that have no name.
pub(super) fn normalise(
    mut event: Map<String, Value>,
    envelope: &Envelope,
    received_at: Timestamp,
    new_message_id: impl FnOnce() -> String,
) -> Map<String, Value> {
    event.shift_remove("writeKey");
    merge_under(&mut event, "context", envelope.context.as_ref());
    merge_under(&mut event, "integrations", envelope.integrations.as_ref());
    if event.get("messageId").and_then(Value::as_str).is_none_or(str::is_empty) {
        event.insert("messageId".to_owned(), new_message_id().into());
    }
    if let Some(sent_at) = &envelope.sent_at {
        event.entry("sentAt").or_insert_with(|| sent_at.clone());
    }
    set_times(&mut event, received_at);
    event
}

/// Lays what the batch says under what the event says, field by field of the first level.
fn merge_under(event: &mut Map<String, Value>, key: &str, of_batch: Option<&Value>) {
    let Some(Value::Object(of_batch)) = of_batch else { return };
    let own = event.entry(key).or_insert_with(|| Value::Object(Map::new()));
    if own.is_null() {
        *own = Value::Object(Map::new());
    }
    if let Value::Object(own) = own {
        for (name, value) in of_batch {
            own.entry(name).or_insert_with(|| value.clone());
        }
    }
}

/// `timestamp` becomes `receivedAt − (sentAt − originalTimestamp)`, so that a sender whose clock is wrong does no harm;
/// what the sender said stays as `originalTimestamp`. Both are written in milliseconds, as Segment does.
fn set_times(event: &mut Map<String, Value>, received_at: Timestamp) {
    let original = event.get("originalTimestamp").or_else(|| event.get("timestamp")).cloned();
    let instant = |value: Option<&Value>| value?.as_str()?.parse::<Timestamp>().ok();
    let timestamp = match (instant(original.as_ref()), instant(event.get("sentAt"))) {
        (Some(original), Some(sent_at)) if sent_at >= original => received_at.saturating_sub(sent_at.since(original)),
        (Some(original), Some(sent_at)) => received_at.saturating_add(original.since(sent_at)),
        (Some(original), None) => original,
        (None, _) => received_at,
    };
    if let Some(original) = original {
        event.insert("originalTimestamp".to_owned(), original);
    }
    for (key, instant) in [("timestamp", timestamp), ("receivedAt", received_at)] {
        event.insert(key.to_owned(), Timestamp::from_millis(instant.as_millis()).to_string().into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at_noon(event: Value, envelope: &Envelope) -> Value {
        let Value::Object(event) = event else { panic!("an object") };
        let noon = "2026-01-01T12:00:00Z".parse().unwrap();
        Value::Object(normalise(event, envelope, noon, || "assigned".to_owned()))
    }

    #[test]
    fn the_senders_clock_does_no_harm() {
        for (event, timestamp) in [
            // Sent 10 s after it happened, by a clock that is a day late.
            (
                json!({ "timestamp": "2025-12-31T11:59:50Z", "sentAt": "2025-12-31T12:00:00Z" }),
                "2026-01-01T11:59:50.000Z",
            ),
            // An event of the future, by the sender's own clock.
            (
                json!({ "timestamp": "2025-12-31T12:00:05Z", "sentAt": "2025-12-31T12:00:00Z" }),
                "2026-01-01T12:00:05.000Z",
            ),
            // Python writes offsets and microseconds.
            (
                json!({ "timestamp": "2026-01-01T13:59:59.500250+02:00", "sentAt": "2026-01-01T12:00:00+00:00" }),
                "2026-01-01T11:59:59.500Z",
            ),
            (
                json!({ "originalTimestamp": "2026-01-01T11:00:00Z", "timestamp": "x", "sentAt": "2026-01-01T12:00:00Z" }),
                "2026-01-01T11:00:00.000Z",
            ),
            (json!({ "timestamp": "2025-12-31T11:59:50Z" }), "2025-12-31T11:59:50.000Z"),
            (json!({ "timestamp": "yesterday" }), "2026-01-01T12:00:00.000Z"),
            (json!({}), "2026-01-01T12:00:00.000Z"),
        ] {
            let normalised = at_noon(event.clone(), &Envelope::default());
            assert_eq!(normalised["timestamp"], timestamp, "{event}");
            assert_eq!(normalised["receivedAt"], "2026-01-01T12:00:00.000Z");
            let original = event.get("originalTimestamp").or_else(|| event.get("timestamp"));
            assert_eq!(normalised.get("originalTimestamp"), original);
        }
    }

    #[test]
    fn the_batch_lies_under_the_event_and_the_write_key_goes() {
        let envelope = Envelope {
            sent_at: Some(json!("2026-01-01T12:00:00Z")),
            context: Some(json!({ "ip": "batch", "app": { "name": "shop" } })),
            integrations: Some(json!({ "All": false })),
            ..Envelope::default()
        };
        let event = json!({ "writeKey": "wk", "messageId": "m1", "context": { "ip": "own" } });
        let normalised = at_noon(event, &envelope);
        assert_eq!(normalised["context"], json!({ "ip": "own", "app": { "name": "shop" } }));
        assert_eq!(normalised["integrations"], json!({ "All": false }));
        assert_eq!((&normalised["messageId"], &normalised["sentAt"]), (&json!("m1"), &json!("2026-01-01T12:00:00Z")));
        assert_eq!(normalised.get("writeKey"), None);
    }

    #[test]
    fn an_event_without_a_name_gets_one() {
        for event in [json!({}), json!({ "messageId": null }), json!({ "messageId": "" })] {
            assert_eq!(at_noon(event, &Envelope::default())["messageId"], "assigned");
        }
    }
}
