//! Records from files of other programs: HAR files, events, and the attempts that webhook services list. What a file is
//! is told by what it holds; what could not be carried over is listed.
mod file;
mod notes;

pub use file::{ImportError, Imported, read_bytes, read_file};
pub use notes::Note;

mod format;

mod events;
mod har;
mod services;

mod assemble;
mod judge;
mod observed;

#[cfg(test)]
mod tests;
