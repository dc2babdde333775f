//! Where the events of a stream's batch came from, and which of them go on to another batch.
use std::collections::BTreeMap;

use egui::Ui;

use super::context::InspectorContext;
use super::section;
use super::state::InspectorView;
use crate::core::batching::Members;
use crate::core::names::{AttemptId, EventId};
use crate::core::record::Attempt;
use crate::ui::theme::Theme;

/// Events that are named; the others are counted.
const MOST_NAMED: usize = 6;

/// Shows nothing for an attempt whose events neither come from another batch nor go on to one.
pub(super) fn batch_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    let members = Members::of(attempt);
    if members == Members::default() {
        return;
    }
    section::heading_ui(ui, "Through batches", theme, |_| ());
    let mut by_origin: BTreeMap<&AttemptId, Vec<&EventId>> = BTreeMap::new();
    for (event, from) in &members.came_from {
        by_origin.entry(from).or_default().push(event);
    }
    for (from, events) in by_origin {
        section::row_with(ui, "Came from", theme, |ui| {
            if ui.link(section::text(&format!("attempt {from}"))).clicked() {
                view.goto = Some(from.clone());
            }
            ui.label(section::with_remark(&named(&events, context), "", theme));
        });
    }
    if let Some(first_due) = members.goes_on.values().min() {
        let events: Vec<&EventId> = members.goes_on.keys().collect();
        let due = format!("due from {} on", context.instant(*first_due));
        section::row_ui(ui, "Go on", section::with_remark(&named(&events, context), &due, theme), theme);
    }
    if !members.given_up.is_empty() {
        let events: Vec<&EventId> = members.given_up.iter().collect();
        section::row_ui(ui, "Given up", section::with_remark(&named(&events, context), "", theme), theme);
    }
}

fn named(events: &[&EventId], context: &InspectorContext<'_>) -> String {
    let names: Vec<String> = events.iter().take(MOST_NAMED).map(|event| context.event_name(event)).collect();
    match events.len().saturating_sub(MOST_NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
