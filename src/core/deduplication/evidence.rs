//! What an account says about an attempt: the outcome, its name in the field, and why, with the figures that it rests on.
use serde_json::{Map, Value, json};

use super::ledger::{Account, Entry};
use super::profiles::TraitRead;
use super::strategy::Strategy;
use super::told::LeftOut;
use crate::core::duration_words::in_words;
use crate::core::http::{Body, Fault, Response};
use crate::core::names::DuplicateOutcome;
use crate::core::record::{DuplicateMark, EventRecord};

/// What came back from a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A 2xx.
    Success(u16),
    /// Any other answer.
    Refusal(u16),
    /// No answer.
    Nothing,
}

impl Heard {
    /// What came back for one element: by the list in the answer if it has one result for each, else by `item`, what the
    /// destination's code made of it, else by the answer as a whole.
    pub(super) fn of(result: &Result<Response, Fault>, position: usize, n_elements: usize, item: Option<u16>) -> Self {
        let Ok(response) = result else { return Self::Nothing };
        let of_element = listed(response, position, n_elements).or(item).filter(|_| response.is_success());
        match of_element.unwrap_or(response.status) {
            status @ 200..300 => Self::Success(status),
            status => Self::Refusal(status),
        }
    }
}

/// The status of one element in an answer that lists them all.
fn listed(response: &Response, position: usize, n_elements: usize) -> Option<u16> {
    let Body::Json(body) = &response.body else { return None };
    let list = body.as_array().or_else(|| body.get("elements")?.as_array())?;
    let status = list.get(position).filter(|_| list.len() == n_elements)?.get("status")?.as_u64()?;
    u16::try_from(status).ok()
}

/// What an attempt was for one message and one receiver.
#[derive(Debug)]
pub(super) struct Finding<'a> {
    pub(super) outcome: DuplicateOutcome,
    event: &'a EventRecord,
    label: &'static str,
    why: String,
    target: String,
    account: Account,
    key: Option<String>,
    is_told: Option<bool>,
    read: Option<&'a TraitRead>,
    /// Whether it is about a repetition, and not only about an attempt that failed as attempts do.
    pub(super) is_telling: bool,
}

impl<'a> Finding<'a> {
    /// Of an attempt that sent the message.
    pub(super) fn of_request(
        strategy: Option<&Strategy>,
        event: &'a EventRecord,
        target: &str,
        before: &Account,
        account: Account,
        entry: Entry,
        read: Option<&'a TraitRead>,
    ) -> Self {
        let told = told_by(strategy, before, &entry, read);
        let is_telling = told.is_some();
        let (outcome, label, why) = told.unwrap_or_else(|| told_of_failure(before, &entry));
        let (target, is_told, key) = (target.to_owned(), Some(entry.is_told), entry.key);
        Self { outcome, event, label, why, target, account, key, is_told, read, is_telling }
    }

    /// Of an attempt that sent nothing, since the profile was found processed.
    pub(super) fn of_trait(event: &'a EventRecord, target: &str, account: Account, read: &'a TraitRead) -> Self {
        let (outcome, label, why) = match account.n_acted {
            0 => (
                DuplicateOutcome::WronglySuppressed,
                "held back by another event's trait",
                "The profile was processed for another event; this one was never carried out, and is dropped."
                    .to_owned(),
            ),
            1 => (
                DuplicateOutcome::Suppressed,
                "held back by the trait",
                "The trait was visible in time. The event counts as failed although it was carried out.".to_owned(),
            ),
            n => (
                DuplicateOutcome::Suppressed,
                "late duplicate error",
                format!(
                    "The check fired only after the receiver had acted {n} times; the event counts as failed although it \
                     was delivered."
                ),
            ),
        };
        Self {
            outcome,
            event,
            label,
            why,
            target: target.to_owned(),
            account,
            key: None,
            is_told: None,
            read: Some(read),
            is_telling: true,
        }
    }

