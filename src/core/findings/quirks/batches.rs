//! Batches: failures that an answer hides, events that go to another audience than their own, and items that say two
//! things at once.
use std::borrow::Cow;

use serde_json::Value;

use super::linkedin_users::has_identifier;
use super::sources::{ACTION, COMPANIES, CONVERSIONS_API, KIT, LINKEDIN_DOCS, PENDO, USERS};
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::scene::{Scene, text_of};
use crate::core::findings::sighting::{Sighting, count, listed};
use crate::core::findings::status;
use crate::core::findings::wire::{PENDO_SEGMENT, Sent, message_of, parameter, query};
use crate::core::framework::answer;
use crate::core::http_status::code_name;
use crate::core::js;
use crate::core::names::{Decision, DestinationName};
use crate::core::record::{Item, Outcome};
use crate::core::rules::Call;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("Q-11"),
        title: "Partial failure hidden in a 200",
        severity: Severity::Severe,
        why: "LinkedIn answers a list with 200 and gives each element a status of its own. The reference looks only at \
              the first, so elements that LinkedIn refused count as delivered and are never tried again.",
        advice: "Take the refused elements as lost: mend what LinkedIn says of them and send those events again.",
        cites: &[USERS, CONVERSIONS_API, LINKEDIN_DOCS],
        detect: Detect::InAttempt(partial_failure_hidden),
    },
    Entry {
        id: FindingId("Q-12"),
        title: "Event went to the audience of another",
        severity: Severity::Severe,
        why: "The audience of the first event of a batch counts for all of them. People end up in an audience that they \
              never entered, and are missing from their own.",
        advice: "Take these people out of the wrong audience, and send their events again on their own. Let the batch key \
                 hold the audience, so that batches never mix them.",
        cites: &[PENDO, USERS, COMPANIES],
        detect: Detect::InAttempt(other_audience),
    },
    Entry {
        id: FindingId("Q-28"),
        title: "Batch filtered without a word on each event",
        severity: Severity::Note,
        why: "Where no event of a batch matches the subscription, the reference drops what it knows of each one and gives \
              a single answer, so nobody can tell from it how many events there were.",
        advice: "Count every event of the batch as filtered.",
        cites: &[KIT],
        detect: Detect::InAttempt(batch_filtered),
    },
    Entry {
        id: FindingId("Q-36"),
        title: "Company refused that a single delivery would retry",
        severity: Severity::Severe,
        why: "In a batch the element of a company keeps LinkedIn's status and is always called BAD_REQUEST. A single \
              delivery turns 404 and 409 into a 429 and tries again; here they are given up.",
        advice: "Send these companies again: a segment that was just made needs a minute, and a busy one passes.",
        cites: &[COMPANIES],
        detect: Detect::InAttempt(company_refused),
    },
    Entry {
        id: FindingId("F-02"),
        title: "Status and error type contradict each other",
        severity: Severity::Warning,
        why: "The pipeline goes by the status and retries; the error type says that the payload is at fault and that no \
              retry helps. The reference gives both to events that the action says nothing of.",
        advice: "Look at the remote's answer: it speaks of fewer events than were sent. Those that it leaves out may well \
                 have been applied.",
        cites: &[ACTION],
        detect: Detect::InAttempt(contradicting_item),
    },
    Entry {
        id: FindingId("F-16"),
        title: "Success without a word on the company",
        severity: Severity::Warning,
        why: "LinkedIn's answer has no status for the company that was sent. No number is neither too small nor too \
              large, so the reference takes it as a success.",
        advice: "Look the company up in the segment before counting it.",
        cites: &[COMPANIES],
        detect: Detect::InAttempt(company_unmentioned),
    },
];

/// The elements of a 2xx answer to a list that have a status and are no success.
fn refused_elements<'a>(sent: &Sent<'a>) -> Vec<(usize, u16, &'a Value)> {
    let elements = sent.answered_list("/elements").iter().enumerate();
    let with_status = elements.filter_map(|(idx, element)| Some((idx, answer::item_status(element)?, element)));
    with_status.filter(|(_, status, _)| !status::is_success(*status)).collect()
}

