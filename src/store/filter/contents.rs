//! What filters look for inside records: people, message ids, headers and bodies.
use serde_json::Value;

use super::condition::HeaderTest;
use super::text_match::{BodyFinder, TextMatch};
use crate::core::http::{Body, Headers};
use crate::core::record::{Attempt, EventRecord};
use crate::store::archive::Hits;
use crate::store::label::{event_name, people};
use crate::store::search::{Question, Reach, Spellings};

/// A condition on what stands in records.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'a> {
    /// Some request or response has it in its body.
    Body(&'a BodyFinder),
    /// Some request or response has such a header.
    Header(&'a HeaderTest),
    /// The delivery is called so.
    Delivery(&'a TextMatch),
    /// An event is about somebody.
    User(&'a TextMatch),
    /// An event has such a message id.
    Message(&'a TextMatch),
    /// An event has such a name.
    EventName(&'a TextMatch),
    /// The delivery is called so, or an event goes by it.
    Anything(&'a TextMatch),
}

impl Content<'_> {
    /// Whether any attempt of a delivery may have it; otherwise it is the first that tells.
    pub(super) const fn is_of_any_attempt(&self) -> bool {
        matches!(self, Self::Body(_) | Self::Header(_))
    }

    /// Whether it says something of events.
    const fn is_of_events(&self) -> bool {
        matches!(self, Self::User(_) | Self::Message(_) | Self::EventName(_) | Self::Anything(_))
    }

    /// Whether an attempt has it in itself.
    pub(super) fn is_in_attempt(&self, attempt: &Attempt) -> bool {
        match self {
            Self::Body(finder) => has_in_body(attempt, finder),
            Self::Header(wanted) => has_header(attempt, wanted),
            _ => false,
        }
    }

    /// Whether a delivery has it by its name.
    pub(super) fn is_in_name(&self, delivery: &str) -> bool {
        match self {
            Self::Delivery(text) | Self::Anything(text) => text.matches(delivery),
            _ => false,
        }
    }

    /// Whether an event has it.
    pub(super) fn is_in_event(&self, event: &EventRecord) -> bool {
        match self {
            Self::User(text) => is_about(&event.payload, text),
            Self::Message(text) => has_message_id(event, text),
            Self::EventName(text) => has_name(&event.payload, text),
            Self::Anything(text) => goes_by(event, text),
            Self::Body(_) | Self::Header(_) | Self::Delivery(_) => false,
        }
    }

    /// What the line of an event, or else of an attempt, holds at least that has it.
    fn spellings(&self) -> Spellings {
        match self {
            Self::Body(finder) => finder.spellings().clone(),
            Self::Header(wanted) => wanted.spellings(),
            // An event without a name is called by the empty text.
            Self::EventName(text) if text.matches("") => Spellings::in_strings(None),
            Self::User(text) | Self::Message(text) | Self::EventName(text) | Self::Anything(text) => text.spellings(),
            Self::Delivery(_) => Spellings::default(),
        }
    }
}

/// The conditions of a filter on what stands in records, by their places, each with what tells lines apart for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents<'a>(Vec<(Content<'a>, Spellings)>);

impl<'a> Contents<'a> {
    /// Adds a condition; gives its place.
    pub(super) fn add(&mut self, content: Content<'a>) -> usize {
        self.0.push((content, content.spellings()));
        self.0.len() - 1
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The condition of a place.
    pub(super) fn get(&self, nth: usize) -> Option<&(Content<'a>, Spellings)> {
        self.0.get(nth)
    }

    fn hits(&self, is_hit: impl Fn(&Content<'a>) -> bool) -> Hits {
        let hits = self.0.iter().take(Hits::BITS as usize).enumerate();
        hits.fold(0, |hits, (nth, (content, _))| hits | (Hits::from(is_hit(content)) << nth))
    }

    fn spellings_where(&self, is_so: impl Fn(&Content<'a>) -> bool) -> Spellings {
        let some = self.0.iter().filter(|(content, _)| is_so(content));
        some.fold(Spellings::default(), |all, (_, spellings)| all.or(spellings.clone()))
    }
}

impl Question for Contents<'_> {
    fn of_event(&self, event: &EventRecord) -> Hits {
        self.hits(|content| content.is_in_event(event))
    }

    fn of_attempt(&self, attempt: &Attempt) -> Hits {
        self.hits(|content| content.is_in_attempt(attempt))
    }

    fn of_delivery(&self, name: &str, _: bool) -> Hits {
        self.hits(|content| content.is_in_name(name))
    }

    fn spellings(&self) -> [Spellings; 2] {
        [self.spellings_where(Content::is_of_events), self.spellings_where(Content::is_of_any_attempt)]
    }

    fn reach(&self) -> Reach {
        let is_of_attempts = self.0.iter().all(|(content, _)| content.is_of_any_attempt());
        if is_of_attempts { Reach::Attempts } else { Reach::FirstAttempts }
    }

    fn carried_hits(&self, _: bool) -> Hits {
        self.hits(Content::is_of_events)
    }
}

/// Whether an event is about somebody.
fn is_about(payload: &Value, text: &TextMatch) -> bool {
    people(payload).any(|name| text.matches(name))
}

/// Whether an event has that message id.
fn has_message_id(event: &EventRecord, text: &TextMatch) -> bool {
    event.message_id.as_deref().is_some_and(|id| text.matches(id))
}

/// Whether an event has that name.
fn has_name(payload: &Value, text: &TextMatch) -> bool {
    text.matches(event_name(payload))
}

/// Whether an event goes by a text: its name, its message id, or who it is about.
fn goes_by(event: &EventRecord, text: &TextMatch) -> bool {
    has_message_id(event, text) || has_name(&event.payload, text) || is_about(&event.payload, text)
}

/// Whether a request or response of an attempt has a header.
fn has_header(attempt: &Attempt, wanted: &HeaderTest) -> bool {
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
fn has_in_body(attempt: &Attempt, finder: &BodyFinder) -> bool {
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
