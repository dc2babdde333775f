//! A mapping made ready for resolving: paths split, templates cut, options looked up once.
use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use super::directives;
use super::error::MappingError;
use super::resolved::Resolved;
use crate::core::js;

/// What directives read from: the event, or a part of it inside `@arrayPath` and `@transform`. `None` is undefined.
pub(super) type Root<'a> = Option<&'a Value>;

/// A directive with its options.
pub(super) trait Directive: fmt::Debug + Send + Sync {
    /// What it makes of an event.
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError>;
}

/// A part of a mapping.
#[derive(Debug)]
pub(super) enum Node {
    /// Data without a directive in it.
    Constant(Value),
    /// An object with directives somewhere below.
    Object(Vec<(String, Self)>),
    /// A list with directives somewhere below.
    Array(Vec<Self>),
    /// A directive.
    Directive(Box<dyn Directive>),
    /// A directive that fails on every event: validation does not see into lists and literals.
    Broken(String),
}

impl Node {
    /// Makes a part of a mapping ready. Never fails: what is wrong fails when it is resolved, as in the reference.
    pub(super) fn compile(mapping: &Value) -> Self {
        match mapping {
            Value::Object(fields) => directive_in(fields).map_or_else(
                || Self::object(fields),
                |(name, options)| directives::compile(name, options).unwrap_or_else(Self::Broken),
            ),
            Value::Array(items) => Self::array(items.iter().map(Self::compile).collect()),
            data => Self::Constant(data.clone()),
        }
    }

    /// A list, itself data if all of its elements are.
    fn array(nodes: Vec<Self>) -> Self {
        let constants: Option<Value> = nodes.iter().map(|node| node.as_constant().cloned()).collect();
        constants.map_or_else(|| Self::Array(nodes), Self::Constant)
    }

    /// An object, itself data if all of its fields are.
    fn object(fields: &Map<String, Value>) -> Self {
        let nodes: Vec<_> = fields.iter().map(|(key, field)| (key.clone(), Self::compile(field))).collect();
        let constants: Option<Value> =
            nodes.iter().map(|(key, node)| Some((key.clone(), node.as_constant()?.clone()))).collect();
        constants.map_or_else(|| Self::Object(nodes), Self::Constant)
    }

    fn as_constant(&self) -> Option<&Value> {
        if let Self::Constant(value) = self { Some(value) } else { None }
    }

    /// The node of an option, `None` where the reference does not even look at it because it is falsy.
    pub(super) fn truthy_option(options: &Map<String, Value>, key: &str) -> Option<Self> {
        options.get(key).filter(|value| js::truthy(value)).map(Self::compile)
    }

    /// What it resolves to for an event.
    pub(super) fn resolve<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        match self {
            Self::Constant(value) => Ok(Resolved::Json(Cow::Borrowed(value))),
            Self::Object(entries) => {
                let entries = entries.iter().map(|(key, node)| Ok((Cow::Borrowed(key.as_str()), node.resolve(root)?)));
                entries.collect::<Result<_, _>>().map(Resolved::Object)
            }
            Self::Array(nodes) => {
                nodes.iter().map(|node| node.resolve(root)).collect::<Result<_, _>>().map(Resolved::Array)
            }
            Self::Directive(directive) => directive.run(root),
            Self::Broken(message) => Err(MappingError::runtime(message)),
        }
    }
}

/// The directive that an object is: it has an `@` key and nothing else but more of those and `_metadata`. The first one
/// is run.
fn directive_in(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let is_only_directives = fields.keys().all(|key| key.starts_with('@') || key == "_metadata");
    let (name, options) = fields.iter().find(|(key, _)| key.starts_with('@'))?;
    is_only_directives.then_some((name, options))
}
