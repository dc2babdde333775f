//! Records to lines of a session file: a fixed field order with everything that a timeline needs ahead of the bodies,
//! so that a reader can stop early, and unknown fields back where they were found.
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value};

use super::body::{BODY_IS, JSON, is_ambiguous};
use super::brief::{AttemptInBrief, BRIEF, EventInBrief};
use crate::core::http::{Body, Fault, Headers, Request, Response};
use crate::core::names::EventId;
use crate::core::record::{
    Attempt, DuplicateMark, EventRecord, Exchange, Item, Outcome, Record, SessionHeader, TokenUse, Verdict,
};
use crate::core::time::Timestamp;

/// Writes the first line of a session; `secrets` says how it treats them, `aliased` or `kept`.
///
/// # Errors
/// Those of `out`.
pub fn write_header(out: &mut impl Write, header: &SessionHeader, secrets: &str) -> io::Result<()> {
    write_line(out, HeaderLine { header, secrets })
}

/// Writes one record and its end of line.
///
/// # Errors
/// Those of `out`.
pub fn write_record(out: &mut impl Write, record: &Record) -> io::Result<()> {
    match record {
        Record::Event(event) => write_line(out, EventLine(event)),
        Record::Attempt(attempt) => write_line(out, AttemptLine(attempt)),
    }
}

fn write_line(out: &mut impl Write, line: impl Object) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Json(line))?;
    out.write_all(b"\n")
}

/// A JSON object of fixed field order.
pub(crate) trait Object {
    /// Writes its fields into an object that the caller opened and will close.
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

/// The object on its own.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Object> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.write_fields(&mut map)?;
        map.end()
    }
}

fn object<M: SerializeMap>(map: &mut M, key: &str, object: impl Object) -> Result<(), M::Error> {
    map.serialize_entry(key, &Json(object))
}

/// A session header as it stands in a file.
pub(crate) struct HeaderLine<'a> {
    pub(crate) header: &'a SessionHeader,
    pub(crate) secrets: &'a str,
}

impl Object for HeaderLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let header = self.header;
        map.serialize_entry("type", "session")?;
        map.serialize_entry("version", &1)?;
        map.serialize_entry("id", &header.id)?;
        map.serialize_entry("name", &header.name)?;
        map.serialize_entry("created_at", &Time(header.created_at))?;
        map.serialize_entry("created_by", &header.created_by)?;
        map.serialize_entry("origin", &header.origin)?;
        map.serialize_entry("clock", &header.clock)?;
        map.serialize_entry("rules", &header.rules)?;
        map.serialize_entry("secrets", self.secrets)?;
        if !header.plan.is_null() {
            map.serialize_entry("plan", &header.plan)?;
        }
        for (key, value) in header.extra.iter().filter(|(key, _)| *key != "secrets") {
            map.serialize_entry(key, value)?;
        }
        Ok(())
    }
}

struct EventLine<'a>(&'a EventRecord);

impl Object for EventLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let event = self.0;
        map.serialize_entry("type", "event")?;
        map.serialize_entry("id", event.id.as_str())?;
        map.serialize_entry("received_at", &Time(event.received_at))?;
        if let Some(message_id) = &event.message_id {
            map.serialize_entry("message_id", message_id)?;
        }
        map.serialize_entry(BRIEF, &EventInBrief::of(event))?;
        map.serialize_entry("payload", &event.payload)?;
        unknown_fields(map, Some(&event.extra), &[])
    }
}

/// An attempt as it stands in a file.
pub(crate) struct AttemptLine<'a>(pub(crate) &'a Attempt);

impl Object for AttemptLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.write_names(map)?;
        if let Some(brief) = AttemptInBrief::of(self.0) {
            map.serialize_entry(BRIEF, &brief)?;
        }
        self.write_judgement(map)?;
        self.write_tail(map)
    }
}

