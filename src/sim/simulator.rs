//! All remotes behind one door: a request and an instant go in, an answer and how long it takes come out.
use std::time::Duration;

use super::config::Config;
use super::linkedin::Linkedin;
use super::operation::Operation;
use super::pendo::Pendo;
use super::receiver::Receiver;
use crate::core::deduplication::Acts;
use crate::core::http::{Body, Fault, FaultKind, Headers, Request, Response};
use crate::core::time::Timestamp;
use crate::net::dice::Dice;
use crate::net::transport::REQUEST_TIMEOUT;

/// The stream of the seed that the remotes draw from; deliveries have theirs from 1 on.
const STREAM: u64 = 0;

/// The embedded remotes and what they remember.
#[derive(Debug)]
pub struct Simulator {
    config: Config,
    dice: Dice,
    n_matched: Vec<u64>,
    first_request_at: Option<Timestamp>,
    pendo: Pendo,
    linkedin: Linkedin,
    receiver: Receiver,
}

/// What a remote makes of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What was asked for.
    pub operation: Operation,
    /// How long it takes until the client has the result.
    pub latency: Duration,
    /// The response, or the fault that the client meets.
    pub result: Result<Response, Fault>,
    /// What the remote did.
    pub acted: Acts,
}

impl Simulator {
    /// Remotes that nobody has called yet.
    #[must_use]
    pub fn new(config: Config, seed: u64) -> Self {
        Self {
            dice: Dice::new(seed, STREAM),
            n_matched: vec![0; config.faults.len()],
            first_request_at: None,
            pendo: Pendo::new(&config.pendo),
            linkedin: Linkedin::new(&config.linkedin),
            receiver: Receiver::default(),
            config,
        }
    }

    /// Takes a request that arrives at `now`. The remote acts at that instant; its answer takes longer.
    pub fn answer(&mut self, request: &Request, now: Timestamp) -> Answer {
        let operation = Operation::of(request);
        let latency = self.config.latency_ms.draw(&mut self.dice);
        let (result, acted) = if let Some(rule_idx) = self.fault(operation, request, now) {
            let acts = self.config.faults[rule_idx].acted;
            let acted = if acts { self.act(operation, request, now).1 } else { Acts::Nothing };
            (self.config.faults[rule_idx].strike(request), acted)
        } else {
            let (response, acted) = self.act(operation, request, now);
            (Ok(response), acted)
        };
        // Nobody hears of a timeout before the client has waited it out.
        let is_timeout = matches!(&result, Err(fault) if fault.kind == FaultKind::Timeout);
        let latency = if is_timeout { latency.max(REQUEST_TIMEOUT) } else { latency };
        Answer { operation, latency, result, acted }
    }

    /// What the receiver has acted on.
    #[must_use]
    pub fn receiver(&self) -> &Receiver {
        &self.receiver
    }

    /// Who is in which Pendo segment.
    #[must_use]
    pub fn pendo(&self) -> &Pendo {
        &self.pendo
    }

    /// Who is in which LinkedIn segment.
    #[must_use]
    pub fn linkedin(&self) -> &Linkedin {
        &self.linkedin
    }

    /// The first rule that hits this request. All that match count it and draw, so that one rule does not change
    /// what another one does.
    fn fault(&mut self, operation: Operation, request: &Request, now: Timestamp) -> Option<usize> {
        let since_first = now.since(*self.first_request_at.get_or_insert(now));
        let mut hit = None;
        for (rule_idx, (rule, n_matched)) in self.config.faults.iter().zip(&mut self.n_matched).enumerate() {
            if rule.matches(operation, request, since_first) && rule.when().hits(n_matched, &mut self.dice) {
                hit = hit.or(Some(rule_idx));
            }
        }
        hit
    }

