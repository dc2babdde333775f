//! Attempts as the interfaces of Svix, Hookdeck and Convoy list them.
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::notes::Notes;
use super::observed::{Observed, Payload, fault_of};
use crate::core::findings::host_and_path;
use crate::core::http::{Body, Headers, Request, Response};
use crate::core::names::Trigger;
use crate::core::time::Timestamp;

const NO_TIME: &str = "an attempt without a time was left out";
const NO_REQUEST: &str = "the list says nothing of what was sent";

/// Attempts of Svix (`MessageAttemptOut`).
pub(super) fn svix(items: Vec<Value>, notes: &mut Notes) -> Vec<Observed> {
    read(items, notes, |item, fields, notes| {
        let started_at = time(item, &["timestamp"])?;
        let millis = item.get("responseDurationMs").and_then(Value::as_u64).unwrap_or(0);
        let message = text(item, "msgId");
        let payload = item.pointer("/msg/payload").cloned();
        if payload.is_none() {
            notes.add(NO_REQUEST, &fields.place);
        }
        let status = item.get("responseStatusCode").and_then(Value::as_u64).unwrap_or(0);
        Some(Parts {
            endpoint: text(item, "endpointId"),
            message,
            event: text_at(item, "/msg/eventType"),
            payload,
            method: "POST".to_owned(),
            url: text(item, "url"),
            started_at,
            ended_at: started_at.saturating_add(Duration::from_millis(millis)),
            status,
            error: text(item, "statusText"),
            answer: text(item, "response"),
            trigger: (item.get("triggerType").and_then(Value::as_u64) == Some(1)).then_some(Trigger::Replay),
            ..Parts::new(started_at)
        })
    })
}

/// Attempts of Hookdeck.
pub(super) fn hookdeck(items: Vec<Value>, notes: &mut Notes) -> Vec<Observed> {
    read(items, notes, |item, fields, notes| {
        let started_at = time(item, &["delivered_at", "created_at"])?;
        let latency = item.get("response_latency").and_then(Value::as_u64).map(Duration::from_millis);
        let ended_at = latency.map(|latency| started_at.saturating_add(latency));
        let ended_at = ended_at.or_else(|| time(item, &["responded_at", "successful_at", "updated_at"]));
        let payload = item.pointer("/event/data/body").cloned();
        if payload.is_none() {
            notes.add(NO_REQUEST, &fields.place);
        }
        let answer = match item.get("body") {
            Some(Value::String(answer)) => answer.clone(),
            Some(answer) if !answer.is_null() => answer.to_string(),
            _ => String::new(),
        };
        let trigger = text(item, "trigger");
        Some(Parts {
            endpoint: text_at(item, "/event/destination_id"),
            message: text(item, "event_id"),
            payload,
            method: text(item, "http_method"),
            url: text(item, "requested_url"),
            started_at,
            ended_at: ended_at.unwrap_or(started_at),
            status: item.get("response_status").and_then(Value::as_u64).unwrap_or(0),
            error: text(item, "error_code"),
            answer,
            trigger: ["MANUAL", "BULK_RETRY"].contains(&trigger.as_str()).then_some(Trigger::Replay),
            ..Parts::new(started_at)
        })
    })
}

/// Attempts of Convoy (`DeliveryAttempt`).
pub(super) fn convoy(items: Vec<Value>, notes: &mut Notes) -> Vec<Observed> {
    read(items, notes, |item, fields, notes| {
        let started_at = time(item, &["requested_at", "created_at"])?;
        notes.add(NO_REQUEST, &fields.place);
        let status = text(item, "http_status");
        Some(Parts {
            endpoint: text(item, "endpoint_id"),
            message: text(item, "msg_id"),
            method: text(item, "method"),
            url: text(item, "url"),
            started_at,
            ended_at: time(item, &["responded_at", "updated_at"]).unwrap_or(started_at),
            status: status.split(' ').next().and_then(|code| code.parse().ok()).unwrap_or(0),
            error: text(item, "error"),
            answer: text(item, "response_data"),
            request_headers: headers(item.get("request_http_header")),
            response_headers: headers(item.get("response_http_header")),
            ..Parts::new(started_at)
        })
    })
}

