//! Audience membership that nobody can tell, and the events that throw where it is asked for.
use serde_json::Value;

use super::sources::{MEMBERSHIP, PENDO};
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::scene::Scene;
use crate::core::findings::sighting::{Sighting, count};
use crate::core::js;
use crate::core::membership::{self, Options};
use crate::core::record::EventRecord;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("Q-05"),
        title: "One event fails its whole batch",
        severity: Severity::Severe,
        why: "Membership is read from each raw event, and a context or context.personas that is null throws there. The \
              error has no status, so the whole batch counts as 500: every other event of it is held up and retried with \
              the same result.",
        advice: "Take the event out, or have its sender leave context out instead of sending null.",
        cites: &[MEMBERSHIP],
        detect: Detect::InAttempt(poison_event),
    },
    Entry {
        id: FindingId("Q-31"),
        title: "Reverse ETL cannot reach this action",
        severity: Severity::Severe,
        why: "The action declares no sync mode, so rows of a reverse-ETL model never say whether they add or remove. \
              Every one of them is refused.",
        advice: "Send these rows to a destination that has sync modes, or build an Engage audience from them.",
        cites: &[PENDO, MEMBERSHIP],
        detect: Detect::InAttempt(reverse_etl),
    },
    Entry {
        id: FindingId("Q-32"),
        title: "Membership is not true or false",
        severity: Severity::Severe,
        why: "Membership counts only as a JSON boolean under the computation key of an identify or a track. Journeys that \
              send the word \"true\", or nothing, leave it undetermined, and the event is refused for good.",
        advice: "Have the journey or audience send true or false as booleans, under the very name that computation_key \
                 gives.",
        cites: &[MEMBERSHIP, PENDO],
        detect: Detect::InAttempt(no_boolean),
    },
];

fn poison_event(scene: &Scene<'_>) -> Option<Sighting> {
    let error = scene.error().filter(|error| error.status.is_none())?;
    let is_thrown_by = |event: &EventRecord| match membership::resolve(&event.payload, Options::default()) {
        Err(thrown) => thrown.to_string() == error.message,
        Ok(_) => false,
    };
    let poison: Vec<_> = scene.events().filter(|(_, event)| is_thrown_by(event)).collect();
    let (_, first) = poison.first()?;
    let place = if first.payload.get("context").is_some_and(Value::is_null) { "/context" } else { "/context/personas" };
    let n_others = scene.attempt.events.len() - poison.len();
    let others = match n_others {
        0 => String::new(),
        others => format!(", which fails {} besides it", count(others, "event")),
    };
    let seen = format!(
        "{} of event {} is null{others}: {}.",
        place[1..].replace('/', "."),
        first.id,
        js::quoted(&error.message)
    );
    let sighting = Sighting::new(seen).about(&first.id);
    Some(sighting.at_each(poison.iter().map(|(_, event)| (At::Event(event.id.clone()), place.to_owned()))))
}

/// Whether an event was refused because nobody could tell whether it adds or removes.
fn is_undetermined(scene: &Scene<'_>, event_idx: usize) -> bool {
    match scene.error() {
        Some(error) => error.code.as_deref() == Some("INVALID_AUDIENCE_MEMBERSHIP"),
        None => scene.items().get(event_idx).is_some_and(|item| {
            item.errormessage.as_deref() == Some("Unable to determine audience membership for this event")
        }),
    }
}

/// The events that were refused for that reason and look a certain way.
fn undetermined<'a>(scene: &Scene<'a>, looks: impl Fn(&Value) -> bool) -> Vec<&'a EventRecord> {
    let events = scene.events().filter(|(event_idx, _)| is_undetermined(scene, *event_idx));
    events.map(|(_, event)| event).filter(|event| looks(&event.payload)).collect()
}

/// The computation that Engage says the event is from: class and key.
fn computation(event: &Value) -> Option<(&str, &str)> {
    let personas = event.pointer("/context/personas")?;
    Some((personas.get("computation_class")?.as_str()?, personas.get("computation_key")?.as_str()?))
}

fn reverse_etl(scene: &Scene<'_>) -> Option<Sighting> {
    let is_row = |event: &Value| {
        let name = event.get("event").and_then(Value::as_str).unwrap_or_default();
        matches!(name, "new" | "updated" | "deleted") && computation(event).is_none()
    };
    let rows = undetermined(scene, is_row);
    let first = rows.first()?;
    let name = first.payload.get("event").map(js::text).unwrap_or_default();
    let seen = format!(
        "{} of a reverse-ETL model, the first one a track of {} without a computation, {} refused.",
        count(rows.len(), "row"),
        js::quoted(&name),
        if rows.len() == 1 { "was" } else { "were" },
    );
    let sighting = Sighting::new(seen).at_each(rows.iter().map(|row| (At::Event(row.id.clone()), "/event".to_owned())));
    Some(if rows.len() == 1 { sighting.about(&first.id) } else { sighting })
}

fn no_boolean(scene: &Scene<'_>) -> Option<Sighting> {
    let is_engage = |event: &Value| computation(event).is_some_and(|(class, _)| is_membership_class(class));
    let events = undetermined(scene, is_engage);
    let first = events.first()?;
    let (class, key) = computation(&first.payload)?;
    let kind = first.payload.get("type").and_then(Value::as_str).unwrap_or_default();
    let (place, held) = match container_of(kind) {
        None => ("/type".to_owned(), format!("is of type {}, which tells no membership", js::quoted(kind))),
        Some(container) => {
            let value = first.payload.get(container).and_then(|container| container.get(key));
            let value = value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            (format!("/{container}"), format!("held {value} under {container}.{key}, where true or false belongs"))
        }
    };
    let seen = match events.len() {
        1 => format!("Event {} of class {class} {held}; it was refused.", first.id),
        n_events => format!("{n_events} events were refused; the first, {} of class {class}, {held}.", first.id),
    };
    let places = events.iter().map(|event| (At::Event(event.id.clone()), place.clone()));
    let sighting = Sighting::new(seen).at_each(places);
    Some(if events.len() == 1 { sighting.about(&first.id) } else { sighting })
}

/// The classes of computations that tell membership.
fn is_membership_class(class: &str) -> bool {
    matches!(class, "audience" | "journey_step")
}

/// Where an event of a type tells its membership.
fn container_of(kind: &str) -> Option<&'static str> {
    match kind {
        "identify" => Some("traits"),
        "track" => Some("properties"),
        _ => None,
    }
}
