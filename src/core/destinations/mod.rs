//! The destinations that this program can deliver to, one folder each. To add one, write its folder and name it in
//! `registry.rs`.
mod action;
mod destination;
mod form;
mod mapped_fields;
mod registry;

mod destination_function;
mod linkedin;
mod linkedin_audiences;
mod linkedin_conversions;
mod pendo_audiences;

pub use action::{Action, ActionAbout, Delivery, Hook, Node, Payload, Returned};
pub use destination::{AudienceInput, AuthScheme, Destination, DestinationAbout, Operation};
pub use form::{default_mapping, default_settings, takers_of};
pub use linkedin::hashed;
pub use mapped_fields::{MappedField, MappingSource, mapped_fields, settings_problems};
pub use registry::{DESTINATIONS, destination};
