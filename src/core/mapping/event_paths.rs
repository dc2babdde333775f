//! The paths of an event: what `@path` and templates can name, each with what stands there.
use serde_json::Value;

use crate::core::js;

/// So many paths are given at most, and so many elements of each list.
const MAX_PATHS: usize = 2_000;
const MAX_ITEMS: usize = 3;

/// A place in an event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventPath {
    /// As it is written in `@path`, without the `$.` in front.
    pub path: String,
    /// What stands there.
    pub value: Value,
}

/// All paths of an event, in the order of the event; an object before what is in it. Keys that no path can name, such as
/// those with a dot in them, are left out.
#[must_use]
pub fn event_paths(event: &Value) -> Vec<EventPath> {
    let mut paths = Vec::new();
    add(event, "", &mut paths);
    paths
}

fn add(value: &Value, prefix: &str, paths: &mut Vec<EventPath>) {
    let mut visit = |path: String, value: &Value| {
        if paths.len() < MAX_PATHS {
            paths.push(EventPath { path: path.clone(), value: value.clone() });
            add(value, &path, paths);
        }
    };
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter().filter(|(key, _)| js::keys(key) == [key.as_str()]) {
                let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                visit(path, member);
            }
        }
        Value::Array(items) => {
            for (idx, item) in items.iter().enumerate().take(MAX_ITEMS) {
                visit(format!("{prefix}[{idx}]"), item);
            }
        }
        _ => (),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::core::mapping::transform;

    #[test]
    fn every_path_finds_its_value() {
        let event = json!({
            "type": "track", "userId": "u", "a.b": 1, "with space": {"c": null},
            "properties": {"products": [{"id": 1}, {"id": 2}], "flag": false},
        });
        let paths = event_paths(&event);
        let names: Vec<&str> = paths.iter().map(|place| place.path.as_str()).collect();
        assert_eq!(
            names,
            [
                "type",
                "userId",
                "with space",
                "with space.c",
                "properties",
                "properties.products",
                "properties.products[0]",
                "properties.products[0].id",
                "properties.products[1]",
                "properties.products[1].id",
                "properties.flag",
            ]
        );
        for place in &paths {
            let mapping = json!({"found": {"@path": format!("$.{}", place.path)}});
            let found = mapping.as_object().map(|mapping| transform(mapping, &event));
            assert_eq!(found, Some(Ok(json!({"found": place.value}))), "{}", place.path);
        }
    }
}