    fn name(&self) -> &str {
        self.event.message_id.as_deref().unwrap_or_else(|| self.event.id.as_str())
    }

    fn element(&self) -> Value {
        json!({
            "message_id": self.name(), "outcome": self.outcome.name(), "label": self.label,
            "receiver": self.target, "sent": self.account.n_sent, "acted": self.account.n_acted,
            "acknowledged": self.account.n_acknowledged,
        })
    }

    fn evidence(&self) -> Map<String, Value> {
        let mut evidence = Map::new();
        let mut tell = |name: &str, value: Value| evidence.insert(name.to_owned(), value);
        tell("label", self.label.into());
        tell("why", self.why.as_str().into());
        tell("message_id", self.name().into());
        if let Some(key) = &self.key {
            tell("key", key.as_str().into());
        }
        if let Some(first_key) = self.account.first_key.as_ref().filter(|first| Some(*first) != self.key.as_ref()) {
            tell("first_key", first_key.as_str().into());
        }
        if !self.target.is_empty() {
            tell("receiver", self.target.as_str().into());
        }
        tell("sent", self.account.n_sent.into());
        tell("acted", self.account.n_acted.into());
        tell("acknowledged", self.account.n_acknowledged.into());
        if self.account.n_unknown > 0 {
            tell("unanswered", self.account.n_unknown.into());
        }
        if let Some(is_told) = self.is_told {
            tell("known_from", if is_told { "simulator" } else { "answers" }.into());
        }
        if let Some(read) = self.read {
            tell("trait_read_at", read.read_at.to_string().into());
            tell("trait_read", what_was_read(read).into());
            if let Some(written) = read.unseen.or(read.seen) {
                tell("trait_written_at", written.written_at.to_string().into());
                tell("trait_visible_at", written.visible_at.to_string().into());
            }
        }
        evidence
    }
}

fn what_was_read(read: &TraitRead) -> &'static str {
    match (read.is_processed, read.unseen, read.seen) {
        (true, ..) => "processed",
        (false, Some(_), _) => "stale: written, and not visible yet",
        (false, None, Some(_)) => "processed too long ago",
        (false, None, None) => "not set",
    }
}

