//! LinkedIn conversions: what the action refuses without need, what it sends, and what becomes of the errors.
use serde_json::{Map, Value};

use super::sources::{CONVERSIONS, CONVERSIONS_API, LINKEDIN_DOCS};
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::idempotence::has_event_id;
use crate::core::findings::scene::Scene;
use crate::core::findings::sighting::{Sighting, count};
use crate::core::findings::wire::{Sent, message_of};
use crate::core::js;
use crate::core::names::DestinationName;
use crate::core::record::EventRecord;
use crate::core::rules::Call;
use crate::core::time::Timestamp;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("Q-02"),
        title: "Error translator never ran",
        severity: Severity::Note,
        why: "The action has a translator for LinkedIn's errors, and never gets there: a promise is returned without \
              being awaited. What is left is a bare HTTPError, without a code and with the status's name in place of \
              LinkedIn's own words.",
        advice: "Read LinkedIn's answer here; the error says no more than its status.",
        cites: &[CONVERSIONS],
        detect: Detect::InAttempt(translator_skipped),
    },
    Entry {
        id: FindingId("Q-21"),
        title: "Event without revenue given up",
        severity: Severity::Severe,
        why: "The default mapping makes an empty conversionValue out of an event without currency and revenue, and an \
              empty one is invalid, although the field is optional. Every such event is lost.",
        advice: "Set conversionValue to null in the mapping, or map it inside an @if that asks for the revenue.",
        cites: &[CONVERSIONS],
        detect: Detect::InAttempt(no_revenue),
    },
    Entry {
        id: FindingId("Q-22"),
        title: "Seconds read as milliseconds",
        severity: Severity::Severe,
        why: "A time that is a number is taken as milliseconds since 1970. Seconds then lie in January 1970, which is \
              more than 90 days ago, and the event is given up.",
        advice: "Send milliseconds or ISO 8601 text as conversionHappenedAt.",
        cites: &[CONVERSIONS_API],
        detect: Detect::InAttempt(seconds_as_millis),
    },
    Entry {
        id: FindingId("Q-23"),
        title: "Acxiom is misspelt",
        severity: Severity::Warning,
        why: "The reference names the identifier AXCIOM_ID; LinkedIn documents ACXIOM_ID. An identifier of an unknown \
              type matches nobody.",
        advice: "Do not count on Acxiom ids alone: send an e-mail or a LinkedIn UUID besides.",
        cites: &[CONVERSIONS_API, LINKEDIN_DOCS],
        detect: Detect::InAttempt(acxiom_misspelt),
    },
    Entry {
        id: FindingId("F-11"),
        title: "Conversion without an event id",
        severity: Severity::Warning,
        why: "LinkedIn tells a repetition by the event id. A conversion without one counts again each time that it is \
              sent, and a retry may send it again.",
        advice: "Map eventId to the message id, which is the default.",
        cites: &[CONVERSIONS_API, LINKEDIN_DOCS],
        detect: Detect::InAttempt(no_event_id),
    },
    Entry {
        id: FindingId("F-19"),
        title: "Conversion in the future",
        severity: Severity::Warning,
        why: "The action refuses what is older than 90 days, and lets any time in the future through.",
        advice: "Look at the clock and the time zone of the sender.",
        cites: &[CONVERSIONS_API],
        detect: Detect::InAttempt(in_the_future),
    },
];

/// How far a sender's clock may be ahead before it is worth a word.
const CLOCK_SKEW_MILLIS: i64 = 5 * 60 * 1000;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

fn is_conversion(scene: &Scene<'_>) -> bool {
    scene.is_for(DestinationName::LinkedinConversions) && scene.is_action("streamConversion")
}

fn translator_skipped(scene: &Scene<'_>) -> Option<Sighting> {
    let error = scene.error().filter(|error| error.name == "HTTPError")?;
    let sent = scene.last(Call::Conversions).filter(|sent| sent.response().is_some() && !sent.is_success())?;
    let said = sent
        .answer("")
        .and_then(message_of)
        .map_or_else(|| "gave no reason".to_owned(), |message| format!("said {}", js::quoted(message)));
    let seen = format!(
        "LinkedIn answered {} and {said}; the error is a bare HTTPError, {}.",
        sent.status()?,
        js::quoted(&error.message)
    );
    Some(Sighting::new(seen).at(sent.at_response(), "/body").at(At::Outcome, "/message"))
}

/// What the action said of an event: the thrown error's message, or the item's.
fn refusal<'a>(scene: &Scene<'a>, event_idx: usize) -> Option<&'a str> {
    match scene.error() {
        Some(error) => Some(&error.message),
        None => scene.items().get(event_idx)?.errormessage.as_deref(),
    }
}

/// The events that were refused with a message that tells of a certain mistake.
fn refused_with<'a>(scene: &Scene<'a>, told_by: &str) -> Vec<(usize, &'a EventRecord)> {
    let is_told = |event_idx| refusal(scene, event_idx).is_some_and(|message| message.contains(told_by));
    scene.events().filter(|(event_idx, _)| is_told(*event_idx)).collect()
}

