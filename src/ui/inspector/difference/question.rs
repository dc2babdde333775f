//! Comparisons of bodies so large that a frame would wait for them: asked of the shell, which answers from a thread.
use std::sync::Arc;

use serde_json::Value;

use super::sides::{End, Pair, Subject};
use crate::core::difference::{Section, exchange_changes, verdict_changes, watched_exchange_changes};
use crate::core::http::Body;
use crate::core::record::{Attempt, Exchange};
use crate::core::watch::Watch;

/// Bodies of fewer bytes, all of them together, are compared at once.
const AT_ONCE: usize = 256 << 10;

/// Two attempts with one exchange each, to be compared.
#[derive(Clone, Debug)]
pub struct DifferenceQuestion {
    pub(super) subject: Subject,
    before: (Arc<Attempt>, Option<usize>),
    after: (Arc<Attempt>, Option<usize>),
}

/// What differs.
#[derive(Debug)]
pub struct DifferenceAnswer {
    pub(super) subject: Subject,
    pub(super) sections: Vec<Section>,
}

impl DifferenceQuestion {
    /// Attempts that are not among the shared ones are copied.
    pub(super) fn new(subject: Subject, pair: &Pair<'_>, shared: &[Arc<Attempt>]) -> Self {
        let owned = |end: &End<'_>| {
            let shared = shared.iter().find(|shared| std::ptr::eq(Arc::as_ptr(shared), end.attempt));
            (shared.map_or_else(|| Arc::new(end.attempt.clone()), Arc::clone), end.exchange_idx)
        };
        Self { subject, before: owned(&pair.before), after: owned(&pair.after) }
    }

    /// Compares them, however long that takes; none if whoever watches stopped it.
    #[must_use]
    pub fn answer(self, watch: &mut Watch<'_>) -> Option<DifferenceAnswer> {
        let end = |(attempt, exchange_idx): &(Arc<Attempt>, Option<usize>)| (Arc::clone(attempt), *exchange_idx);
        let ((before, before_idx), (after, after_idx)) = (end(&self.before), end(&self.after));
        let pair = Pair {
            before: End { attempt: &before, exchange_idx: before_idx },
            after: End { attempt: &after, exchange_idx: after_idx },
        };
        let mut sections: Vec<Section> = pair.verdict_changes().into_iter().collect();
        if let Some((before, after)) = pair.before.exchange().zip(pair.after.exchange()) {
            sections.extend(watched_exchange_changes(before, after, watch)?);
        }
        Some(DifferenceAnswer { subject: self.subject, sections })
    }
}

impl Pair<'_> {
    /// What differs in the verdicts; nothing within one attempt.
    fn verdict_changes(&self) -> Option<Section> {
        let is_one = self.before.attempt.id == self.after.attempt.id;
        (!is_one).then(|| verdict_changes(self.before.attempt, self.after.attempt))
    }
}

/// What differs between two sides.
pub(super) fn sections(pair: &Pair<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = pair.verdict_changes().into_iter().collect();
    if let Some((before, after)) = pair.before.exchange().zip(pair.after.exchange()) {
        sections.extend(exchange_changes(before, after));
    }
    sections
}

/// Whether the bodies are so large that a frame would wait for the comparison.
pub(super) fn is_large(pair: &Pair<'_>) -> bool {
    let exchanges = [pair.before.exchange(), pair.after.exchange()];
    let mut room = Some(AT_ONCE);
    for exchange in exchanges.into_iter().flatten() {
        for body in bodies(exchange) {
            room = room.and_then(|room| room_behind(body, room));
        }
    }
    room.is_none()
}

fn bodies(exchange: &Exchange) -> impl Iterator<Item = &Body> {
    let response = exchange.result.as_ref().ok().map(|response| &response.body);
    std::iter::once(&exchange.request.body).chain(response)
}

/// The bytes that are left of `room` behind a body; none if it does not fit. Looks no further than that.
fn room_behind(body: &Body, room: usize) -> Option<usize> {
    match body {
        Body::Empty => Some(room),
        Body::Text(text) => room.checked_sub(text.len()),
        Body::Bytes(bytes) => room.checked_sub(bytes.len()),
        Body::Json(json) => room_behind_json(json, room),
    }
}

fn room_behind_json(json: &Value, room: usize) -> Option<usize> {
    const SCALAR: usize = 4;
    match json {
        Value::Null | Value::Bool(_) | Value::Number(_) => room.checked_sub(SCALAR),
        Value::String(text) => room.checked_sub(text.len()),
        Value::Array(items) => items.iter().try_fold(room, |room, item| room_behind_json(item, room)),
        Value::Object(members) => {
            members.iter().try_fold(room, |room, (key, member)| room_behind_json(member, room.checked_sub(key.len())?))
        }
    }
}
