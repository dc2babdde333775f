//! The composer: what to send, to whom, under which rules, and who answers.
pub mod panel;

pub mod draft;
pub mod templates;

mod form;
mod subscription_tree;
