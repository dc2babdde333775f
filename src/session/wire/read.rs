//! One line of a session file to a record. Slow and forgiving: any field order, unknown fields kept. A faster road for
//! lines in our own order can stand before it and fall back to this one.
use std::sync::Arc;

use serde_json::{Map, Value};

use super::body;
use super::brief::BRIEF;
use crate::core::http::{Body, Fault, FaultKind, Headers, Request, Response};
use crate::core::names::{Decision, Trigger};
use crate::core::record::{
    Attempt, DuplicateMark, ErrorOutcome, EventRecord, Exchange, Item, Outcome, SessionHeader, TokenUse, Verdict,
};
use crate::core::time::Timestamp;
use crate::session::fields::{FieldError, Fields, FromField as _};
use crate::session::json_error::json_reason;

/// What a line holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// The first line of a session.
    Header(Box<SessionHeader>),
    /// An event was seen.
    Event(Arc<EventRecord>),
    /// An attempt ended.
    Attempt(Arc<Attempt>),
    /// A record of a type that this version does not know.
    Other(Map<String, Value>),
}

/// Why a line is no record.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// Not JSON, or not UTF-8.
    #[error("is not JSON: {}", json_reason(.0))]
    Json(#[from] serde_json::Error),
    /// JSON, but no object with a text in `type`.
    #[error("is no record: it must be a JSON object with a `type`")]
    NoRecord(Value),
    /// A record with a wrong field.
    #[error("is {record} with a wrong field: {error}")]
    Field {
        /// What the line says it is: `attempt "a7"`.
        record: String,
        /// The field.
        error: FieldError,
    },
}

/// Reads one line, without its end of line.
///
/// # Errors
/// If it is no JSON, no record, or a record of a known type with a missing or wrong field.
pub fn parse_line(line: &[u8]) -> Result<Line, LineError> {
    let fields = match serde_json::from_slice(line)? {
        Value::Object(fields) => fields,
        other => return Err(LineError::NoRecord(other)),
    };
    let Some(kind) = fields.get("type").and_then(Value::as_str).map(str::to_owned) else {
        return Err(LineError::NoRecord(Value::Object(fields)));
    };
    let name = match fields.get("id").and_then(Value::as_str) {
        Some(id) => format!("{kind} \"{id}\""),
        None => kind.clone(),
    };
    let mut fields = Fields::new(fields);
    fields.take("type");
    let line = match kind.as_str() {
        "session" => header(fields).map(|header| Line::Header(Box::new(header))),
        "event" => event(fields).map(|event| Line::Event(Arc::new(event))),
        "attempt" => attempt(fields).map(|attempt| Line::Attempt(Arc::new(attempt))),
        _ => {
            let mut other = Map::from_iter([("type".to_owned(), Value::String(kind))]);
            other.extend(fields.into_unknown());
            return Ok(Line::Other(other));
        }
    };
    line.map_err(|error| LineError::Field { record: name, error })
}

fn header(mut fields: Fields) -> Result<SessionHeader, FieldError> {
    let version = fields.optional::<u32>("version")?.unwrap_or(1);
    if version != 1 {
        let problem = format!("is {version}; this program reads version 1");
        return Err(FieldError::new("version", problem));
    }
    let text = |text: Option<String>| text.unwrap_or_default();
    Ok(SessionHeader {
        id: fields.required("id")?,
        name: text(fields.optional("name")?),
        created_at: fields.required("created_at")?,
        created_by: text(fields.optional("created_by")?),
        origin: text(fields.optional("origin")?),
        clock: text(fields.optional("clock")?),
        rules: text(fields.optional("rules")?),
        plan: fields.take("plan"),
        extra: fields.into_unknown(),
    })
}

fn event(mut fields: Fields) -> Result<EventRecord, FieldError> {
    fields.take(BRIEF);
    Ok(EventRecord {
        id: fields.required::<String>("id")?.into(),
        received_at: fields.required("received_at")?,
        message_id: fields.optional("message_id")?,
        payload: fields.take("payload"),
        extra: fields.into_unknown(),
    })
}

fn attempt(mut fields: Fields) -> Result<Attempt, FieldError> {
    fields.take(BRIEF);
    let started_at: Timestamp = fields.required("started_at")?;
    let number = fields.optional("number")?.unwrap_or(1);
    let usual_trigger = if number > 1 { Trigger::Retry } else { Trigger::First };
    let verdict = required_object(&mut fields, "verdict", verdict)?;
    let decision = verdict.decision;
    Ok(Attempt {
        id: fields.required::<String>("id")?.into(),
        delivery: fields.required::<String>("delivery")?.into(),
        events: event_ids(&mut fields)?,
        destination: fields.required("destination")?,
        action: fields.optional("action")?.unwrap_or_else(|| "".into()),
        number,
        trigger: fields.optional("trigger")?.unwrap_or(usual_trigger),
        started_at,
        ended_at: fields.optional("ended_at")?.unwrap_or(started_at),
        rules: fields.optional("rules")?.unwrap_or_else(|| "".into()),
        exchanges: fields.objects("exchanges", exchange)?,
        outcome: required_object(&mut fields, "outcome", |outcome_fields| outcome(outcome_fields, decision))?,
        verdict,
        token: fields.object("token", token)?,
        duplicate: fields.object("duplicate", duplicate)?,
        extra: fields.into_unknown(),
    })
}

fn required_object<T>(
    fields: &mut Fields,
    key: &str,
    read: impl FnOnce(&mut Fields) -> Result<T, FieldError>,
) -> Result<T, FieldError> {
    fields.object(key, read)?.ok_or_else(|| FieldError::new(key, "is missing; it must be an object"))
}

