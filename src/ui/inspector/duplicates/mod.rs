//! What duplicate detection found: the ledger on both sides of the wire, the trait that was read, the elements of batches.
mod card;

mod elements;
mod trait_bar;
mod wire;

pub(super) use card::duplicate_ui;
