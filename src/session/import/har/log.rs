//! A whole HAR file: its entries, and what is lost of them.
use serde_json::{Map, Value, json};

use super::entry::read_entry;
use crate::core::time::Timestamp;
use crate::session::import::notes::Notes;
use crate::session::import::observed::Observed;

/// The requests of a HAR file that deliver something, and what its header says.
pub(in crate::session::import) fn observed(har: &Value, notes: &mut Notes) -> (Vec<Observed>, Map<String, Value>) {
    let log = har.get("log").unwrap_or(&Value::Null);
    let version = log.get("version").and_then(Value::as_str).unwrap_or("1.2");
    if !version.starts_with("1.") {
        notes.add_whole(format!("the file says that it is HAR {version}; it was read as HAR 1.2"));
    }
    let entries = log.get("entries").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut latest = Timestamp::EPOCH;
    let mut observed = Vec::new();
    for (idx, entry) in entries.iter().enumerate() {
        if let Some(one) = read_entry(entry, format!("entry {}", idx + 1), &mut latest, notes) {
            observed.push(one);
        }
    }
    let creator = |key: &str| log.pointer(&format!("/creator/{key}")).and_then(Value::as_str).unwrap_or_default();
    let has_credentials = observed.iter().any(|one| {
        let headers = &one.request.headers;
        headers.get("authorization").is_some() || headers.get("cookie").is_some()
    });
    if creator("name") == "WebInspector" && !has_credentials && !observed.is_empty() {
        notes.add_whole(
            "no request has Authorization or Cookie: Chrome leaves them out unless it is told to export sensitive data",
        );
    }
    let mut about = Map::new();
    about.insert("creator".to_owned(), json!(format!("{} {}", creator("name"), creator("version")).trim()));
    if let Some(pages) = log.get("pages").filter(|pages| pages.as_array().is_some_and(|pages| !pages.is_empty())) {
        about.insert("pages".to_owned(), pages.clone());
    }
    (observed, about)
}
