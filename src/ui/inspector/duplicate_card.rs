//! What duplicate detection found, and what that rests on.
use egui::{RichText, Ui};
use serde_json::Value;

use super::section;
use super::state::InspectorView;
use crate::core::names::DuplicateOutcome;
use crate::core::record::DuplicateMark;
use crate::ui::mask::Mask;
use crate::ui::theme::{Theme, Tone};
use crate::ui::visible;

pub(super) fn duplicate_ui(
    ui: &mut Ui,
    duplicate: &DuplicateMark,
    mask: &Mask<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    section::heading_ui(ui, "Duplicates", theme, |_| ());
    let (words, tone) = outcome(duplicate.outcome);
    section::row_ui(ui, "Found", RichText::new(words).color(theme.tone(tone)), theme);
    section::row_ui(ui, "Strategy", section::text(&duplicate.strategy), theme);
    if let Some(of) = &duplicate.of {
        section::row_with(ui, "Twin of", theme, |ui| {
            if ui.link(section::text(&format!("attempt {of}"))).clicked() {
                view.goto = Some(of.clone());
            }
        });
    }
    for (name, value) in &duplicate.evidence {
        let value = match value {
            Value::String(text) => mask.text(text).into_owned(),
            value => mask.text(&value.to_string()).into_owned(),
        };
        section::row_ui(ui, &visible::label(&name.replace('_', " ")), section::text(&value), theme);
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
