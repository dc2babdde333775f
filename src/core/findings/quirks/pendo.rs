//! Pendo's visitors: what its answers hide and what the order of a patch does.
use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;

use super::sources::{PENDO, PENDO_INDEX};
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::changes::of_patch;
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::scene::Scene;
use crate::core::findings::sighting::{Sighting, count, listed};
use crate::core::findings::status;
use crate::core::findings::wire::{PENDO_SEGMENT, Sent, message_of};
use crate::core::framework::answer;
use crate::core::http::Body;
use crate::core::js;
use crate::core::names::DestinationName;
use crate::core::rules::Call;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("Q-01"),
        title: "Refusal of an item masked as 500",
        severity: Severity::Severe,
        why: "In single mode the reference throws the refusal inside a try whose catch knows only HTTP errors, so every \
              status that Pendo gave the item becomes 500. A permanent refusal is then retried until the window closes.",
        advice: "Go by the status that Pendo gave the item, not by the 500. Send in batch mode, where the item keeps its \
                 status, or mend what Pendo refuses; retries will not.",
        cites: &[PENDO],
        detect: Detect::InAttempt(refusal_masked),
    },
    Entry {
        id: FindingId("Q-08"),
        title: "Applied but reported failed",
        severity: Severity::Severe,
        why: "Pendo had answered 2xx, so the change is made. The reference expects a list named multistatus in the answer \
              and fails with a TypeError where there is none, which counts as 500: the same change is sent again.",
        advice: "Take the change as made. Look for a proxy or a new API version that strips or changes the body of the \
                 answer.",
        cites: &[PENDO],
        detect: Detect::InAttempt(applied_but_failed),
    },
    Entry {
        id: FindingId("Q-09"),
        title: "Removed although added last",
        severity: Severity::Severe,
        why: "One patch holds all additions and then all removals, whatever the order of the events. Who left an audience \
              and came back within one batch ends up outside.",
        advice: "Send such people again as additions. Smaller batches, or single mode, keep the order.",
        cites: &[PENDO],
        detect: Detect::InAttempt(order_lost),
    },
    Entry {
        id: FindingId("F-05"),
        title: "Visitor twice in one patch",
        severity: Severity::Note,
        why: "The reference does not remove repetitions. Pendo takes a segment as a set, so it does no harm, but it \
              fills batches and hints at the same event coming twice.",
        advice: "See whether the source sends the same event more than once.",
        cites: &[PENDO],
        detect: Detect::InAttempt(visitor_twice),
    },
    Entry {
        id: FindingId("F-12"),
        title: "Segment id breaks the URL",
        severity: Severity::Severe,
        why: "The reference puts the segment id into the URL without encoding it, so a slash, a question mark, a hash or \
              a blank in it addresses something else than the segment.",
        advice: "Use the id that Pendo gave the segment when it was created; names and paths are no ids.",
        cites: &[PENDO],
        detect: Detect::InAttempt(id_breaks_url),
    },
    Entry {
        id: FindingId("F-13"),
        title: "Unknown operation taken for the removals",
        severity: Severity::Warning,
        why: "Whatever in Pendo's answer is not called add is taken for the result of the removals, a misspelt or new \
              operation included. The removals then get a status that is not theirs.",
        advice: "Compare the answer with what was sent before trusting the removals' status.",
        cites: &[PENDO],
        detect: Detect::InAttempt(unknown_operation),
    },
    Entry {
        id: FindingId("Q-35"),
        title: "Empty audience name blocks the real one",
        severity: Severity::Warning,
        why: "An empty name in the audience's own settings still counts as a name there, so the audience's own name is \
              never looked at, and creating the segment fails with 422.",
        advice: "Remove audienceName from the audience's settings instead of leaving it empty.",
        cites: &[PENDO_INDEX],
        detect: Detect::InAttempt(empty_audience_name),
    },
];

/// The last patch that Pendo answered with 2xx.
fn accepted_patch<'a>(scene: &Scene<'a>) -> Option<Sent<'a>> {
    scene.last(Call::Visitors).filter(Sent::is_success)
}

