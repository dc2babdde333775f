//! `@merge`: several objects as one.
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;

use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

#[derive(Debug)]
struct Merge {
    direction: Node,
    objects: Vec<Node>,
}

pub(super) fn compile(options: &Value) -> Result<Node, String> {
    let options =
        options.as_object().ok_or("@merge requires an object with an \"objects\" key and a \"direction\" key")?;
    let direction = Node::truthy_option(options, "direction").ok_or("@merge requires a \"direction\" key")?;
    let objects = options.get("objects").filter(|objects| js::truthy(objects));
    match objects.ok_or("@merge requires a \"objects\" key")? {
        Value::Array(objects) => {
            let objects = objects.iter().map(Node::compile).collect();
            Ok(Node::Directive(Box::new(Merge { direction, objects })))
        }
        other => Err(format!("@merge: expected opts.array, got {}", js::type_of(Some(other)))),
    }
}

impl Directive for Merge {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        let direction = self.direction.resolve(root)?.into_json();
        let mut objects = self.objects.iter().map(|node| node.resolve(root)).collect::<Result<Vec<_>, _>>()?;
        // The earlier objects win on the left; anything else but exactly that counts as right.
        if direction.as_deref().and_then(Value::as_str) == Some("left") {
            objects.reverse();
        }
        let mut merged: Vec<(Cow<'a, str>, Resolved<'a>)> = Vec::new();
        let mut positions: HashMap<Cow<'a, str>, usize> = HashMap::new();
        for (key, value) in objects.into_iter().flat_map(entries) {
            match positions.entry(key.clone()) {
                Entry::Occupied(position) => merged[*position.get()].1 = value,
                Entry::Vacant(position) => {
                    position.insert(merged.len());
                    merged.push((key, value));
                }
            }
        }
        Ok(Resolved::Object(merged))
    }
}

/// What `Object.assign` takes out of a value: the fields of an object, undefined ones too, the elements of a list and
/// the letters of a text by index, nothing of anything else.
fn entries(value: Resolved<'_>) -> Vec<(Cow<'_, str>, Resolved<'_>)> {
    let index = |index: usize| Cow::Owned(index.to_string());
    match value {
        Resolved::Undefined => Vec::new(),
        Resolved::Object(entries) => entries,
        Resolved::Array(items) => items.into_iter().enumerate().map(|(at, item)| (index(at), item)).collect(),
        Resolved::Json(Cow::Borrowed(json)) => match json {
            Value::Object(fields) => {
                let fields = fields.iter();
                fields.map(|(key, field)| (key.as_str().into(), Resolved::Json(Cow::Borrowed(field)))).collect()
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| (index(at), Resolved::Json(Cow::Borrowed(item)))).collect()
            }
            Value::String(text) => letters(text),
            _ => Vec::new(),
        },
        Resolved::Json(Cow::Owned(json)) => match json {
            Value::Object(fields) => {
                fields.into_iter().map(|(key, field)| (Cow::Owned(key), Resolved::from(field))).collect()
            }
            Value::Array(items) => {
                items.into_iter().enumerate().map(|(at, item)| (index(at), Resolved::from(item))).collect()
            }
            Value::String(text) => letters(&text),
            _ => Vec::new(),
        },
    }
}

fn letters<'a>(text: &str) -> Vec<(Cow<'a, str>, Resolved<'a>)> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let letters = units.iter().enumerate();
    letters.map(|(at, unit)| (Cow::Owned(at.to_string()), Resolved::text(String::from_utf16_lossy(&[*unit])))).collect()
}
