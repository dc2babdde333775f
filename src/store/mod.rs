//! Many records in memory, fast to look at: columns of attempts, rows of deliveries, token lanes, counts and the
//! shape of the session over time, all kept up to date as each record is pushed.
pub mod session;

pub mod archive;
pub mod attempts;
pub mod brief;
pub mod deliveries;
pub mod ids;
pub mod marks;
pub mod names;

pub mod activity;
pub mod admitted;
pub mod arrange;
pub mod arrangement;
pub mod beginning;
pub mod chronicle;
pub mod facets;
pub mod filter;
pub mod findings;
pub mod grouping;
pub mod label;
pub mod look;
pub mod pyramid;
pub mod rows;
pub mod search;
pub mod standing;
pub mod threads;
pub mod tokens;
pub mod walk;
pub mod watch;

mod column;
mod id_index;
mod interner;
mod lost;

#[cfg(test)]
pub(crate) mod demo;
#[cfg(test)]
mod session_tests;

pub use archive::{Hits, LineSearch, Piece, Place, RecordSource, Searched, Seen};
pub use attempts::AttemptRow;
pub use brief::{AttemptBrief, AttemptNames, ExchangeBrief, Items};
pub use deliveries::{Delivery, DeliveryShape, Fate};
pub use ids::{AttemptIdx, DeliveryIdx, EventIdx};
pub use lost::Lost;
pub use marks::{Marks, Status};
pub use names::NameId;
pub use session::Session;
