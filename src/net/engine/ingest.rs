//! What happens ahead of every destination: ingest drops a message whose `messageId` it has seen, if the plan says so.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::attempt::Unsent;
use super::run_state::RunState;
use crate::core::deduplication::{Strategy, dropped_at_ingest};
use crate::core::framework::seen_at_ingest;
use crate::core::names::{DeliveryId, Trigger};
use crate::core::record::EventRecord;
use crate::core::time::Timestamp;

/// A message that never reached a destination.
pub(super) struct Dropped {
    event: Arc<EventRecord>,
    /// The one that came with the same `messageId` before.
    first: Arc<EventRecord>,
    /// How long before.
    gap: Duration,
}

/// The events that ingest lets through, and those that it drops, each in their order.
pub(super) fn sift(strategy: Option<&Strategy>, events: &[Arc<EventRecord>]) -> (Vec<Arc<EventRecord>>, Vec<Dropped>) {
    let Some(Strategy::MessageId { window }) = strategy else { return (events.to_vec(), Vec::new()) };
    let mut seen: HashMap<&str, &Arc<EventRecord>> = HashMap::new();
    let (mut through, mut dropped) = (Vec::new(), Vec::new());
    for event in events {
        let Some(id) = event.message_id.as_deref().filter(|id| !id.is_empty()) else {
            through.push(Arc::clone(event));
            continue;
        };
        let known = seen.get(id).map(|first| (*first, came_at(event).since(came_at(first))));
        if let Some((first, gap)) = known.filter(|(_, gap)| gap < window) {
            dropped.push(Dropped { event: Arc::clone(event), first: Arc::clone(first), gap });
        } else {
            seen.insert(id, event);
            through.push(Arc::clone(event));
        }
    }
    (through, dropped)
}

/// When Segment got a message: what the event itself says, else when this run got it.
fn came_at(event: &EventRecord) -> Timestamp {
    let said = event.payload.get("receivedAt").and_then(Value::as_str);
    said.and_then(|text| text.parse().ok()).unwrap_or(event.received_at)
}

impl Dropped {
    /// Records what became of it, as a delivery of its own.
    pub(super) fn record(self, run: &RunState<'_>, number: u64, trigger: Trigger) {
        let (outcome, verdict) = seen_at_ingest(&run.prepared, self.gap);
        let unsent = Unsent {
            delivery: DeliveryId::from(format!("d{number}")),
            duplicate: Some(dropped_at_ingest(&self.event, &self.first, self.gap)),
            events: &[self.event],
            number: 1,
            trigger,
            started_at: run.clock.now(),
            outcome,
            verdict,
        };
        unsent.record(run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(number: u32, message_id: &str, received_at: &str) -> Arc<EventRecord> {
        let payload = json!({ "messageId": message_id, "receivedAt": received_at });
        let id = format!("e{number}").into();
        let message_id = Some(message_id.to_owned());
        Arc::new(EventRecord { id, received_at: Timestamp::EPOCH, message_id, payload, extra: serde_json::Map::new() })
    }

    #[test]
    fn an_id_is_dropped_within_the_window_and_known_anew_after_it() {
        let events = [
            event(1, "m1", "2026-11-22T00:00:00Z"),
            event(2, "m2", "2026-11-22T00:00:00Z"),
            event(3, "m1", "2026-11-22T23:59:59Z"),
            event(4, "m1", "2026-11-23T00:00:00Z"),
            event(5, "m1", "2026-11-23T00:00:01Z"),
            event(6, "", "2026-11-22T00:00:00Z"),
            event(7, "", "2026-11-22T00:00:00Z"),
        ];
        let strategy = Strategy::MessageId { window: Duration::from_hours(24) };
        let (through, dropped) = sift(Some(&strategy), &events);
        let ids = |events: &[Arc<EventRecord>]| events.iter().map(|event| event.id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids(&through), ["e1", "e2", "e4", "e6", "e7"]);
        let pairs: Vec<_> = dropped.iter().map(|one| (one.event.id.as_str(), one.first.id.as_str())).collect();
        assert_eq!(pairs, [("e3", "e1"), ("e5", "e4")]);
        assert_eq!(sift(None, &events).0.len(), events.len());
    }
}
