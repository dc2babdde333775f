//! What the attempts of all deliveries left behind that a later one can clash with. Grows with the number of messages,
//! keys and segments, two or three words for each; everything else is forgotten with the delivery that it is about.
use std::collections::HashMap;

use serde_json::Value;

use super::chain::Chain;
use super::changes::{Change, MemberKey, changes, hash_of};
use super::idempotence::key_of;
use super::scene::{Age, Scene};
use super::short_names::{ShortName, ShortNames};
use super::wire::Sent;
use crate::core::names::{AttemptId, Decision, DeliveryId};
use crate::core::record::EventRecord;
use crate::core::rules::Call;

/// The memory that all deliveries share.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    messages: HashMap<u64, ShortName>,
    /// The body, and the attempt.
    keys: HashMap<u64, (u64, ShortName)>,
    segments: HashMap<u64, ShortName>,
    names: ShortNames,
    waiting: HashMap<MemberKey, Vec<Waiting>>,
}

/// What an idempotency key was used for first.
#[derive(Clone, Debug)]
pub(super) struct KeyUse {
    pub(super) body: u64,
    pub(super) attempt: AttemptId,
}

/// A change that failed and will be tried again.
#[derive(Clone, Debug)]
struct Waiting {
    delivery: DeliveryId,
    age: Age,
    adds: bool,
    overtaken_by: Option<AttemptId>,
}

impl Ledger {
    /// The attempt that had delivered this message to the same action.
    pub(super) fn delivered_by(&self, scene: &Scene<'_>, event: &EventRecord) -> Option<AttemptId> {
        self.names.in_full(*self.messages.get(&message_key(scene, event)?)?)
    }

    /// What the idempotency key of a request was used for first.
    pub(super) fn first_use(&self, sent: &Sent<'_>) -> Option<KeyUse> {
        let (body, attempt) = *self.keys.get(&hash_of(&[sent.url(), key_of(sent)?]))?;
        Some(KeyUse { body, attempt: self.names.in_full(attempt)? })
    }

    /// The attempt that had made the segment that this request makes.
    pub(super) fn made_by(&self, sent: &Sent<'_>) -> Option<AttemptId> {
        self.names.in_full(*self.segments.get(&segment_key(sent)?)?)
    }

    /// The attempt that did the opposite while this delivery waited to make that change.
    pub(super) fn overtaken_by(&self, delivery: &DeliveryId, change: &Change<'_>) -> Option<&AttemptId> {
        let waiting = self.waiting.get(&change.key())?.iter().find(|waiting| waiting.delivery == *delivery)?;
        waiting.overtaken_by.as_ref().filter(|_| waiting.adds == change.adds)
    }

    /// Takes an attempt in. `chain` is its own delivery's.
    pub(super) fn learn(&mut self, scene: &Scene<'_>, chain: &mut Chain) {
        let id = &scene.attempt.id;
        for sent in scene.sent() {
            if sent.is(Call::Create)
                && sent.is_success()
                && let Some(segment) = segment_key(sent)
            {
                self.segments.entry(segment).or_insert_with(|| self.names.keep(id));
            }
            if let Some(key) = key_of(sent) {
                let first = || (body_hash(sent), self.names.keep(id));
                self.keys.entry(hash_of(&[sent.url(), key])).or_insert_with(first);
            }
        }
        if scene.last_delivery().is_some() {
            let delivered = scene.events().filter(|(idx, _)| scene.decision_of(*idx) == Decision::Delivered);
            for message in delivered.filter_map(|(_, event)| message_key(scene, event)) {
                self.messages.entry(message).or_insert_with(|| self.names.keep(id));
            }
        }
        self.learn_changes(scene, chain);
    }

    fn learn_changes(&mut self, scene: &Scene<'_>, chain: &mut Chain) {
        let delivery = &scene.attempt.delivery;
        let age = scene.age(chain.began_at.unwrap_or(scene.attempt.started_at));
        if scene.is_retried() {
            for change in changes(scene) {
                let key = change.key();
                let waiting = self.waiting.entry(key).or_default();
                if !waiting.iter().any(|waiting| waiting.delivery == *delivery) {
                    let (delivery, adds) = (delivery.clone(), change.adds);
                    waiting.push(Waiting { delivery, age, adds, overtaken_by: None });
                    chain.waiting.push(key);
                }
            }
            return;
        }
        if scene.is_delivered() && !self.waiting.is_empty() {
            for change in changes(scene) {
                let waiting = self.waiting.get_mut(&change.key()).into_iter().flatten();
                let older = |waiting: &&mut Waiting| waiting.delivery != *delivery && waiting.age.is_older_than(age);
                for overtaken in waiting.filter(older) {
                    overtaken.overtaken_by = (overtaken.adds != change.adds).then(|| scene.attempt.id.clone());
                }
            }
        }
        for key in chain.waiting.drain(..) {
            if let Some(waiting) = self.waiting.get_mut(&key) {
                waiting.retain(|waiting| waiting.delivery != *delivery);
                if waiting.is_empty() {
                    self.waiting.remove(&key);
                }
            }
        }
    }
}

/// A hash of what a request carries.
pub(super) fn body_hash(sent: &Sent<'_>) -> u64 {
    hash_of(&[&sent.exchange.request.body.to_json().to_string()])
}

/// A message and where it goes, without the id of the event in this session.
fn message_key(scene: &Scene<'_>, event: &EventRecord) -> Option<u64> {
    let message_id = event.message_id.as_deref().filter(|id| !id.is_empty())?;
    Some(hash_of(&[&scene.attempt.destination, &scene.attempt.action, message_id]))
}

/// A LinkedIn segment by the account and the name that Segment gives it.
fn segment_key(sent: &Sent<'_>) -> Option<u64> {
    let text = |pointer: &str| sent.asked(pointer).and_then(Value::as_str);
    Some(hash_of(&[text("/account")?, text("/sourceSegmentId")?]))
}
