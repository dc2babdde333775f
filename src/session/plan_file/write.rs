//! A plan back to text: its source as it was read or edited. What an environment variable holds is never in it.
use serde_json::{Map, Value};

use crate::core::plan::{self, Plan};
use crate::core::spelling::nearest;

/// The text of a plan file: indented, fields in the order of the source, closed by an end of line.
#[must_use]
pub fn to_text(source: &Map<String, Value>) -> String {
    format!("{:#}\n", Value::Object(source.clone()))
}

/// Puts more events behind those of a plan, in its source as well.
pub fn add_events(plan: &mut Plan, events: Vec<Value>) {
    if !plan.source.get("events").is_some_and(Value::is_array) {
        plan.source.insert("events".to_owned(), Value::Array(Vec::new()));
    }
    if let Some(Value::Array(in_source)) = plan.source.get_mut("events") {
        in_source.extend(events.iter().cloned());
    }
    plan.events.extend(events);
}

/// Fields that have no meaning in a plan, each with the known one that was perhaps meant. They are kept, but a
/// mistyped `responses` would send for real.
#[must_use]
pub fn unknown_fields(source: &Map<String, Value>) -> Vec<(&str, Option<&'static str>)> {
    source
        .keys()
        .filter(|key| !plan::FIELDS.contains(&key.as_str()))
        .map(|key| (key.as_str(), nearest(key, plan::FIELDS.iter().copied())))
        .collect()
}
