//! What is sent to people's own endpoints.
use serde_json::{Map, Value, json};

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
    let url = url(settings, "url")?;
    let method = text(settings, "method").unwrap_or("POST");
    let mut headers = events.first().map_or_else(|| Ok(Headers::default()), |first| headers(settings, first))?;
    authorize(settings, &mut headers);
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

/// The call that a function makes after the one that counts, with the `messageId` or the list of them; none where the
/// settings have no URL for it.
///
/// # Errors
/// The URL is none.
pub(super) fn follow_up(
    settings: &Map<String, Value>,
    events: &[&Value],
    is_batch: bool,
) -> Result<Option<Request>, DeliveryError> {
    if text(settings, "follow_up_url").is_none() {
        return Ok(None);
    }
    let url = url(settings, "follow_up_url")?;
    let mut headers: Headers = [("content-type", "application/json")].into_iter().collect();
    authorize(settings, &mut headers);
    let mut ids: Vec<Value> = events.iter().map(|event| event.get("messageId").cloned().unwrap_or_default()).collect();
    let follows = if is_batch { ids.into() } else { ids.pop().unwrap_or_default() };
    let body = Body::Json(json!({ "follows": follows }));
    Ok(Some(Request { method: "POST".to_owned(), url: url.to_owned(), headers, body }))
}

fn text<'a>(settings: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    settings.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn url<'a>(settings: &'a Map<String, Value>, name: &str) -> Result<&'a str, DeliveryError> {
    let url = text(settings, name).filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    url.ok_or_else(|| invalid(format!("`{name}` must begin with https:// or http://")))
}

fn authorize(settings: &Map<String, Value>, headers: &mut Headers) {
    if let Some(secret) = text(settings, "secret").filter(|_| headers.get("authorization").is_none()) {
        headers.set("authorization", format!("Bearer {secret}"));
    }
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
