//! What this build knows of the destination and the action that a session names.
use serde_json::{Map, Value};

use crate::core::destinations::{DESTINATIONS, Operation, default_mapping};

/// What a pair of names means.
pub(super) enum Known {
    /// An action that events are sent to, with its default mapping.
    Action(Map<String, Value>),
    /// Something that people ask for rather than events.
    Operation,
    /// The destination is known, and has no such action.
    Nothing,
    /// This build does not know the destination.
    NoDestination,
}

/// Looks the names up.
pub(super) fn known(destination: &str, action: &str) -> Known {
    let Some(destination) = DESTINATIONS.iter().find(|known| known.name().name() == destination) else {
        return Known::NoDestination;
    };
    match Operation::of(*destination, action) {
        Some(Operation::Action(action)) => Known::Action(default_mapping(action)),
        Some(_) => Known::Operation,
        None => Known::Nothing,
    }
}
