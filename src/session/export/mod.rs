//! The timeline of a session for other programs and for people: CSV, JSON and text, one attempt at a time.
mod clipboard;
mod csv;
mod curl;
mod json;
pub mod text;
mod timeline;

pub use clipboard::{markdown, tsv};
pub use csv::{COLUMNS, CsvExport};
pub use curl::curl;
pub use json::{JsonExport, Shape};
pub use timeline::{Timeline, TimelineFormat};

mod row;

#[cfg(test)]
mod tests;
