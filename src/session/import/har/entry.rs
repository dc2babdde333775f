//! One entry of a HAR file, repaired where programs are known to break the rules.
use std::time::Duration;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::message::{request, response};
use crate::core::findings::{call_of_request, host_and_path};
use crate::core::http::{Fault, Headers, Request, Response};
use crate::core::names::{DestinationName, Purpose};
use crate::core::rules::Call;
use crate::core::time::Timestamp;
use crate::session::import::assemble::payloads_of;
use crate::session::import::notes::Notes;
use crate::session::import::observed::{Observed, fault_of};

/// Header fields that name a message, so that the receiver can tell a repetition.
const KEYS: &[&str] = &["idempotency-key", "x-idempotency-key", "webhook-id", "svix-id"];

/// An entry that delivers something.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) observed: Observed,
    /// Whether it says when it began. One that does not counts as begun with the one before it.
    pub(super) is_timed: bool,
}

/// Reads an entry; none if it delivers nothing.
pub(super) fn read_entry(entry: &Value, place: String, notes: &mut Notes) -> Option<Entry> {
    let Some(sent) = entry.get("request").filter(|request| request.is_object()) else {
        notes.add("an entry without a request was left out", place);
        return None;
    };
    let request = request(sent, &place, notes);
    if request.url.starts_with("ws:") || request.url.starts_with("wss:") {
        notes.add("a WebSocket is no delivery and was left out", place);
        return None;
    }
    let call = call_of_request(&request, destination_of(&request.headers));
    if call.is_none() && ["GET", "HEAD", "OPTIONS", "CONNECT", "TRACE"].contains(&request.method.as_str()) {
        notes.add("a request that only asks (GET, HEAD, OPTIONS) delivers nothing and was left out", place);
        return None;
    }
    let started = entry.get("startedDateTime").and_then(Value::as_str).and_then(instant);
    if started.is_none() {
        notes.add("it has no readable time; it counts as begun with the one before it", &place);
    }
    let started_at = started.unwrap_or_default();
    let ended_at = started_at.saturating_add(duration(entry, &place, notes));
    let result = answer(entry, &place, notes);
    let key = KEYS.iter().find_map(|name| request.headers.get(name)).filter(|key| !key.is_empty()).map(str::to_owned);
    let (destination, action) = who(&request, call);
    let payloads = if call.is_none_or(|call| call.purpose() == Purpose::Deliver) {
        payloads_of(&request.body, key.as_deref())
    } else {
        Vec::new()
    };
    let observed = Observed {
        delivery_key: delivery_key(&request, key.as_deref()),
        place,
        id: None,
        destination,
        action,
        call,
        started_at,
        ended_at,
        request,
        result,
        trigger: None,
        payloads,
        extra: leftovers(entry),
    };
    Some(Entry { observed, is_timed: started.is_some() })
}

/// An instant, also with an offset that lacks its colon.
fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let (head, offset) = text.split_at_checked(text.len().checked_sub(2)?)?;
        format!("{head}:{offset}").parse().ok()
    })
}

/// The same request again has the same key: method, URL, and idempotency key or body.
fn delivery_key(request: &Request, key: Option<&str>) -> String {
    let what = key.map_or_else(|| format!("{:x?}", Sha256::digest(request.body.to_bytes())), str::to_owned);
    format!("{} {}\n{what}", request.method, request.url)
}

/// The destination whose own headers a request carries; through a proxy or to a simulator its host says nothing.
fn destination_of(headers: &Headers) -> &'static str {
    let has = |name: &str| headers.get(name).is_some();
    match () {
        () if has("x-pendo-integration-key") => DestinationName::PendoAudiences.name(),
        () if has("linkedin-version") => DestinationName::LinkedinAudiences.name(),
        () => "",
    }
}

/// Destination and action by what was asked; strangers go by host and path.
fn who(request: &Request, call: Option<Call>) -> (String, String) {
    let (host, path) = host_and_path(&request.url);
    let known = match call {
        Some(Call::Visitors) => Some((DestinationName::PendoAudiences, "syncAudience")),
        Some(Call::Users) => Some((DestinationName::LinkedinAudiences, "updateAudience")),
        Some(Call::Companies) => Some((DestinationName::LinkedinAudiences, "updateCompanyAudience")),
        Some(Call::Conversions) => Some((DestinationName::LinkedinConversions, "streamConversion")),
        Some(_) if host.ends_with(".pendo.io") || destination_of(&request.headers).starts_with("pendo") => {
            Some((DestinationName::PendoAudiences, "syncAudience"))
        }
        Some(_) => Some((DestinationName::LinkedinAudiences, "updateAudience")),
        None => None,
    };
    match known {
        Some((destination, action)) => (destination.name().to_owned(), action.to_owned()),
        None => (host.to_owned(), format!("{} {}", request.method, if path.is_empty() { "/" } else { path })),
    }
}

/// How long it took: `time`, else what the phases add up to. `ssl` is a part of `connect`, and -1 means not known.
fn duration(entry: &Value, place: &str, notes: &mut Notes) -> Duration {
    let millis = |value: Option<&Value>| value.and_then(Value::as_f64).filter(|millis| *millis >= 0.0);
    let phases = ["blocked", "dns", "connect", "send", "wait", "receive"];
    let known = millis(entry.get("time")).or_else(|| {
        notes.add("it has no time; the phases were added up", place);
        let timings = entry.get("timings")?;
        Some(phases.iter().filter_map(|phase| millis(timings.get(phase))).sum())
    });
    Duration::try_from_secs_f64(known.unwrap_or(0.0) / 1000.0).unwrap_or_default()
}

/// The response, or why there is none: browsers write status 0 for that.
fn answer(entry: &Value, place: &str, notes: &mut Notes) -> Result<Response, Fault> {
    let received = entry.get("response").unwrap_or(&Value::Null);
    let status = received.get("status").and_then(Value::as_f64).unwrap_or(0.0);
    if (100.0..1000.0).contains(&status) {
        return Ok(response(received, place, notes));
    }
    let words = ["/response/_error", "/_error", "/response/statusText", "/response/comment", "/comment"];
    let said = words.iter().find_map(|path| entry.pointer(path)?.as_str().filter(|words| !words.is_empty()));
    if said.is_none() {
        notes.add("no answer was recorded, and nothing says why; it counts as a broken connection", place);
    }
    Err(fault_of(said.unwrap_or("no answer was recorded")))
}

/// What an entry says that an attempt has no place for, under `har`: timings, address, comments, `_` fields. Cookies and
/// the query are in headers and URL.
fn leftovers(entry: &Value) -> Map<String, Value> {
    let Value::Object(entry) = entry else { return Map::new() };
    let carried = ["startedDateTime", "time", "request", "response"];
    let mut rest: Map<String, Value> =
        entry.iter().filter(|(key, _)| !carried.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect();
    for part in ["request", "response"] {
        let own = entry.get(part).and_then(Value::as_object).into_iter().flatten();
        let own: Map<String, Value> = own
            .filter(|(key, _)| key.starts_with('_') || *key == "httpVersion" || *key == "comment")
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if !own.is_empty() {
            rest.insert(part.to_owned(), Value::Object(own));
        }
    }
    Map::from_iter([("har".to_owned(), Value::Object(rest))])
}
