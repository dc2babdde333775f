//! Pendo's segments: who is in them, and whether another write is running. That a write meanwhile is refused with 409
//! "Operation in progress" is all that is publicly known of it; how long writes take is for the configuration to say.
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use super::config::PendoConfig;
use super::faults::PartialFailures;
use super::form::path_of;
use super::operation::Operation;
use super::simulator::{json_body, json_response};
use crate::core::http::{Body, Request, Response};
use crate::core::time::Timestamp;
use crate::net::dice::Dice;

/// Pendo's side of the wire.
#[derive(Debug)]
pub struct Pendo {
    segments: BTreeMap<String, Segment>,
    failures: PartialFailures,
    n_uploaded: u32,
}

#[derive(Debug, Default)]
struct Segment {
    visitors: BTreeSet<String>,
    n_writes: u32,
    first_write_at: Option<Timestamp>,
    busy_until: Option<Timestamp>,
}

impl Pendo {
    pub(super) fn new(config: &PendoConfig) -> Self {
        let known = config.on.segments.iter().flatten();
        Self {
            segments: known.map(|id| (id.clone(), Segment::default())).collect(),
            failures: PartialFailures::new(&config.operation_failures),
            n_uploaded: 0,
        }
    }

    /// The visitors of a segment, in alphabetical order.
    pub fn visitors(&self, segment: &str) -> impl Iterator<Item = &str> {
        self.segments.get(segment).into_iter().flat_map(|segment| segment.visitors.iter().map(String::as_str))
    }

    pub(super) fn answer(
        &mut self,
        config: &PendoConfig,
        operation: Operation,
        request: &Request,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Response {
        let key = request.headers.get("x-pendo-integration-key").unwrap_or_default();
        if key.is_empty() || config.on.integration_key.as_ref().is_some_and(|accepted| accepted != key) {
            return refusal(401, "The integration key is not valid");
        }
        match operation {
            Operation::PendoVerify => json_response(200, json!({ "valid": true })),
            Operation::PendoUpload => self.upload(request),
            Operation::PendoGet => self.get(config, request),
            _ => self.patch(config, request, now, dice),
        }
    }

    fn upload(&mut self, request: &Request) -> Response {
        let body = json_body(request);
        let Some(name) = body.and_then(|body| body.get("name")).and_then(Value::as_str) else {
            return refusal(400, "A segment needs a name");
        };
        self.n_uploaded += 1;
        let id = format!("simulated-segment-{}", self.n_uploaded);
        self.segments.insert(id.clone(), Segment::default());
        json_response(200, json!({ "segmentId": id, "name": name }))
    }

    fn get(&self, config: &PendoConfig, request: &Request) -> Response {
        let id = segment_id(request);
        if self.segments.contains_key(id) || config.on.segments.is_none() {
            json_response(200, json!({ "id": id }))
        } else {
            refusal(404, "There is no such segment")
        }
    }

    fn patch(&mut self, config: &PendoConfig, request: &Request, now: Timestamp, dice: &mut Dice) -> Response {
        let id = segment_id(request);
        if config.on.segments.is_some() && !self.segments.contains_key(id) {
            return refusal(404, "There is no such segment");
        }
        let Some(operations) = json_body(request).and_then(|body| body.get("patch")).and_then(Value::as_array) else {
            return refusal(400, "The body has no list `patch`");
        };
        let segment = self.segments.entry(id.to_owned()).or_default();
        if segment.is_busy(config, now) {
            return text(409, "Operation in progress");
        }
        segment.busy_until = Some(now.saturating_add(Duration::from_millis(config.on.write_ms)));
        let results: Vec<Value> = operations
            .iter()
            .map(|written| {
                let name = written.get("op").and_then(Value::as_str).unwrap_or_default();
                match self.failures.hit(Some(name), dice) {
                    Some(failure) => {
                        let message = failure.message.as_deref().unwrap_or("The operation failed");
                        json!({ "status": failure.status, "message": message, "operation": name })
                    }
                    None => segment.apply(name, written.get("value")),
                }
            })
            .collect();
        json_response(200, json!({ "multistatus": results }))
    }
}

impl Segment {
    /// Whether a write that comes now meets another one. Counts it.
    fn is_busy(&mut self, config: &PendoConfig, now: Timestamp) -> bool {
        self.n_writes += 1;
        let first_write_at = *self.first_write_at.get_or_insert(now);
        self.n_writes <= config.on.busy_first_writes
            || now.since(first_write_at) < Duration::from_millis(config.on.busy_ms)
            || self.busy_until.is_some_and(|until| now < until)
    }

