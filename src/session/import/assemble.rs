//! Requests to records: those of one delivery become its attempts, and what goes along with a delivery, a token request or
//! a look-up, becomes an exchange of its attempt.
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::judge::judge;
use super::notes::Notes;
use super::observed::{Observed, Payload};
use crate::core::destinations::{AuthScheme, destination};
use crate::core::http::Body;
use crate::core::names::{
    AttemptId, Decision, DeliveryId, DestinationName, EventId, Purpose, Refresh, RuleSetName, Trigger,
};
use crate::core::record::{Attempt, EventRecord, Exchange, Record, TokenUse};
use crate::core::time::Timestamp;

/// The records that requests make, in the order in which they became known.
pub(super) fn records(mut observed: Vec<Observed>, rules: RuleSetName, notes: &mut Notes) -> Vec<Record> {
    observed.sort_by_key(|one| one.started_at);
    let mut assembly = Assembly { rules, ..Assembly::default() };
    for one in observed {
        match one.purpose() {
            Purpose::Refresh => assembly.add_refresh(one, notes),
            Purpose::Lookup | Purpose::Create | Purpose::Authenticate => assembly.add_preparation(one),
            Purpose::Deliver => assembly.add_delivery(one),
        }
    }
    let n_left: usize = assembly.prepared.values().map(Vec::len).sum();
    if n_left > 0 {
        notes.add_whole(format!("{n_left} look-ups that no delivery follows were left out"));
    }
    assembly.into_records()
}

/// Events as records, without any attempt to deliver them.
pub(super) fn events(payloads: Vec<(Payload, Timestamp)>) -> Vec<Record> {
    let mut ids = Ids::default();
    payloads.into_iter().map(|(payload, at)| Record::Event(Arc::new(ids.event(payload, at)))).collect()
}

#[derive(Default)]
struct Assembly {
    rules: RuleSetName,
    ids: Ids,
    attempts: Vec<Attempt>,
    /// The events of each delivery, by its name.
    events: HashMap<DeliveryId, Vec<Arc<EventRecord>>>,
    /// The latest attempt of each delivery, by the key of its requests.
    open: HashMap<String, usize>,
    /// Look-ups that wait for the delivery that they were made for, by destination.
    prepared: HashMap<String, Vec<Exchange>>,
    /// The latest attempt of each destination.
    latest: HashMap<String, usize>,
    tokens: HashMap<String, Tokens>,
    n_deliveries: usize,
}

impl Assembly {
    fn add_delivery(&mut self, mut observed: Observed) {
        let (outcome, verdict) = judge(&observed, self.rules);
        let before = self.open.get(&observed.delivery_key).and_then(|attempt_idx| self.attempts.get_mut(*attempt_idx));
        let (delivery, number) = match before {
            Some(before) if before.verdict.decision != Decision::Delivered => {
                if before.verdict.decision == Decision::Retry {
                    before.verdict.next_attempt_at = Some(observed.started_at.max(before.ended_at));
                }
                (before.delivery.clone(), before.number.saturating_add(1))
            }
            // What was accepted is over: the same request again is another delivery.
            _ => (self.begin_delivery(&mut observed), 1),
        };
        let token = self.tokens.entry(observed.destination.clone()).or_default();
        let generation = token.generation(&observed);
        let mut exchanges = self.prepared.remove(&observed.destination).unwrap_or_default();
        let attempt_idx = self.attempts.len();
        self.open.insert(std::mem::take(&mut observed.delivery_key), attempt_idx);
        self.latest.insert(observed.destination.clone(), attempt_idx);
        let id = self.ids.attempt(observed.id.take());
        let trigger = observed.trigger.unwrap_or(if number == 1 { Trigger::First } else { Trigger::Retry });
        let (destination, action) = (observed.destination.as_str().into(), observed.action.as_str().into());
        let (ended_at, extra) = (observed.ended_at, std::mem::take(&mut observed.extra));
        let own = observed.into_exchange(generation);
        let started_at = exchanges.iter().map(|exchange| exchange.started_at).fold(own.started_at, Timestamp::min);
        exchanges.push(own);
        self.attempts.push(Attempt {
            id,
            events: self.events.get(&delivery).into_iter().flatten().map(|event| event.id.clone()).collect(),
            delivery,
            destination,
            action,
            number,
            trigger,
            started_at,
            ended_at,
            rules: self.rules.name().into(),
            exchanges,
            outcome,
            verdict,
            token: generation.map(|number| TokenUse {
                generation_before: number,
                generation_after: number,
                refresh: Refresh::None,
            }),
            duplicate: None,
            extra,
        });
    }

    fn begin_delivery(&mut self, observed: &mut Observed) -> DeliveryId {
        self.n_deliveries += 1;
        let delivery = DeliveryId::from(format!("d{}", self.n_deliveries));
        let payloads = std::mem::take(&mut observed.payloads);
        let records =
            payloads.into_iter().map(|payload| Arc::new(self.ids.event(payload, observed.started_at))).collect();
        self.events.insert(delivery.clone(), records);
        delivery
    }

    fn add_preparation(&mut self, observed: Observed) {
        let generation = self.tokens.entry(observed.destination.clone()).or_default().generation(&observed);
        let prepared = self.prepared.entry(observed.destination.clone()).or_default();
        prepared.push(observed.into_exchange(generation));
    }

