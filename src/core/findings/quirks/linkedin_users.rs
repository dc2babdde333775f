//! LinkedIn's lists of people: what is sent of whom, and what becomes of the answers.
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::sources::{AUDIENCES_INDEX, CONVERSIONS_API, HASHING, LINKEDIN_DOCS, USERS};
use crate::core::destinations::hashed;
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::past::Past;
use crate::core::findings::scene::{Scene, text_of};
use crate::core::findings::sighting::{Sighting, count, listed};
use crate::core::findings::status;
use crate::core::findings::wire::{Sent, host_and_path, query};
use crate::core::js;
use crate::core::membership::{self, Options};
use crate::core::names::{Decision, DestinationName};
use crate::core::rules::Call;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("Q-03"),
        title: "Permanent error masked as 500",
        severity: Severity::Severe,
        why: "Any answer to a list of people but 200 and 401 becomes a RetryableError with status 500. What LinkedIn will \
              never accept is retried until the window closes, and a success such as 201 is sent again.",
        advice: "Go by the status that LinkedIn gave, not by the 500. Mend the request or the segment; retries will not.",
        cites: &[USERS],
        detect: Detect::InAttempt(answer_masked),
    },
    Entry {
        id: FindingId("Q-10"),
        title: "The word undefined in the URL",
        severity: Severity::Severe,
        why: "The id of a new segment is read from the header x-linkedin-id, while LinkedIn documents x-restli-id. Where \
              it is missing the list goes to a segment called undefined: lost at best, taken as delivered at worst, and \
              later events may make the segment again.",
        advice: "Do not trust a success of this attempt. Remove the extra segments at LinkedIn, and send the events again \
                 once the segment is found by its lookup.",
        cites: &[USERS, LINKEDIN_DOCS],
        detect: Detect::InAttempt(undefined_in_url),
    },
    Entry {
        id: FindingId("F-14"),
        title: "Segment made twice",
        severity: Severity::Warning,
        why: "Making a segment is not idempotent, and a lookup soon after does not find it yet. Two segments of one name \
              share the people between them.",
        advice: "Keep the one that the lookup finds first, move the people of the other, and remove it.",
        cites: &[USERS, LINKEDIN_DOCS],
        detect: Detect::InHistory(segment_made_twice),
    },
    Entry {
        id: FindingId("Q-24"),
        title: "E-mail hashed as it was written",
        severity: Severity::Warning,
        why: "People are matched by the hash of their e-mail, so Ada@Example.com and ada@example.com are two people. The \
              list of people neither trims nor lower-cases, conversions lower-case but do not trim.",
        advice: "Trim and lower-case the e-mail before Segment gets it, or in the mapping with @case.",
        cites: &[HASHING, USERS, CONVERSIONS_API],
        detect: Detect::InAttempt(hashed_as_written),
    },
    Entry {
        id: FindingId("Q-25"),
        title: "Added because nothing said otherwise",
        severity: Severity::Severe,
        why: "With the action AUTO only the event names Audience Entered and Audience Exited count; any other name adds, \
              even where the event's own membership is false.",
        advice: "Map dmp_user_action to ADD or REMOVE for such events, or subscribe only to Audience Entered and Audience \
                 Exited.",
        cites: &[USERS],
        detect: Detect::InAttempt(added_by_default),
    },
    Entry {
        id: FindingId("Q-26"),
        title: "Person without any identifier sent",
        severity: Severity::Warning,
        why: "Who has only an e-mail, while the setting to send e-mails is off, is sent with an empty list of \
              identifiers. LinkedIn can match nobody by it and may refuse the element or the list.",
        advice: "Turn on Send Email, or leave such events out with the subscription.",
        cites: &[USERS],
        detect: Detect::InAttempt(no_identifiers),
    },
    Entry {
        id: FindingId("F-15"),
        title: "Hash of nothing sent",
        severity: Severity::Warning,
        why: "An e-mail of blanks counts as one, and its hash is the empty text. LinkedIn can match nobody by it.",
        advice: "Leave blank e-mails out with the subscription, or trim them where they come from.",
        cites: &[HASHING, USERS],
        detect: Detect::InAttempt(empty_hash),
    },
    Entry {
        id: FindingId("Q-27"),
        title: "Delivered, but nothing was sent",
        severity: Severity::Warning,
        why: "Events without an e-mail and an advertising id make no element; with none left nothing is sent, and all of \
              them count as delivered.",
        advice: "Count these people as not sent. Map an e-mail or an advertising id, or subscribe only to events that have \
                 one.",
        cites: &[USERS],
        detect: Detect::InAttempt(nothing_sent),
    },
    Entry {
        id: FindingId("F-17"),
        title: "New token is not kept",
        severity: Severity::Note,
        why: "Making and looking up audiences refresh the token without telling the platform, so the next call starts \
              with the old one and refreshes again.",
        advice: "Nothing to mend here: expect one more refresh after it.",
        cites: &[AUDIENCES_INDEX, super::sources::KIT],
        detect: Detect::InAttempt(token_not_kept),
    },
];

