//! A text editor for JSON that knows what may stand where: colours, line numbers, marks at mistakes, proposals for what
//! may be typed next, and edits that leave the rest of the text as it is.
mod edit;
mod editor;
mod hints;
mod outline;
mod place;

pub use edit::{one_line, push_item, remove_at, remove_member, rename_at, set_at, set_member, swap_items};
pub use editor::{EditorState, JsonEditor, Mark};
pub use hints::{About, Hints, Proposal};
pub use outline::{Node, NodeKind, Outline, Step};
pub use place::{Place, Role};

#[cfg(test)]
mod tests;
