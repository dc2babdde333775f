//! The strip above all: which attempt this is, the way to its neighbours, what can be copied.
use egui::{Align, Button, Label, Layout, RichText, Ui};

use super::context::InspectorContext;
use super::section;
use super::state::InspectorView;
use crate::core::names::Decision;
use crate::core::record::Attempt;
use crate::store::label::thousands;
use crate::ui::command::{Command, Commands, Verb};
use crate::ui::icon::{Icon, icon_button};
use crate::ui::theme::{Theme, size};

/// Height of the strip.
pub(super) const HEIGHT: f32 = 9.0 * size::STEP;

pub(super) fn head_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
    commands: &mut Commands,
) {
    let place = context.attempts.iter().position(|other| other.id == attempt.id);
    ui.horizontal_centered(|ui| {
        ui.label(RichText::new(title(attempt, context.attempts.len())).font(Theme::semibold(size::TEXT)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            menu_ui(ui, attempt, context, view, theme, commands);
            let next = place.and_then(|place| context.attempts.get(place + 1));
            let previous = place.and_then(|place| context.attempts.get(place.checked_sub(1)?));
            for (icon, name, other) in
                [(Icon::Next, "Next attempt", next), (Icon::Previous, "Previous attempt", previous)]
            {
                let button = ui.add_enabled_ui(other.is_some(), |ui| icon_button(ui, icon, name, theme)).inner;
                if button.clicked() {
                    view.goto = other.map(|other| other.id.clone());
                }
            }
            ui.add_space(size::STEP);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let text = format!("{} · {}", subject(attempt, context), context.instant(attempt.started_at));
                let text = section::text(&text).size(size::TABLE_TEXT).color(theme.weak);
                ui.add(Label::new(text).truncate());
            });
        });
    });
}

fn title(attempt: &Attempt, n_attempts: usize) -> String {
    match n_attempts {
        0 | 1 => format!("Attempt {}", attempt.number),
        n_attempts => format!("Attempt {} of {n_attempts}", attempt.number),
    }
}

/// What it carries, in a word.
pub(super) fn subject(attempt: &Attempt, context: &InspectorContext<'_>) -> String {
    match attempt.events.as_slice() {
        [] => "no event".to_owned(),
        [event] => context.event_name(event),
        events => format!("batch of {}", thousands(events.len())),
    }
}

fn menu_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
    commands: &mut Commands,
) {
    let button = icon_button(ui, Icon::Dots, "More", theme);
    egui::Popup::menu(&button).show(|ui| {
        let copy_attempt = Verb::CopyAttempt.info();
        if ui.button(copy_attempt.text).clicked() {
            commands.verb(Verb::CopyAttempt);
        }
        let (text, what) = match attempt.events.len() {
            1 => ("Copy message id", "Message id"),
            _ => ("Copy message ids", "Message ids"),
        };
        if !attempt.events.is_empty() && ui.button(text).clicked() {
            let names: Vec<String> = attempt.events.iter().map(|event| context.event_name(event)).collect();
            commands.push(Command::Copy(names.join("\n"), what));
        }
        if ui.button("Copy attempt id").clicked() {
            commands.push(Command::Copy(attempt.id.as_str().to_owned(), "Attempt id"));
        }
        let keep = Button::new(Verb::KeepForComparison.info().text);
        if ui.add_enabled(!view.difference.is_kept(attempt), keep).clicked() {
            view.keep_for_comparison();
        }
        let is_last = context.attempts.last().is_some_and(|last| last.id == attempt.id);
        if is_last && attempt.verdict.decision == Decision::Retry {
            let give_up = Verb::GiveUp.info();
            if ui.button(give_up.text).on_hover_text(give_up.tooltip).clicked() {
                commands.verb(Verb::GiveUp);
            }
        }
        ui.separator();
        let text = if context.mask.revealed { "Hide secrets" } else { "Show secrets" };
        if ui.button(text).clicked() {
            commands.verb(Verb::ToggleSecrets);
        }
    });
}