fn answer_masked(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = scene.last(Call::Users)?;
    let answered = sent.status()?;
    if status::is_users_success(answered) || status::is_unauthorized(answered) {
        return None;
    }
    let effective = scene.error()?.status.filter(|effective| *effective != answered)?;
    let seen = format!("LinkedIn answered {answered}; the attempt ended with {effective}, which is retried.");
    let sighting = Sighting::new(seen).at(sent.at_response(), "/status").at(At::Outcome, "/status");
    Some(if status::is_success(answered) {
        sighting.titled("Success masked as 500")
    } else if status::is_permanent(answered) {
        sighting
    } else if status::is_slow_down(answered) {
        sighting.titled("Request to slow down masked as 500").of_severity(Severity::Warning)
    } else {
        sighting.titled("Passing error masked as 500").of_severity(Severity::Note)
    })
}

fn undefined_in_url(scene: &Scene<'_>) -> Option<Sighting> {
    let is_segment = |sent: &&Sent<'_>| matches!(sent.call, Some(Call::Users | Call::Companies));
    let sent = scene.sent().iter().filter(is_segment).find(|sent| names_nothing(sent.url()))?;
    let answered = sent.status().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let seen = format!("{} {} was answered with {answered}.", sent.exchange.request.method, sent.url());
    let sighting = Sighting::new(seen).at(sent.at_request(), "/url");
    let made = scene.calls(Call::Create).rfind(|made| made.exchange_idx < sent.exchange_idx);
    Some(match made {
        Some(made) => sighting.at(made.at_response(), "/headers"),
        None => sighting,
    })
}

/// Whether JavaScript wrote a missing value into a URL.
pub(super) fn names_nothing(url: &str) -> bool {
    let is_nothing = |part: &str| matches!(part, "undefined" | "[object Object]" | "[object%20Object]" | "NaN");
    let values = query(url).split('&').filter_map(|pair| pair.split_once('=').map(|(_, value)| value));
    host_and_path(url).1.split('/').chain(values).any(is_nothing)
}

fn segment_made_twice(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    if scene.is_for(DestinationName::PendoAudiences) {
        return None;
    }
    let made: Vec<_> = scene.calls(Call::Create).filter(Sent::is_success).collect();
    let (last, name) = made.last().and_then(|last| Some((last, last.asked("/sourceSegmentId")?.as_str()?)))?;
    let seen = format!("Another segment was made for {}.", js::quoted(name));
    let sighting = Sighting::new(seen).at(last.at_request(), "/body/sourceSegmentId");
    if let Some(attempt) = past.ledger.made_by(last) {
        return Some(sighting.at(At::Attempt(attempt), ""));
    }
    let same = |other: &&Sent<'_>| {
        ["/account", "/sourceSegmentId"].iter().all(|place| other.asked(place) == last.asked(place))
    };
    let first = made.iter().filter(same).find(|other| other.exchange_idx != last.exchange_idx)?;
    Some(sighting.at(first.at_request(), "/body/sourceSegmentId"))
}

