//! Repetitions: too early, too often, too late, or of what had been done already.
use std::collections::HashMap;
use std::time::Duration;

use super::pendo;
use super::sources::{
    DESTINATIONS, DUPLICATE_DATA, ERRORS, FUNCTIONS, IDEMPOTENCY, KIT, LINKEDIN_DOCS, PENDO_CONFLICT, RETRY_AFTER,
};
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::chain::wait_asked_for;
use crate::core::findings::changes::changes;
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::idempotence::is_attempt_repeatable;
use crate::core::findings::past::Past;
use crate::core::findings::scene::Scene;
use crate::core::findings::sighting::{Sighting, count, listed};
use crate::core::findings::wire::Sent;
use crate::core::names::{AttemptId, Decision, DuplicateOutcome, Trigger};
use crate::core::record::EventRecord;
use crate::core::rules::Citation;
use crate::core::time::Timestamp;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("F-01"),
        title: "Retry-After ignored",
        severity: Severity::Warning,
        why: "The remote said how long to wait, and the next attempt comes sooner. Segment's pipeline is not known to \
              read Retry-After; a remote that counts such attempts lets nobody in for longer.",
        advice: "Send less at once. In a plan of your own set honour_retry_after in pipeline.",
        cites: &[RETRY_AFTER, KIT],
        detect: Detect::InHistory(retry_after_ignored),
    },
    Entry {
        id: FindingId("F-03"),
        title: "Message delivered twice",
        severity: Severity::Severe,
        why: "The same message id went to the same action twice, and both went through. Segment removes repetitions on \
              the way in, and none on the way out.",
        advice: "Let the receiver tell repetitions by an idempotency key made of the message id and the action.",
        cites: &[DUPLICATE_DATA, IDEMPOTENCY],
        detect: Detect::InHistory(delivered_twice),
    },
    Entry {
        id: FindingId("F-04"),
        title: "Retried against a permanent refusal",
        severity: Severity::Warning,
        why: "The remote gives the same answer each time, one that says that it will never accept this. Each retry costs \
              quota and hides how long ago the event was lost.",
        advice: "Stop and mend the request; then replay. See what turned the refusal into something that is retried.",
        cites: &[ERRORS, DESTINATIONS],
        detect: Detect::InHistory(retry_storm),
    },
    Entry {
        id: FindingId("F-06"),
        title: "Sent again after it had been delivered",
        severity: Severity::Severe,
        why: "An earlier attempt of the same delivery had brought the event home. Only what failed is to be sent again; \
              what succeeded happens twice.",
        advice: "Look for duplicates at the receiver. See why the pipeline took the whole batch as failed.",
        cites: &[Citation::Reference("docs/multistatus.md")],
        detect: Detect::InHistory(sent_after_delivered),
    },
    Entry {
        id: FindingId("F-07"),
        title: "Perhaps done twice",
        severity: Severity::Severe,
        why: "The request went out, no answer came back, and the next attempt went through. The receiver may have acted \
              both times, and nothing in the request tells it that the second one is a repetition.",
        advice: "Look at the receiver. Send an idempotency key, or for conversions an eventId, and this is harmless.",
        cites: &[IDEMPOTENCY, LINKEDIN_DOCS],
        detect: Detect::InHistory(perhaps_done_twice),
    },
    Entry {
        id: FindingId("F-18"),
        title: "An older event had the last word",
        severity: Severity::Severe,
        why: "While this delivery waited for its retry, a newer event about the same person did the opposite and went \
              through. The retry then undid it: the audience shows the older state.",
        advice: "Send the newer event again. Order is kept only within a delivery, so expect this wherever retries and \
                 quick changes of mind meet.",
        cites: &[FUNCTIONS, PENDO_CONFLICT],
        detect: Detect::InHistory(overtaken),
    },
];

/// `Retry-After` counts whole seconds, so an attempt may come that much too early.
const SLACK: Duration = Duration::from_secs(1);

fn retry_after_ignored(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    let too_early = |at: Timestamp, until: &Timestamp| at.saturating_add(SLACK) < *until;
    if let Some((attempt, until)) = &past.chain.asked_to_wait
        && too_early(scene.attempt.started_at, until)
    {
        let early = until.since(scene.attempt.started_at);
        let seen = format!(
            "The answer to attempt {attempt} asked to wait until {until}; this one began {} s too early.",
            early.as_secs()
        );
        return Some(Sighting::new(seen).at(At::Attempt(attempt.clone()), ""));
    }
    let next = scene.attempt.verdict.next_attempt_at?;
    let until = wait_asked_for(scene).filter(|until| too_early(next, until))?;
    let sent = scene.sent().iter().rev().find(|sent| sent.response_header("retry-after").is_some())?;
    let seen = format!(
        "Retry-After: {} asked to wait until {until}; the next attempt comes {} s earlier, at {next}.",
        sent.response_header("retry-after")?,
        until.since(next).as_secs()
    );
    Some(Sighting::new(seen).at(sent.at_response(), "/headers/retry-after").at(At::Verdict, "/next_attempt_at"))
}

