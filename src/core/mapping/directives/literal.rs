//! `@literal`: its argument, resolved. `@excludeWhenNull`: the same, nulls left out.
use serde_json::Value;

use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

#[derive(Debug)]
struct ExcludeWhenNull {
    value: Node,
}

pub(super) fn compile(options: &Value) -> Node {
    Node::compile(options)
}

pub(super) fn compile_exclude_when_null(options: &Value) -> Node {
    Node::Directive(Box::new(ExcludeWhenNull { value: Node::compile(options) }))
}

impl Directive for ExcludeWhenNull {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        Ok(match self.value.resolve(root)?.into_json() {
            None => Resolved::Undefined,
            Some(value) if value.is_null() => Resolved::Undefined,
            Some(value) if has_null_field(&value) => Resolved::from(without_null_fields(value.into_owned())),
            Some(value) => Resolved::Json(value),
        })
    }
}

fn has_null_field(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.values().any(|field| field.is_null() || has_null_field(field)))
}

/// Takes null out of objects inside objects; lists keep theirs, and what is inside lists is not looked at.
fn without_null_fields(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(_, field)| !field.is_null());
            Value::Object(kept.map(|(key, field)| (key, without_null_fields(field))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nulls_in_lists_stay() {
        let value = json!({"a": null, "b": {"c": null, "d": [null, {"e": null}]}, "f": 0});
        assert!(has_null_field(&value));
        assert_eq!(without_null_fields(value), json!({"b": {"d": [null, {"e": null}]}, "f": 0}));
        assert!(!has_null_field(&json!({"a": [null]})));
    }
}