fn sighting_of(seen: String, events: &[(usize, &EventRecord)], path: &str) -> Sighting {
    let places = events.iter().map(|(_, event)| (At::Event(event.id.clone()), path.to_owned()));
    let sighting = Sighting::new(seen).at_each(places);
    match events {
        [(_, event)] => sighting.about(&event.id),
        _ => sighting,
    }
}

fn no_revenue(scene: &Scene<'_>) -> Option<Sighting> {
    if !is_conversion(scene) || scene.plan.mapped(scene.attempt, "conversionValue").is_some() {
        return None;
    }
    let lacks_value = |event: &EventRecord| {
        let has =
            |key: &str| event.payload.pointer("/properties").and_then(|it| it.get(key)).is_some_and(|it| !it.is_null());
        !has("currency") && !has("revenue")
    };
    let mut events = refused_with(scene, "Conversion Value is missing the required field");
    events.retain(|(_, event)| lacks_value(event));
    if events.is_empty() {
        return None;
    }
    let n_events = count(events.len(), "event");
    let seen = format!("{n_events} had neither currency nor revenue and failed validation for that alone.");
    Some(sighting_of(seen, &events, "/properties"))
}

/// The time of a payload, if it is a number that makes sense as seconds since 1970 and not as milliseconds.
fn seconds_in(payload: &Map<String, Value>, now: Timestamp) -> Option<i64> {
    let happened_at = js::text(payload.get("conversionHappenedAt")?);
    let seconds: i64 = happened_at.trim().parse().ok()?;
    let age = now.as_millis().checked_sub(seconds.checked_mul(1000)?)?;
    (-DAY_MILLIS..=90 * DAY_MILLIS).contains(&age).then_some(seconds)
}

fn seconds_as_millis(scene: &Scene<'_>) -> Option<Sighting> {
    if !is_conversion(scene) {
        return None;
    }
    let now = scene.attempt.started_at;
    let seconds = |event_idx: usize| seconds_in(scene.payload(event_idx)?, now);
    let mut events = refused_with(scene, "Timestamp should be within the past 90 days.");
    events.retain(|(event_idx, _)| seconds(*event_idx).is_some());
    let seconds = seconds(events.first()?.0)?;
    let meant = Timestamp::from_millis(seconds.saturating_mul(1000));
    let seen = format!(
        "{} refused as older than 90 days; {seconds}, read as seconds, is {meant}.",
        if events.len() == 1 { "1 event was".to_owned() } else { format!("{} events were", events.len()) },
    );
    Some(sighting_of(seen, &events, "/timestamp"))
}

/// The conversions that an attempt sent last and that look a certain way.
fn conversions(scene: &Scene<'_>, looks: impl Fn(&Value) -> bool) -> Option<(Vec<usize>, usize)> {
    let elements = scene.last(Call::Conversions)?.elements();
    let found: Vec<usize> = (0..elements.len()).filter(|element_idx| looks(&elements[*element_idx])).collect();
    (!found.is_empty()).then_some((found, elements.len()))
}

fn at_conversions(scene: &Scene<'_>, seen: String, found: &[usize], below: &str) -> Option<Sighting> {
    let sent: Sent<'_> = scene.last(Call::Conversions)?;
    let places = found.iter().map(|idx| (sent.at_request(), format!("{}{below}", sent.element_path(*idx))));
    Some(Sighting::new(seen).at_each(places))
}

fn acxiom_misspelt(scene: &Scene<'_>) -> Option<Sighting> {
    let is_misspelt = |conversion: &Value| {
        let ids = conversion.pointer("/user/userIds").and_then(Value::as_array);
        ids.into_iter().flatten().any(|id| id.get("idType").and_then(Value::as_str) == Some("AXCIOM_ID"))
    };
    let (found, n_sent) = conversions(scene, is_misspelt)?;
    let seen = format!("{} of {} had an id of type AXCIOM_ID.", found.len(), count(n_sent, "conversion"));
    at_conversions(scene, seen, &found, "/user/userIds")
}

fn no_event_id(scene: &Scene<'_>) -> Option<Sighting> {
    let (found, n_sent) = conversions(scene, |conversion| !has_event_id(conversion))?;
    let seen = format!("{} of {} had no eventId.", found.len(), count(n_sent, "conversion"));
    at_conversions(scene, seen, &found, "")
}

fn in_the_future(scene: &Scene<'_>) -> Option<Sighting> {
    let now = scene.attempt.started_at.as_millis();
    let ahead_by =
        |conversion: &Value| conversion.get("conversionHappenedAt").and_then(Value::as_i64).map(|at| at - now);
    let is_ahead = |conversion: &Value| ahead_by(conversion).is_some_and(|ahead| ahead > CLOCK_SKEW_MILLIS);
    let (found, n_sent) = conversions(scene, is_ahead)?;
    let first =
        scene.last(Call::Conversions)?.elements().get(*found.first()?)?.get("conversionHappenedAt")?.as_i64()?;
    let seen = format!(
        "{} of {} had not happened yet, the first is to at {}.",
        found.len(),
        count(n_sent, "conversion"),
        Timestamp::from_millis(first)
    );
    at_conversions(scene, seen, &found, "/conversionHappenedAt")
}
