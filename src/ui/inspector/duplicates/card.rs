//! The whole card: the finding and why, the ledger, the trait, and whatever else the evidence says.
use egui::{Label, RichText, Ui};
use serde_json::Value;

use super::elements::elements_ui;
use super::trait_bar::trait_bar_ui;
use super::wire::wire_ui;
use crate::core::deduplication::{Counts, LeftOut, TraitTimes};
use crate::core::names::DuplicateOutcome;
use crate::core::record::DuplicateMark;
use crate::ui::icon::{Icon, icon_ui};
use crate::ui::inspector::context::InspectorContext;
use crate::ui::inspector::section;
use crate::ui::inspector::state::InspectorView;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::visible;

/// What the card shows in ways of its own.
const DRAWN: [&str; 12] = [
    "label",
    "why",
    "message_id",
    "receiver",
    "sent",
    "acted",
    "acknowledged",
    "elements",
    LeftOut::NAME,
    "trait_read_at",
    "trait_written_at",
    "trait_visible_at",
];

pub(in crate::ui::inspector) fn duplicate_ui(
    ui: &mut Ui,
    mark: &DuplicateMark,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    section::heading_ui(ui, "Duplicates", theme, |ui| {
        let strategy = if mark.strategy == "none" { "no strategy" } else { &mark.strategy };
        ui.label(section::text(strategy).size(size::TABLE_TEXT).color(theme.weak)).on_hover_text("Strategy");
    });
    finding_ui(ui, mark, context, theme);
    ui.add_space(size::STEP);
    if let Some(counts) = Counts::read(&mark.evidence) {
        wire_ui(ui, counts, theme);
        ui.add_space(size::STEP);
    }
    if let Some(times) = TraitTimes::read(mark) {
        trait_bar_ui(ui, times, context, theme);
        ui.add_space(size::STEP);
    }
    rows_ui(ui, mark, context, view, theme);
    if let Some(Value::Array(elements)) = mark.evidence.get("elements") {
        ui.add_space(size::STEP);
        elements_ui(ui, elements, context, &mut view.elements, theme);
    }
    let left_out = LeftOut::read(&mark.evidence);
    if !left_out.is_empty() {
        ui.label(section::text(&left_out.to_string()).size(size::TABLE_TEXT).color(theme.weak));
    }
}

/// What it is called, and why.
fn finding_ui(ui: &mut Ui, mark: &DuplicateMark, context: &InspectorContext<'_>, theme: &Theme) {
    let text = |name: &str| mark.evidence.get(name).and_then(Value::as_str);
    let (words, tone, icon) = told(mark.outcome, Counts::read(&mark.evidence).unwrap_or_default());
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 1.5 * size::STEP;
        icon_ui(ui, icon, 14.0, theme.tone(tone));
        let label = section::text(text("label").unwrap_or(words));
        ui.add(Label::new(label.font(Theme::semibold(size::TEXT)).color(theme.tone(tone))).wrap());
    });
    let why = text("why").map_or_else(|| words.into(), |why| context.mask.text(why));
    ui.add(Label::new(section::text(&why)).wrap());
}

fn rows_ui(ui: &mut Ui, mark: &DuplicateMark, context: &InspectorContext<'_>, view: &mut InspectorView, theme: &Theme) {
    if let Some(of) = &mark.of {
        section::row_with(ui, "Twin of", theme, |ui| {
            if ui.link(section::text(&format!("attempt {of}"))).clicked() {
                view.goto = Some(of.clone());
            }
        });
    }
    let mut row = |name: &str, value: &Value| {
        let value = match value {
            Value::String(text) if let Ok(at) = text.parse() => context.instant(at),
            Value::String(text) => context.mask.text(text).into_owned(),
            value => context.mask.json(value).to_string(),
        };
        section::row_ui(ui, &visible::label(name), RichText::new(visible::label(&value)), theme);
    };
    for (name, words) in [("message_id", "Message"), ("receiver", "Receiver")] {
        if let Some(value) = mark.evidence.get(name) {
            row(words, value);
        }
    }
    let is_drawn = |name: &str| DRAWN.contains(&name) && !is_lone_read(mark, name);
    for (name, value) in mark.evidence.iter().filter(|(name, _)| !is_drawn(name)) {
        row(&capitalised(name), value);
    }
}

/// A trait that had never been written has no bar; when it was read is a row then.
fn is_lone_read(mark: &DuplicateMark, name: &str) -> bool {
    name.starts_with("trait_") && TraitTimes::read(mark).is_none()
}

/// `Known from` of `known_from`.
fn capitalised(name: &str) -> String {
    let mut letters = name.chars().map(|letter| if letter == '_' { ' ' } else { letter });
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// An outcome for people, its tone and its shape.
pub(super) const fn told(outcome: DuplicateOutcome, counts: Counts) -> (&'static str, Tone, Icon) {
    match outcome {
        DuplicateOutcome::First if counts.n_sent > 0 && counts.n_acted == 0 => {
            ("nothing done so far", Tone::Pending, Icon::Dots)
        }
        DuplicateOutcome::First => ("first time that the receiver saw it", Tone::Delivered, Icon::Check),
        DuplicateOutcome::Suppressed => ("seen before; the receiver did not act again", Tone::Pending, Icon::Equal),
        DuplicateOutcome::DeliveredTwice => ("the receiver acted on it once more", Tone::Twice, Icon::Twice),
        DuplicateOutcome::WronglySuppressed => {
            ("held back although the receiver never acted on it", Tone::Dropped, Icon::Equal)
        }
        DuplicateOutcome::Ambiguous => ("nobody can tell whether the receiver acted", Tone::Retry, Icon::Question),
    }
}