fn partial_failure_hidden(scene: &Scene<'_>) -> Option<Sighting> {
    let is_list = |sent: &Sent<'_>| matches!(sent.call, Some(Call::Users | Call::Conversions));
    let sent = scene.last_delivery().filter(|sent| is_list(sent) && sent.is_success())?;
    let refused = refused_elements(&sent);
    let (_, first_status, first) = refused.first()?;
    let reported = match &scene.attempt.outcome {
        Outcome::Delivered => scene.attempt.events.len(),
        Outcome::Multistatus(items) => items.iter().filter(|item| is_sent_success(item)).count(),
        _ => 0,
    };
    let n_elements = sent.answered_list("/elements").len();
    if reported == 0 {
        return None;
    }
    let said = message_of(first).map(|message| format!(", {}", js::quoted(message))).unwrap_or_default();
    let seen = format!(
        "LinkedIn answered {} and refused {} of {} in it, the first with {first_status}{said}; {} counted as delivered.",
        sent.status()?,
        refused.len(),
        count(n_elements, "element"),
        count(reported, "event"),
    );
    let places = refused.iter().map(|(idx, ..)| (sent.at_response(), format!("/body/elements/{idx}")));
    Some(Sighting::new(seen).at_each(places))
}

fn is_sent_success(item: &Item) -> bool {
    status::is_success(item.status) && item.sent.is_some()
}

/// The audience that an attempt's request went to, and the payload field that names an event's own one.
fn audience_sent_to(scene: &Scene<'_>) -> Option<(String, &'static str)> {
    let sent = scene.last_delivery()?;
    match sent.call? {
        Call::Visitors => {
            let (_, rest) = sent.url().split_once(PENDO_SEGMENT)?;
            Some((rest.strip_suffix("/visitor")?.to_owned(), "segmentAudienceId"))
        }
        Call::Users => Some((looked_up(scene)?, "personas_audience_key")),
        Call::Companies => {
            let is_engage = |event_idx| {
                let payload = scene.payload(event_idx)?;
                text_of(payload, "audience_source").map(|source| source != "CONNECTIONS")
            };
            let field = if is_engage(0).unwrap_or(true) { "computation_key" } else { "segment_name" };
            Some((looked_up(scene)?, field))
        }
        _ => None,
    }
}

/// The name that a LinkedIn segment was looked up by; where its id was cached, the first event's.
fn looked_up(scene: &Scene<'_>) -> Option<String> {
    if let Some(lookup) = scene.last(Call::Lookup) {
        return parameter(query(lookup.url()), "sourceSegmentId").map(Cow::into_owned);
    }
    let payload = scene.payload(0)?;
    let mut fields = ["personas_audience_key", "computation_key", "segment_name"].iter();
    fields.find_map(|field| text_of(payload, field).map(str::to_owned))
}

fn other_audience(scene: &Scene<'_>) -> Option<Sighting> {
    if scene.attempt.events.len() < 2 {
        return None;
    }
    let (audience, field) = audience_sent_to(scene)?;
    let was_sent = |event_idx: usize| match &scene.attempt.outcome {
        Outcome::Multistatus(items) => items.get(event_idx).is_some_and(|item| item.sent.is_some()),
        _ => true,
    };
    let own = |event_idx: usize| text_of(scene.payload(event_idx)?, field);
    let first_own = scene.events().filter(|(idx, _)| was_sent(*idx)).find_map(|(event_idx, _)| own(event_idx))?;
    if first_own.trim() != audience {
        return None;
    }
    let others = scene.events().filter(|(event_idx, _)| was_sent(*event_idx) && has_identity(scene, *event_idx));
    let others = others.filter_map(|(event_idx, event)| Some((event, own(event_idx)?)));
    let others: Vec<_> = others.filter(|(_, own)| own.trim() != audience).collect();
    let mut names: Vec<&str> = others.iter().map(|(_, own)| *own).collect();
    names.dedup();
    let (event, _) = others.first()?;
    let seen = format!(
        "{} of {} went to {} with the others.",
        count(others.len(), "event"),
        listed(&names),
        js::quoted(&audience)
    );
    let places = others.iter().map(|(event, _)| (At::Event(event.id.clone()), String::new()));
    let sighting = Sighting::new(seen).at_each(places);
    Some(if others.len() == 1 { sighting.about(&event.id) } else { sighting })
}