/// The results of the operations, if they are where the reference looks for them.
fn results<'a>(sent: &Sent<'a>) -> Option<&'a [Value]> {
    let Cow::Borrowed(json) = answer::data(sent.response()?)? else { return None };
    let results = json.get("multistatus")?.as_array()?;
    results.iter().all(|result| !result.is_null()).then_some(results.as_slice())
}

/// The first operation that Pendo refused inside a 2xx answer to a single delivery, with its status.
pub(in crate::core::findings) fn refused_operation<'a>(scene: &Scene<'a>) -> Option<(Sent<'a>, usize, u16)> {
    let sent = accepted_patch(scene)?;
    scene.error()?;
    let refused = results(&sent)?.iter().enumerate();
    let mut refused = refused.filter_map(|(idx, item)| Some((idx, answer::item_status(item)?)));
    refused.find(|(_, status)| !status::is_success(*status)).map(|(idx, status)| (sent, idx, status))
}

fn refusal_masked(scene: &Scene<'_>) -> Option<Sighting> {
    let (sent, item_idx, declared) = refused_operation(scene)?;
    let effective = scene.error()?.status.filter(|effective| *effective != declared)?;
    let item = results(&sent)?.get(item_idx)?;
    let said = message_of(item).map(|message| format!(" ({})", js::quoted(message))).unwrap_or_default();
    let operation = item.get("operation").and_then(Value::as_str).unwrap_or("an operation");
    let answered = sent.status()?;
    let seen = format!(
        "Pendo answered {answered} and refused {operation} with {declared}{said}; the attempt ended with {effective}."
    );
    let severity = if status::is_permanent(declared) { Severity::Severe } else { Severity::Warning };
    let sighting = Sighting::new(seen).of_severity(severity);
    Some(sighting.at(sent.at_response(), format!("/body/multistatus/{item_idx}")).at(At::Outcome, "/status"))
}

fn applied_but_failed(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = accepted_patch(scene).filter(|sent| results(sent).is_none())?;
    let n_failed = match scene.error() {
        Some(_) => scene.attempt.events.len(),
        None => scene.items().iter().filter(|item| status::is_default_error(item.status)).count(),
    };
    if n_failed == 0 {
        return None;
    }
    let answered = sent.status()?;
    let body = match &sent.response()?.body {
        Body::Empty => "no body",
        Body::Text(_) | Body::Bytes(_) => "a body that is no JSON",
        Body::Json(json) if json.get("multistatus").is_some_and(Value::is_array) => {
            "a list that its content type or a null in it keeps from being read"
        }
        Body::Json(_) => "JSON without a list named multistatus",
    };
    let seen = format!("Pendo answered {answered} with {body}; {} counted as failed with 500.", were(n_failed));
    Some(Sighting::new(seen).at(sent.at_response(), "").at(At::Outcome, ""))
}

fn were(n_events: usize) -> String {
    format!("{} {}", count(n_events, "event"), if n_events == 1 { "was" } else { "were" })
}

fn order_lost(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = accepted_patch(scene)?;
    let mut last: HashMap<&str, (bool, bool, usize)> = HashMap::new();
    let mut divergent = Vec::new();
    for (item_idx, item) in scene.items().iter().enumerate().filter(|(_, item)| status::is_success(item.status)) {
        let Some((visitor, adds)) = sent_for(item.sent.as_ref()) else { continue };
        let (was_removed, ..) = last.get(visitor).copied().unwrap_or_default();
        last.insert(visitor, (was_removed || !adds, adds, item_idx));
    }
    for (visitor, (was_removed, adds_last, item_idx)) in last {
        if was_removed && adds_last {
            divergent.push((item_idx, visitor));
        }
    }
    divergent.sort_unstable();
    let visitors: Vec<&str> = divergent.iter().map(|(_, visitor)| *visitor).collect();
    let (first_idx, _) = divergent.first()?;
    let seen = format!(
        "The last event of {} adds, an earlier one of the same batch removes; Pendo took the patch, in which all \
         removals come last, so the segment is left without {}.",
        listed(&visitors),
        if visitors.len() == 1 { "that visitor" } else { "those visitors" },
    );
    let sighting = Sighting::new(seen).at(sent.at_request(), "/body/patch");
    let sighting = sighting.at_each(divergent.iter().map(|(item_idx, _)| (At::Item(*item_idx), "/sent".to_owned())));
    Some(match (divergent.len(), scene.attempt.events.get(*first_idx)) {
        (1, Some(event)) => sighting.about(event),
        _ => sighting,
    })
}