/// What the three have in common.
struct Parts {
    endpoint: String,
    message: String,
    event: String,
    payload: Option<Value>,
    method: String,
    url: String,
    started_at: Timestamp,
    ended_at: Timestamp,
    status: u64,
    error: String,
    answer: String,
    request_headers: Headers,
    response_headers: Headers,
    trigger: Option<Trigger>,
}

impl Parts {
    fn new(started_at: Timestamp) -> Self {
        Self {
            endpoint: String::new(),
            message: String::new(),
            event: String::new(),
            payload: None,
            method: String::new(),
            url: String::new(),
            started_at,
            ended_at: started_at,
            status: 0,
            error: String::new(),
            answer: String::new(),
            request_headers: Headers::default(),
            response_headers: Headers::default(),
            trigger: None,
        }
    }
}

/// Where an item stands.
struct Fields {
    place: String,
}

fn read(
    items: Vec<Value>,
    notes: &mut Notes,
    parts: impl Fn(&Value, &Fields, &mut Notes) -> Option<Parts>,
) -> Vec<Observed> {
    let mut observed = Vec::with_capacity(items.len());
    for (idx, item) in items.into_iter().enumerate() {
        let fields = Fields { place: format!("attempt {}", idx + 1) };
        match parts(&item, &fields, notes) {
            Some(parts) => observed.push(observed_of(parts, fields.place, item)),
            None => notes.add(NO_TIME, &fields.place),
        }
    }
    observed
}

fn observed_of(parts: Parts, place: String, item: Value) -> Observed {
    let (host, path) = host_and_path(&parts.url);
    let destination = [host, parts.endpoint.as_str(), "endpoint"].into_iter().find(|name| !name.is_empty());
    let method = if parts.method.is_empty() { "POST".to_owned() } else { parts.method.to_ascii_uppercase() };
    let body = parts.payload.clone().map_or(Body::Empty, Body::Json);
    let mut payload = parts.payload.filter(Value::is_object).unwrap_or_else(|| json!({}));
    if let Value::Object(payload) = &mut payload {
        for (key, value) in [("messageId", &parts.message), ("event", &parts.event)] {
            if !value.is_empty() {
                payload.entry(key).or_insert_with(|| value.as_str().into());
            }
        }
    }
    let result = match u16::try_from(parts.status) {
        Ok(status @ 100..) => {
            Ok(Response { status, headers: parts.response_headers, body: Body::from_bytes(parts.answer.into_bytes()) })
        }
        _ => Err(fault_of(if parts.error.is_empty() { "no answer was recorded" } else { &parts.error })),
    };
    let id = ["id", "uid"].iter().find_map(|key| item.get(key)?.as_str()).map(str::to_owned);
    Observed {
        place,
        id,
        delivery_key: format!("{}\n{}\n{}", parts.message, parts.endpoint, parts.url),
        action: format!("{method} {}", if path.is_empty() { "/" } else { path }),
        destination: destination.unwrap_or_default().to_owned(),
        call: None,
        started_at: parts.started_at,
        ended_at: parts.ended_at.max(parts.started_at),
        request: Request { method, url: parts.url, headers: parts.request_headers, body },
        result,
        trigger: parts.trigger,
        payloads: vec![Payload { message_id: Some(parts.message).filter(|id| !id.is_empty()), json: payload }],
        extra: leftovers(item),
    }
}

/// What the list says that an attempt has no place for.
fn leftovers(item: Value) -> Map<String, Value> {
    const CARRIED: &[&str] = &[
        "id",
        "uid",
        "msg",
        "url",
        "response",
        "responseStatusCode",
        "requested_url",
        "response_status",
        "body",
        "request_http_header",
        "response_http_header",
        "response_data",
        "event",
    ];
    let Value::Object(mut item) = item else { return Map::new() };
    item.retain(|key, _| !CARRIED.contains(&key.as_str()));
    Map::from_iter([("imported".to_owned(), Value::Object(item))])
}

fn text(item: &Value, key: &str) -> String {
    item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn text_at(item: &Value, path: &str) -> String {
    item.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn time(item: &Value, keys: &[&str]) -> Option<Timestamp> {
    keys.iter().find_map(|key| item.get(key)?.as_str()?.parse().ok())
}

fn headers(fields: Option<&Value>) -> Headers {
    let fields = fields.and_then(Value::as_object).into_iter().flatten();
    fields.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect::<Headers>().grouped()
}