/// The hashes that the attempt sent, of people and of conversions.
fn sent_ids<'a>(scene: &Scene<'a>) -> HashSet<&'a str> {
    let sent = scene.deliveries();
    let elements = sent.flat_map(|sent| sent.elements());
    let ids = elements.filter_map(|element| element.get("userIds").or_else(|| element.pointer("/user/userIds")));
    ids.filter_map(Value::as_array).flatten().filter_map(|id| id.get("idValue")?.as_str()).collect()
}

/// The form in which LinkedIn wants an e-mail hashed.
fn normal_form(email: &str) -> String {
    js::trim(email).to_lowercase()
}

/// The hash that was sent of an e-mail, if it is not the one of its normal form.
fn odd_hash(email: &str, sent_ids: &HashSet<&str>) -> Option<(String, String)> {
    let normal = normal_form(email);
    if normal == email || normal.is_empty() {
        return None;
    }
    let wanted = hashed(&normal);
    let written = [hashed(email), hashed(&email.to_lowercase())];
    written.into_iter().find(|hash| *hash != wanted && sent_ids.contains(hash.as_str())).map(|hash| (hash, wanted))
}

fn hashed_as_written(scene: &Scene<'_>) -> Option<Sighting> {
    if !matches!(scene.last_delivery()?.call, Some(Call::Users | Call::Conversions)) {
        return None;
    }
    let sent_ids = sent_ids(scene);
    let odd = scene.events().filter_map(|(event_idx, event)| {
        let email = text_of(scene.payload(event_idx)?, "email")?;
        odd_hash(email, &sent_ids).map(|hashes| (event, email, hashes))
    });
    let odd: Vec<_> = odd.collect();
    let (event, email, (sent, wanted)) = odd.first()?;
    let others = if odd.len() == 1 { String::new() } else { format!(" So were {} more.", odd.len() - 1) };
    let seen = format!(
        "{} was hashed as it stands, {sent}; trimmed and in lower case it is {wanted}.{others}",
        js::quoted(email)
    );
    let sighting =
        Sighting::new(seen).at_each(odd.iter().map(|(event, ..)| (At::Event(event.id.clone()), String::new())));
    Some(if odd.len() == 1 { sighting.about(&event.id) } else { sighting })
}

/// Whether the element that a payload became adds: it is found by an identifier.
fn is_added(payload: &Map<String, Value>, elements: &[Value]) -> bool {
    let email = text_of(payload, "email");
    let ids: Vec<String> =
        [email.map(hashed), email.map(str::to_owned), text_of(payload, "google_advertising_id").map(str::to_owned)]
            .into_iter()
            .flatten()
            .collect();
    elements.iter().any(|element| {
        let mut held = element.get("userIds").and_then(Value::as_array).into_iter().flatten();
        let is_them =
            held.any(|id| id.get("idValue").and_then(Value::as_str).is_some_and(|id| ids.iter().any(|i| i == id)));
        is_them && element.get("action").and_then(Value::as_str) == Some("ADD")
    })
}

fn added_by_default(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = scene.last(Call::Users)?;
    let mut out = Vec::new();
    let mut unknown = Vec::new();
    for (event_idx, event) in scene.events() {
        let Some(payload) = scene.payload(event_idx) else { continue };
        let name = text_of(payload, "event_name").unwrap_or_default();
        let is_auto = text_of(payload, "dmp_user_action").is_none_or(|action| action == "AUTO");
        if !is_auto || matches!(name, "Audience Entered" | "Audience Exited") || !is_added(payload, sent.elements()) {
            continue;
        }
        match membership::resolve(&event.payload, Options::default()) {
            Ok(Some(true)) => {}
            Ok(Some(false)) => out.push((event, name)),
            _ => unknown.push((event, name)),
        }
    }
    let (events, says, severity) = if out.is_empty() {
        (unknown, "says nothing of membership", Severity::Warning)
    } else {
        (out, "says that the person left", Severity::Severe)
    };
    let (event, name) = events.first()?;
    let name = if name.is_empty() { "without a name".to_owned() } else { js::quoted(name) };
    let seen = format!("{} added, the first by an event {name} that {says}.", were_people(events.len()));
    let sighting = Sighting::new(seen).of_severity(severity).at(sent.at_request(), "/body/elements");
    let sighting = sighting.at_each(events.iter().map(|(event, _)| (At::Event(event.id.clone()), "/event".to_owned())));
    Some(if events.len() == 1 { sighting.about(&event.id) } else { sighting })
}

