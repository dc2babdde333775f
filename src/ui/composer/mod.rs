//! The composer: what to send, to whom, under which rules, and who answers.
pub mod panel;

pub mod answers;
pub mod draft;
pub mod preview;
pub mod problem;
pub mod templates;

mod batching_form;
mod deduplication_form;
mod event_fields;
mod face;
mod field_hints;
mod field_words;
mod fire_rows;
mod form;
mod mapping;
mod pages;
mod settings;
mod subscription_tree;
mod target;
mod told;
mod value;
