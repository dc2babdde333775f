//! What a form starts with: the defaults that field definitions carry as JSON text, and who takes an event at all.
use serde_json::{Map, Value};

use super::action::Action;
use super::destination::Destination;
use super::registry::DESTINATIONS;
use crate::core::schema::Field;
use crate::core::subscription;

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

/// The actions that take an event by their default subscriptions, each with its destination.
#[must_use]
pub fn takers_of(event: &Value) -> Vec<(&'static dyn Destination, &'static dyn Action)> {
    let takes = |action: &&'static dyn Action| {
        subscription::parse(action.default_subscription())
            .is_ok_and(|condition| condition.matches(event).unwrap_or_default())
    };
    let actions = |destination: &&'static dyn Destination| {
        let destination = *destination;
        destination.actions().iter().copied().filter(takes).map(move |action| (destination, action))
    };
    DESTINATIONS.iter().flat_map(actions).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_is_taken_by_those_whose_subscription_it_matches() {
        let titles = |event: Value| takers_of(&event).iter().map(|(to, _)| to.name().name()).collect::<Vec<_>>();
        let entered = json!({"type": "track", "event": "Audience Entered"});
        assert!(titles(entered).contains(&"linkedin-audiences"));
        let identify = titles(json!({"type": "identify"}));
        assert!(
            !identify.contains(&"linkedin-audiences") && identify.contains(&"destination-function"),
            "{identify:?}"
        );
        assert_eq!(titles(json!({"type": "nothing"})), [""; 0]);
    }
}
