//! What came before in the same delivery, folded so that it stays small however often the delivery is tried.
use std::collections::HashMap;

use super::changes::MemberKey;
use super::quirks::pendo::refused_operation;
use super::quirks::tokens::ToldRejection;
use super::scene::Scene;
use super::status;
use crate::core::http::FaultKind;
use crate::core::lineage::asked;
use crate::core::names::{AttemptId, Decision, EventId};
use crate::core::time::Timestamp;

/// The earlier attempts of a delivery that is not over.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// When the first attempt began.
    pub(super) began_at: Option<Timestamp>,
    /// The attempt before this one, and until when the remote asked it to wait; none where its own verdict tells already
    /// when the next one comes.
    pub(super) asked_to_wait: Option<(AttemptId, Timestamp)>,
    /// Which attempt had delivered an event already.
    pub(super) delivered: HashMap<EventId, AttemptId>,
    /// The last attempt that sent the events and got no answer.
    pub(super) unanswered: Option<(AttemptId, FaultKind)>,
    /// The same permanent answer, again and again.
    pub(super) refusals: Option<Refusals>,
    /// The last token that the delivery fetched, and in which attempt.
    pub(super) brought: Option<(AttemptId, u32)>,
    /// What was told of the token that was rejected last.
    pub(super) told_rejection: Option<ToldRejection>,
    /// The attempts in a row that refreshed in vain.
    pub(super) refreshes: Option<Refreshes>,
    /// What this delivery is still to change; the ledger waits for it.
    pub(super) waiting: Vec<MemberKey>,
}

/// An answer that no retry can change, and that was retried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusals {
    /// What the remote answered.
    pub(super) status: u16,
    /// How many attempts in a row got it.
    pub(super) n_attempts: u32,
    /// The first of them.
    pub(super) since: AttemptId,
}

/// Attempts in a row that were rejected and refreshed the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refreshes {
    /// How many there are.
    pub(super) n_attempts: u32,
    /// The first of them.
    pub(super) since: AttemptId,
}

impl Chain {
    /// Takes an attempt in.
    pub(super) fn learn(&mut self, scene: &Scene<'_>) {
        let attempt = scene.attempt;
        self.began_at.get_or_insert(attempt.started_at);
        let is_untold = attempt.verdict.next_attempt_at.is_none();
        self.asked_to_wait = wait_asked_for(scene).filter(|_| is_untold).map(|until| (attempt.id.clone(), until));
        if let Some(fault) = scene.last_delivery().and_then(|sent| sent.fault()) {
            self.unanswered = fault.may_have_acted().then(|| (attempt.id.clone(), fault.kind));
        }
        self.refusals = self.refusals_with(scene);
        self.refreshes = self.refreshes_with(scene);
        if let Some(generation) = asked(attempt).iter().rev().find_map(|asked| asked.brought) {
            self.brought = Some((attempt.id.clone(), generation));
        }
        for (event_idx, event) in attempt.events.iter().enumerate() {
            if scene.decision_of(event_idx) == Decision::Delivered {
                self.delivered.entry(event.clone()).or_insert_with(|| attempt.id.clone());
            }
        }
    }

    /// The refreshes in a row, this attempt included.
    pub(super) fn refreshes_with(&self, scene: &Scene<'_>) -> Option<Refreshes> {
        if scene.is_delivered() || asked(scene.attempt).iter().all(|asked| asked.brought.is_none()) {
            return None;
        }
        let (n_before, since) = match &self.refreshes {
            Some(before) => (before.n_attempts, before.since.clone()),
            None => (0, scene.attempt.id.clone()),
        };
        Some(Refreshes { n_attempts: n_before + 1, since })
    }

    /// The permanent answers in a row, this attempt included.
    pub(super) fn refusals_with(&self, scene: &Scene<'_>) -> Option<Refusals> {
        let status = refused_with(scene)?;
        let before = self.refusals.as_ref().filter(|refusals| refusals.status == status);
        Some(match before {
            Some(before) => Refusals { n_attempts: before.n_attempts + 1, ..before.clone() },
            None => Refusals { status, n_attempts: 1, since: scene.attempt.id.clone() },
        })
    }
}

/// Until when the last answer with a `Retry-After` asked to wait.
pub(super) fn wait_asked_for(scene: &Scene<'_>) -> Option<Timestamp> {
    scene.sent().iter().rev().find_map(|sent| {
        let ended_at = sent.exchange.ended_at;
        Some(ended_at.saturating_add(sent.response()?.retry_after(ended_at)?))
    })
}

/// The permanent status that the remote answered to an attempt that is retried all the same.
fn refused_with(scene: &Scene<'_>) -> Option<u16> {
    let in_a_success = refused_operation(scene).map(|(_, _, status)| status);
    let status = in_a_success.or_else(|| scene.last_delivery()?.status())?;
    (scene.is_retried() && scene.items().is_empty() && status::is_permanent(status)).then_some(status)
}
