//! Requests and responses of HAR files.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::core::form_text::form_text;
use crate::core::http::{Body, Headers, Request, Response};
use crate::session::import::notes::Notes;

/// A request. What is missing is empty.
pub(super) fn request(sent: &Value, place: &str, notes: &mut Notes) -> Request {
    let text = |key: &str| sent.get(key).and_then(Value::as_str).unwrap_or_default();
    let post = sent.get("postData").filter(|post| post.is_object());
    let body = match post {
        Some(post) => posted(post, place, notes),
        None => Body::Empty,
    };
    let size = sent.get("bodySize").and_then(Value::as_f64).unwrap_or(0.0);
    if body == Body::Empty && size > 0.0 {
        notes.add("the program that wrote the file left out the body of a request", place);
    }
    let method = if text("method").is_empty() { "GET" } else { text("method") };
    Request {
        method: method.to_ascii_uppercase(),
        url: text("url").to_owned(),
        headers: headers(sent.get("headers"), place, notes),
        body,
    }
}

/// A response with a status.
pub(super) fn response(received: &Value, place: &str, notes: &mut Notes) -> Response {
    let content = received.get("content").unwrap_or(&Value::Null);
    let body = content.get("text").and_then(Value::as_str).map(|text| decoded(text, content, place, notes));
    if body.is_none() && content.get("size").and_then(Value::as_f64).unwrap_or(0.0) > 0.0 {
        notes.add("the program that wrote the file left out the body of a response", place);
    }
    let status = received.get("status").and_then(Value::as_f64).unwrap_or(0.0);
    Response {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whoever calls has seen that it is one"
        )]
        status: status as u16,
        headers: headers(received.get("headers"), place, notes),
        body: body.unwrap_or_default(),
    }
}

/// A posted body: its text, or else its parameters as a form.
fn posted(post: &Value, place: &str, notes: &mut Notes) -> Body {
    if let Some(text) = post.get("text").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        return decoded(text, post, place, notes);
    }
    let params = post.get("params").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if params.iter().any(|param| param.get("fileName").is_some()) {
        notes.add("a file that was uploaded is not in it", place);
    }
    let fields = params.iter().filter_map(|param| {
        Some((param.get("name")?.as_str()?, param.get("value").and_then(Value::as_str).unwrap_or_default()))
    });
    Body::from_bytes(form_text(fields).into_bytes())
}

fn decoded(text: &str, content: &Value, place: &str, notes: &mut Notes) -> Body {
    if content.get("encoding").and_then(Value::as_str) != Some("base64") {
        return Body::from_bytes(text.as_bytes().to_vec());
    }
    if let Ok(bytes) = STANDARD.decode(text.trim()) {
        return Body::from_bytes(bytes);
    }
    notes.add("a body says that it is base64 and is not; it was taken as text", place);
    Body::from_bytes(text.as_bytes().to_vec())
}

/// Header fields as objects, as pairs, or as one object; the pseudo fields of HTTP/2 are in method and URL.
fn headers(fields: Option<&Value>, place: &str, notes: &mut Notes) -> Headers {
    let mut headers = Headers::default();
    let mut add = |name: &str, value: &Value| {
        let value = match value {
            Value::String(value) => value.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        if !name.is_empty() && !name.starts_with(':') {
            headers.append(name, value);
        }
    };
    match fields {
        Some(Value::Array(fields)) => {
            for field in fields {
                match field {
                    Value::Object(field) => {
                        let name = field.get("name").and_then(Value::as_str).unwrap_or_default();
                        add(name, field.get("value").unwrap_or(&Value::Null));
                    }
                    Value::Array(pair) => {
                        let name = pair.first().and_then(Value::as_str).unwrap_or_default();
                        add(name, pair.get(1).unwrap_or(&Value::Null));
                    }
                    _ => notes.add("a header field is neither a name with a value nor a pair; it was left out", place),
                }
            }
        }
        Some(Value::Object(fields)) => fields.iter().for_each(|(name, value)| add(name, value)),
        _ => (),
    }
    headers.grouped()
}
