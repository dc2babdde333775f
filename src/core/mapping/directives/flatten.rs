//! `@flatten`: nested objects as one flat object with joined keys.
use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

#[derive(Debug)]
struct Flatten {
    separator: Node,
    value: Option<Node>,
    arrays: Arrays,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrays {
    /// Their elements get keys of their own.
    Flattened,
    /// They stay whole.
    Kept,
}

pub(super) fn compile(options: &Value) -> Result<Node, String> {
    let options = options.as_object().ok_or("@flatten requires an object with a \"separator\" key")?;
    let separator = Node::truthy_option(options, "separator").ok_or("@flatten requires a \"separator\" key")?;
    let arrays = if options.get("omitArrays").is_some_and(js::truthy) { Arrays::Kept } else { Arrays::Flattened };
    Ok(Node::Directive(Box::new(Flatten { separator, value: options.get("value").map(Node::compile), arrays })))
}

impl Directive for Flatten {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        let Some(Value::String(separator)) = self.separator.resolve(root)?.into_json().map(Cow::into_owned) else {
            return Err(MappingError::runtime("@flatten requires a string separator"));
        };
        let mut flat = Map::new();
        if let Some(value) = &self.value {
            flatten(value.resolve(root)?, "", &separator, self.arrays, &mut flat);
        }
        Ok(Value::Object(flat).into())
    }
}

/// A value that is no container stands under the keys that led to it, at the top under an empty one.
fn flatten(value: Resolved<'_>, prefix: &str, separator: &str, arrays: Arrays, flat: &mut Map<String, Value>) {
    match value {
        Resolved::Undefined => {}
        Resolved::Object(entries) => {
            for (key, entry) in entries {
                flatten(entry, &below(prefix, separator, &key), separator, arrays, flat);
            }
        }
        Resolved::Array(items) if arrays == Arrays::Flattened => {
            for (index, item) in items.into_iter().enumerate() {
                flatten(item, &below(prefix, separator, &index.to_string()), separator, arrays, flat);
            }
        }
        other => {
            if let Some(value) = other.into_json() {
                flatten_json(&value, prefix, separator, arrays, flat);
            }
        }
    }
}

fn flatten_json(value: &Value, prefix: &str, separator: &str, arrays: Arrays, flat: &mut Map<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                flatten_json(field, &below(prefix, separator, key), separator, arrays, flat);
            }
        }
        Value::Array(items) if arrays == Arrays::Flattened => {
            for (index, item) in items.iter().enumerate() {
                flatten_json(item, &below(prefix, separator, &index.to_string()), separator, arrays, flat);
            }
        }
        other => {
            flat.insert(prefix.to_owned(), other.clone());
        }
    }
}

fn below(prefix: &str, separator: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}{separator}{key}") }
}