/// The events that an attempt brought home by sending them.
fn brought_home<'a>(scene: &Scene<'a>) -> Vec<&'a EventRecord> {
    if scene.last_delivery().is_none() {
        return Vec::new();
    }
    let delivered = scene.events().filter(|(event_idx, _)| scene.decision_of(*event_idx) == Decision::Delivered);
    delivered.map(|(_, event)| event).collect()
}

fn delivered_twice(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    let is_suppressed =
        scene.attempt.duplicate.as_ref().is_some_and(|mark| mark.outcome == DuplicateOutcome::Suppressed);
    if scene.attempt.trigger == Trigger::Replay || is_suppressed {
        return None;
    }
    let mut here: HashMap<&str, &EventRecord> = HashMap::new();
    let mut twins: Vec<(&EventRecord, Option<AttemptId>)> = Vec::new();
    for event in brought_home(scene) {
        let Some(message_id) = event.message_id.as_deref().filter(|id| !id.is_empty()) else { continue };
        if past.chain.delivered.contains_key(&event.id) {
            continue;
        }
        match (past.ledger.delivered_by(scene, event), here.insert(message_id, event)) {
            (Some(first), _) => twins.push((event, Some(first))),
            (None, Some(_)) => twins.push((event, None)),
            (None, None) => {}
        }
    }
    let (event, first) = twins.first()?;
    let where_first =
        first.as_ref().map_or_else(|| "in the same attempt".to_owned(), |first| format!("by attempt {first}"));
    let seen = format!(
        "{} delivered before; the first, {}, {where_first}.",
        if twins.len() == 1 { "1 message had been".to_owned() } else { format!("{} messages had been", twins.len()) },
        event.message_id.as_deref().unwrap_or_default()
    );
    let severity = if is_attempt_repeatable(scene) { Severity::Note } else { Severity::Severe };
    let mut sighting = Sighting::new(seen).of_severity(severity);
    for (twin, first) in &twins {
        sighting = sighting.at(At::Event(twin.id.clone()), "/messageId");
        if let Some(first) = first {
            sighting = sighting.at(At::Attempt(first.clone()), "");
        }
    }
    Some(if twins.len() == 1 { sighting.about(&event.id) } else { sighting })
}

/// From this many attempts in a row on it is worth a word, and only then.
const STORM: u32 = 3;

fn retry_storm(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    let refusals = past.chain.refusals_with(scene).filter(|refusals| refusals.n_attempts == STORM)?;
    let seen = format!(
        "{STORM} attempts in a row, from {} on, were answered with {}, and there is to be another.",
        refusals.since, refusals.status
    );
    let sighting = Sighting::new(seen).at(At::Attempt(refusals.since), "");
    let sent: Sent<'_> = scene.last_delivery()?;
    let place = pendo::refused_operation(scene)
        .map_or_else(|| "/status".to_owned(), |(_, idx, _)| format!("/body/multistatus/{idx}"));
    Some(sighting.at(sent.at_response(), place).at(At::Verdict, ""))
}

fn sent_after_delivered(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    let sent = scene.last_delivery()?;
    let before = |event| past.chain.delivered.get(event).map(|attempt| (event, attempt));
    let again: Vec<_> = scene.attempt.events.iter().filter_map(before).collect();
    let (event, attempt) = again.first()?;
    let names: Vec<_> = again.iter().map(|(event, _)| *event).collect();
    let seen = format!("{} ({}) had been delivered by attempt {attempt}.", count(again.len(), "event"), listed(&names));
    let severity = if is_attempt_repeatable(scene) { Severity::Warning } else { Severity::Severe };
    let sighting = Sighting::new(seen).of_severity(severity);
    let sighting = sighting.at(sent.at_request(), "/body").at(At::Attempt((*attempt).clone()), "");
    Some(if again.len() == 1 { sighting.about(event) } else { sighting })
}

fn perhaps_done_twice(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    let (attempt, fault) = past.chain.unanswered.as_ref()?;
    let sent = scene.last_delivery().filter(Sent::is_success)?;
    if !scene.is_delivered() || is_attempt_repeatable(scene) {
        return None;
    }
    let seen = format!(
        "Attempt {attempt} sent it and got no answer ({fault}); this one sent it again and was answered with {}.",
        sent.status()?
    );
    Some(Sighting::new(seen).at(At::Attempt(attempt.clone()), "").at(sent.at_request(), ""))
}

fn overtaken(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    if !scene.is_delivered() || past.chain.waiting.is_empty() {
        return None;
    }
    let changes = changes(scene);
    let by = |change| past.ledger.overtaken_by(&scene.attempt.delivery, change);
    let undone: Vec<_> = changes.iter().filter_map(|change| Some((change, by(change)?))).collect();
    let (change, newer) = undone.first()?;
    let members: Vec<&str> = undone.iter().map(|(change, _)| change.member).collect();
    let (did, undid) = if change.adds { ("removed", "added") } else { ("added", "removed") };
    let seen = format!(
        "Attempt {newer} had {did} {} since this delivery began; its retry {undid} them again.",
        listed(&members)
    );
    let sent: Sent<'_> = scene.last_delivery()?;
    let sighting = Sighting::new(seen).at(At::Attempt((*newer).clone()), "");
    Some(sighting.at_each(undone.iter().map(|(change, _)| (sent.at_request(), change.path()))))
}
