//! The filters, by what they work on.
mod encode;
mod list;
mod markup;
mod number;
mod registry;
mod text;
mod time;

pub(super) use registry::{Arguments, apply};
