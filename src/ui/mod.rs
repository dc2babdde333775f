//! Drawing only: reads the session, writes view state, pushes commands.
pub mod command;
pub mod composer;
pub mod fonts;
pub mod json_editor;
pub mod json_syntax;
pub mod stamps;
pub mod theme;
pub mod ticks;
pub mod time_axis;
pub mod view_state;