type Told = (DuplicateOutcome, &'static str, String);

fn told_by(strategy: Option<&Strategy>, before: &Account, entry: &Entry, read: Option<&TraitRead>) -> Option<Told> {
    let acted_before = before.n_acted > 0;
    if entry.n_acted > 0 {
        return Some(told_of_act(before, entry, read));
    }
    if entry.n_unknown > 0 {
        let why = "The request was sent and no answer came: whether the receiver acted, the sender cannot know.";
        return Some((DuplicateOutcome::Ambiguous, "ambiguous (no answer after sending)", why.to_owned()));
    }
    let has_key = matches!(strategy, Some(Strategy::IdempotencyKey { .. }));
    match entry.heard? {
        Heard::Success(_) if acted_before => Some((
            DuplicateOutcome::Suppressed,
            "safe replay (same key, same result)",
            "The receiver knew the request, answered as it did the first time, and did not act again.".to_owned(),
        )),
        Heard::Success(_) if before.n_unknown > 0 => Some((
            DuplicateOutcome::Suppressed,
            "safe replay (same key, same result)",
            "Whether the request without an answer was carried out or this one was: the receiver did it once."
                .to_owned(),
        )),
        Heard::Success(_) if before.n_under_way > 0 => Some((
            DuplicateOutcome::Suppressed,
            "safe replay (same key, same result)",
            "Another request with this message is under way. The receiver has acted on it already, and answered this one \
             without acting again."
                .to_owned(),
        )),
        Heard::Success(status) => Some((
            DuplicateOutcome::WronglySuppressed,
            "answered as done, never acted on",
            format!("The receiver answered {status} and has never acted on this message: it took it for another one."),
        )),
        Heard::Refusal(409) if has_key && (acted_before || before.n_under_way > 0) => Some((
            DuplicateOutcome::Suppressed,
            "in-flight conflict (409)",
            "The first request with this key is still running. The same request may come again, unchanged.".to_owned(),
        )),
        Heard::Refusal(422) if has_key => {
            let why = "The key was used for a request with another payload, so this one was refused.";
            let outcome = if acted_before { DuplicateOutcome::Suppressed } else { DuplicateOutcome::WronglySuppressed };
            Some((outcome, "key reuse with different payload (422)", why.to_owned()))
        }
        Heard::Refusal(400) if has_key && entry.key.is_none() => Some((
            DuplicateOutcome::WronglySuppressed,
            "key missing (400)",
            "The receiver wants a key and the request has none: the event has no messageId to make it of.".to_owned(),
        )),
        Heard::Refusal(_) | Heard::Nothing => None,
    }
}

/// Of a request that failed as requests do, and on which the receiver did not act.
fn told_of_failure(before: &Account, entry: &Entry) -> Told {
    let what = match entry.heard {
        Some(Heard::Refusal(status) | Heard::Success(status)) => format!("The receiver answered {status}"),
        Some(Heard::Nothing) | None => "No answer came".to_owned(),
    };
    if before.n_acted > 0 {
        let why = format!("{what} and did not act again on what it has acted on before.");
        return (DuplicateOutcome::Suppressed, "failed, not acted again", why);
    }
    if before.n_unknown > 0 {
        let why = format!("{what} and nothing was done. Whether the request before it was acted on, nobody can tell.");
        return (DuplicateOutcome::Ambiguous, "ambiguous (no answer before)", why);
    }
    (DuplicateOutcome::First, "failed, nothing done so far", format!("{what}, and nothing has been done so far."))
}

/// Whether a message goes out under another key than the first time.
fn is_another_key(before: &Account, entry: &Entry) -> bool {
    before.first_key.is_some() && before.first_key != entry.key
}

/// Of a request that the receiver acted on.
fn told_of_act(before: &Account, entry: &Entry, read: Option<&TraitRead>) -> Told {
    if before.n_acted > 0 || entry.n_acted > 1 {
        let n = before.n_acted + entry.n_acted;
        let stale = read.and_then(|read| Some((read, read.unseen?)));
        let (label, why) = match stale {
            Some((read, write)) => (
                "duplicate: stale trait read",
                format!(
                    "The trait was read {} after it had been written and {} before it became visible, so the check let the \
                     event through, and the receiver acted {n} times.",
                    in_words(read.read_at.since(write.written_at)),
                    in_words(write.visible_at.since(read.read_at)),
                ),
            ),
            None if is_another_key(before, entry) => (
                "acted again under another key",
                format!(
                    "The message had been sent under another key, as part of another batch or call, so that the receiver could \
                     not tell: it acted {n} times in all."
                ),
            ),
            None if before.n_acted == 0 => (
                "re-sent although already accepted",
                format!("The attempt sent the event again in its second pass; the receiver acted {n} times."),
            ),
            None if before.n_acknowledged > 0 => (
                "re-sent although already accepted",
                format!("The receiver had said that it accepted the event, and acted once more: {n} times in all."),
            ),
            None => (
                "acted again after a failure",
                format!(
                    "The receiver had acted although the sender met a failure, and acted once more: {n} times in all."
                ),
            ),
        };
        return (DuplicateOutcome::DeliveredTwice, label, why);
    }
    if entry.heard == Some(Heard::Nothing) {
        let why =
            "The receiver acted, and its answer never came. The sender cannot tell that from a request that was lost.";
        return (DuplicateOutcome::Ambiguous, "ambiguous (no answer after sending)", why.to_owned());
    }
    if before.n_unknown > 0 {
        let why = "The receiver acted now. Whether it had acted on the request that got no answer, nobody can tell.";
        return (DuplicateOutcome::Ambiguous, "ambiguous (no answer before)", why.to_owned());
    }
    (DuplicateOutcome::First, "first delivery", "The receiver acted on this message for the first time.".to_owned())
}

/// How many findings a mark lists. A batch may carry thousands of events, and every attempt of it would tell of them all.
const MOST_ELEMENTS: usize = 100;

/// The findings to list, in their order: all, or of too many the worst; and of how many of each outcome nothing is said.
fn worst_of<'a, 'b>(findings: &'b [Finding<'a>]) -> (Vec<&'b Finding<'a>>, LeftOut) {
    let mut by_weight: Vec<usize> = (0..findings.len()).collect();
    by_weight.sort_by_key(|idx| std::cmp::Reverse(weight(findings[*idx].outcome)));
    let left_out = by_weight.split_off(findings.len().min(MOST_ELEMENTS));
    by_weight.sort_unstable();
    let told = by_weight.into_iter().map(|idx| &findings[idx]).collect();
    (told, LeftOut::of(left_out.into_iter().map(|idx| findings[idx].outcome)))
}

