//! What the framework makes of mappings, empty texts and unknown actions before anything is sent.
use serde_json::Value;

use super::sources::{ACTION, FIELDS, KIT, MAPPING};
use crate::core::findings::actions::{self, Known};
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::plan::SessionPlan;
use crate::core::findings::scene::Scene;
use crate::core::findings::sighting::{Sighting, count};
use crate::core::js;
use crate::core::mapping::MappingErrorKind;
use crate::core::names::DestinationName;
use crate::core::record::{ErrorOutcome, EventRecord, Outcome};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("Q-04"),
        title: "Empty text means something else in the other mode",
        severity: Severity::Note,
        why: "In single mode empty texts are removed before validation, so a required field that holds one is missing. In \
              batch mode they stay, pass validation and fail later with other words. The same event gives two errors.",
        advice: "Treat both messages as one: the field is empty. Fill it where the event comes from.",
        cites: &[ACTION],
        detect: Detect::InAttempt(empty_text),
    },
    Entry {
        id: FindingId("Q-06"),
        title: "One event's mapping fails the whole batch",
        severity: Severity::Severe,
        why: "All events of a batch are mapped in one go. A directive that throws on one of them throws for all, with an \
              error that has no status and is retried with the same result.",
        advice: "Make the mapping stand values of any type, or leave such events out with the subscription.",
        cites: &[MAPPING],
        detect: Detect::InAttempt(poison_mapping),
    },
    Entry {
        id: FindingId("Q-07"),
        title: "Unknown action",
        severity: Severity::Severe,
        why: "The destination has no action of that name. A single event then counts as delivered although nothing was \
              done, and a batch fails with an error that says nothing of the reason.",
        advice: "Correct the action in the plan, and take the events that counted as delivered as lost.",
        cites: &[KIT],
        detect: Detect::InAttempt(unknown_action),
    },
    Entry {
        id: FindingId("Q-29"),
        title: "Batch size out of bounds is accepted",
        severity: Severity::Warning,
        why: "The field declares 1 to 1000, and the reference ignores bounds of whole numbers. Larger batches reach Pendo, \
              and 0 reaches the pipeline.",
        advice: "Map batch_size to a number from 1 to 1000.",
        cites: &[FIELDS],
        detect: Detect::InPlan(batch_size),
    },
    Entry {
        id: FindingId("Q-37"),
        title: "Mapping mistake retried as if it would pass",
        severity: Severity::Warning,
        why: "A mistake inside a mapping, or a directive that cannot run on an event, is an error without a status. It \
              counts as 500 and is retried until the window closes, although nothing will change.",
        advice: "Correct the mapping; the message says where.",
        cites: &[MAPPING],
        detect: Detect::InAttempt(mapping_mistake),
    },
];

/// What the batch mode says of a field that holds an empty text: destination, field, message.
const LATER_WORDS: [(DestinationName, &str, &str); 3] = [
    (DestinationName::PendoAudiences, "visitorId", "Visitor ID is required"),
    (DestinationName::PendoAudiences, "segmentAudienceId", "Missing Pendo Segment ID"),
    (DestinationName::LinkedinConversions, "conversionHappenedAt", "Timestamp should be within the past 90 days."),
];

fn empty_text(scene: &Scene<'_>) -> Option<Sighting> {
    let is_empty = |event_idx: usize, field: &str| {
        scene.payload(event_idx).and_then(|payload| payload.get(field)).and_then(Value::as_str) == Some("")
    };
    if let Some(error) = scene.error() {
        let fields = error.message.split("missing the required field '").skip(1);
        let field = fields.filter_map(|rest| rest.split('\'').next()).find(|field| is_empty(0, field))?;
        let event = scene.event(0)?;
        let seen = format!("{field} is an empty text. Single mode calls it missing; a batch would let it pass.");
        return Some(
            Sighting::new(seen).at(At::Event(event.id.clone()), "").at(At::Outcome, "/message").about(&event.id),
        );
    }
    let words = LATER_WORDS.iter().filter(|(destination, ..)| scene.is_for(*destination));
    let found = words.flat_map(|(_, field, message)| {
        let items = scene.items().iter().enumerate();
        let said = items.filter(move |(_, item)| item.errormessage.as_deref() == Some(*message));
        said.filter(|(item_idx, _)| is_empty(*item_idx, field)).map(move |(item_idx, _)| (item_idx, *field, *message))
    });
    let found: Vec<_> = found.collect();
    let (_, field, message) = found.first()?;
    let seen = format!(
        "{field} was an empty text in {}; the batch let it pass and says {} instead of calling it missing.",
        count(found.len(), "event"),
        js::quoted(message)
    );
    Some(
        Sighting::new(seen)
            .at_each(found.iter().map(|(item_idx, ..)| (At::Item(*item_idx), "/errormessage".to_owned()))),
    )
}

