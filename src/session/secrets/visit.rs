//! Walks over everything in a record or a header that can hold a secret, in the order in which it is written.
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::core::http::{Body, Headers};
use crate::core::record::{Attempt, EventRecord, Exchange, Outcome, SessionHeader};

/// Where a text stands, as far as that says whether it is a secret.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// The value of a header field.
    Header(&'a str),
    /// The value of a JSON member.
    Member(&'a str),
    /// Anywhere else.
    Text,
}

/// What is done to each text.
pub(super) trait Visitor {
    /// What a text becomes, if it becomes another one.
    fn text(&mut self, place: Place<'_>, text: &str) -> Option<String>;

    /// Bytes that are no text.
    fn bytes(&mut self, bytes: &mut Vec<u8>);

    /// The text that a number becomes, if it becomes one.
    fn number(&mut self, place: Place<'_>, number: &str) -> Option<String>;
}

fn text(place: Place<'_>, text: &mut String, visitor: &mut dyn Visitor) {
    if let Some(other) = visitor.text(place, text) {
        *text = other;
    }
}

pub(super) fn header(header: &mut SessionHeader, visitor: &mut dyn Visitor) {
    text(Place::Text, &mut header.name, visitor);
    // The simulator's configuration says how tokens behave, in the members where others hold them.
    let simulator = header.plan.as_object_mut().and_then(|plan| plan.get_mut("simulator")).map(Value::take);
    json(Place::Text, &mut header.plan, visitor);
    if let Some(mut simulator) = simulator {
        texts(&mut simulator, visitor);
        header.plan["simulator"] = simulator;
    }
    members(&mut header.extra, visitor);
}

pub(super) fn event(event: &mut EventRecord, visitor: &mut dyn Visitor) {
    if let Some(message_id) = &mut event.message_id {
        text(Place::Text, message_id, visitor);
    }
    json(Place::Text, &mut event.payload, visitor);
    members(&mut event.extra, visitor);
}

pub(super) fn attempt(attempt: &mut Attempt, visitor: &mut dyn Visitor) {
    text(Place::Text, &mut attempt.verdict.reason, visitor);
    members(&mut attempt.verdict.facts, visitor);
    if let Some(duplicate) = &mut attempt.duplicate {
        members(&mut duplicate.evidence, visitor);
    }
    outcome(&mut attempt.outcome, visitor);
    attempt.exchanges.iter_mut().for_each(|each| exchange(each, visitor));
    members(&mut attempt.extra, visitor);
}

fn outcome(outcome: &mut Outcome, visitor: &mut dyn Visitor) {
    match outcome {
        Outcome::Delivered | Outcome::NotSubscribed => {}
        Outcome::Rejected { message } => text(Place::Text, message, visitor),
        Outcome::Error(error) => {
            text(Place::Text, &mut error.name, visitor);
            if let Some(code) = &mut error.code {
                text(Place::Text, code, visitor);
            }
            text(Place::Text, &mut error.message, visitor);
        }
        Outcome::Multistatus(items) => {
            let mut shared = None;
            for item in items {
                for words in
                    [&mut item.errortype, &mut item.errormessage, &mut item.errorreporter].into_iter().flatten()
                {
                    text(Place::Text, words, visitor);
                }
                if let Some(value) = &mut item.sent {
                    json(Place::Text, value, visitor);
                }
                if let Some(body) = &mut item.body {
                    shared_json(body, &mut shared, visitor);
                }
            }
        }
    }
}

/// Visits what items share once: `seen` holds what the item before had, as it was and as it has become.
fn shared_json(body: &mut Arc<Value>, seen: &mut Option<(Arc<Value>, Arc<Value>)>, visitor: &mut dyn Visitor) {
    match seen {
        Some((before, after)) if Arc::ptr_eq(before, body) => *body = Arc::clone(after),
        _ => {
            let before = Arc::clone(body);
            json(Place::Text, Arc::make_mut(body), visitor);
            *seen = Some((before, Arc::clone(body)));
        }
    }
}

fn exchange(exchange: &mut Exchange, visitor: &mut dyn Visitor) {
    text(Place::Text, &mut exchange.request.url, visitor);
    if let Some(url) = &mut exchange.sent_to {
        text(Place::Text, url, visitor);
    }
    headers(&mut exchange.request.headers, visitor);
    body(&mut exchange.request.body, visitor);
    match &mut exchange.result {
        Ok(response) => {
            headers(&mut response.headers, visitor);
            body(&mut response.body, visitor);
        }
        Err(fault) => text(Place::Text, &mut fault.message, visitor),
    }
}

fn headers(headers: &mut Headers, visitor: &mut dyn Visitor) {
    for (name, value) in headers.iter_mut() {
        text(Place::Header(name), value, visitor);
    }
}

fn body(body: &mut Body, visitor: &mut dyn Visitor) {
    match body {
        Body::Empty => {}
        Body::Json(value) => json(Place::Text, value, visitor),
        Body::Text(words) => text(Place::Text, words, visitor),
        Body::Bytes(bytes) => visitor.bytes(bytes),
    }
}

pub(super) fn json(place: Place<'_>, value: &mut Value, visitor: &mut dyn Visitor) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => {
            if let Some(text) = visitor.number(place, &number.to_string()) {
                *value = Value::String(text);
            }
        }
        Value::String(words) => text(place, words, visitor),
        Value::Array(list) => list.iter_mut().for_each(|element| json(place, element, visitor)),
        Value::Object(object) => members(object, visitor),
    }
}

fn members(object: &mut Map<String, Value>, visitor: &mut dyn Visitor) {
    let mut new_keys: Vec<(usize, String)> = Vec::new();
    for (idx, (key, value)) in object.iter_mut().enumerate() {
        new_keys.extend(visitor.text(Place::Text, key).map(|new_key| (idx, new_key)));
        json(Place::Member(key), value, visitor);
    }
    if !new_keys.is_empty() {
        let mut new_keys = new_keys.into_iter().peekable();
        let renamed = std::mem::take(object).into_iter().enumerate().map(|(idx, (key, value))| {
            let new_key = new_keys.next_if(|(place, _)| *place == idx).map_or(key, |(_, new_key)| new_key);
            (new_key, value)
        });
        *object = renamed.collect();
    }
}

/// Every text of a value as if no member of it could be a secret by its name.
fn texts(value: &mut Value, visitor: &mut dyn Visitor) {
    match value {
        Value::Object(object) => object.values_mut().for_each(|member| texts(member, visitor)),
        Value::Array(list) => list.iter_mut().for_each(|element| texts(element, visitor)),
        other => json(Place::Text, other, visitor),
    }
}
