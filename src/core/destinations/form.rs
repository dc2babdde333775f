//! What a form starts with: the defaults that field definitions carry as JSON text.
use serde_json::{Map, Value};

use super::action::Action;
use super::destination::Destination;
use crate::core::schema::Field;

/// The mapping of a plan that says nothing else.
#[must_use]
pub fn default_mapping(action: &dyn Action) -> Map<String, Value> {
    defaults(action.fields())
}

/// The settings that have a default.
#[must_use]
pub fn default_settings(destination: &dyn Destination) -> Map<String, Value> {
    defaults(destination.settings())
}

/// A default that is no JSON would be a slip of ours; a test of the registry finds it.
fn defaults(fields: &[Field]) -> Map<String, Value> {
    let with_default = fields.iter().filter(|field| !field.default.is_empty());
    with_default.filter_map(|field| Some((field.key.to_owned(), serde_json::from_str(field.default).ok()?))).collect()
}
