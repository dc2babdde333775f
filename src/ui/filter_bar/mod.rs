//! The filter bar: one line above everything in which people say which deliveries they want to see.
mod bar;
mod colors;
mod state;

pub use bar::{filter_bar_ui, filter_error_ui};
pub use state::{FilterBar, FilterLibrary};
