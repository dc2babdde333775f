//! LinkedIn's answers, request by request.
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::quota::Quota;
use super::segments::Segments;
use super::tokens::{Node, Tokens};
use crate::core::deduplication::Acts;
use crate::core::http::{Request, Response};
use crate::core::time::Timestamp;
use crate::net::dice::Dice;
use crate::sim::config::LinkedinConfig;
use crate::sim::faults::PartialFailures;
use crate::sim::form::path_of;
use crate::sim::operation::Operation;
use crate::sim::simulator::{empty_response, json_body, json_response};

/// LinkedIn's side of the wire.
#[derive(Debug)]
pub struct Linkedin {
    tokens: Tokens,
    quota: Quota,
    segments: Segments,
    conversions: BTreeSet<String>,
    /// Which conversions of the last request counted.
    counted: Vec<bool>,
    failures: PartialFailures,
}

impl Linkedin {
    pub(in crate::sim) fn new(config: &LinkedinConfig) -> Self {
        Self {
            tokens: Tokens::default(),
            quota: Quota::default(),
            segments: Segments::new(&config.on),
            conversions: BTreeSet::new(),
            counted: Vec::new(),
            failures: PartialFailures::new(&config.element_failures),
        }
    }

    /// The members of a segment, in alphabetical order: hashed addresses and ids of users, domains and URNs of companies.
    pub fn members(&self, segment_id: &str) -> impl Iterator<Item = &str> {
        self.segments.by_id(segment_id).into_iter().flat_map(|segment| segment.members.iter().map(String::as_str))
    }

    /// How many conversions were counted; one that came twice with the same `eventId` counts once.
    #[must_use]
    pub fn n_conversions(&self) -> usize {
        self.conversions.len()
    }

    /// Which conversions of the last request counted: neither those that failed nor those that were known.
    pub(in crate::sim) fn take_counted(&mut self) -> Acts {
        match std::mem::take(&mut self.counted) {
            counted if counted.is_empty() => Acts::Nothing,
            counted => Acts::Elements(counted),
        }
    }