fn event_ids(fields: &mut Fields) -> Result<Vec<crate::core::names::EventId>, FieldError> {
    let ids = fields.optional::<Vec<Value>>("events")?.unwrap_or_default();
    ids.into_iter()
        .enumerate()
        .map(|(idx, id)| {
            let wrong = |_| FieldError::new(&format!("events[{idx}]"), "must be the text of an event's id");
            String::from_value(id).map(Into::into).map_err(wrong)
        })
        .collect()
}

fn exchange(fields: &mut Fields) -> Result<Exchange, FieldError> {
    let started_at: Timestamp = fields.required("started_at")?;
    let (request, sent_to) = required_object(fields, "request", request)?;
    let response = fields.object("response", response)?;
    let fault = fields.object("fault", fault)?;
    let result = response.map(Ok).or(fault.map(Err)).ok_or_else(|| {
        FieldError::new("response", "is missing; there must be a `response`, or a `fault` that says why there is none")
    })?;
    Ok(Exchange {
        purpose: fields.required("purpose")?,
        pass: fields.optional("pass")?.unwrap_or(1),
        started_at,
        ended_at: fields.optional("ended_at")?.unwrap_or(started_at),
        token_generation: fields.optional("token_generation")?,
        request,
        sent_to,
        result,
    })
}

fn request(fields: &mut Fields) -> Result<(Request, Option<String>), FieldError> {
    let request = Request {
        method: fields.required("method")?,
        url: fields.required("url")?,
        headers: headers(fields)?,
        body: body(fields)?,
    };
    Ok((request, fields.optional("sent_to")?))
}

fn response(fields: &mut Fields) -> Result<Response, FieldError> {
    Ok(Response { status: fields.required("status")?, headers: headers(fields)?, body: body(fields)? })
}

fn fault(fields: &mut Fields) -> Result<Fault, FieldError> {
    let kind: FaultKind = fields.required("kind")?;
    let message = fields.optional("message")?.unwrap_or_else(|| kind.to_string());
    Ok(Fault { kind, message, sent: fields.optional("sent")? })
}

fn body(fields: &mut Fields) -> Result<Body, FieldError> {
    let is_json = fields.optional::<String>(body::BODY_IS)?.is_some_and(|kind| kind == body::JSON);
    Ok(body::from_file(fields.take("body"), is_json))
}

/// Header fields, for exchanges here and for scripted responses in plans.
pub(crate) fn headers(fields: &mut Fields) -> Result<Headers, FieldError> {
    let mut headers = Headers::default();
    for (name, value) in fields.optional::<Map<String, Value>>("headers")?.unwrap_or_default() {
        let values = match value {
            Value::Array(values) => values,
            one => vec![one],
        };
        for value in values {
            let text = match value {
                Value::String(text) => text,
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                _ => return Err(FieldError::new(&format!("headers.{name}"), "must be text or a list of texts")),
            };
            headers.append(&name, text);
        }
    }
    Ok(headers)
}

fn outcome(fields: &mut Fields, decision: Decision) -> Result<Outcome, FieldError> {
    let kind: String = fields.required("kind")?;
    Ok(match kind.as_str() {
        "delivered" => Outcome::Delivered,
        "not_subscribed" => Outcome::NotSubscribed,
        "rejected" => Outcome::Rejected { message: fields.optional("message")?.unwrap_or_default() },
        "error" => Outcome::Error(ErrorOutcome {
            name: fields.required("name")?,
            status: fields.optional("status")?,
            code: fields.optional("code")?,
            message: fields.optional("message")?.unwrap_or_default(),
        }),
        "multistatus" => Outcome::Multistatus(fields.objects("items", |item_fields| item(item_fields, decision))?),
        _ => {
            let problem = "must be one of delivered, error, multistatus, not_subscribed, rejected";
            return Err(FieldError::new("kind", problem));
        }
    })
}

/// `decision` is the attempt's own, for files that give none for the item.
fn item(fields: &mut Fields, decision: Decision) -> Result<Item, FieldError> {
    Ok(Item {
        status: fields.required("status")?,
        errortype: fields.optional("errortype")?,
        errormessage: fields.optional("errormessage")?,
        errorreporter: fields.optional("errorreporter")?,
        sent: fields.has("sent").then(|| fields.take("sent")),
        body: fields.has("body").then(|| Arc::new(fields.take("body"))),
        decision: fields.optional("decision")?.unwrap_or(decision),
    })
}

fn verdict(fields: &mut Fields) -> Result<Verdict, FieldError> {
    Ok(Verdict {
        decision: fields.required("decision")?,
        rule: fields.optional("rule")?.unwrap_or_else(|| "".into()),
        reason: fields.optional("reason")?.unwrap_or_default(),
        facts: fields.optional("facts")?.unwrap_or_default(),
        next_attempt_at: fields.optional("next_attempt_at")?,
    })
}

fn token(fields: &mut Fields) -> Result<TokenUse, FieldError> {
    let generation_before = fields.required("generation_before")?;
    Ok(TokenUse {
        generation_before,
        generation_after: fields.optional("generation_after")?.unwrap_or(generation_before),
        refresh: fields.required("refresh")?,
    })
}

fn duplicate(fields: &mut Fields) -> Result<DuplicateMark, FieldError> {
    Ok(DuplicateMark {
        strategy: fields.optional("strategy")?.unwrap_or_default(),
        outcome: fields.required("outcome")?,
        of: fields.optional::<String>("of")?.map(Into::into),
        evidence: fields.optional("evidence")?.unwrap_or_default(),
    })
}
