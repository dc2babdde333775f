//! `@path`: a part of the event.
use serde_json::Value;

use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

/// A path that is written in the mapping.
#[derive(Debug)]
struct Fixed {
    keys: Vec<String>,
}

/// A path that another directive gives.
#[derive(Debug)]
struct Computed {
    path: Node,
}

pub(super) fn compile(options: &Value) -> Node {
    Node::Directive(match options {
        Value::String(path) => Box::new(Fixed { keys: keys(path) }),
        _ => Box::new(Computed { path: Node::compile(options) }),
    })
}

/// The keys of a path of a mapping, whose first `$.` does not count.
pub(super) fn keys(path: &str) -> Vec<String> {
    js::keys(&path.replacen("$.", "", 1))
}

/// What stands at the keys; undefined has nothing in it.
pub(super) fn find<'a>(root: Root<'a>, keys: &[String]) -> Resolved<'a> {
    root.and_then(|root| js::lookup(root, keys)).into()
}

/// The text that a directive needs as its argument.
pub(super) fn argument(directive: &str, node: &Node, root: Root<'_>) -> Result<String, MappingError> {
    match node.resolve(root)?.into_json().map(std::borrow::Cow::into_owned) {
        Some(Value::String(text)) => Ok(text),
        other => {
            let found = js::real_type_of(other.as_ref());
            Err(MappingError::runtime(format!("{directive}: expected string, got {found}")))
        }
    }
}

impl Directive for Fixed {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        Ok(find(root, &self.keys))
    }
}

impl Directive for Computed {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        Ok(find(root, &keys(&argument("@path", &self.path, root)?)))
    }
}
