//! Drawing only: reads the session, writes view state, pushes commands.
pub mod body_view;
pub mod command;
pub mod composer;
pub mod event_list;
pub mod examples;
pub mod facets;
pub mod fonts;
pub mod frame_state;
pub mod icon;
pub mod inspector;
pub mod json_editor;
pub mod json_syntax;
pub mod mask;
pub mod modals;
pub mod navigation;
pub mod notices;
pub mod overview;
pub mod problems;
pub mod row_list;
pub mod segmented;
pub mod stamps;
pub mod status_bar;
pub mod story_bar;
pub mod table;
pub mod text;
pub mod theme;
pub mod ticks;
pub mod time_axis;
pub mod timeline;
pub mod tool_bar;
pub mod top_bar;
pub mod view_state;
pub mod visible;
pub mod window;

#[cfg(test)]
mod tests;
