//! `updateAudience`: people of a matched audience.
mod fields;
mod perform;
mod requests;

pub(super) use perform::UpdateAudience;