/// The mark of an attempt: the worst of its findings speaks, and a batch lists them, the worst of them if there are many.
pub(super) fn mark_of(strategy: Option<&Strategy>, findings: &[Finding<'_>]) -> Option<DuplicateMark> {
    let worst = findings.iter().rev().max_by_key(|finding| weight(finding.outcome))?;
    let mut evidence = worst.evidence();
    if findings.len() > 1 {
        let (told, left_out) = worst_of(findings);
        evidence.insert("elements".to_owned(), told.into_iter().map(Finding::element).collect());
        if !left_out.is_empty() {
            evidence.insert(LeftOut::NAME.to_owned(), left_out.to_json());
        }
    }
    let is_repeated = matches!(worst.outcome, DuplicateOutcome::DeliveredTwice | DuplicateOutcome::Suppressed);
    Some(DuplicateMark {
        strategy: strategy.map_or("none", Strategy::name).to_owned(),
        outcome: worst.outcome,
        of: worst.account.first.clone().filter(|_| is_repeated),
        evidence,
    })
}

const fn weight(outcome: DuplicateOutcome) -> u8 {
    match outcome {
        DuplicateOutcome::First => 0,
        DuplicateOutcome::Suppressed => 1,
        DuplicateOutcome::Ambiguous => 2,
        DuplicateOutcome::WronglySuppressed => 3,
        DuplicateOutcome::DeliveredTwice => 4,
    }
}

/// The mark of a message that ingest drops, `gap` after `first` came with the same `messageId`. Ingest looks at the id only:
/// where the contents differ, an event is lost.
#[must_use]
pub fn dropped_at_ingest(event: &EventRecord, first: &EventRecord, gap: std::time::Duration) -> DuplicateMark {
    let is_same = same_content(&event.payload, &first.payload);
    let (outcome, label, why) = if is_same {
        let why = "Ingest had seen this messageId. The content is the same: a repetition on the way to Segment.";
        (DuplicateOutcome::Suppressed, "dropped at ingest", why)
    } else {
        let why = "Ingest had seen this messageId and looks at nothing else. The content differs: this event is lost.";
        (DuplicateOutcome::WronglySuppressed, "dropped at ingest, though it differs", why)
    };
    let evidence = json!({
        "label": label, "why": why, "message_id": event.message_id, "first_event": first.id.as_str(),
        "came_after": in_words(gap), "same_content": is_same,
    });
    let evidence = match evidence {
        Value::Object(evidence) => evidence,
        _ => Map::new(),
    };
    DuplicateMark { strategy: Strategy::NAMES[1].to_owned(), outcome, of: None, evidence }
}

/// Whether two messages say the same, but for the times at which they were sent and received.
fn same_content(one: &Value, other: &Value) -> bool {
    let content = |event: &Value| {
        let mut event = event.as_object().cloned().unwrap_or_default();
        for stamp in ["receivedAt", "sentAt", "timestamp", "originalTimestamp"] {
            event.shift_remove(stamp);
        }
        event
    };
    content(one) == content(other)
}
