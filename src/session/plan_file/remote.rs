//! Who answers the requests of a plan: a script, the embedded simulator, or the real hosts.
use std::time::Duration;

use serde_json::Value;

use crate::core::http::{Body, Fault, FaultKind, Response};
use crate::core::plan::{Remote, ScriptedReply};
use crate::session::fields::{FieldError, Fields};
use crate::session::wire::{body_from_file, headers};

pub(super) fn remote(fields: &mut Fields) -> Result<Remote, FieldError> {
    let script = fields.holds("responses");
    let simulator = match fields.take("simulator") {
        Value::Null | Value::Bool(false) => None,
        simulator @ (Value::Bool(true) | Value::String(_) | Value::Object(_)) => Some(simulator),
        _ => return Err(FieldError::new("simulator", "must be an object, the name of a preset, or true")),
    };
    let endpoint: Option<String> = fields.optional("endpoint")?;
    let excluded = |field: &str, by: &str| {
        Err(FieldError::new(
            field,
            format!("cannot stand beside `{by}`: one of them answers the requests; remove the other"),
        ))
    };
    match (script, simulator, endpoint) {
        (true, Some(_), _) => excluded("simulator", "responses"),
        (true, None, Some(_)) => excluded("endpoint", "responses"),
        (false, Some(_), Some(_)) => excluded("endpoint", "simulator"),
        (true, None, None) => Ok(Remote::Script(fields.objects("responses", reply)?)),
        (false, Some(simulator), None) => Ok(Remote::Simulator(simulator)),
        (false, None, Some(endpoint)) if !is_base_url(&endpoint) => {
            Err(FieldError::new("endpoint", "must be a URL such as \"http://127.0.0.1:8080\""))
        }
        (false, None, endpoint) => Ok(Remote::Real { endpoint }),
    }
}

fn is_base_url(endpoint: &str) -> bool {
    let host = endpoint.strip_prefix("http://").or_else(|| endpoint.strip_prefix("https://"));
    host.is_some_and(|host| host.starts_with(|first: char| first.is_alphanumeric() || first == '['))
}

fn reply(fields: &mut Fields) -> Result<ScriptedReply, FieldError> {
    let delay_millis: f64 = fields.optional("delay_ms")?.unwrap_or_default();
    let delay = Duration::try_from_secs_f64(delay_millis / 1000.0).map_err(|_| {
        FieldError::new("delay_ms", format!("is {delay_millis}; it must be a number of milliseconds, 0 or more"))
    })?;
    let result = match (fields.optional::<FaultKind>("fault")?, fields.holds("status")) {
        (Some(_), true) => {
            return Err(FieldError::new("fault", "cannot stand beside `status`: either a response comes or none"));
        }
        (Some(kind), false) => {
            let message = fields.optional("message")?.unwrap_or_default();
            Err(Fault { kind, message, sent: fields.optional("sent")? })
        }
        (None, _) => Ok(response(fields)?),
    };
    Ok(ScriptedReply { delay, result })
}

fn response(fields: &mut Fields) -> Result<Response, FieldError> {
    if !fields.holds("status") {
        let problem = "is missing; it must be a status from 100 to 999, or there must be a `fault`";
        return Err(FieldError::new("status", problem));
    }
    let status: u16 = fields.required("status")?;
    if !(100..=999).contains(&status) {
        return Err(FieldError::new("status", format!("is {status}; it must be from 100 to 999")));
    }
    let mut headers = headers(fields)?;
    let body = body_from_file(fields.take("body"), false);
    if matches!(body, Body::Json(_)) && headers.get("content-type").is_none() {
        headers.append("content-type", "application/json");
    }
    Ok(Response { status, headers, body })
}
