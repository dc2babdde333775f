//! The timeline: one row a delivery, time from left to right.
mod panel;
mod view;

mod areas;
mod interaction;
mod lane;
mod learned;
mod rows;
mod scene;

mod arrows;
mod bars;
mod hover;
mod marks;
mod measure;
mod ruler;
mod threads;
mod tokens;
mod twins;
mod words;

pub use panel::timeline_ui;
pub use view::TimelineView;
