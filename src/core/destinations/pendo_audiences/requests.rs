//! What is sent to Pendo.
use serde_json::{Value, json};

use crate::core::http::{Body, Headers, Request};

/// The host of a region; none for one that Pendo does not have.
pub(super) fn host(region: &str) -> Option<&'static str> {
    match region {
        "US" => Some("https://app.pendo.io"),
        "US1" => Some("https://us1.app.pendo.io"),
        "EU" => Some("https://app.eu.pendo.io"),
        "JP" => Some("https://app.jpn.pendo.io"),
        "AU" => Some("https://app.au.pendo.io"),
        _ => None,
    }
}

/// Asks whether the integration key works.
pub(super) fn verify_key(host: &str) -> Request {
    request("GET", format!("{host}/api/v1/token/verify"), Body::Empty)
}

/// Makes a segment. Pendo wants at least one visitor in it.
pub(super) fn create_segment(host: &str, name: &str) -> Request {
    let body = json!({ "name": name, "visitors": ["empty-visitor"] });
    request("POST", format!("{host}/api/v1/segment/upload"), Body::Json(body))
}

/// Looks a segment up.
pub(super) fn get_segment(host: &str, id: &str) -> Request {
    request("GET", format!("{host}/api/v1/segment/{id}"), Body::Empty)
}

/// Changes the visitors of a segment. The id is not escaped, as in the reference.
pub(super) fn patch_visitors(host: &str, segment_id: &str, add: &[&str], remove: &[&str]) -> Request {
    let operations = [("add", add), ("remove", remove)];
    let operations = operations.iter().filter(|(_, visitors)| !visitors.is_empty());
    let patch: Vec<Value> = operations.map(|(operation, visitors)| change(operation, visitors)).collect();
    request("PATCH", format!("{host}/api/v1/segment/{segment_id}/visitor"), Body::Json(json!({ "patch": patch })))
}

/// The part of such a request that is about one visitor.
pub(super) fn sent_for(operation: &str, visitor: &str) -> Value {
    json!({ "patch": [change(operation, &[visitor])] })
}

fn change(operation: &str, visitors: &[&str]) -> Value {
    json!({ "op": operation, "path": "/visitors", "value": visitors })
}

fn request(method: &str, url: String, body: Body) -> Request {
    Request { method: method.to_owned(), url, headers: Headers::default(), body }
}