impl AttemptLine<'_> {
    /// Everything but the exchanges, in the order of the file; what a file says in brief aside.
    pub(crate) fn write_head<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.write_names(map)?;
        self.write_judgement(map)
    }

    fn write_names<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let attempt = self.0;
        map.serialize_entry("type", "attempt")?;
        map.serialize_entry("id", attempt.id.as_str())?;
        map.serialize_entry("delivery", attempt.delivery.as_str())?;
        map.serialize_entry("events", &EventIds(&attempt.events))?;
        map.serialize_entry("destination", &*attempt.destination)?;
        map.serialize_entry("action", &*attempt.action)?;
        map.serialize_entry("number", &attempt.number)?;
        map.serialize_entry("trigger", attempt.trigger.name())?;
        map.serialize_entry("started_at", &Time(attempt.started_at))?;
        map.serialize_entry("ended_at", &Time(attempt.ended_at))?;
        map.serialize_entry("rules", &*attempt.rules)
    }

    fn write_judgement<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let attempt = self.0;
        let unknown = Unknown(Some(&attempt.extra));
        object(map, "verdict", VerdictLine(&attempt.verdict, unknown.below("verdict")))?;
        if let Some(token) = &attempt.token {
            object(map, "token", TokenLine(*token, unknown.below("token")))?;
        }
        if let Some(duplicate) = &attempt.duplicate {
            object(map, "duplicate", DuplicateLine(duplicate, unknown.below("duplicate")))?;
        }
        object(map, "outcome", OutcomeLine(&attempt.outcome, unknown.below("outcome")))
    }

    /// The exchanges, and what is unknown of the attempt.
    pub(crate) fn write_tail<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let attempt = self.0;
        let unknown = Unknown(Some(&attempt.extra));
        map.serialize_entry("exchanges", &List(&attempt.exchanges, ExchangeLine, unknown.list("exchanges")))?;
        unknown_fields(map, Some(&attempt.extra), &["verdict", "token", "duplicate", "outcome", "exchanges"])
    }
}

struct VerdictLine<'a>(&'a Verdict, Unknown<'a>);

impl Object for VerdictLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let verdict = self.0;
        map.serialize_entry("decision", verdict.decision.name())?;
        map.serialize_entry("rule", &*verdict.rule)?;
        if let Some(next_attempt_at) = verdict.next_attempt_at {
            map.serialize_entry("next_attempt_at", &Time(next_attempt_at))?;
        }
        map.serialize_entry("reason", &verdict.reason)?;
        map.serialize_entry("facts", &verdict.facts)?;
        unknown_fields(map, self.1.0, &[])
    }
}

struct TokenLine<'a>(TokenUse, Unknown<'a>);

impl Object for TokenLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("generation_before", &self.0.generation_before)?;
        map.serialize_entry("generation_after", &self.0.generation_after)?;
        map.serialize_entry("refresh", self.0.refresh.name())?;
        unknown_fields(map, self.1.0, &[])
    }
}

struct DuplicateLine<'a>(&'a DuplicateMark, Unknown<'a>);

impl Object for DuplicateLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let mark = self.0;
        map.serialize_entry("strategy", &mark.strategy)?;
        map.serialize_entry("outcome", mark.outcome.name())?;
        if let Some(of) = &mark.of {
            map.serialize_entry("of", of.as_str())?;
        }
        map.serialize_entry("evidence", &mark.evidence)?;
        unknown_fields(map, self.1.0, &[])
    }
}

struct OutcomeLine<'a>(&'a Outcome, Unknown<'a>);

impl Object for OutcomeLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("kind", self.0.kind())?;
        match self.0 {
            Outcome::Delivered | Outcome::NotSubscribed => {}
            Outcome::Rejected { message } => map.serialize_entry("message", message)?,
            Outcome::Error(error) => {
                map.serialize_entry("name", &error.name)?;
                map.serialize_entry("status", &error.status)?;
                map.serialize_entry("code", &error.code)?;
                map.serialize_entry("message", &error.message)?;
            }
            Outcome::Multistatus(items) => {
                map.serialize_entry("items", &List(items, ItemLine, self.1.list("items")))?;
            }
        }
        let written: &[&str] = if matches!(self.0, Outcome::Multistatus(_)) { &["items"] } else { &[] };
        unknown_fields(map, self.1.0, written)
    }
}

struct ItemLine<'a>(&'a Item, Unknown<'a>);

impl Object for ItemLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let item = self.0;
        map.serialize_entry("status", &item.status)?;
        map.serialize_entry("decision", item.decision.name())?;
        for (key, text) in [
            ("errortype", &item.errortype),
            ("errormessage", &item.errormessage),
            ("errorreporter", &item.errorreporter),
        ] {
            if let Some(text) = text {
                map.serialize_entry(key, text)?;
            }
        }
        for (key, json) in [("sent", item.sent.as_ref()), ("body", item.body.as_deref())] {
            if let Some(json) = json {
                map.serialize_entry(key, json)?;
            }
        }
        unknown_fields(map, self.1.0, &[])
    }
}

struct ExchangeLine<'a>(&'a Exchange, Unknown<'a>);

impl Object for ExchangeLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let Self(exchange, unknown) = self;
        map.serialize_entry("purpose", exchange.purpose.name())?;
        map.serialize_entry("pass", &exchange.pass)?;
        map.serialize_entry("started_at", &Time(exchange.started_at))?;
        map.serialize_entry("ended_at", &Time(exchange.ended_at))?;
        if let Some(generation) = exchange.token_generation {
            map.serialize_entry("token_generation", &generation)?;
        }
        let request = RequestLine(&exchange.request, exchange.sent_to.as_deref(), unknown.below("request"));
        object(map, "request", request)?;
        match &exchange.result {
            Ok(response) => object(map, "response", ResponseLine(response, unknown.below("response")))?,
            Err(fault) => object(map, "fault", FaultLine(fault, unknown.below("fault")))?,
        }
        let written = ["request", if exchange.result.is_ok() { "response" } else { "fault" }];
        unknown_fields(map, unknown.0, &written)
    }
}

