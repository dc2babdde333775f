//! Who answers the requests of a plan: a script, the embedded simulator, or the real hosts.
use serde_json::Value;

use super::replies::reply;
use crate::core::plan::Remote;
use crate::session::fields::{FieldError, Fields};

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
