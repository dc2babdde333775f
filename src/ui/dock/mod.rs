//! Panels that people put where they want them: dragged by their heads or moved from a menu, side by side or as tabs.
mod fit;
mod head;
mod place;
mod remembered;
mod splitter;
mod target;
mod tree;
mod view;

pub use head::move_menu_ui;
pub use place::{Place, Side, places_for};
pub use tree::{Dock, focus_id};
pub use view::dock_ui;