    fn act(&mut self, operation: Operation, request: &Request, now: Timestamp) -> (Response, Acts) {
        let Self { config, dice, pendo, linkedin, receiver, .. } = self;
        let response = match operation {
            Operation::PendoVerify | Operation::PendoUpload | Operation::PendoGet | Operation::PendoPatch => {
                pendo.answer(&config.pendo, operation, request, now, dice)
            }
            Operation::Receiver => return receiver.answer(&config.receiver, request, now),
            Operation::LinkedinConversions => {
                let response = linkedin.answer(&config.linkedin, operation, request, now, dice);
                return (response, linkedin.take_counted());
            }
            _ => linkedin.answer(&config.linkedin, operation, request, now, dice),
        };
        let acted = if (200..300).contains(&response.status) { Acts::All } else { Acts::Nothing };
        (response, acted)
    }
}

/// A response with a JSON body.
pub(super) fn json_response(status: u16, body: serde_json::Value) -> Response {
    let headers = [("content-type", "application/json")].into_iter().collect();
    Response { status, headers, body: Body::Json(body) }
}

/// A response without a body.
pub(super) fn empty_response(status: u16) -> Response {
    Response { status, headers: Headers::default(), body: Body::Empty }
}

/// The body of a request, if it is JSON.
pub(super) fn json_body(request: &Request) -> Option<&serde_json::Value> {
    match &request.body {
        Body::Json(json) => Some(json),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn post(url: &str) -> Request {
        let body = Body::Json(json!({ "messageId": "m1" }));
        Request { method: "POST".into(), url: url.into(), headers: Headers::default(), body }
    }

    fn simulator(value: &serde_json::Value, seed: u64) -> Simulator {
        Simulator::new(Config::from_json(value).unwrap(), seed)
    }

    #[test]
    fn a_fault_hits_the_requests_that_it_names_and_no_others() {
        let faults =
            json!({ "faults": [{ "on": "receiver", "nth": [2], "status": 503, "headers": { "Retry-After": "7" } }] });
        let mut simulator = simulator(&faults, 1);
        let statuses: Vec<u16> = (0..3)
            .map(|_| simulator.answer(&post("https://h.test/hook"), Timestamp::EPOCH).result.unwrap().status)
            .collect();
        assert_eq!(statuses, [200, 503, 200]);
        assert_eq!(simulator.receiver().n_acted(), 2);
    }

    #[test]
    fn an_outage_lasts_as_long_as_it_says_and_poison_is_in_the_request() {
        let mut simulator = simulator(
            &json!({ "faults": [{ "during_ms": [100, 200], "status": 503 }, { "containing": "m1", "status": 400 }] }),
            1,
        );
        let other = Request { body: Body::Json(json!({ "messageId": "m2" })), ..post("https://h.test/hook") };
        let mut status = |request: &Request, millis: i64| {
            simulator.answer(request, Timestamp::from_millis(5_000 + millis)).result.unwrap().status
        };
        let statuses = [0, 99, 100, 199, 200].map(|millis| status(&other, millis));
        assert_eq!(statuses, [200, 200, 503, 503, 200]);
        assert_eq!(status(&post("https://h.test/hook"), 200), 400);
    }

    #[test]
    fn a_receiver_can_act_and_then_not_answer() {
        let mut simulator = simulator(&json!({ "faults": [{ "fault": "timeout", "acted": true }] }), 1);
        let answer = simulator.answer(&post("https://h.test/hook"), Timestamp::EPOCH);
        assert_eq!(answer.result.unwrap_err().message, "Request timed out after 10000ms");
        assert_eq!(simulator.receiver().n_acted(), 1);
    }

    #[test]
    fn the_same_seed_gives_the_same_answers() {
        let story = |seed| {
            let config = json!({ "latency_ms": [5, 500], "faults": [{ "chance": 0.5, "status": 500 }] });
            let mut simulator = simulator(&config, seed);
            let answers = (0..50).map(|_| simulator.answer(&post("https://h.test/hook"), Timestamp::EPOCH));
            answers.map(|answer| (answer.latency, answer.result.unwrap().status)).collect::<Vec<_>>()
        };
        assert_eq!(story(11), story(11));
        assert_ne!(story(11), story(12));
    }
}