fn were_people(number: usize) -> String {
    if number == 1 { "1 person was".to_owned() } else { format!("{number} people were") }
}

fn no_identifiers(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = scene.last(Call::Users)?;
    let is_empty = |element: &Value| element.get("userIds").and_then(Value::as_array).is_some_and(Vec::is_empty);
    let elements = sent.elements();
    let empty: Vec<usize> = (0..elements.len()).filter(|element_idx| is_empty(&elements[*element_idx])).collect();
    if empty.is_empty() {
        return None;
    }
    let seen = format!("{} of {} had no userIds: {}.", count(empty.len(), "element"), elements.len(), listed(&empty));
    let place = |element_idx: &usize| (sent.at_request(), format!("/body/elements/{element_idx}/userIds"));
    Some(Sighting::new(seen).at_each(empty.iter().map(place)))
}

fn empty_hash(scene: &Scene<'_>) -> Option<Sighting> {
    let sent = scene.last_delivery().filter(|sent| matches!(sent.call, Some(Call::Users | Call::Conversions)))?;
    let has_empty = |element: &Value| {
        let ids = element.get("userIds").or_else(|| element.pointer("/user/userIds")).and_then(Value::as_array);
        ids.into_iter().flatten().any(|id| id.get("idValue").and_then(Value::as_str) == Some(""))
    };
    let elements = sent.elements();
    let empty: Vec<usize> = (0..elements.len()).filter(|element_idx| has_empty(&elements[*element_idx])).collect();
    if empty.is_empty() {
        return None;
    }
    let seen = format!("{} of {} had an identifier of no letters.", count(empty.len(), "element"), elements.len());
    Some(Sighting::new(seen).at_each(empty.iter().map(|idx| (sent.at_request(), sent.element_path(*idx)))))
}

fn nothing_sent(scene: &Scene<'_>) -> Option<Sighting> {
    if !scene.is_for(DestinationName::LinkedinAudiences) || !scene.is_action("updateAudience") {
        return None;
    }
    let delivered = (0..scene.attempt.events.len()).filter(|idx| scene.decision_of(*idx) == Decision::Delivered);
    let n_delivered = delivered.count();
    if n_delivered == 0 || scene.last_delivery().is_some() {
        return None;
    }
    let is_nobody = |event_idx| scene.payload(event_idx).is_some_and(|payload| !has_identifier(payload));
    let before = match scene.last(Call::Lookup) {
        Some(_) => "The segment was looked up and no list was sent",
        None if (0..scene.attempt.events.len()).all(is_nobody) => "No request was sent at all",
        None => return None,
    };
    let seen = format!("{before}; {} counted as delivered.", count(n_delivered, "event"));
    Some(Sighting::new(seen).at(At::Outcome, ""))
}

/// Whether a payload has something by which LinkedIn can tell who it is about.
pub(super) fn has_identifier(payload: &Map<String, Value>) -> bool {
    text_of(payload, "email").is_some() || text_of(payload, "google_advertising_id").is_some()
}

fn token_not_kept(scene: &Scene<'_>) -> Option<Sighting> {
    if !scene.is_action("createAudience") && !scene.is_action("getAudience") {
        return None;
    }
    let refreshed = scene.calls(Call::Token).rfind(Sent::is_success)?;
    let seen = format!("{} refreshed the token; the platform is not told of the new one.", scene.attempt.action);
    Some(Sighting::new(seen).at(refreshed.at_response(), ""))
}
