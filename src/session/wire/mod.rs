//! The lines of a session file, version 1, apart from the domain types: `read` takes any field order and keeps what it
//! does not know, `write` puts what a timeline needs at the head of the line.
mod body;
mod brief;
mod read;
mod write;

pub(crate) use body::from_file as body_from_file;
pub(crate) use read::headers;
pub use read::{Line, LineError, parse_line};
pub(crate) use write::{AttemptLine, HeaderLine, Json, Object};
pub use write::{write_header, write_record};

#[cfg(test)]
mod tests;
