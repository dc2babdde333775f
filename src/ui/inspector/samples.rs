//! Deliveries for tests of the inspector: a token that has to propagate, a refresh that fails, a batch of which some
//! items fail, a busy remote, no answer at all.
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::core::http::{Body, Fault, FaultKind, Headers, Request, Response};
use crate::core::names::{Decision, Purpose, Refresh, Trigger};
use crate::core::record::{Attempt, ErrorOutcome, EventRecord, Exchange, Item, Outcome, TokenUse, Verdict};
use crate::core::time::Timestamp;

/// 07:31:02.114 UTC on a day in autumn.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_764_055_862_114);

/// A delivery and the attempt of it to look at.
pub(crate) struct Sample {
    pub(crate) attempts: Vec<Arc<Attempt>>,
    pub(crate) events: Vec<Arc<EventRecord>>,
    pub(crate) shown: usize,
}

impl Sample {
    /// The attempt to look at.
    pub(crate) fn attempt(&self) -> &Attempt {
        &self.attempts[self.shown]
    }
}

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(START.as_millis() + millis)
}

/// LinkedIn rejects a fresh token; the attempt refreshes it and the next one is delivered.
pub(crate) fn propagation() -> Sample {
    let rejected = json!({
        "status": 401, "serviceErrorCode": 65601, "code": "REVOKED_ACCESS_TOKEN",
        "message": "The token used in the request has been revoked by the user"
    });
    let mut first = linkedin(1, 0, 1);
    first.exchanges = vec![
        lookup(20, 182, 1, 401, rejected),
        refresh(210, 240, Ok(response(200, json!({"access_token": "AQX-new-token", "expires_in": 5_183_999})))),
    ];
    first.ended_at = at(460);
    first.outcome = error("RetryableError", Some(503), "RETRYABLE_ERROR", "LinkedIn token may still be propagating");
    first.verdict = verdict(
        Decision::Retry,
        "LINKEDIN-TOKEN-PROPAGATION",
        "LinkedIn rejected a token that was 4 s old. It answers the same way for a token that has not reached all its \
         nodes and for a dead one, so the token was refreshed first.",
        json!({"destination": "linkedin-audiences", "call": "lookup", "status": 401, "service_error_code": 65601}),
    );
    first.verdict.next_attempt_at = Some(at(30_460));
    first.token = Some(TokenUse { generation_before: 1, generation_after: 2, refresh: Refresh::Succeeded });
    let mut second = linkedin(2, 30_460, 2);
    second.exchanges = vec![
        lookup(30_470, 160, 2, 200, json!({"elements": [{"id": 10804, "status": "READY"}]})),
        exchange(
            Purpose::Deliver,
            (30_640, 210),
            Some(2),
            request(
                "POST",
                "https://api.linkedin.com/rest/dmpSegments/10804/users",
                "AQX-new-token",
                Body::Json(
                    json!({"elements": [{"action": "ADD", "userIds": [{"idType": "SHA256_EMAIL", "idValue": "b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514"}]}]}),
                ),
            ),
            Ok(response(200, json!({"elements": [{"status": 201}]}))),
        ),
    ];
    second.ended_at = at(30_860);
    second.verdict = verdict(Decision::Delivered, "HTTP-SUCCESS", "The receiver took it.", json!({"status": 200}));
    second.token = Some(TokenUse { generation_before: 2, generation_after: 2, refresh: Refresh::None });
    sample(vec![first, second], &["m-7f21"])
}

/// The refresh token itself is dead.
pub(crate) fn refresh_failed() -> Sample {
    let mut attempt = linkedin(1, 0, 1);
    attempt.exchanges = vec![
        lookup(20, 170, 1, 401, json!({"status": 401, "serviceErrorCode": 65601, "message": "Revoked"})),
        refresh(
            200,
            410,
            Ok(response(
                400,
                json!({"error": "invalid_grant", "error_description": "The provided authorization grant or refresh token is invalid, expired or revoked."}),
            )),
        ),
    ];
    attempt.ended_at = at(640);
    attempt.outcome = error(
        "InvalidAuthenticationError",
        Some(401),
        "REFRESH_TOKEN_EXPIRED",
        "Invalid Authentication: Your refresh token is invalid or expired. Please re-authenticate to fetch a new refresh token.",
    );
    attempt.verdict = verdict(
        Decision::Discard,
        "FRAMEWORK-REFRESH-FAILED",
        "The token endpoint says invalid_grant: nobody can get a new token without signing in again, so the error of the refresh is the one that counts.",
        json!({"outcome": "error", "refresh": "failed", "status": 401, "oauth_error": "invalid_grant"}),
    );
    attempt.token = Some(TokenUse { generation_before: 1, generation_after: 1, refresh: Refresh::Failed });
    sample(vec![attempt], &["m-7f23"])
}

