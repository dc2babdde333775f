//! The composer: what to send, to whom, under which rules, and who answers.
pub mod panel;

pub mod draft;
pub mod preview;
pub mod templates;

mod batching_form;
mod deduplication_form;
mod form;
mod subscription_tree;
