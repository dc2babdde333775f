//! The timeline: one row a delivery, time from left to right.
mod panel;
mod view;

mod ahead;
mod areas;
mod interaction;
mod lane;
mod learned;
mod rows;
mod scene;

mod arrows;
mod bars;
mod beginning;
mod hover;
mod marks;
mod measure;
mod playhead;
mod ruler;
mod threads;
mod tokens;
mod twins;
pub(super) mod words;

pub(in crate::ui) use beginning::rounded;
pub use panel::timeline_ui;
pub use view::TimelineView;
