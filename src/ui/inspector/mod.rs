//! The inspector: one attempt with its verdict and why, what was sent and answered, its token, its twins and its chain.
mod context;
mod panel;
mod state;

mod batch_card;
mod chain;
mod difference;
mod duplicates;
mod event_card;
mod exchange_list;
mod exchange_view;
mod findings_card;
mod grounds;
mod head;
mod header_fields;
mod items;
mod lineage;
mod token_card;
mod under_way;
mod verdict_card;

mod row;
mod section;
mod words;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use context::InspectorContext;
pub use difference::{DifferenceAnswer, DifferenceQuestion};
pub use panel::{inspector_empty_ui, inspector_ui};
pub use state::InspectorView;
pub use under_way::{beginning_panel_ui, under_way_note_ui};