/// Pendo takes most of a batch: every third of hundred items fails.
pub(crate) fn batch(n_items: usize) -> Sample {
    let item = |item_idx: usize| {
        let is_bad = item_idx % 100 == 2;
        Item {
            status: if is_bad { 409 } else { 200 },
            errortype: is_bad.then(|| "RETRYABLE_ERROR".to_owned()),
            errormessage: is_bad.then(|| "Another update of this segment is under way".to_owned()),
            errorreporter: is_bad.then(|| "DESTINATION".to_owned()),
            sent: Some(json!({"op": "add", "path": "/visitors", "value": [format!("v-{item_idx}")]})),
            body: Some(Arc::new(if is_bad { json!({"error": "conflict"}) } else { Value::Null })),
            decision: if is_bad { Decision::Retry } else { Decision::Delivered },
        }
    };
    let message_ids: Vec<String> = (0..n_items).map(|item_idx| format!("m-{item_idx:04}")).collect();
    let mut attempt = pendo(1, 0);
    attempt.exchanges = vec![patch(10, 340, 207, json!({"multistatus": [{"operation": "add", "status": 409}]}))];
    attempt.ended_at = at(380);
    attempt.outcome = Outcome::Multistatus((0..n_items).map(item).collect());
    attempt.verdict = verdict(
        Decision::Retry,
        "ANOTHER-PROGRAMS-RULE",
        "Pendo took part of the batch; the items that it refused are sent again.",
        json!({"status": 207}),
    );
    attempt.verdict.next_attempt_at = Some(at(4_180));
    sample(vec![attempt], &message_ids.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Pendo is busy with another change of the same segment.
pub(crate) fn conflict() -> Sample {
    let mut attempts = Vec::new();
    for (number, start, wait) in [(1, 0, 2_100), (2, 2_400, 4_420)] {
        let mut attempt = pendo(number, start);
        attempt.exchanges =
            vec![patch(start + 10, 260, 409, json!({"error": "conflict", "message": "Segment is being updated"}))];
        attempt.ended_at = at(start + 290);
        attempt.outcome = error("RetryableError", Some(429), "RETRYABLE_ERROR", "Pendo segment is being updated");
        attempt.verdict = verdict(
            Decision::Retry,
            "PENDO-409-CONFLICT",
            "Pendo updates one segment at a time. It will take the change when the one before is done.",
            json!({"destination": "pendo-audiences", "call": "visitors", "status": 409}),
        );
        attempt.verdict.next_attempt_at = Some(at(start + 290 + wait));
        attempts.push(attempt);
    }
    let mut last = pendo(3, 7_110);
    last.exchanges = vec![patch(7_120, 300, 200, json!({"ok": true}))];
    last.ended_at = at(7_440);
    last.verdict = verdict(Decision::Delivered, "HTTP-SUCCESS", "The receiver took it.", json!({"status": 200}));
    attempts.push(last);
    let mut sample = sample(attempts, &["m-8001"]);
    sample.shown = 1;
    sample
}

/// No answer came in time.
pub(crate) fn timeout() -> Sample {
    let mut attempt = pendo(1, 0);
    let fault = Fault::new(FaultKind::Timeout, "no whole response within 10 s");
    let mut exchange = patch(10, 10_000, 200, Value::Null);
    exchange.sent_to = Some("http://127.0.0.1:9009/api/v1/segment/seg_42/visitor".to_owned());
    exchange.result = Err(fault);
    attempt.exchanges = vec![exchange];
    attempt.ended_at = at(10_020);
    attempt.outcome = error("FetchError", None, "ETIMEDOUT", "network timeout at: https://app.pendo.io");
    attempt.verdict = verdict(
        Decision::Retry,
        "NETWORK-ERROR",
        "No answer came, and an error without a status counts as 500.",
        json!({"network_code": "ETIMEDOUT"}),
    );
    attempt.verdict.next_attempt_at = Some(at(12_020));
    sample(vec![attempt], &["engage-2f6a1c90-6a55-4c5e-9d0e-6f2b1c0d7e11"])
}

fn sample(attempts: Vec<Attempt>, message_ids: &[&str]) -> Sample {
    let event = |(event_idx, message_id): (usize, &&str)| {
        Arc::new(EventRecord {
            id: format!("e{event_idx}").into(),
            received_at: START,
            message_id: Some((*message_id).to_owned()),
            payload: json!({
                "type": "track", "event": "Audience Entered", "messageId": message_id, "userId": "ada@example.com",
                "context": {"personas": {"computation_key": "buyers", "external_audience_id": "10804"}},
                "properties": {"audience_key": "buyers", "buyers": true}
            }),
            extra: Map::new(),
        })
    };
    let events: Vec<_> = message_ids.iter().enumerate().map(event).collect();
    let ids: Vec<_> = events.iter().map(|event| event.id.clone()).collect();
    let attempts = attempts.into_iter().map(|attempt| Arc::new(Attempt { events: ids.clone(), ..attempt })).collect();
    Sample { attempts, events, shown: 0 }
}

fn linkedin(number: u32, start: i64, generation: u32) -> Attempt {
    let token = TokenUse { generation_before: generation, generation_after: generation, refresh: Refresh::None };
    Attempt { token: Some(token), ..attempt("linkedin-audiences", "updateAudience", number, start) }
}

fn pendo(number: u32, start: i64) -> Attempt {
    attempt("pendo-audiences", "syncAudience", number, start)
}

fn attempt(destination: &str, action: &str, number: u32, start: i64) -> Attempt {
    Attempt {
        id: format!("{destination}-a{number}").into(),
        delivery: "d1".into(),
        events: Vec::new(),
        destination: destination.into(),
        action: action.into(),
        number,
        trigger: if number == 1 { Trigger::First } else { Trigger::Retry },
        started_at: at(start),
        ended_at: at(start),
        rules: "token-propagation-refresh".into(),
        exchanges: Vec::new(),
        outcome: Outcome::Delivered,
        verdict: verdict(Decision::Delivered, "", "", json!({})),
        token: None,
        duplicate: None,
        extra: Map::new(),
    }
}

fn lookup(start: i64, took: i64, generation: u32, status: u16, body: Value) -> Exchange {
    let url = "https://api.linkedin.com/rest/dmpSegments?q=account&account=urn:li:sponsoredAccount:512345";
    let token = if generation == 1 { "AQX-old-token" } else { "AQX-new-token" };
    let request = request("GET", url, token, Body::Empty);
    exchange(Purpose::Lookup, (start, took), Some(generation), request, Ok(response(status, body)))
}

fn refresh(start: i64, took: i64, result: Result<Response, Fault>) -> Exchange {
    let form = "refresh_token=refresh-1&client_id=client-1&client_secret=secret-1&grant_type=refresh_token";
    let body = Body::Text(form.to_owned());
    let request = request("POST", "https://www.linkedin.com/oauth/v2/accessToken", "undefined", body);
    exchange(Purpose::Refresh, (start, took), None, request, result)
}

fn patch(start: i64, took: i64, status: u16, body: Value) -> Exchange {
    let patch = json!({"patch": [{"op": "add", "path": "/visitors", "value": ["v-1041"]}]});
    let mut request = request("PATCH", "https://app.pendo.io/api/v1/segment/seg_42/visitor", "", Body::Json(patch));
    request.headers =
        [("x-pendo-integration-key", "pendo-key-1"), ("content-type", "application/json")].into_iter().collect();
    exchange(Purpose::Deliver, (start, took), None, request, Ok(response(status, body)))
}

pub(crate) fn exchange(
    purpose: Purpose,
    (start, took): (i64, i64),
    token_generation: Option<u32>,
    request: Request,
    result: Result<Response, Fault>,
) -> Exchange {
    let (started_at, ended_at) = (at(start), at(start + took));
    Exchange { purpose, pass: 1, started_at, ended_at, token_generation, request, sent_to: None, result }
}

fn request(method: &str, url: &str, token: &str, body: Body) -> Request {
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str()), ("linkedin-version", "202505")].into_iter().collect();
    Request { method: method.to_owned(), url: url.to_owned(), headers, body }
}

pub(crate) fn response(status: u16, body: Value) -> Response {
    let headers: Headers = [("content-type", "application/json"), ("x-li-uuid", "AAYq1")].into_iter().collect();
    Response { status, headers, body: Body::Json(body) }
}

fn error(name: &str, status: Option<u16>, code: &str, message: &str) -> Outcome {
    let code = Some(code.to_owned());
    Outcome::Error(ErrorOutcome { name: name.to_owned(), status, code, message: message.to_owned() })
}

fn verdict(decision: Decision, rule: &str, reason: &str, facts: Value) -> Verdict {
    let facts = match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    };
    Verdict { decision, rule: rule.into(), reason: reason.to_owned(), facts, next_attempt_at: None }
}
