//! One attempt as detectors see it: its exchanges told apart, its events found, its payloads worked out when asked for.
use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::plan::SessionPlan;
use super::wire::Sent;
use crate::core::names::{Decision, DestinationName, Purpose};
use crate::core::record::{Attempt, ErrorOutcome, EventRecord, Item, Outcome};
use crate::core::rules::Call;
use crate::core::time::Timestamp;

/// An event that was there before the attempts that carry it.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Its place in the order in which the events of the session arrived.
    pub place: usize,
    /// The event.
    pub event: Arc<EventRecord>,
}

/// An attempt with everything that it refers to.
pub(super) struct Scene<'a> {
    pub(super) attempt: &'a Attempt,
    pub(super) plan: &'a SessionPlan,
    sent: Vec<Sent<'a>>,
    /// What the session has of its events, in their order.
    carried: &'a [Option<Arrived>],
    payloads: OnceCell<Vec<Option<Map<String, Value>>>>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(attempt: &'a Attempt, plan: &'a SessionPlan, carried: &'a [Option<Arrived>]) -> Self {
        let exchanges = attempt.exchanges.iter().enumerate();
        let sent = exchanges.map(|(exchange_idx, exchange)| Sent::new(attempt, exchange_idx, exchange)).collect();
        Self { attempt, plan, sent, carried, payloads: OnceCell::new() }
    }

    /// Every exchange, in order.
    pub(super) fn sent(&self) -> &[Sent<'a>] {
        &self.sent
    }

    /// The exchanges that are a certain request, in order.
    pub(super) fn calls(&self, call: Call) -> impl DoubleEndedIterator<Item = Sent<'a>> {
        self.sent.iter().copied().filter(move |sent| sent.is(call))
    }

    /// The last exchange that is a certain request.
    pub(super) fn last(&self, call: Call) -> Option<Sent<'a>> {
        self.calls(call).next_back()
    }

    /// The last exchange that carried the events.
    pub(super) fn last_delivery(&self) -> Option<Sent<'a>> {
        self.deliveries().next_back()
    }

    /// The exchanges that carried the events.
    pub(super) fn deliveries(&self) -> impl DoubleEndedIterator<Item = Sent<'a>> {
        self.sent.iter().copied().filter(|sent| sent.exchange.purpose == Purpose::Deliver)
    }

    pub(super) fn is_for(&self, destination: DestinationName) -> bool {
        &*self.attempt.destination == destination.name()
    }

    /// Whether this is the action for LinkedIn's people or companies, or for conversions.
    pub(super) fn is_action(&self, action: &str) -> bool {
        &*self.attempt.action == action
    }

    /// The error that the attempt ended with, if it ended with one.
    pub(super) fn error(&self) -> Option<&'a ErrorOutcome> {
        match &self.attempt.outcome {
            Outcome::Error(error) => Some(error),
            _ => None,
        }
    }

    /// The items of a batch that was judged item by item.
    pub(super) fn items(&self) -> &'a [Item] {
        match &self.attempt.outcome {
            Outcome::Multistatus(items) => items,
            _ => &[],
        }
    }

    pub(super) fn is_delivered(&self) -> bool {
        self.attempt.verdict.decision == Decision::Delivered
    }

    pub(super) fn is_retried(&self) -> bool {
        self.attempt.verdict.decision == Decision::Retry
    }

    /// What was decided of the event at a position.
    pub(super) fn decision_of(&self, event_idx: usize) -> Decision {
        match &self.attempt.outcome {
            Outcome::Multistatus(items) => items.get(event_idx).map_or(Decision::Discard, |item| item.decision),
            _ => self.attempt.verdict.decision,
        }
    }

    /// The event at a position, if the session has it.
    pub(super) fn event(&self, event_idx: usize) -> Option<&'a EventRecord> {
        self.carried.get(event_idx)?.as_ref().map(|arrived| &*arrived.event)
    }

    /// How old what the attempt carries is.
    pub(super) fn age(&self, began_at: Timestamp) -> Age {
        Age { arrival: self.carried.iter().flatten().map(|arrived| arrived.place).min(), began_at }
    }

    /// The events that the session has, with their positions.
    pub(super) fn events(&self) -> impl Iterator<Item = (usize, &'a EventRecord)> {
        (0..self.attempt.events.len()).filter_map(|event_idx| Some((event_idx, self.event(event_idx)?)))
    }

    /// What the mapping makes of the event at a position: before validation, so texts may still be numbers.
    pub(super) fn payload(&self, event_idx: usize) -> Option<&Map<String, Value>> {
        self.payloads.get_or_init(|| self.map_events()).get(event_idx)?.as_ref()
    }

    fn map_events(&self) -> Vec<Option<Map<String, Value>>> {
        let positions = 0..self.attempt.events.len();
        let map = |event_idx| match self.plan.payload(self.attempt, &self.event(event_idx)?.payload)?.ok()? {
            Value::Object(payload) => Some(payload),
            _ => None,
        };
        positions.map(map).collect()
    }
}

/// How old a delivery is: by the arrival of its first event where the session has it, else by its first attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Age {
    arrival: Option<usize>,
    began_at: Timestamp,
}

impl Age {
    pub(super) fn is_older_than(self, other: Self) -> bool {
        match (self.arrival, other.arrival) {
            (Some(own), Some(others)) => own < others,
            _ => self.began_at < other.began_at,
        }
    }
}

/// A field of a payload that has any text.
pub(super) fn text_of<'a>(payload: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    payload.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
}