struct RequestLine<'a>(&'a Request, Option<&'a str>, Unknown<'a>);

impl Object for RequestLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let request = self.0;
        map.serialize_entry("method", &request.method)?;
        map.serialize_entry("url", &request.url)?;
        if let Some(sent_to) = self.1 {
            map.serialize_entry("sent_to", sent_to)?;
        }
        map.serialize_entry("headers", &HeadersLine(&request.headers))?;
        write_body(map, &request.body)?;
        unknown_fields(map, self.2.0, &[])
    }
}

struct ResponseLine<'a>(&'a Response, Unknown<'a>);

impl Object for ResponseLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let response = self.0;
        map.serialize_entry("status", &response.status)?;
        map.serialize_entry("headers", &HeadersLine(&response.headers))?;
        write_body(map, &response.body)?;
        unknown_fields(map, self.1.0, &[])
    }
}

struct FaultLine<'a>(&'a Fault, Unknown<'a>);

impl Object for FaultLine<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("kind", self.0.kind.name())?;
        map.serialize_entry("message", &self.0.message)?;
        if let Some(sent) = self.0.sent {
            map.serialize_entry("sent", &sent)?;
        }
        unknown_fields(map, self.1.0, &[])
    }
}

/// Lower-case names, each once; a header that came several times has an array.
struct HeadersLine<'a>(&'a Headers);

impl Serialize for HeadersLine<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields: Vec<(&str, &str)> = self.0.iter().collect();
        let mut map = serializer.serialize_map(None)?;
        for (idx, (name, value)) in fields.iter().enumerate() {
            if fields[..idx].iter().any(|(earlier, _)| earlier == name) {
                continue;
            }
            let values: Vec<&str> =
                fields[idx..].iter().filter(|(other, _)| other == name).map(|(_, value)| *value).collect();
            match values.as_slice() {
                [_] => map.serialize_entry(name, value)?,
                several => map.serialize_entry(name, several)?,
            }
        }
        map.end()
    }
}

fn write_body<M: SerializeMap>(map: &mut M, body: &Body) -> Result<(), M::Error> {
    if is_ambiguous(body) {
        map.serialize_entry(BODY_IS, JSON)?;
    }
    match body {
        Body::Json(json) => map.serialize_entry("body", json),
        Body::Text(text) => map.serialize_entry("body", text),
        Body::Empty | Body::Bytes(_) => map.serialize_entry("body", &body.to_json()),
    }
}

/// RFC 3339 in UTC.
pub(super) struct Time(pub(super) Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// What was unknown at some place of a record when it was read, see [`crate::session::fields::Fields`].
#[derive(Clone, Copy)]
struct Unknown<'a>(Option<&'a Map<String, Value>>);

/// The same for a list, by index.
#[derive(Clone, Copy)]
struct UnknownInList<'a>(&'a [Value]);

impl<'a> Unknown<'a> {
    fn below(self, key: &str) -> Self {
        Self(self.0.and_then(|unknown| unknown.get(key)).and_then(Value::as_object))
    }

    fn list(self, key: &str) -> UnknownInList<'a> {
        let list = self.0.and_then(|unknown| unknown.get(key)).and_then(Value::as_array);
        UnknownInList(list.map_or(&[], Vec::as_slice))
    }
}

/// Puts unknown fields back, but for those of `written`, which stand inside fields that have been written.
fn unknown_fields<M: SerializeMap>(
    map: &mut M,
    unknown: Option<&Map<String, Value>>,
    written: &[&str],
) -> Result<(), M::Error> {
    for (key, value) in unknown.into_iter().flatten().filter(|(key, _)| !written.contains(&key.as_str())) {
        map.serialize_entry(key, value)?;
    }
    Ok(())
}

struct EventIds<'a>(&'a [EventId]);

impl Serialize for EventIds<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(EventId::as_str))
    }
}

/// A list of objects, each with what was unknown in it.
struct List<'a, T, F>(&'a [T], F, UnknownInList<'a>);

impl<'a, T, L: Object, F: Fn(&'a T, Unknown<'a>) -> L> Serialize for List<'a, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for (idx, element) in self.0.iter().enumerate() {
            let unknown = Unknown(self.2.0.get(idx).and_then(Value::as_object));
            list.serialize_element(&Json(self.1(element, unknown)))?;
        }
        list.end()
    }
}
