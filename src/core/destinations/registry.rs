//! Every destination there is.
use super::destination::Destination;
use super::destination_function::DestinationFunction;
use super::linkedin_audiences::LinkedinAudiences;
use super::linkedin_conversions::LinkedinConversions;
use super::pendo_audiences::PendoAudiences;
use crate::core::names::DestinationName;

/// Every destination, in the order of their names.
pub const DESTINATIONS: &[&dyn Destination] =
    &[&PendoAudiences, &LinkedinAudiences, &LinkedinConversions, &DestinationFunction];

/// The destination of that name.
#[must_use]
pub fn destination(name: DestinationName) -> &'static dyn Destination {
    match name {
        DestinationName::PendoAudiences => &PendoAudiences,
        DestinationName::LinkedinAudiences => &LinkedinAudiences,
        DestinationName::LinkedinConversions => &LinkedinConversions,
        DestinationName::DestinationFunction => &DestinationFunction,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::destinations::Operation;
    use crate::core::schema::Field;
    use crate::core::subscription;

    #[test]
    fn every_name_has_its_destination() {
        for (name, listed) in DestinationName::ALL.iter().zip(DESTINATIONS) {
            assert_eq!((destination(*name).name(), listed.name()), (*name, *name));
        }
    }

    #[test]
    fn every_default_is_json_and_every_default_subscription_parses() {
        fn check(place: &str, fields: &[Field]) {
            for field in fields {
                let default = field.default;
                let parses = default.is_empty() || serde_json::from_str::<serde_json::Value>(default).is_ok();
                assert!(parses, "{place}: default of {} is no JSON: {default}", field.key);
                check(place, field.properties);
            }
        }
        for destination in DESTINATIONS {
            check(destination.title(), destination.settings());
            for action in destination.actions() {
                check(action.title(), action.fields());
                assert!(subscription::parse(action.default_subscription()).is_ok(), "{}", action.name());
                assert!(matches!(Operation::of(*destination, action.name()), Some(Operation::Action(_))));
            }
        }
    }
}
