//! Drawing only: reads the session, writes view state, pushes commands.
pub mod command;
pub mod composer;
pub mod event_list;
pub mod fonts;
pub mod frame_state;
pub mod json_editor;
pub mod json_syntax;
pub mod modals;
pub mod notices;
pub mod stamps;
pub mod status_bar;
pub mod theme;
pub mod ticks;
pub mod time_axis;
pub mod tool_bar;
pub mod top_bar;
pub mod view_state;
