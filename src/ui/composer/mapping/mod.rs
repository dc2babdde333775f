//! The mapping of a draft: a form with a row for each field of the action, and the JSON beside it. Both edit one text.
mod check;
mod form;
mod hints;
mod page;

pub(super) use page::{MappingView, mapping_ui};

#[cfg(test)]
mod tests;
