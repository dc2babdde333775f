//! What a timeline needs of each line of a session file, without making records of the lines: every byte is checked, and
//! nothing is copied. It takes any field order. A line with anything unusual in it is left to `wire::parse_line`, which
//! says what is wrong with it or finds that nothing is.
mod chunk;

pub(crate) use chunk::{ScannedChunk, ScannedLine};

mod attempt;
mod event;
mod exchange;
mod parts;

mod instant;
mod json;

#[cfg(test)]
mod tests;
