//! A form over any part of a JSON text: what stands there as fields, lists and directives, each edited where it is. The
//! mapping and the settings are shown by it.
mod row;

mod cell;
mod directive;
mod kinds;
mod lines;
mod literal;
mod members;
mod path_field;
mod shape;

mod edit;
mod told;

pub(super) use cell::{Cell, Form, FormState, Gets, Language, Place};
pub(super) use edit::Edit;
pub(super) use path_field::open_braces;
pub(super) use row::Row;
pub(super) use told::Told;
