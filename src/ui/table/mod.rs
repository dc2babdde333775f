//! The table: one row a delivery, sorted by any column, with the columns that people want.
mod columns;
mod panel;

mod beginning;
mod cells;
mod head;

pub use columns::Columns;
pub use panel::{TableView, table_ui};
