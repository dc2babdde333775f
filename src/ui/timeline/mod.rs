//! The timeline: one row a delivery, time from left to right.
mod panel;
mod view;

mod areas;
mod interaction;
mod lane;
mod rows;
mod scene;

mod arrows;
mod bars;
mod hover;
mod marks;
mod ruler;
mod tokens;
mod words;

pub use panel::timeline_ui;
pub use view::TimelineView;
