//! Duplicates, on both sides of the wire: what keeps a receiver from acting twice on the same event, and a ledger of what
//! was sent, acted on and acknowledged that tells whether it did.
mod acts;
mod evidence;
mod ledger;
mod profiles;
mod strategy;

#[cfg(test)]
mod interleavings;
mod told;

pub use acts::Acts;
pub use evidence::dropped_at_ingest;
pub use ledger::{Ledger, Observed};
pub use profiles::{Profiles, TraitRead, Written, user_of};
pub(in crate::core) use strategy::structured_string;
pub use strategy::{KeyOf, Strategy};
pub use told::{Counts, Element, LeftOut, TraitTimes};
