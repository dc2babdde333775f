//! What a timeline needs of each line of a session file, without making records of the lines. Of a line that says it in
//! brief at its head nothing else is looked at, and any other line, whatever the order of its fields, is skimmed: bodies,
//! headers, facts are passed over. `check` looks at the rest when there is time. A line with anything unusual in it is left
//! to `wire::parse_line`, which says what is wrong with it or finds that nothing is.
mod check;
mod chunk;

pub(crate) use check::{LineCheck, Trouble};
pub(crate) use chunk::{Looked, ScannedChunk, ScannedLine};
pub(crate) use memo::SharedText;

mod brackets;
mod brief;
mod memo;

mod event;
mod exchange;
mod parts;
mod record;

mod instant;
mod json;

#[cfg(test)]
mod tests;
