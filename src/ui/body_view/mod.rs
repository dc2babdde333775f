//! Bodies to read: JSON in colours, text, bytes as hex. Of a body of any size only the lines in sight are laid out.
mod document;
mod find;
mod hex;
mod line_job;
mod pretty;
mod rows;
mod sideways;
mod view;

pub use document::{Document, Kind};
pub use view::BodyView;
