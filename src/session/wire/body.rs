//! Bodies on disk: JSON where the bytes were JSON, a string where they were text, `{"base64": "…"}` otherwise.
//!
//! Three JSON bodies look like something else that way: a string, null, and an object that has just a `base64` text.
//! They are written as they are, with `"body_is": "json"` beside them.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::core::http::Body;

/// The field that stands beside a body that would be misread without it.
pub(super) const BODY_IS: &str = "body_is";

/// What that field says.
pub(super) const JSON: &str = "json";

/// Whether a reader would take this JSON body for something else.
pub(super) fn is_ambiguous(body: &Body) -> bool {
    let Body::Json(json) = body else { return false };
    json.is_null() || json.is_string() || bytes_of(json).is_some()
}

/// The body that stands in a file.
pub(crate) fn from_file(json: Value, is_json: bool) -> Body {
    match json {
        json if is_json => Body::Json(json),
        Value::Null => Body::Empty,
        Value::String(text) => Body::Text(text),
        json => bytes_of(&json).map_or(Body::Json(json), Body::Bytes),
    }
}

fn bytes_of(json: &Value) -> Option<Vec<u8>> {
    let object = json.as_object().filter(|object| object.len() == 1)?;
    STANDARD.decode(object.get("base64")?.as_str()?).ok()
}
