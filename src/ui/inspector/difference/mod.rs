//! What changed between two exchanges and the attempts that they belong to.
mod lines;
mod question;
mod sides;
mod view;

pub use question::{DifferenceAnswer, DifferenceQuestion};
pub(super) use sides::{DifferenceView, Wish, Work};
pub(super) use view::difference_ui;