    fn apply(&mut self, operation: &str, visitors: Option<&Value>) -> Value {
        let visitors = visitors.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        match operation {
            "add" => self.visitors.extend(visitors.map(str::to_owned)),
            "remove" => visitors.for_each(|visitor| {
                self.visitors.remove(visitor);
            }),
            other => {
                return json!({ "status": 400, "message": format!("Unknown operation {other}"), "operation": other });
            }
        }
        json!({ "status": 200, "message": "success", "operation": operation })
    }
}

/// The segment in `/api/v1/segment/{id}` and below.
fn segment_id(request: &Request) -> &str {
    path_of(&request.url).split('/').nth(4).unwrap_or_default()
}

fn refusal(status: u16, message: &str) -> Response {
    json_response(status, json!({ "message": message }))
}

fn text(status: u16, text: &str) -> Response {
    let headers = [("content-type", "text/plain; charset=utf-8")].into_iter().collect();
    Response { status, headers, body: Body::Text(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::Headers;
    use crate::sim::{Config, Simulator};

    fn request(method: &str, path: &str, body: Value) -> Request {
        let headers: Headers = [("x-pendo-integration-key", "key-1")].into_iter().collect();
        let body = if body.is_null() { Body::Empty } else { Body::Json(body) };
        Request { method: method.into(), url: format!("https://app.pendo.io{path}"), headers, body }
    }

    fn patch(operations: &Value) -> Request {
        request("PATCH", "/api/v1/segment/seg-1/visitor", json!({ "patch": operations }))
    }

    fn add(visitor: &str) -> Request {
        patch(&json!([{ "op": "add", "path": "/visitors", "value": [visitor] }]))
    }

    fn status_at(simulator: &mut Simulator, request: &Request, millis: i64) -> u16 {
        simulator.answer(request, Timestamp::from_millis(millis)).result.unwrap().status
    }

    fn pendo(config: &Value) -> Simulator {
        Simulator::new(Config::from_json(&json!({ "latency_ms": 0, "pendo": config })).unwrap(), 0)
    }

    #[test]
    fn a_patch_changes_who_is_in_a_segment() {
        let mut simulator = pendo(&json!({}));
        let both = patch(&json!([
            { "op": "add", "path": "/visitors", "value": ["u1", "u2"] },
            { "op": "remove", "path": "/visitors", "value": ["u1"] },
        ]));
        let answer = simulator.answer(&both, Timestamp::EPOCH).result.unwrap();
        let success = |operation| json!({ "status": 200, "message": "success", "operation": operation });
        assert_eq!(answer.body.to_json(), json!({ "multistatus": [success("add"), success("remove")] }));
        assert_eq!(simulator.pendo().visitors("seg-1").collect::<Vec<_>>(), ["u2"]);
    }

    #[test]
    fn a_segment_is_busy_as_configured() {
        let mut first_two = pendo(&json!({ "busy_first_writes": 2 }));
        assert_eq!([0, 1, 2].map(|at| status_at(&mut first_two, &add("u"), at)), [409, 409, 200]);
        let mut for_a_while = pendo(&json!({ "busy_ms": 100 }));
        assert_eq!([0, 99, 100].map(|at| status_at(&mut for_a_while, &add("u"), at)), [409, 409, 200]);
        let mut while_writing = pendo(&json!({ "write_ms": 100 }));
        assert_eq!([0, 99, 100].map(|at| status_at(&mut while_writing, &add("u"), at)), [200, 409, 200]);
    }

    #[test]
    fn an_operation_fails_inside_a_200() {
        let mut simulator =
            pendo(&json!({ "operation_failures": [{ "operation": "remove", "status": 404, "message": "gone" }] }));
        let both = patch(&json!([{ "op": "add", "value": ["u1"] }, { "op": "remove", "value": ["u2"] }]));
        let answer = simulator.answer(&both, Timestamp::EPOCH).result.unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.body.to_json()["multistatus"][1],
            json!({ "status": 404, "message": "gone", "operation": "remove" })
        );
    }

    #[test]
    fn keys_and_segments_that_are_not_known_are_refused() {
        let mut simulator = pendo(&json!({ "integration_key": "key-1", "segments": ["seg-1"] }));
        let mut wrong_key = add("u");
        wrong_key.headers.set("x-pendo-integration-key", "key-2");
        let elsewhere = request("GET", "/api/v1/segment/seg-2", Value::Null);
        assert_eq!(status_at(&mut simulator, &add("u"), 0), 200);
        assert_eq!(status_at(&mut simulator, &wrong_key, 0), 401);
        assert_eq!(status_at(&mut simulator, &elsewhere, 0), 404);
    }

    #[test]
    fn an_uploaded_segment_can_be_read_and_written() {
        let mut simulator = pendo(&json!({ "segments": [] }));
        let upload = request("POST", "/api/v1/segment/upload", json!({ "name": "VIP", "visitors": ["empty-visitor"] }));
        let made = simulator.answer(&upload, Timestamp::EPOCH).result.unwrap().body.to_json();
        let path = format!("/api/v1/segment/{}", made["segmentId"].as_str().unwrap());
        let read = simulator.answer(&request("GET", &path, Value::Null), Timestamp::EPOCH).result.unwrap();
        assert_eq!(read.body.to_json()["id"], made["segmentId"]);
    }
}