/// The visitor of an item, and whether they were added.
fn sent_for(sent: Option<&Value>) -> Option<(&str, bool)> {
    let operation = sent?.pointer("/patch/0")?;
    let visitor = operation.pointer("/value/0")?.as_str()?;
    Some((visitor, operation.get("op")?.as_str()? == "add"))
}

fn visitor_twice(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = scene.last(Call::Visitors)?;
    let changes = of_patch(sent);
    let mut seen_at = HashMap::new();
    let mut repeated = Vec::new();
    for change in &changes {
        let times = seen_at.entry((change.member, change.adds)).or_insert(0_usize);
        *times += 1;
        if *times == 2 {
            repeated.push(change);
        }
    }
    let visitors: Vec<&str> = repeated.iter().map(|change| change.member).collect();
    if visitors.is_empty() {
        return None;
    }
    let seen = format!("{} of {}: {}.", count(visitors.len(), "repetition"), changes.len(), listed(&visitors));
    Some(Sighting::new(seen).at_each(repeated.iter().map(|change| (sent.at_request(), change.path()))))
}

fn id_breaks_url(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = scene.calls(Call::Visitors).next()?;
    let (_, rest) = sent.url().split_once(PENDO_SEGMENT)?;
    let id = rest.strip_suffix("/visitor").unwrap_or(rest);
    let odd = id.chars().find(|letter| matches!(letter, '/' | '?' | '#') || letter.is_whitespace())?;
    let seen = format!("The segment id {} has {} in it: {}", js::quoted(id), js::quoted(&odd.to_string()), sent.url());
    Some(Sighting::new(seen).at(sent.at_request(), "/url"))
}

fn unknown_operation(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = accepted_patch(scene)?;
    let is_known = |item: &Value| matches!(item.get("operation").and_then(Value::as_str), Some("add" | "remove"));
    let (item_idx, item) = results(&sent)?.iter().enumerate().find(|(_, item)| !is_known(item))?;
    if of_patch(sent).iter().all(|change| change.adds) {
        return None;
    }
    let operation = item.get("operation").map_or_else(|| "no operation at all".to_owned(), Value::to_string);
    let seen = format!("Result {item_idx} of Pendo's answer is about {operation}, neither add nor remove.");
    Some(Sighting::new(seen).at(sent.at_response(), format!("/body/multistatus/{item_idx}/operation")))
}

fn empty_audience_name(scene: &Scene<'_>) -> Option<Sighting> {
    if !scene.is_for(DestinationName::PendoAudiences) || !scene.is_action("createAudience") {
        return None;
    }
    let error = scene.error().filter(|error| error.code.as_deref() == Some("MISSING_REQUIRED_FIELD"))?;
    let (_, event) = scene.events().next()?;
    let personas = event.payload.pointer("/context/personas")?;
    let name = personas.get("computation_key").and_then(Value::as_str).filter(|name| !name.is_empty())?;
    let own = personas.pointer("/audience_settings/audienceName")?;
    if !js::text(own).is_empty() {
        return None;
    }
    let seen = format!(
        "The audience's settings name it {}, and its own name {} was not used: {}.",
        js::quoted(""),
        js::quoted(name),
        error.message
    );
    let place = "/context/personas/audience_settings/audienceName";
    Some(Sighting::new(seen).at(At::Event(event.id.clone()), place).about(&event.id))
}
