//! What the header says of the plan: subscription and mapping. A foreign session may say nothing of it; then the
//! defaults of the action are assumed, and detectors ask the wire to confirm them.
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::actions::{self, Known};
use crate::core::mapping::{CompiledMapping, MappingError, merge_over_default};
use crate::core::record::{Attempt, SessionHeader};

/// The parts of a session's plan that detectors read, and the mappings of the actions that its attempts name.
#[derive(Debug)]
pub(super) struct SessionPlan {
    destination: String,
    action: String,
    subscription: Option<String>,
    mapping: Map<String, Value>,
    compiled: HashMap<(Arc<str>, Arc<str>), Option<Compiled>>,
}

/// A mapping, or what is wrong with it as a whole.
type Compiled = Result<CompiledMapping, MappingError>;

impl SessionPlan {
    pub(super) fn of(header: &SessionHeader) -> Self {
        let plan = &header.plan;
        let text = |key: &str| plan.get(key).and_then(Value::as_str);
        Self {
            destination: text("destination").unwrap_or_default().to_owned(),
            action: text("action").unwrap_or_default().to_owned(),
            subscription: text("subscription").map(str::to_owned),
            mapping: plan.get("mapping").and_then(Value::as_object).cloned().unwrap_or_default(),
            compiled: HashMap::new(),
        }
    }

    /// The subscription, if the plan has one of its own.
    pub(super) fn subscription(&self) -> Option<&str> {
        self.subscription.as_deref()
    }

    /// The plan's own mapping of a field, if it has one and the plan is about that action.
    pub(super) fn mapped(&self, attempt: &Attempt, field: &str) -> Option<&Value> {
        self.is_about(&attempt.destination, &attempt.action).then(|| self.mapping.get(field)).flatten()
    }

    /// The same for whatever action the plan is about.
    pub(super) fn own_mapping(&self, destination: &str, field: &str) -> Option<&Value> {
        (self.destination == destination).then(|| self.mapping.get(field)).flatten()
    }

    /// Makes the mapping of an attempt's action ready, unless it is.
    pub(super) fn prepare(&mut self, attempt: &Attempt) {
        let key = (Arc::clone(&attempt.destination), Arc::clone(&attempt.action));
        if self.compiled.contains_key(&key) {
            return;
        }
        let over = if self.is_about(&key.0, &key.1) { self.mapping.clone() } else { Map::new() };
        let compiled = match actions::known(&key.0, &key.1) {
            Known::Action(default) => Some(CompiledMapping::new(&merge_over_default(&default, &over))),
            Known::Operation | Known::Nothing | Known::NoDestination => None,
        };
        self.compiled.insert(key, compiled);
    }

    /// What the mapping makes of an event; none where the action is unknown, or its mapping wrong as a whole.
    pub(super) fn payload(&self, attempt: &Attempt, event: &Value) -> Option<Result<Value, MappingError>> {
        Some(self.compiled(attempt)?.as_ref().ok()?.transform(event))
    }

    /// What is wrong with the mapping of an attempt's action as a whole.
    pub(super) fn mapping_error(&self, attempt: &Attempt) -> Option<&MappingError> {
        self.compiled(attempt)?.as_ref().err()
    }

    fn compiled(&self, attempt: &Attempt) -> Option<&Compiled> {
        self.compiled.get(&(Arc::clone(&attempt.destination), Arc::clone(&attempt.action)))?.as_ref()
    }

    fn is_about(&self, destination: &str, action: &str) -> bool {
        self.destination == destination && self.action == action
    }
}