/// The error without a status that ended the attempt before anything was sent.
fn error_before_sending<'a>(scene: &Scene<'a>) -> Option<&'a ErrorOutcome> {
    scene.error().filter(|error| error.status.is_none() && scene.sent().is_empty())
}

/// The events on which the mapping throws what the attempt ended with.
fn throwing<'a>(scene: &Scene<'a>, error: &ErrorOutcome) -> Vec<&'a EventRecord> {
    let throws = |event: &EventRecord| {
        let mapped = scene.plan.payload(scene.attempt, &event.payload);
        mapped.and_then(Result::err).is_some_and(|thrown| thrown.to_string() == error.message)
    };
    scene.events().map(|(_, event)| event).filter(|event| throws(event)).collect()
}

fn poison_mapping(scene: &Scene<'_>) -> Option<Sighting> {
    let error = error_before_sending(scene)?;
    let n_events = scene.attempt.events.len();
    let events = if n_events > 1 { throwing(scene, error) } else { return None };
    let event = events.first()?;
    let seen = format!(
        "The mapping throws on {} of {n_events} events, the first of them {}: {}.",
        events.len(),
        event.id,
        js::quoted(&error.message)
    );
    let sighting = Sighting::new(seen).about(&event.id);
    Some(sighting.at_each(events.iter().map(|event| (At::Event(event.id.clone()), String::new()))))
}

fn unknown_action(scene: &Scene<'_>) -> Option<Sighting> {
    let attempt = scene.attempt;
    let says = match &attempt.outcome {
        Outcome::Delivered => "counted as delivered",
        Outcome::Error(error) if error.status.is_none() => "failed without a reason",
        _ => return None,
    };
    if !scene.sent().is_empty() || !matches!(actions::known(&attempt.destination, &attempt.action), Known::Nothing) {
        return None;
    }
    let seen = format!(
        "{} has no action {}; nothing was sent, and {} {says}.",
        attempt.destination,
        js::quoted(&attempt.action),
        count(attempt.events.len(), "event")
    );
    Some(Sighting::new(seen).at(At::Plan, "/action").at(At::Outcome, ""))
}

fn batch_size(plan: &SessionPlan) -> Option<Sighting> {
    const FIELD: &str = "batch_size";
    let size = plan.own_mapping(DestinationName::PendoAudiences.name(), FIELD)?.as_i64()?;
    if (1..=1000).contains(&size) {
        return None;
    }
    let seen = format!("The mapping sets {FIELD} to {size}; the field declares 1 to 1000.");
    Some(Sighting::new(seen).at(At::Plan, format!("/mapping/{FIELD}")))
}

fn mapping_mistake(scene: &Scene<'_>) -> Option<Sighting> {
    let error = error_before_sending(scene).filter(|_| scene.is_retried())?;
    let wrong = scene.plan.mapping_error(scene.attempt);
    let is_wrong_as_a_whole = wrong.is_some_and(|wrong| wrong.kind() != MappingErrorKind::Validation);
    let is_wrong_for_event = scene.attempt.events.len() == 1 && !throwing(scene, error).is_empty();
    if !is_wrong_as_a_whole && !is_wrong_for_event && error.name != "AggregateError" {
        return None;
    }
    let seen = format!("{} has no status and is retried: {}.", error.name, js::quoted(error.message.trim()));
    let sighting = Sighting::new(seen).at(At::Outcome, "/message");
    Some(if wrong.is_some() { sighting.at(At::Plan, "/mapping") } else { sighting })
}
