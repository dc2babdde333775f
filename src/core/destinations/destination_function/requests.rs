//! What is sent to people's own endpoints.
use serde_json::{Map, Value};

use crate::core::error::DeliveryError;
use crate::core::http::{Body, Headers, Request};
use crate::core::js;
use crate::core::mapping;

/// The call for one event, or for the events of a batch: its body is then the list of theirs, and the headers are those
/// of the first.
///
/// # Errors
/// The URL is none, or a template does not fit an event.
pub(super) fn call(settings: &Map<String, Value>, events: &[&Value], is_batch: bool) -> Result<Request, DeliveryError> {
    let text = |name: &str| settings.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let url = text("url").filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let url = url.ok_or_else(|| invalid("`url` must begin with https:// or http://".to_owned()))?;
    let method = text("method").unwrap_or("POST");
    let mut headers = events.first().map_or_else(|| Ok(Headers::default()), |first| headers(settings, first))?;
    if let Some(secret) = text("secret").filter(|_| headers.get("authorization").is_none()) {
        headers.set("authorization", format!("Bearer {secret}"));
    }
    let mut bodies = events.iter().map(|event| body(settings, event)).collect::<Result<Vec<_>, _>>()?;
    let body = if method == "GET" {
        Body::Empty
    } else {
        if headers.get("content-type").is_none() {
            headers.set("content-type", "application/json");
        }
        Body::Json(if is_batch { bodies.into() } else { bodies.pop().unwrap_or_default() })
    };
    Ok(Request { method: method.to_owned(), url: url.to_owned(), headers, body })
}

/// Settings that cannot work: the pipeline gives such a delivery up.
pub(super) fn invalid(message: String) -> DeliveryError {
    DeliveryError::integration(message, "INVALID_SETTINGS", 400)
}

fn headers(settings: &Map<String, Value>, event: &Value) -> Result<Headers, DeliveryError> {
    let Some(Value::Object(template)) = settings.get("headers") else { return Ok(Headers::default()) };
    let filled = mapping::transform(template, event)?;
    let fields = filled.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    Ok(fields.map(|(name, value)| (name, js::text(value))).collect())
}

fn body(settings: &Map<String, Value>, event: &Value) -> Result<Value, DeliveryError> {
    match settings.get("body") {
        Some(Value::Object(template)) => Ok(mapping::transform(template, event)?),
        _ => Ok(event.clone()),
    }
}
