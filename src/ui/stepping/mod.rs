//! Going through a run in virtual time: the strip above the timeline that says where it stands and lets it go.
mod bar;
mod words;

pub use bar::step_bar_ui;
