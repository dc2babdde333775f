//! What a session says of deliveries that nobody goes on with: each ends with an attempt that sent nothing, given up by a
//! person. So it stands in the session for good, and nobody is asked again.
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::batching::Members;
use super::framework::{GivenUp, given_up_by_hand};
use super::names::{AttemptId, DeliveryId, EventId, RuleSetName, Trigger};
use super::pending::Unfinished;
use super::record::{Attempt, EventRecord, Outcome, Record, SessionHeader, Verdict};
use super::rules::{Fact, Facts, RuleSet};
use super::time::Timestamp;

/// The records that end everything a session has left to be done: deliveries that wait as their next attempt, events that
/// wait in the queue of a stream as one more batch, events that were never tried as deliveries of their own.
#[must_use]
pub fn abandon(unfinished: &Unfinished, header: &SessionHeader, at: Timestamp) -> Vec<Record> {
    let mut ends = Ends::new(unfinished, header, at);
    for pending in &unfinished.deliveries {
        ends.end(pending.delivery.clone(), &pending.events, pending.n_attempts, &Members::default());
    }
    let queued: Vec<Arc<EventRecord>> = unfinished.queued.iter().map(|pending| Arc::clone(&pending.event)).collect();
    if !queued.is_empty() {
        let came_from: BTreeMap<EventId, AttemptId> =
            unfinished.queued.iter().map(|pending| (pending.event.id.clone(), pending.last.clone())).collect();
        let most_tried = unfinished.queued.iter().map(|pending| pending.n_attempts).max().unwrap_or_default();
        let delivery = ends.next_delivery();
        ends.end_as(delivery, &queued, (1, most_tried), &Members { came_from, ..Members::default() });
    }
    for event in &unfinished.untried {
        let delivery = ends.next_delivery();
        ends.end(delivery, std::slice::from_ref(event), 0, &Members::default());
    }
    ends.records
}

struct Ends {
    at: Timestamp,
    rules: &'static RuleSet,
    rules_name: Arc<str>,
    facts: Facts,
    destination: Arc<str>,
    action: Arc<str>,
    n_attempts: u64,
    n_deliveries: u64,
    records: Vec<Record>,
}

impl Ends {
    fn new(unfinished: &Unfinished, header: &SessionHeader, at: Timestamp) -> Self {
        let of_plan = |key: &str| header.plan.get(key).and_then(Value::as_str).unwrap_or_default();
        let rules = RuleSetName::from_name(&header.rules).unwrap_or_default();
        let facts = Facts::default()
            .with(Fact::Destination, of_plan("destination").to_owned())
            .with(Fact::Action, of_plan("action").to_owned());
        Self {
            at,
            rules: RuleSet::named(rules),
            rules_name: rules.name().into(),
            facts,
            destination: of_plan("destination").into(),
            action: of_plan("action").into(),
            n_attempts: unfinished.recorded.n_attempts,
            n_deliveries: unfinished.recorded.n_deliveries,
            records: Vec::new(),
        }
    }

    fn next_delivery(&mut self) -> DeliveryId {
        self.n_deliveries += 1;
        format!("d{}", self.n_deliveries).into()
    }

    fn end(&mut self, delivery: DeliveryId, events: &[Arc<EventRecord>], n_attempts: u32, members: &Members) {
        self.end_as(delivery, events, (n_attempts + 1, n_attempts), members);
    }

    /// `(number, n_attempts)`: what the attempt is counted as in its delivery, and how many were made of its events.
    fn end_as(
        &mut self,
        delivery: DeliveryId,
        events: &[Arc<EventRecord>],
        (number, n_attempts): (u32, u32),
        members: &Members,
    ) {
        let (outcome, mut verdict): (Outcome, Verdict) =
            given_up_by_hand(self.rules, self.facts.clone(), GivenUp::Waiting, n_attempts);
        members.tell(&mut verdict);
        self.n_attempts += 1;
        let attempt = Attempt {
            id: format!("a{}", self.n_attempts).into(),
            delivery,
            events: events.iter().map(|event| event.id.clone()).collect(),
            destination: Arc::clone(&self.destination),
            action: Arc::clone(&self.action),
            number,
            trigger: if n_attempts == 0 { Trigger::First } else { Trigger::Retry },
            started_at: self.at,
            ended_at: self.at,
            rules: Arc::clone(&self.rules_name),
            exchanges: Vec::new(),
            outcome,
            verdict,
            token: None,
            duplicate: None,
            extra: Map::new(),
        };
        self.records.push(Record::Attempt(Arc::new(attempt)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::names::Decision;
    use crate::core::pending::{PendingDelivery, PendingEvent, Recorded};
    use serde_json::json;

    fn event(number: u32) -> Arc<EventRecord> {
        let id = format!("e{number}").into();
        let received_at = Timestamp::EPOCH;
        Arc::new(EventRecord { id, received_at, message_id: None, payload: json!({}), extra: Map::new() })
    }

    fn header() -> SessionHeader {
        let plan = json!({ "destination": "linkedin-audiences", "action": "updateAudience" });
        SessionHeader { plan, ..SessionHeader::new("s", "n", Timestamp::EPOCH, "fired") }
    }

    /// A delivery that was tried twice, an event of a stream that was tried once, and one that never was.
    fn unfinished() -> Unfinished {
        let (first_started_at, due_at) = (Timestamp::EPOCH, Timestamp::EPOCH);
        let waits =
            PendingDelivery { delivery: "d3".into(), events: vec![event(1)], n_attempts: 2, first_started_at, due_at };
        let queued = PendingEvent { event: event(2), n_attempts: 1, first_started_at, due_at, last: "a7".into() };
        let recorded = Recorded { n_attempts: 7, n_deliveries: 4, ..Recorded::default() };
        Unfinished {
            deliveries: vec![waits],
            queued: vec![queued],
            untried: vec![event(3)],
            recorded,
            ..Unfinished::default()
        }
    }

    #[test]
    fn everything_ends_under_a_name_of_its_own() {
        let ends = abandon(&unfinished(), &header(), Timestamp::EPOCH);
        let rows: Vec<_> = ends
            .iter()
            .filter_map(|record| match record {
                Record::Attempt(attempt) => Some(attempt),
                Record::Event(_) => None,
            })
            .map(|attempt| {
                assert_eq!(
                    (attempt.verdict.decision, &*attempt.verdict.rule),
                    (Decision::Discard, "POLICY-GIVEN-UP-BY-HAND")
                );
                let trigger = attempt.trigger.name();
                (
                    attempt.id.to_string(),
                    attempt.delivery.to_string(),
                    attempt.number,
                    trigger,
                    attempt.events[0].to_string(),
                )
            })
            .collect();
        let row = |id: &str, delivery: &str, number: u32, trigger: &'static str, event: &str| {
            (id.to_owned(), delivery.to_owned(), number, trigger, event.to_owned())
        };
        assert_eq!(
            rows,
            [row("a8", "d3", 3, "retry", "e1"), row("a9", "d5", 1, "retry", "e2"), row("a10", "d6", 1, "first", "e3")]
        );
    }

    #[test]
    fn a_queue_is_empty_after_it() {
        let Some(Record::Attempt(batch)) = abandon(&unfinished(), &header(), Timestamp::EPOCH).into_iter().nth(1)
        else {
            panic!("the queue ends as a batch");
        };
        let members = Members::of(&batch);
        assert_eq!(members.came_from, BTreeMap::from([("e2".into(), "a7".into())]));
        assert!(members.goes_on.is_empty());
    }
}
