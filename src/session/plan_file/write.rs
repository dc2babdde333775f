//! A plan back to text: its source as it was read or edited. What an environment variable holds is never in it.
use serde_json::{Map, Value};

use crate::core::plan::Plan;

const KNOWN_FIELDS: &[&str] = &[
    "format",
    "version",
    "name",
    "start_at",
    "clock",
    "seed",
    "destination",
    "action",
    "mode",
    "rules",
    "settings",
    "auth",
    "subscription",
    "mapping",
    "events",
    "pipeline",
    "deduplication",
    "responses",
    "simulator",
    "endpoint",
];

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
        .filter(|key| !KNOWN_FIELDS.contains(&key.as_str()))
        .map(|key| {
            let nearest = KNOWN_FIELDS.iter().map(|known| (distance(key, known), *known)).min();
            (key.as_str(), nearest.filter(|(distance, _)| *distance <= 2).map(|(_, known)| known))
        })
        .collect()
}

/// How many letters must be put in, left out or replaced to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}
