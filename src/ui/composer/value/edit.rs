//! What a person does in a form, as an edit of the text that it shows.
use serde_json::Value;

use crate::ui::json_editor::{Step, push_item, remove_at, rename_at, set_at, swap_items};

/// An edit of a JSON text. Ways lead from its root.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui::composer) enum Edit {
    /// Something else stands there, or something at last.
    Set(Vec<Step>, Value),
    /// Nothing stands there any more.
    Remove(Vec<Step>),
    /// A list gets one more item.
    Push(Vec<Step>, Value),
    /// Two items of a list change places.
    Swap(Vec<Step>, usize, usize),
    /// A member has another key.
    Rename(Vec<Step>, String),
    /// The field has its default again.
    Reset(Vec<Step>),
    /// To go there in the JSON.
    AsJson(Vec<Step>),
}

impl Edit {
    /// Where it is.
    pub(in crate::ui::composer) fn way(&self) -> &[Step] {
        match self {
            Self::Set(way, _)
            | Self::Remove(way)
            | Self::Push(way, _)
            | Self::Swap(way, ..)
            | Self::Rename(way, _)
            | Self::Reset(way)
            | Self::AsJson(way) => way,
        }
    }

    /// The text after it; everything else in it stays as it was written. None if that cannot be.
    pub(in crate::ui::composer) fn apply(&self, text: &str) -> Option<String> {
        match self {
            Self::Set(way, value) => set_at(text, way, value),
            Self::Remove(way) | Self::Reset(way) => remove_at(text, way),
            Self::Push(way, value) => push_item(text, way, value),
            Self::Swap(way, one, other) => swap_items(text, way, *one, *other),
            Self::Rename(way, key) => rename_at(text, way, key),
            Self::AsJson(_) => Some(text.to_owned()),
        }
    }
}
