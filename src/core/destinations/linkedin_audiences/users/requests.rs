//! What `updateAudience` sends to LinkedIn.
use serde_json::{Map, Value, json};

use crate::core::destinations::{Payload, linkedin};
use crate::core::form_text::form_text;
use crate::core::http::Request;

/// Looks the segment of an audience up.
pub(super) fn find_segment(account: &str, audience_key: &str) -> Request {
    let query = form_text([
        ("q", "account"),
        ("account", account),
        ("sourceSegmentId", audience_key),
        ("sourcePlatform", "SEGMENT"),
    ]);
    linkedin::request("GET", &format!("/dmpSegments?{query}"), [], None)
}

/// Makes the segment of an audience. A name that is missing is left out.
pub(super) fn create_segment(account: &str, name: Option<&Value>, audience_key: &str) -> Request {
    let mut body = Map::new();
    if let Some(name) = name {
        body.insert("name".to_owned(), name.clone());
    }
    body.insert("sourcePlatform".to_owned(), "SEGMENT".into());
    body.insert("sourceSegmentId".to_owned(), audience_key.into());
    body.insert("account".to_owned(), account.into());
    body.insert("type".to_owned(), "USER".into());
    body.insert("destinations".to_owned(), json!([{ "destination": "LINKEDIN" }]));
    linkedin::request("POST", "/dmpSegments", [], Some(Value::Object(body)))
}

/// Adds people to a segment or removes them.
pub(super) fn update_users(segment_id: &str, elements: &[Value]) -> Request {
    let path = format!("/dmpSegments/{segment_id}/users");
    linkedin::request("POST", &path, [("x-restli-method", "BATCH_CREATE")], Some(json!({ "elements": elements })))
}

/// Which ways of identifying a person may be used.
#[derive(Clone, Copy)]
pub(super) struct Sends {
    pub(super) email: bool,
    pub(super) google_advertising_id: bool,
}

/// One person. What may not be sent is left out even if nothing else is there.
pub(super) fn element(payload: &Payload, sends: Sends) -> Value {
    let mut user_ids = Vec::new();
    if let Some(email) = payload.text("email").filter(|_| sends.email) {
        user_ids.push(json!({ "idType": "SHA256_EMAIL", "idValue": linkedin::hashed(email) }));
    }
    if let Some(id) = payload.text("google_advertising_id").filter(|_| sends.google_advertising_id) {
        user_ids.push(json!({ "idType": "GOOGLE_AID", "idValue": id }));
    }
    let mut element = Map::new();
    element.insert("action".to_owned(), action(payload).into());
    element.insert("userIds".to_owned(), user_ids.into());
    for (name, field) in [
        ("firstName", "first_name"),
        ("lastName", "last_name"),
        ("title", "title"),
        ("company", "company"),
        ("country", "country"),
    ] {
        if let Some(text) = payload.text(field) {
            element.insert(name.to_owned(), text.into());
        }
    }
    Value::Object(element)
}

/// Left to itself, only an event named `Audience Exited` removes; audience membership is not asked.
fn action(payload: &Payload) -> &'static str {
    match (payload.text("dmp_user_action"), payload.text("event_name")) {
        (Some("REMOVE"), _) | (Some("AUTO") | None, Some("Audience Exited")) => "REMOVE",
        _ => "ADD",
    }
}
