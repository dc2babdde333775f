//! The detectors, a file for each subject, each with its part of the catalogue.
use super::catalogue::Entry;

pub(super) mod pendo;
pub(super) mod tokens;

mod batches;
mod conversions;
mod framework;
mod functions;
mod linkedin_users;
mod membership;
mod refresh;
mod repeats;
mod subscription;
mod unseen;

mod sources;

/// Every entry of the catalogue, by subject.
pub(super) const ALL: &[&[Entry]] = &[
    pendo::ENTRIES,
    membership::ENTRIES,
    linkedin_users::ENTRIES,
    batches::ENTRIES,
    conversions::ENTRIES,
    refresh::ENTRIES,
    tokens::ENTRIES,
    framework::ENTRIES,
    subscription::ENTRIES,
    repeats::ENTRIES,
    functions::ENTRIES,
    unseen::ENTRIES,
];
