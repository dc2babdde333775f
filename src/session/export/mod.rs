//! The timeline of a session for other programs and for people: CSV, JSON and text, one attempt at a time.
mod csv;
mod json;
pub mod text;

pub use csv::{COLUMNS, CsvExport};
pub use json::{JsonExport, Shape};

mod row;

#[cfg(test)]
mod tests;
