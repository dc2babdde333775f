//! Segment events that somebody wrote down: records of events, ready to be looked at and fired.
use serde_json::Value;

use super::assemble;
use super::notes::Notes;
use super::observed::Payload;
use crate::core::record::Record;
use crate::core::time::Timestamp;

/// The events as records, each received when it says so.
pub(super) fn records(events: Vec<Value>, notes: &mut Notes) -> Vec<Record> {
    let mut latest = Timestamp::EPOCH;
    let mut payloads = Vec::with_capacity(events.len());
    for (idx, json) in events.into_iter().enumerate() {
        let place = format!("event {}", idx + 1);
        if !json.is_object() {
            notes.add("what is no JSON object is no event and was left out", place);
            continue;
        }
        let times = ["receivedAt", "sentAt", "timestamp", "originalTimestamp"];
        match times.iter().find_map(|key| json.get(key)?.as_str()?.parse().ok()) {
            Some(at) => latest = at,
            None => notes.add("an event without a time counts as received with the one before it", place),
        }
        let message_id = json.get("messageId").and_then(Value::as_str).map(str::to_owned);
        payloads.push((Payload { message_id, json }, latest));
    }
    assemble::events(payloads)
}
