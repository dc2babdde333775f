//! The left column of the composer: who gets the events, under which rules, with which settings and credentials.
use egui::{Align, Grid, Label, Layout, RichText, ScrollArea, Ui, vec2};
use serde_json::json;

use super::batching_form;
use super::draft::Draft;
use super::form::{self, Letters};
use super::settings::settings_rows_ui;
use crate::core::destinations::{AuthScheme, DESTINATIONS, Operation, destination};
use crate::core::names::{Mode, RefreshHook, RuleSetName};
use crate::core::secret_names::is_secret_key;
use crate::ui::command::{Commands, Verb};
use crate::ui::theme::{Theme, size};

/// Labels of the form stand in a column of this width.
const LABEL_WIDTH: f32 = 128.0;

fn label_ui(ui: &mut Ui, text: &str) {
    let room = vec2(LABEL_WIDTH, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
        ui.set_width(LABEL_WIDTH);
        ui.add(Label::new(text).truncate());
    });
}

/// Whether secrets are shown, and the way to the other.
pub(super) fn secrets_ui(ui: &mut Ui, are_shown: bool, commands: &mut Commands) {
    let words = RichText::new("Show secrets").font(Theme::font(size::TABLE_TEXT));
    if ui.selectable_label(are_shown, words).clicked() {
        commands.verb(Verb::ToggleSecrets);
    }
}

/// Shows the column; true if people want to edit lists and objects of the settings. `secrets_shown` is whether they asked to
/// see secrets.
pub(super) fn target_ui(ui: &mut Ui, draft: &mut Draft, secrets_shown: bool, theme: &Theme) -> bool {
    let mut wants_page = false;
    let field_width = ui.available_width() - LABEL_WIDTH - 8.0 - 12.0;
    ui.spacing_mut().text_edit_width = field_width;
    ui.spacing_mut().combo_width = field_width;
    ScrollArea::vertical().id_salt("target").auto_shrink(false).show(ui, |ui| {
        Grid::new("target grid")
            .num_columns(2)
            .min_col_width(LABEL_WIDTH)
            .max_col_width(field_width.max(LABEL_WIDTH))
            .spacing(vec2(8.0, 5.0))
            .show(ui, |ui| {
                destination_rows_ui(ui, draft);
                rules_row_ui(ui, draft, theme);
                let destination = destination(draft.destination);
                wants_page = settings_rows_ui(ui, draft, secrets_shown, theme);
                if destination.auth_scheme() == AuthScheme::Oauth2 {
                    for (key, label) in form::AUTH {
                        ui.label(label);
                        let is_hidden = is_secret_key(key) && !secrets_shown;
                        let letters = if is_hidden { Letters::Hidden } else { Letters::Shown };
                        let hint = if is_secret_key(key) { "or $env:NAME" } else { "" };
                        if let Some(text) = form::text_ui(ui, label, hint, draft.auth.get(key), letters, None) {
                            draft.auth.insert(key.to_owned(), json!(text));
                        }
                        ui.end_row();
                    }
                    refresh_hook_row_ui(ui, draft, theme);
                }
            });
    });
    wants_page
}

fn destination_rows_ui(ui: &mut Ui, draft: &mut Draft) {
    label_ui(ui, "Destination");
    let chosen = destination(draft.destination);
    form::chooser_ui(ui, "destination", "Destination", chosen.title(), |ui| {
        for offered in DESTINATIONS {
            if ui.selectable_label(offered.name() == chosen.name(), offered.title()).clicked() {
                form::take_destination(draft, *offered);
            }
        }
    });
    ui.end_row();
    label_ui(ui, "Action");
    let title = match Operation::of(chosen, &draft.action) {
        Some(Operation::Action(action)) => action.title().to_owned(),
        _ => draft.action.clone(),
    };
    form::chooser_ui(ui, "action", "Action", &title, |ui| {
        for action in chosen.actions() {
            let entry = ui.selectable_label(action.name() == draft.action, action.title());
            if entry.on_hover_text(action.description()).clicked() {
                action.name().clone_into(&mut draft.action);
            }
        }
    });
    ui.end_row();
    label_ui(ui, "Events as");
    ui.horizontal(|ui| {
        ui.radio_value(&mut draft.mode, Mode::Single, "single").on_hover_text("Each event is its own delivery");
        ui.radio_value(&mut draft.mode, Mode::Batch, "batch").on_hover_text("Many events are one delivery");
    });
    ui.end_row();
    if draft.mode == Mode::Batch {
        batching_form::batching_rows_ui(ui, &mut draft.batching);
    }
}

fn refresh_hook_row_ui(ui: &mut Ui, draft: &mut Draft, theme: &Theme) {
    let offered = RefreshHook::ALL.iter().map(|hook| (*hook, hook.name()));
    choice_row_ui(ui, ("refresh hook", "Refresh hook"), offered, refresh_hook_words, &mut draft.refresh_hook, theme);
}

const fn refresh_hook_words(hook: RefreshHook) -> &'static str {
    match hook {
        RefreshHook::None => "who meets a 401 refreshes",
        RefreshHook::Lock => "one refresh at a time; who had to wait refreshes as well",
        RefreshHook::Share => "one refresh at a time; who had to wait takes the new token",
    }
}

fn note_ui(ui: &mut Ui, words: &str, theme: &Theme) {
    ui.add(Label::new(RichText::new(words).font(Theme::font(size::TIMELINE_TEXT)).color(theme.weak)).wrap());
}

fn rules_row_ui(ui: &mut Ui, draft: &mut Draft, theme: &Theme) {
    let offered = RuleSetName::ALL.iter().map(|rules| (*rules, rules.name()));
    choice_row_ui(ui, ("rules", "Rules"), offered, rules_words, &mut draft.rules, theme);
}

/// A choice of one among named ones, and below it what the chosen one means.
fn choice_row_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    (salt, label): (&str, &str),
    offered: impl Iterator<Item = (T, &'static str)> + Clone,
    words: fn(T) -> &'static str,
    chosen: &mut T,
    theme: &Theme,
) {
    label_ui(ui, label);
    let name = offered.clone().find(|(value, _)| value == chosen).map_or("", |(_, name)| name);
    form::chooser_ui(ui, salt, label, name, |ui| {
        for (value, name) in offered {
            if ui.selectable_label(value == *chosen, name).on_hover_text(words(value)).clicked() {
                *chosen = value;
            }
        }
    });
    ui.end_row();
    ui.label("");
    note_ui(ui, words(*chosen), theme);
    ui.end_row();
}

const fn rules_words(rules: RuleSetName) -> &'static str {
    match rules {
        RuleSetName::TokenPropagationRefresh => "409 is a retry; 65601/65602: refresh, then retry later",
        RuleSetName::TokenPropagationNoRefresh => "409 is a retry; 65601/65602: retry later, no refresh",
        RuleSetName::SegmentMain => "409 is a retry; 65601/65602 are plain 401s",
        RuleSetName::BeforePendo409 => "Pendo's 409 is final; 65601/65602 are plain 401s",
    }
}
