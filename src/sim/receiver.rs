//! A receiver of any event, for destination functions: it acts on what it gets, and keeps a ledger of how often it acted
//! on the same thing. How it treats `Idempotency-Key` follows the IETF draft of that name.
use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::fields::{IdempotencyKey, ReceiverConfig};
use super::simulator::{json_body, json_response};
use crate::core::deduplication::Acts;
use crate::core::http::{Body, Headers, Request, Response};
use crate::core::time::Timestamp;

/// The receiver's side of the wire.
#[derive(Debug, Default)]
pub struct Receiver {
    acted: BTreeMap<String, u64>,
    finished: BTreeMap<String, Remembered>,
}

#[derive(Debug)]
struct Remembered {
    until: Timestamp,
    body: Body,
    response: Response,
}

impl Receiver {
    /// How often it acted at all.
    #[must_use]
    pub fn n_acted(&self) -> u64 {
        self.acted.values().sum()
    }

    /// How often it acted on each thing: by idempotency key, else by `messageId`, else by the whole body.
    pub fn ledger(&self) -> impl Iterator<Item = (&str, u64)> {
        self.acted.iter().map(|(thing, n_acted)| (thing.as_str(), *n_acted))
    }

    pub(super) fn answer(&mut self, config: &ReceiverConfig, request: &Request, now: Timestamp) -> (Response, Acts) {
        let key = request.headers.get("idempotency-key").map(unquoted);
        match (config.idempotency_key, key) {
            (IdempotencyKey::Required, None) => refused(400, "Idempotency-Key is missing"),
            (IdempotencyKey::Honoured | IdempotencyKey::Required, Some(key)) => self.once(config, key, request, now),
            (_, key) => self.act(config, key, request),
        }
    }

    fn once(&mut self, config: &ReceiverConfig, key: &str, request: &Request, now: Timestamp) -> (Response, Acts) {
        match self.finished.get(key) {
            Some(first) if first.body != request.body => {
                refused(422, "Idempotency-Key is already used with a different payload")
            }
            Some(first) if now < first.until => refused(409, "A request with this Idempotency-Key is still running"),
            Some(first) => (first.response.clone(), Acts::Nothing),
            None => {
                let (response, acted) = self.act(config, Some(key), request);
                let until = now.saturating_add(Duration::from_millis(config.acting_ms));
                let first = Remembered { until, body: request.body.clone(), response: response.clone() };
                self.finished.insert(key.to_owned(), first);
                (response, acted)
            }
        }
    }

    /// Acts on everything in the request; a receiver that takes each message once leaves out what it has acted on, and answers
    /// the same, so that the sender stops.
    fn act(&mut self, config: &ReceiverConfig, key: Option<&str>, request: &Request) -> (Response, Acts) {
        let things = key.filter(|_| !config.unique).map_or_else(|| things(request), |key| vec![key.to_owned()]);
        let acted = things.into_iter().map(|thing| {
            let n_acted = self.acted.entry(thing).or_default();
            let acts = !config.unique || *n_acted == 0;
            *n_acted += u64::from(acts);
            acts
        });
        let acted: Vec<bool> = acted.collect();
        let mut headers: Headers = config.headers.iter().collect();
        if headers.get("content-type").is_none() {
            headers.append("content-type", "application/json");
        }
        let body = config.body.clone().unwrap_or_else(|| json!({ "accepted": true }));
        let response = Response { status: config.status.unwrap_or(200), headers, body: Body::Json(body) };
        (response, if acted.iter().all(|acts| *acts) { Acts::All } else { Acts::Elements(acted) })
    }
}

/// What a request without a key carries: each `messageId` of the event, of the list of events, or of the events below
/// `events` or `batch`; a body with none is one thing by itself.
fn things(request: &Request) -> Vec<String> {
    let message_id = |event: &Value| event.get("messageId").and_then(Value::as_str).map(str::to_owned);
    let body = json_body(request);
    let events = body.and_then(|body| {
        body.as_array().or_else(|| ["events", "batch"].iter().find_map(|key| body.get(key).and_then(Value::as_array)))
    });
    let ids: Vec<String> = match events {
        Some(events) => events.iter().filter_map(message_id).collect(),
        None => body.and_then(message_id).into_iter().collect(),
    };
    if ids.is_empty() { vec![String::from_utf8_lossy(&request.body.to_bytes()).into_owned()] } else { ids }
}

/// The header is a Structured Field string, so its value stands in quotes; many clients leave them out.
fn unquoted(value: &str) -> &str {
    let value = value.trim();
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

fn refused(status: u16, title: &str) -> (Response, Acts) {
    let mut response = json_response(status, json!({ "title": title, "status": status }));
    response.headers.set("content-type", "application/problem+json");
    (response, Acts::Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Config, Simulator};

    fn receiver(config: &Value) -> Simulator {
        Simulator::new(Config::from_json(&json!({ "latency_ms": 0, "receiver": config })).unwrap(), 0)
    }

    fn post(key: Option<&str>, body: Value) -> Request {
        let headers = key.map(|key| ("Idempotency-Key", key.to_owned())).into_iter().collect();
        Request { method: "POST".into(), url: "https://hooks.test/in".into(), headers, body: Body::Json(body) }
    }

    fn statuses(simulator: &mut Simulator, requests: &[(i64, Request)]) -> Vec<u16> {
        let answer = |(millis, request): &(i64, Request)| {
            simulator.answer(request, Timestamp::from_millis(*millis)).result.unwrap().status
        };
        requests.iter().map(answer).collect()
    }

    #[test]
    fn without_keys_the_ledger_counts_message_ids() {
        let mut simulator = receiver(&json!({}));
        let one = || post(None, json!({ "messageId": "m1" }));
        let batch = post(None, json!([{ "messageId": "m1" }, { "messageId": "m2" }]));
        assert_eq!(statuses(&mut simulator, &[(0, one()), (1, one()), (2, batch)]), [200, 200, 200]);
        assert_eq!(simulator.receiver().ledger().collect::<Vec<_>>(), [("m1", 3), ("m2", 1)]);
    }

    #[test]
    fn a_key_is_treated_as_the_draft_says() {
        let mut simulator = receiver(&json!({ "idempotency_key": "required", "acting_ms": 100 }));
        let body = || json!({ "messageId": "m1" });
        let requests = [
            (0, post(None, body())),
            (0, post(Some("\"k1\""), body())),
            (50, post(Some("k1"), body())),
            (100, post(Some("k1"), body())),
            (100, post(Some("k1"), json!({ "messageId": "m2" }))),
        ];
        assert_eq!(statuses(&mut simulator, &requests), [400, 200, 409, 200, 422]);
        assert_eq!(simulator.receiver().ledger().collect::<Vec<_>>(), [("k1", 1)]);
    }
}
