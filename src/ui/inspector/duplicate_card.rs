//! What duplicate detection found, and what that rests on.
use egui::{RichText, Ui};
use serde_json::Value;

use super::section;
use super::state::InspectorView;
use crate::core::names::DuplicateOutcome;
use crate::core::record::DuplicateMark;
use crate::ui::theme::{Theme, Tone};

pub(super) fn duplicate_ui(ui: &mut Ui, mark: &DuplicateMark, view: &mut InspectorView, theme: &Theme) {
    section::heading_ui(ui, "Duplicates", theme, |_| ());
    let (words, tone) = outcome(mark.outcome);
    section::row_ui(ui, "Found", RichText::new(words).color(theme.tone(tone)), theme);
    section::row_ui(ui, "Strategy", section::text(&mark.strategy), theme);
    if let Some(of) = &mark.of {
        section::row_with(ui, "Twin of", theme, |ui| {
            if ui.link(section::text(&format!("attempt {of}"))).clicked() {
                view.goto = Some(of.clone());
            }
        });
    }
    for (name, value) in &mark.evidence {
        let value = match value {
            Value::String(text) => section::text(text),
            value => section::text(&value.to_string()),
        };
        section::row_ui(ui, &name.replace('_', " "), value, theme);
    }
}

/// The outcome for people, and its tone.
const fn outcome(outcome: DuplicateOutcome) -> (&'static str, Tone) {
    match outcome {
        DuplicateOutcome::First => ("first time that the receiver saw it", Tone::Delivered),
        DuplicateOutcome::Suppressed => ("seen before; the receiver did not act again", Tone::Pending),
        DuplicateOutcome::DeliveredTwice => ("the receiver acted on it once more", Tone::Twice),
        DuplicateOutcome::WronglySuppressed => ("held back although the receiver never acted on it", Tone::Dropped),
        DuplicateOutcome::Ambiguous => ("nobody can tell whether the receiver acted", Tone::Retry),
    }
}