    /// A token request belongs to the attempt before it, whose token was turned down.
    fn add_refresh(&mut self, observed: Observed, notes: &mut Notes) {
        let latest = self.latest.get(&observed.destination).and_then(|idx| self.attempts.get_mut(*idx));
        let Some(attempt) = latest else {
            return notes.add("a token request with no delivery before it was left out", &observed.place);
        };
        attempt.ended_at = attempt.ended_at.max(observed.ended_at);
        let issued = self.tokens.entry(observed.destination.clone()).or_default().issued(&observed);
        attempt.exchanges.push(observed.into_exchange(None));
        if let Some(token) = &mut attempt.token {
            token.refresh = if issued.is_some() { Refresh::Succeeded } else { Refresh::Failed };
            token.generation_after = issued.unwrap_or(token.generation_after);
        }
        if let Some(next) = attempt.verdict.next_attempt_at {
            attempt.verdict.next_attempt_at = Some(next.max(attempt.ended_at));
        }
    }

    fn into_records(self) -> Vec<Record> {
        let Self { mut attempts, mut events, .. } = self;
        attempts.sort_by_key(|attempt| attempt.ended_at);
        let mut records = Vec::with_capacity(attempts.len() * 2);
        for attempt in attempts {
            let fresh = events.remove(&attempt.delivery).unwrap_or_default();
            records.extend(fresh.into_iter().map(Record::Event));
            records.push(Record::Attempt(Arc::new(attempt)));
        }
        records
    }
}

/// The tokens of one destination, numbered as they are seen.
#[derive(Default)]
struct Tokens {
    /// Generation of each value.
    generations: HashMap<String, u32>,
}

impl Tokens {
    /// The generation of the token that a request carried, if the destination is one of ours that uses tokens.
    fn generation(&mut self, observed: &Observed) -> Option<u32> {
        let known = DestinationName::from_name(&observed.destination)?;
        if destination(known).auth_scheme() != AuthScheme::Oauth2 {
            return None;
        }
        let authorization = observed.request.headers.get("authorization")?;
        Some(self.number(authorization.split_once(' ').map_or(authorization, |(_, token)| token)))
    }

    /// The generation of the token that an answer gave.
    fn issued(&mut self, observed: &Observed) -> Option<u32> {
        let response = observed.result.as_ref().ok().filter(|response| response.is_success())?;
        let Body::Json(json) = &response.body else { return None };
        Some(self.number(json.get("access_token")?.as_str()?))
    }

    fn number(&mut self, token: &str) -> u32 {
        let next = u32::try_from(self.generations.len()).unwrap_or(u32::MAX).saturating_add(1);
        *self.generations.entry(token.to_owned()).or_insert(next)
    }
}

/// Names for records: their own where they have one that is not taken.
#[derive(Default)]
struct Ids {
    n_events: usize,
    n_attempts: usize,
    taken: HashSet<String>,
}

impl Ids {
    fn event(&mut self, payload: Payload, received_at: Timestamp) -> EventRecord {
        self.n_events += 1;
        let id = EventId::from(format!("e{}", self.n_events));
        let Payload { message_id, json } = payload;
        EventRecord { id, received_at, message_id, payload: json, extra: Map::new() }
    }

    fn attempt(&mut self, own: Option<String>) -> AttemptId {
        self.n_attempts += 1;
        let own = own.filter(|own| !own.is_empty() && self.taken.insert(own.clone()));
        let id = own.unwrap_or_else(|| {
            let numbers = (self.n_attempts..).map(|number| format!("a{number}"));
            numbers.into_iter().find(|id| self.taken.insert(id.clone())).unwrap_or_default()
        });
        id.into()
    }
}

/// The events that a body carries: those of a Segment batch, one, or the body itself. What names a message is its own
/// `messageId`, else the key of the request, else whatever else looks like an id of it: an `id` is as often that of an order
/// or a person, which many messages share. The key of a batch names none of its events.
pub(super) fn payloads_of(body: &Body, key: Option<&str>) -> Vec<Payload> {
    let named = |json: Value, key: Option<&str>| {
        let own = |names: &[&str]| names.iter().find_map(|name| json.get(name)?.as_str());
        let message_id = own(&["messageId"]).or(key).or_else(|| own(&["event_id", "eventId", "id"])).map(str::to_owned);
        Payload { message_id, json }
    };
    let one = |json: Value| named(json, key);
    match body {
        Body::Json(Value::Object(object)) if object.get("batch").is_some_and(Value::is_array) => object
            .get("batch")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .cloned()
            .map(|event| named(event, None))
            .collect(),
        Body::Json(json @ Value::Object(_)) => vec![one(json.clone())],
        Body::Empty => vec![one(Value::Object(Map::new()))],
        body => vec![one(serde_json::json!({ "body": body.to_json() }))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_message_is_named_by_its_own_id_then_by_the_key_of_its_request() {
        let names = |body: Value, key: Option<&str>| {
            let payloads = payloads_of(&Body::Json(body), key);
            payloads.into_iter().map(|payload| payload.message_id).collect::<Vec<_>>()
        };
        let some = |id: &str| Some(id.to_owned());
        assert_eq!(names(json!({"messageId": "m1", "id": "ord_1"}), Some("k1")), [some("m1")]);
        assert_eq!(names(json!({"id": "ord_1"}), Some("k1")), [some("k1")], "orders have ids too");
        assert_eq!(names(json!({"id": "ord_1"}), None), [some("ord_1")]);
        let batch = json!({"batch": [{"messageId": "m1"}, {"type": "track"}]});
        assert_eq!(names(batch, Some("k1")), [some("m1"), None], "one key cannot name several events");
    }
}
