//! `responses` of a plan: what a script answers. What is read here is what the composer proposes and tells.
use std::time::Duration;

use serde_json::{Map, Value};

use crate::core::http::{Body, Fault, FaultKind, Response};
use crate::core::plan::ScriptedReply;
use crate::core::schema::{Field, FieldKind, Misfit};
use crate::session::fields::{FieldError, Fields};
use crate::session::wire::{body_from_file, headers};

const fn field(key: &'static str, kind: FieldKind, description: &'static str) -> Field {
    Field { description, ..Field::new(key, key, kind) }
}

const STATUS: Field = field("status", FieldKind::Integer, "Status of the answer, 100 to 999.");
const HEADERS: Field = field("headers", FieldKind::Object, "Header fields of the answer: texts, or lists of texts.");
const BODY: Field = field("body", FieldKind::Any, "Body of the answer: a text as it is, anything else as JSON.");
const DELAY: Field =
    field("delay_ms", FieldKind::Number { minimum: 0.0, maximum: 0.0 }, "How many milliseconds the request takes.");
const FAULT: Field =
    Field { choices: FAULTS, ..field("fault", FieldKind::String, "What happens in place of any answer.") };
const MESSAGE: Field = field("message", FieldKind::String, "The words of whoever noticed the fault.");
const SENT: Field =
    field("sent", FieldKind::Boolean, "Whether the whole request had left this machine when the fault was noticed.");

const FAULTS: &[&str] = &{
    let mut names = [""; FaultKind::ALL.len()];
    let mut name_idx = 0;
    while name_idx < names.len() {
        names[name_idx] = FaultKind::ALL[name_idx].name();
        name_idx += 1;
    }
    names
};

/// The fields of an answer of a script.
pub const REPLY_FIELDS: &[Field] = &[STATUS, HEADERS, BODY, DELAY, FAULT, MESSAGE, SENT];

/// Reads one answer.
pub(super) fn reply(fields: &mut Fields) -> Result<ScriptedReply, FieldError> {
    let delay_millis: f64 = fields.optional(DELAY.key)?.unwrap_or_default();
    let delay = Duration::try_from_secs_f64(delay_millis / 1000.0).map_err(|_| {
        FieldError::new(DELAY.key, format!("is {delay_millis}; it must be a number of milliseconds, 0 or more"))
    })?;
    let result = match (fields.optional::<FaultKind>(FAULT.key)?, fields.holds(STATUS.key)) {
        (Some(_), true) => {
            return Err(FieldError::new(FAULT.key, "cannot stand beside `status`: either a response comes or none"));
        }
        (Some(kind), false) => {
            let message = fields.optional(MESSAGE.key)?.unwrap_or_default();
            Err(Fault { kind, message, sent: fields.optional(SENT.key)? })
        }
        (None, _) => Ok(response(fields)?),
    };
    Ok(ScriptedReply { delay, result })
}

fn response(fields: &mut Fields) -> Result<Response, FieldError> {
    if !fields.holds(STATUS.key) {
        let problem = "is missing; it must be a status from 100 to 999, or there must be a `fault`";
        return Err(FieldError::new(STATUS.key, problem));
    }
    let status: u16 = fields.required(STATUS.key)?;
    if !(100..=999).contains(&status) {
        return Err(FieldError::new(STATUS.key, format!("is {status}; it must be from 100 to 999")));
    }
    let mut headers = headers(fields)?;
    let body = body_from_file(fields.take(BODY.key), false);
    if matches!(body, Body::Json(_)) && headers.get("content-type").is_none() {
        headers.append("content-type", "application/json");
    }
    Ok(Response { status, headers, body })
}

/// What is wrong with a list of answers, each told by itself, and what of them nobody reads. Places are those inside of it.
#[must_use]
pub fn reply_misfits(replies: &Value) -> Vec<Misfit> {
    let Some(replies) = replies.as_array() else { return vec![Misfit::wrong("", replies, "a list")] };
    let misfits = replies.iter().enumerate().flat_map(|(reply_idx, written)| {
        let place = format!("[{reply_idx}]");
        misfits_of(written).into_iter().map(move |misfit| misfit.within(&place))
    });
    misfits.collect()
}

fn misfits_of(written: &Value) -> Vec<Misfit> {
    let Some(object) = written.as_object() else { return vec![Misfit::wrong("", written, "an object")] };
    let mut fields = Fields::new(object.clone());
    if let Err(error) = reply(&mut fields) {
        let strangers = strangers(object);
        return strangers.chain([Misfit::new(error.field, error.problem)]).collect();
    }
    // Answers and faults have fields of their own: what is left over is read by the other one, or by nobody.
    let unread = fields.into_unknown();
    let of_the_other = unread.keys().filter(|key| REPLY_FIELDS.iter().any(|field| field.key == key.as_str()));
    let told = of_the_other
        .map(|key| Misfit::unknown(key.as_str(), "is not read here: a fault has no answer, an answer no fault"));
    strangers(object).chain(told).collect()
}

/// Keys that nobody reads; a plan keeps them all the same.
fn strangers(object: &Map<String, Value>) -> impl Iterator<Item = Misfit> {
    let unknown = object.keys().filter(|key| !REPLY_FIELDS.iter().any(|field| field.key == key.as_str()));
    unknown.map(|key| Misfit::of_stranger(key, REPLY_FIELDS))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_that_is_read_has_a_hint_and_every_hint_is_read() {
        let mut asked = Vec::new();
        for reply in [json!({"status": 200, "body": {}, "headers": {}}), json!({"fault": "timeout", "sent": true})] {
            let mut fields = Fields::new(reply.as_object().cloned().unwrap_or_default());
            assert!(super::reply(&mut fields).is_ok());
            asked.extend(fields.asked().iter().cloned());
        }
        asked.sort_unstable();
        asked.dedup();
        let mut hinted: Vec<&str> = REPLY_FIELDS.iter().map(|field| field.key).collect();
        hinted.sort_unstable();
        assert_eq!(asked, hinted);
        assert!(REPLY_FIELDS.iter().all(|field| field.description.ends_with('.')));
    }

    #[test]
    fn each_answer_is_told_by_itself_and_what_nobody_reads_with_it() {
        let told = |replies: Value| reply_misfits(&replies).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            told(json!([{"status": 20}, {"status": 200, "dealy_ms": 5}, 7, {"status": 200, "sent": true}])),
            [
                "`[0].status` is 20; it must be from 100 to 999",
                "`[1].dealy_ms` means nothing there; perhaps `delay_ms` was meant",
                "`[2]` is 7; it must be an object",
                "`[3].sent` is not read here: a fault has no answer, an answer no fault",
            ]
        );
        assert_eq!(told(json!([{"staus": 200}])).len(), 2);
        assert_eq!(
            told(json!([{"status": 200, "headers": {"a": {}}}])),
            ["`[0].headers.a` must be text or a list of texts"]
        );
        assert_eq!(told(json!([{"fault": "dns"}, {"status": 204}])), [""; 0]);
    }
}