    pub(in crate::sim) fn answer(
        &mut self,
        config: &LinkedinConfig,
        operation: Operation,
        request: &Request,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Response {
        if operation == Operation::LinkedinToken {
            return self.tokens.refresh(&config.on, request, now, dice);
        }
        let node = Node::draw(&config.on, dice);
        let mut response = self.answer_on(node, config, (operation, request), now, dice);
        node.sign(&config.on, &mut response);
        response
    }

    fn answer_on(
        &mut self,
        node: Node,
        config: &LinkedinConfig,
        (operation, request): (Operation, &Request),
        now: Timestamp,
        dice: &mut Dice,
    ) -> Response {
        if let Some(refusal) = self.tokens.refuse(&config.on, request, (now, node), dice) {
            return refusal;
        }
        if let Some(refusal) = config.on.rate_limit.and_then(|limit| self.quota.refuse(limit, now)) {
            return refusal;
        }
        match operation {
            Operation::LinkedinMe => json_response(200, json!({ "id": "simulated-person" })),
            Operation::LinkedinRole => {
                let role = config.on.role.as_deref().unwrap_or("ACCOUNT_MANAGER");
                json_response(200, json!({ "role": role }))
            }
            Operation::LinkedinLookup => self.segments.lookup(request),
            Operation::LinkedinCreate => self.segments.create(&config.on, request),
            Operation::LinkedinUsers | Operation::LinkedinCompanies => self.members_of(request, dice),
            Operation::LinkedinConversions => self.convert(request, dice),
            _ => not_found("The simulator does not know this resource"),
        }
    }

    fn members_of(&mut self, request: &Request, dice: &mut Dice) -> Response {
        let segment_id = path_of(&request.url).split('/').nth(3).unwrap_or_default();
        let Some(segment) = self.segments.by_id_mut(segment_id) else {
            return not_found("There is no segment with this id");
        };
        batch(request, &mut self.failures, dice, |element, is_taken| {
            if is_taken {
                segment.apply(element);
            }
        })
    }

    fn convert(&mut self, request: &Request, dice: &mut Dice) -> Response {
        self.counted.clear();
        let mut count = |conversion: &Value, is_taken: bool| {
            if !is_taken {
                self.counted.push(false);
                return;
            }
            let rule = conversion.get("conversion").and_then(Value::as_str).unwrap_or_default();
            let event = conversion.get("eventId").and_then(Value::as_str);
            let event = event.map_or_else(|| format!("without eventId {}", self.conversions.len()), str::to_owned);
            self.counted.push(self.conversions.insert(format!("{rule} {event}")));
        };
        if request.headers.get("x-restli-method") == Some("BATCH_CREATE") {
            return batch(request, &mut self.failures, dice, count);
        }
        let Some(conversion) = json_body(request) else { return bad_request("The body is not JSON") };
        if let Some(failure) = self.failures.hit(None, dice) {
            return json_response(failure.status, error_body(failure.status, failure.message.as_deref()));
        }
        count(conversion, true);
        empty_response(201)
    }
}

/// Takes each element of a batch by itself: the answer is a 200 whatever becomes of them.
fn batch(
    request: &Request,
    failures: &mut PartialFailures,
    dice: &mut Dice,
    mut act: impl FnMut(&Value, bool),
) -> Response {
    let Some(elements) = json_body(request).and_then(|body| body.get("elements")).and_then(Value::as_array) else {
        return bad_request("The body has no list `elements`");
    };
    let answers: Vec<Value> = elements
        .iter()
        .map(|element| {
            let failure = failures.hit(None, dice);
            act(element, failure.is_none());
            if let Some(failure) = failure {
                let error = error_body(failure.status, failure.message.as_deref());
                return json!({ "status": failure.status, "error": error });
            }
            json!({ "status": 201 })
        })
        .collect();
    json_response(200, json!({ "elements": answers }))
}

fn error_body(status: u16, message: Option<&str>) -> Value {
    json!({ "status": status, "message": message.unwrap_or("The element was not accepted") })
}

fn bad_request(message: &str) -> Response {
    json_response(400, error_body(400, Some(message)))
}

fn not_found(message: &str) -> Response {
    json_response(404, error_body(404, Some(message)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::{Body, Headers};
    use crate::sim::{Config, Simulator};

    fn linkedin(config: &Value) -> Simulator {
        Simulator::new(Config::from_json(&json!({ "latency_ms": 0, "linkedin": config })).unwrap(), 0)
    }

    fn request(method: &str, path: &str, token: &str, body: Value) -> Request {
        let headers: Headers = [("authorization", format!("Bearer {token}"))].into_iter().collect();
        let body = if body.is_null() { Body::Empty } else { Body::Json(body) };
        Request { method: method.into(), url: format!("https://api.linkedin.com{path}"), headers, body }
    }

    fn me(token: &str) -> Request {
        request("GET", "/rest/me", token, Value::Null)
    }

    fn refresh() -> Request {
        let form = "refresh_token=r%201&client_id=c&client_secret=s&grant_type=refresh_token";
        let url = "https://www.linkedin.com/oauth/v2/accessToken".to_owned();
        Request { method: "POST".into(), url, headers: Headers::default(), body: Body::Text(form.to_owned()) }
    }

    fn at(simulator: &mut Simulator, request: &Request, millis: i64) -> Response {
        simulator.answer(request, Timestamp::from_millis(millis)).result.unwrap()
    }

    /// Status, and the service error code if there is one.
    fn said(response: &Response) -> (u16, Option<u64>) {
        (response.status, response.body.to_json()["serviceErrorCode"].as_u64())
    }

    #[test]
    fn the_plans_token_stands_as_declared() {
        for (state, first, later) in [
            ("valid", (200, None), (200, None)),
            ("invalid", (401, Some(65600)), (401, Some(65600))),
            ("revoked", (401, Some(65601)), (401, Some(65601))),
            ("expired", (401, Some(65602)), (401, Some(65602))),
            ("not_yet_propagated", (401, Some(65601)), (200, None)),
        ] {
            let mut simulator = linkedin(&json!({ "access_token": state, "propagation_ms": 500 }));
            assert_eq!(said(&at(&mut simulator, &me("old"), 0)), first, "{state}");
            assert_eq!(said(&at(&mut simulator, &me("old"), 500)), later, "{state}");
            assert_eq!(said(&at(&mut simulator, &me("undefined"), 500)), (401, Some(65600)));
        }
    }

    #[test]
    fn a_refreshed_token_is_revoked_until_it_has_propagated_and_expired_after_its_life() {
        let mut simulator =
            linkedin(&json!({ "access_token": "revoked", "propagation_ms": 3_000, "token_lifetime_ms": 60_000 }));
        let answer = at(&mut simulator, &refresh(), 1_000).body.to_json();
        assert_eq!(answer["refresh_token"], "r 1");
        let token = answer["access_token"].as_str().unwrap();
        let said_at = |simulator: &mut Simulator, millis| said(&at(simulator, &me(token), millis));
        assert_eq!(said_at(&mut simulator, 3_999), (401, Some(65601)));
        assert_eq!(said_at(&mut simulator, 4_000), (200, None));
        assert_eq!(said_at(&mut simulator, 61_000), (401, Some(65602)));
    }

    #[test]
    fn each_node_learns_of_a_new_token_by_itself() {
        let mut simulator = linkedin(&json!({ "nodes": 3, "propagation_ms": [0, 4_000] }));
        let token = at(&mut simulator, &refresh(), 0).body.to_json()["access_token"].as_str().unwrap().to_owned();
        let ask = |simulator: &mut Simulator, millis| {
            let response = at(simulator, &me(&token), millis);
            (response.headers.get("x-li-pop").unwrap().to_owned(), said(&response))
        };
        let answers: Vec<_> = (0..60).map(|_| ask(&mut simulator, 2_000)).collect();
        let nodes: BTreeSet<_> = answers.iter().map(|(node, _)| node).collect();
        assert_eq!(nodes.len(), 3);
        for node in nodes {
            let mut of_node = answers.iter().filter(|(other, _)| other == node).map(|(_, answer)| answer);
            let first = of_node.next().unwrap();
            assert!(of_node.all(|answer| answer == first), "a node knows a token or does not");
        }
        let kinds: BTreeSet<_> = answers.iter().map(|(_, answer)| *answer).collect();
        assert_eq!(kinds, BTreeSet::from([(200, None), (401, Some(65601))]), "some know it before others");
        assert!((0..60).all(|_| ask(&mut simulator, 4_000).1.0 == 200));
    }

    #[test]
    fn a_refresh_can_end_the_tokens_before_it_and_the_refresh_token_that_it_was_asked_with() {
        let mut simulator = linkedin(&json!({ "refresh_revokes": true, "rotate_refresh_token": true }));
        assert_eq!(at(&mut simulator, &me("old"), 0).status, 200);
        let answer = at(&mut simulator, &refresh(), 1).body.to_json();
        assert_eq!(answer["refresh_token"], "simulated-refresh-token-2");
        let token = answer["access_token"].as_str().unwrap().to_owned();
        assert_eq!(said(&at(&mut simulator, &me("old"), 2)), (401, Some(65601)));
        assert_eq!(said(&at(&mut simulator, &me(&token), 2)), (200, None));
        let with_the_old_one = at(&mut simulator, &refresh(), 3);
        assert_eq!(
            (with_the_old_one.status, &with_the_old_one.body.to_json()["error"]),
            (400, &json!("invalid_grant"))
        );
        let mut with_the_new_one = refresh();
        let form = "refresh_token=simulated-refresh-token-2&client_id=c&client_secret=s&grant_type=refresh_token";
        with_the_new_one.body = Body::Text(form.to_owned());
        assert_eq!(at(&mut simulator, &with_the_new_one, 4).status, 200);
        assert_eq!(said(&at(&mut simulator, &me(&token), 5)), (401, Some(65601)));
    }

    #[test]
    fn consent_that_is_taken_back_ends_every_token_and_every_refresh() {
        let mut simulator = linkedin(&json!({ "consent_ms": 1_000 }));
        assert_eq!(at(&mut simulator, &me("old"), 500).status, 200);
        assert_eq!(at(&mut simulator, &refresh(), 1_499).status, 200);
        assert_eq!(at(&mut simulator, &me("old"), 1_499).status, 200);
        assert_eq!(said(&at(&mut simulator, &me("old"), 1_500)), (401, Some(65601)));
        assert_eq!(said(&at(&mut simulator, &me("simulated-access-token-2"), 1_500)), (401, Some(65601)));
        assert_eq!(at(&mut simulator, &refresh(), 1_500).status, 400);
    }

    #[test]
    fn a_refresh_can_fail() {
        for (answer, status, error) in
            [("invalid_grant", 400, json!("invalid_grant")), ("server_error", 500, Value::Null)]
        {
            let response = at(&mut linkedin(&json!({ "refresh": answer })), &refresh(), 0);
            assert_eq!((response.status, &response.body.to_json()["error"]), (status, &error));
        }
        let mut without_client = refresh();
        without_client.body = Body::Text("refresh_token=r&grant_type=refresh_token".into());
        assert_eq!(at(&mut linkedin(&json!({})), &without_client, 0).status, 401);
    }

    #[test]
    fn a_segment_is_made_found_and_filled() {
        let mut simulator = linkedin(&json!({}));
        let lookup = request("GET", "/rest/dmpSegments?q=account&sourceSegmentId=vip", "t", Value::Null);
        assert_eq!(at(&mut simulator, &lookup, 0).body.to_json()["elements"], json!([]));
        let create = request("POST", "/rest/dmpSegments", "t", json!({ "sourceSegmentId": "vip", "type": "USER" }));
        let made = at(&mut simulator, &create, 1);
        let id = made.headers.get("x-restli-id").unwrap();
        assert_eq!((made.status, made.headers.get("x-linkedin-id")), (201, Some(id)));
        assert_eq!(at(&mut simulator, &lookup, 2).body.to_json()["elements"][0]["id"], id);

        let user =
            |action, hash| json!({ "action": action, "userIds": [{ "idType": "SHA256_EMAIL", "idValue": hash }] });
        let elements = json!({ "elements": [user("ADD", "aa"), user("ADD", "bb"), user("REMOVE", "aa")] });
        let path = format!("/rest/dmpSegments/{id}/users");
        let answer = at(&mut simulator, &request("POST", &path, "t", elements), 3);
        assert_eq!(
            answer.body.to_json(),
            json!({ "elements": [{ "status": 201 }, { "status": 201 }, { "status": 201 }] })
        );
        assert_eq!(simulator.linkedin().members(id).collect::<Vec<_>>(), ["bb"]);
        let nowhere = request("POST", "/rest/dmpSegments/undefined/users", "t", json!({ "elements": [] }));
        assert_eq!(at(&mut simulator, &nowhere, 4).status, 404);
    }

    #[test]
    fn a_second_segment_for_a_key_is_a_conflict_where_that_is_asked_for() {
        let create = request("POST", "/rest/dmpSegments", "t", json!({ "sourceSegmentId": "vip", "type": "COMPANY" }));
        for (answer, status) in [("allowed", 201), ("conflict", 409)] {
            let mut simulator = linkedin(&json!({ "second_create": answer, "id_headers": ["x-restli-id"] }));
            let first = at(&mut simulator, &create, 0);
            assert_eq!((first.status, first.headers.get("x-linkedin-id")), (201, None));
            assert_eq!(at(&mut simulator, &create, 1).status, status);
        }
    }

    #[test]
    fn a_conversion_counts_once_for_each_event_id_and_an_element_can_fail_in_a_200() {
        let mut simulator =
            linkedin(&json!({ "element_failures": [{ "nth": [2], "status": 400, "message": "too old" }] }));
        let conversion = |event| json!({ "conversion": "urn:lla:llaPartnerConversion:1", "eventId": event });
        let mut two =
            request("POST", "/rest/conversionEvents", "t", json!({ "elements": [conversion("m1"), conversion("m2")] }));
        two.headers.set("x-restli-method", "BATCH_CREATE");
        let answer = at(&mut simulator, &two, 0);
        let failed = json!({ "status": 400, "error": { "status": 400, "message": "too old" } });
        assert_eq!(answer.body.to_json(), json!({ "elements": [{ "status": 201 }, failed] }));
        let again = request("POST", "/rest/conversionEvents", "t", conversion("m1"));
        assert_eq!(at(&mut simulator, &again, 1).status, 201);
        assert_eq!(simulator.linkedin().n_conversions(), 1);
    }

    #[test]
    fn too_many_requests_in_a_window_are_throttled() {
        let mut simulator = linkedin(&json!({ "rate_limit": { "requests": 2, "per_ms": 1_000 } }));
        let statuses = [0, 1, 2, 999, 1_000].map(|millis| at(&mut simulator, &me("t"), millis).status);
        assert_eq!(statuses, [200, 200, 429, 429, 200]);
    }
}
