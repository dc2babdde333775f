//! People's own endpoints: keys that mean too little or too much, and URLs with holes in them.
use super::linkedin_users::names_nothing;
use super::sources::{DUPLICATE_DATA, ERRORS, FUNCTIONS, IDEMPOTENCY};
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::idempotence::key_of;
use crate::core::findings::ledger::body_hash;
use crate::core::findings::past::Past;
use crate::core::findings::scene::Scene;
use crate::core::findings::sighting::Sighting;
use crate::core::findings::status;
use crate::core::findings::wire::Sent;
use crate::core::js;
use crate::core::names::Decision;
use crate::core::rules::Call;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("F-08"),
        title: "Told off as a duplicate after it was done",
        severity: Severity::Severe,
        why: "The check for duplicates read a profile trait that an earlier attempt of the same event had written. The \
              event counts as failed although it was delivered, perhaps more than once: traits are read late, so an \
              immediate retry had seen the old value.",
        advice: "Take the event as delivered and look for duplicates. Let the receiver decide by an idempotency key; a \
                 trait is no lock.",
        cites: &[IDEMPOTENCY, DUPLICATE_DATA],
        detect: Detect::InAttempt(late_duplicate_error),
    },
    Entry {
        id: FindingId("F-09"),
        title: "Still running, and given up",
        severity: Severity::Severe,
        why: "To a request with an idempotency key 409 says that the first one is still at work, and that the same \
              request may come again unchanged. The pipeline takes a 409 for permanent.",
        advice: "Let the function turn 409 into a RetryError.",
        cites: &[IDEMPOTENCY, ERRORS],
        detect: Detect::InAttempt(in_flight_discarded),
    },
    Entry {
        id: FindingId("F-10"),
        title: "Idempotency key used for two requests",
        severity: Severity::Severe,
        why: "One key stands for one operation. A receiver that knows the key answers with what it did the first time, \
              or refuses with 422; either way the second request is not carried out.",
        advice: "Make the key of the message id and the operation. For batches take one for each element, as batches are \
                 put together anew on retries.",
        cites: &[IDEMPOTENCY],
        detect: Detect::InHistory(key_reused),
    },
    Entry {
        id: FindingId("F-20"),
        title: "Missing value written into the URL",
        severity: Severity::Severe,
        why: "A value that was not there was written into the URL as a word. The request addresses something that does \
              not exist, or worse, something that does.",
        advice: "Leave events without the value out, or give the template a default.",
        cites: &[FUNCTIONS],
        detect: Detect::InAttempt(hole_in_url),
    },
];

fn late_duplicate_error(scene: &Scene<'_>) -> Option<Sighting> {
    const TEXT: &str = "Duplicate submission: Profile processed within last";
    if let Some(error) = scene.error() {
        return error.message.contains(TEXT).then(|| {
            Sighting::new(format!("The function threw {}.", js::quoted(&error.message))).at(At::Outcome, "/message")
        });
    }
    let items = scene.items().iter().enumerate();
    let mut told_off = items.filter(|(_, item)| item.errormessage.as_deref().is_some_and(|text| text.contains(TEXT)));
    let (item_idx, item) = told_off.next()?;
    let seen = format!("Item {item_idx} says {}.", js::quoted(item.errormessage.as_deref().unwrap_or_default()));
    let sighting = Sighting::new(seen).at(At::Item(item_idx), "/errormessage");
    Some(match scene.attempt.events.get(item_idx) {
        Some(event) if told_off.next().is_none() => sighting.about(event),
        _ => sighting,
    })
}

fn in_flight_discarded(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = scene.last_delivery().filter(|sent| sent.status().is_some_and(status::is_in_flight))?;
    let key = key_of(&sent).filter(|_| scene.attempt.verdict.decision == Decision::Discard)?;
    let seen = format!("The request with the key {key} was answered with {} and given up.", sent.status()?);
    Some(Sighting::new(seen).at(sent.at_response(), "/status").at(sent.at_request(), "/headers/idempotency-key"))
}

fn key_reused(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    let mut reused = scene.sent().iter().filter_map(|sent| {
        let first = past.ledger.first_use(sent).filter(|first| first.body != body_hash(sent))?;
        Some((sent, first))
    });
    let (sent, first) = reused.next()?;
    let answered = sent.status().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let as_expected =
        if sent.status().is_some_and(status::is_unprocessable) { ", as such keys are refused" } else { "" };
    let seen = format!(
        "The key {} had stood on another body in attempt {}; this one was answered with {answered}{as_expected}.",
        key_of(sent)?,
        first.attempt
    );
    let sighting = Sighting::new(seen).at(sent.at_request(), "/headers/idempotency-key");
    Some(sighting.at(At::Attempt(first.attempt.clone()), ""))
}

fn hole_in_url(scene: &Scene<'_>) -> Option<Sighting> {
    let is_segment = |sent: &Sent<'_>| matches!(sent.call, Some(Call::Users | Call::Companies));
    let sent = scene.sent().iter().find(|sent| !is_segment(sent) && names_nothing(sent.url()))?;
    let answered = sent.status().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let seen = format!("{} {} was answered with {answered}.", sent.exchange.request.method, sent.url());
    Some(Sighting::new(seen).at(sent.at_request(), "/url"))
}
