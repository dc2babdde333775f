//! Findings: what a person should know of a session although nothing says so. Detectors for the quirks of the reference
//! and for what else goes wrong between a sender, a pipeline and a receiver; they read records, ours or foreign, and
//! nothing else.
mod detector;
mod finding;

mod catalogue;
mod quirks;
mod sighting;

mod chain;
mod ledger;
mod past;
mod plan;
mod scene;
mod short_names;
mod tokens;

mod actions;
mod changes;
mod idempotence;
mod status;
mod wire;

#[cfg(test)]
mod tests;

pub use catalogue::{Entry, Visibility, catalogue, entry};
pub use detector::{Detector, detect};
pub use finding::{At, Evidence, Finding, FindingId, Severity};
pub use scene::Arrived;
pub use wire::{call_of_request, host_and_path};
