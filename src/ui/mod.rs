//! Drawing only: reads the session, writes view state, pushes commands.
pub mod command;
pub mod composer;
pub mod fonts;
pub mod theme;
