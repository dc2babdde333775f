//! What a JSON document is, told by what it holds.
use serde_json::Value;

/// Whether a document is a HAR file.
pub(super) fn is_har(json: &Value) -> bool {
    json.pointer("/log/entries").is_some_and(Value::is_array)
}

/// A list that can be imported.
#[derive(Debug)]
pub(super) enum List {
    /// Segment events.
    Events(Vec<Value>),
    /// Attempts that Svix lists.
    Svix(Vec<Value>),
    /// Attempts that Hookdeck lists.
    Hookdeck(Vec<Value>),
    /// Attempts that Convoy lists.
    Convoy(Vec<Value>),
}

impl List {
    /// Tells what a document lists, or a list of documents where each line was one.
    pub(super) fn of(json: Value) -> Option<Self> {
        let items = items(json);
        let first = items.iter().find(|item| item.is_object())?;
        let has = |keys: &[&str]| keys.iter().all(|key| first.get(key).is_some());
        if has(&["msgId", "endpointId", "responseStatusCode"]) {
            Some(Self::Svix(items))
        } else if has(&["event_id", "response_status"]) {
            Some(Self::Hookdeck(items))
        } else if has(&["uid", "msg_id"]) && (has(&["http_status"]) || has(&["endpoint_id"])) {
            Some(Self::Convoy(items))
        } else if is_event(first) {
            Some(Self::Events(items))
        } else {
            None
        }
    }
}

/// The elements of a list, whatever it is wrapped in.
fn items(json: Value) -> Vec<Value> {
    let lists = ["/batch", "/data/content", "/data", "/models"];
    match json {
        Value::Array(items) => items,
        json => match lists.iter().find_map(|path| json.pointer(path)?.as_array()) {
            Some(items) => items.clone(),
            None => vec![json],
        },
    }
}

/// Whether a document is a Segment event.
fn is_event(json: &Value) -> bool {
    const TYPES: &[&str] = &["track", "identify", "page", "screen", "group", "alias"];
    let is_typed = json.get("type").and_then(Value::as_str).is_some_and(|kind| TYPES.contains(&kind));
    let is_about = ["messageId", "userId", "anonymousId"].iter().any(|key| json.get(key).is_some());
    is_typed || (is_about && json.get("messageId").is_some())
}
