//! `@arrayPath`: a list of the event, each element put into a shape.
use std::borrow::Cow;

use serde_json::Value;

use super::path;
use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

#[derive(Debug)]
struct ArrayPath {
    source: Source,
    /// What each element is resolved to, with the element as the root; absent for the list as it is.
    shape: Option<Node>,
}

#[derive(Debug)]
enum Source {
    Keys(Vec<String>),
    Computed(Node),
    Missing,
}

pub(super) fn compile(options: &Value) -> Result<Node, String> {
    let Value::Array(options) = options else {
        return Err(format!("@arrayPath expected array, got {}", js::real_type_of(Some(options))));
    };
    let source = match options.first() {
        None => Source::Missing,
        Some(Value::String(path)) => Source::Keys(path::keys(path)),
        Some(other) => Source::Computed(Node::compile(other)),
    };
    let shape = options.get(1).filter(|shape| shape.as_object().is_some_and(|fields| !fields.is_empty()));
    Ok(Node::Directive(Box::new(ArrayPath { source, shape: shape.map(Node::compile) })))
}

impl Directive for ArrayPath {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        let found = match &self.source {
            Source::Missing => Resolved::Undefined,
            Source::Keys(keys) => path::find(root, keys),
            Source::Computed(node) => node.resolve(root)?,
        };
        let Some(shape) = &self.shape else { return Ok(found) };
        if let Resolved::Array(items) = found {
            let items = items.into_iter().map(|item| {
                let item = item.into_json();
                shape.resolve(item.as_deref()).map(Resolved::detach)
            });
            return items.collect::<Result<_, _>>().map(Resolved::Array);
        }
        match found.into_json() {
            Some(Cow::Borrowed(list)) if list.is_object() || list.is_array() => shaped(list, shape),
            Some(Cow::Owned(list)) if list.is_object() || list.is_array() => shaped(&list, shape).map(Resolved::detach),
            other => Ok(other.into()),
        }
    }
}

/// An object counts as a list of one.
fn shaped<'a>(list: &'a Value, shape: &'a Node) -> Result<Resolved<'a>, MappingError> {
    let items = list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice);
    items.iter().map(|item| shape.resolve(Some(item))).collect::<Result<_, _>>().map(Resolved::Array)
}
