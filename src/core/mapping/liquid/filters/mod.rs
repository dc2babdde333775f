//! The filters, by what they work on.
mod encode;
mod list;
mod markup;
mod number;
mod registry;
mod slug;
mod text;
mod time;
mod zone;

pub(super) use registry::{Arguments, apply};