/// Whether an event has something by which it is sent; lists of people leave out those that have not.
fn has_identity(scene: &Scene<'_>, event_idx: usize) -> bool {
    !scene.is_action("updateAudience") || scene.payload(event_idx).is_some_and(has_identifier)
}

fn batch_filtered(scene: &Scene<'_>) -> Option<Sighting> {
    if scene.attempt.outcome != Outcome::NotSubscribed || scene.attempt.events.len() < 2 {
        return None;
    }
    let n_events = scene.attempt.events.len();
    Some(Sighting::new(format!("None of {n_events} events matched, and none has an item.")).at(At::Outcome, ""))
}

fn company_refused(scene: &Scene<'_>) -> Option<Sighting> {
    if !scene.is_for(DestinationName::LinkedinAudiences) || !scene.is_action("updateCompanyAudience") {
        return None;
    }
    let is_misnamed = |item: &Item| {
        !status::is_success(item.status)
            && item.errortype.as_deref() == Some("BAD_REQUEST")
            && code_name(item.status) != "BAD_REQUEST"
    };
    let items: Vec<_> = scene.items().iter().enumerate().filter(|(_, item)| is_misnamed(item)).collect();
    let (_, first) = items.first()?;
    let given_up = items.iter().filter(|(_, item)| item.decision == Decision::Discard).count();
    let misleading = if first.errormessage.as_deref().is_some_and(|text| text.contains("did not return a result")) {
        " The message says that LinkedIn did not return a result, though it did."
    } else {
        ""
    };
    let seen = format!(
        "{} called BAD_REQUEST, the first with status {} ({}); {given_up} given up.{misleading}",
        count(items.len(), "company item"),
        first.status,
        code_name(first.status)
    );
    let severity = if given_up > 0 { Severity::Severe } else { Severity::Note };
    let places = items.iter().map(|(item_idx, _)| (At::Item(*item_idx), "/status".to_owned()));
    Some(Sighting::new(seen).of_severity(severity).at_each(places))
}

fn contradicting_item(scene: &Scene<'_>) -> Option<Sighting> {
    let contradicts =
        |item: &Item| item.errortype.as_deref() == Some("PAYLOAD_VALIDATION_FAILED") && status::is_passing(item.status);
    let items: Vec<_> = scene.items().iter().enumerate().filter(|(_, item)| contradicts(item)).collect();
    let (_, first) = items.first()?;
    let seen = format!(
        "{} of {} had status {} and error type PAYLOAD_VALIDATION_FAILED: {}.",
        items.len(),
        count(scene.items().len(), "item"),
        first.status,
        js::quoted(first.errormessage.as_deref().unwrap_or_default())
    );
    Some(Sighting::new(seen).at_each(items.iter().map(|(idx, _)| (At::Item(*idx), String::new()))))
}

fn company_unmentioned(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = scene.last(Call::Companies).filter(Sent::is_success)?;
    let has_status = |element: &Value| answer::item_status(element).is_some();
    let says_nothing = !sent.answer("")?.pointer("/elements/0").is_some_and(has_status);
    if scene.attempt.outcome != Outcome::Delivered || !says_nothing {
        return None;
    }
    let seen = format!("LinkedIn answered {} without a status for the company.", sent.status()?);
    Some(Sighting::new(seen).at(sent.at_response(), "/body"))
}
