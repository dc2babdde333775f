//! Destination function: people's own endpoints. One call is described in the settings, and so is what its answers mean.
mod deduplication;
mod fields;
mod outcome;
mod perform;
mod requests;

pub(super) use perform::DestinationFunction;
