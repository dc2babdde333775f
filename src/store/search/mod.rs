//! Searching whole records for texts: in a large file by reading it once from one end to the other on all cores, with
//! records made only of lines that may hold them.
mod spelling;

pub(super) use spelling::{Spellings, in_string};

mod question;
mod trail;

pub(super) use question::{Question, Reach};
pub(super) use trail::{Held, Trail};

mod find;

pub use find::{FindQuery, Found};
