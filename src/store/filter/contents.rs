//! What filters look for inside records: people, message ids, headers and bodies.
use serde_json::Value;

use super::condition::HeaderTest;
use super::text_match::{BodyFinder, TextMatch};
use crate::core::http::{Body, Headers};
use crate::core::record::{Attempt, EventRecord};
use crate::store::label::{event_name, people};

/// Whether an event is about somebody.
pub(super) fn is_about(payload: &Value, text: &TextMatch) -> bool {
    people(payload).any(|name| text.matches(name))
}

/// Whether an event has that message id.
pub(super) fn has_message_id(event: &EventRecord, text: &TextMatch) -> bool {
    event.message_id.as_deref().is_some_and(|id| text.matches(id))
}

/// Whether an event has that name.
pub(super) fn has_name(payload: &Value, text: &TextMatch) -> bool {
    text.matches(event_name(payload))
}

/// Whether an event goes by a text: its name, its message id, or who it is about.
pub(super) fn goes_by(event: &EventRecord, text: &TextMatch) -> bool {
    has_message_id(event, text) || has_name(&event.payload, text) || is_about(&event.payload, text)
}

/// Whether a request or response of an attempt has a header.
pub(super) fn has_header(attempt: &Attempt, wanted: &HeaderTest) -> bool {
    let is_there = |headers: &Headers| {
        headers.iter().any(|(name, value)| {
            name == wanted.name && wanted.value.as_ref().is_none_or(|wanted| wanted.matches(value))
        })
    };
    attempt.exchanges.iter().any(|exchange| {
        is_there(&exchange.request.headers)
            || exchange.result.as_ref().is_ok_and(|response| is_there(&response.headers))
    })
}

/// Whether a request or response of an attempt has a text in its body.
pub(super) fn has_in_body(attempt: &Attempt, finder: &BodyFinder) -> bool {
    let mut written = Vec::new();
    let mut is_in = |body: &Body| match body {
        Body::Empty => false,
        Body::Text(text) => finder.is_in(text.as_bytes()),
        Body::Bytes(bytes) => finder.is_in(bytes),
        Body::Json(json) => {
            written.clear();
            serde_json::to_writer(&mut written, json).is_ok() && finder.is_in(&written)
        }
    };
    attempt.exchanges.iter().any(|exchange| {
        is_in(&exchange.request.body) || exchange.result.as_ref().is_ok_and(|response| is_in(&response.body))
    })
}
