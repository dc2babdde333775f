//! The composer's panel: who gets what under which rules, the events, and who answers. Three columns, one button.
use std::num::NonZeroUsize;

use egui::{
    Align, Button, Checkbox, ComboBox, DragValue, Grid, Label, Layout, RichText, ScrollArea, TextEdit, Ui, vec2,
};
use serde_json::{Value, json};

use super::batching_form;
use super::deduplication_form::deduplication_ui;
use super::draft::{Answerer, Draft, DraftField, DraftProblem};
use super::form;
use super::preview::{PreviewView, preview_ui};
use super::subscription_tree::subscription_tree_ui;
use super::templates::{EVENTS, STORIES, Template};
use crate::core::destinations::{AuthScheme, DESTINATIONS, Operation, destination};
use crate::core::names::{ClockKind, Mode, RefreshHook, RuleSetName};
use crate::core::pipeline::PRESETS;
use crate::ui::command::{Commands, Verb};
use crate::ui::json_editor::json_editor_ui;
use crate::ui::theme::{Theme, Tone, size};

/// What the composer holds and how far the person has got with it.
#[derive(Debug)]
pub struct ComposerState {
    /// The plan in the making.
    pub draft: Draft,
    /// Why it could not be fired or saved, and where.
    pub problem: Option<ComposerProblem>,
    /// Which text the right column edits.
    pub page: Page,
    /// How many attempts may be under way at once in real time.
    pub at_once: NonZeroUsize,
    /// What would be sent.
    pub preview: PreviewView,
    /// Whether the keyboard is in one of its fields.
    pub has_focus: bool,
}

/// Why a draft could not be fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposerProblem {
    /// The text field that it is in, and the line there.
    pub at: Option<(DraftField, usize)>,
    /// What is wrong, for people.
    pub message: String,
}

impl From<DraftProblem> for ComposerProblem {
    fn from(problem: DraftProblem) -> Self {
        Self { at: Some((problem.field, problem.line)), message: problem.to_string() }
    }
}

/// A page of the right column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Who answers.
    #[default]
    Answers,
    /// Changes to the default mapping, and the subscription.
    Mapping,
    /// What keeps duplicates out.
    Duplicates,
    /// What would be sent.
    Preview,
}

impl Default for ComposerState {
    fn default() -> Self {
        let at_once = NonZeroUsize::MIN.saturating_add(15);
        Self {
            draft: super::templates::first_draft(),
            problem: None,
            page: Page::default(),
            at_once,
            preview: PreviewView::default(),
            has_focus: false,
        }
    }
}

/// Shows the panel. `running` is whether something is being sent now.
pub fn composer_ui(ui: &mut Ui, state: &mut ComposerState, running: bool, theme: &Theme, commands: &mut Commands) {
    let height = ui.available_height();
    let whole = ui.available_rect_before_wrap();
    let before = state.draft.clone();
    ui.horizontal_top(|ui| {
        let gap = ui.spacing().item_spacing.x;
        let left = (ui.available_width() * 0.27).clamp(260.0, 340.0);
        let middle = (ui.available_width() - left - 2.0 * gap) * 0.56;
        column_ui(ui, left, height, |ui| target_ui(ui, &mut state.draft, theme));
        column_ui(ui, middle, height, |ui| events_ui(ui, state, theme));
        column_ui(ui, ui.available_width(), height, |ui| answers_ui(ui, state, running, theme, commands));
    });
    let focused = ui.memory(egui::Memory::focused).and_then(|id| ui.ctx().read_response(id));
    state.has_focus = focused.is_some_and(|response| whole.contains_rect(response.rect.intersect(whole)));
    if state.draft != before {
        // What is typed is judged at once; what only firing can tell is forgotten.
        state.problem = state.draft.to_plan().err().map(ComposerProblem::from);
    }
}

fn column_ui(ui: &mut Ui, width: f32, height: f32, content: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, height), Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        content(ui);
    });
}

fn heading_ui(ui: &mut Ui, text: &str, theme: &Theme) {
    ui.label(RichText::new(text).font(Theme::semibold(size::TABLE_TEXT)).color(theme.weak));
}

/// Labels of the form stand in a column of this width.
const LABEL_WIDTH: f32 = 128.0;

fn label_ui(ui: &mut Ui, text: &str) {
    let room = vec2(LABEL_WIDTH, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
        ui.set_width(LABEL_WIDTH);
        ui.add(Label::new(text).truncate());
    });
}

fn target_ui(ui: &mut Ui, draft: &mut Draft, theme: &Theme) {
    heading_ui(ui, "Deliver to", theme);
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
                for field in destination.settings() {
                    ui.add(Label::new(field.label).truncate());
                    form::field_ui(ui, field, &mut draft.settings);
                    ui.end_row();
                }
                if destination.auth_scheme() == AuthScheme::Oauth2 {
                    for (key, label) in form::AUTH {
                        ui.label(label);
                        form::credential_ui(ui, key, label, &mut draft.auth);
                        ui.end_row();
                    }
                    refresh_hook_row_ui(ui, draft, theme);
                }
            });
    });
}

fn destination_rows_ui(ui: &mut Ui, draft: &mut Draft) {
    label_ui(ui, "Destination");
    let chosen = destination(draft.destination);
    combo_ui(ui, "destination", "Destination", chosen.title(), |ui| {
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
    combo_ui(ui, "action", "Action", &title, |ui| {
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
    label_ui(ui, "Refresh hook");
    combo_ui(ui, "refresh hook", "Refresh hook", draft.refresh_hook.name(), |ui| {
        for hook in RefreshHook::ALL {
            let entry = ui.selectable_label(*hook == draft.refresh_hook, hook.name());
            if entry.on_hover_text(refresh_hook_words(*hook)).clicked() {
                draft.refresh_hook = *hook;
            }
        }
    });
    ui.end_row();
    ui.label("");
    note_ui(ui, refresh_hook_words(draft.refresh_hook), theme);
    ui.end_row();
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
    label_ui(ui, "Rules");
    combo_ui(ui, "rules", "Rules", draft.rules.name(), |ui| {
        for rules in RuleSetName::ALL {
            let chosen = *rules == draft.rules;
            if ui.selectable_label(chosen, rules.name()).on_hover_text(rules_words(*rules)).clicked() {
                draft.rules = *rules;
            }
        }
    });
    ui.end_row();
    ui.label("");
    note_ui(ui, rules_words(draft.rules), theme);
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

fn combo_ui(ui: &mut Ui, salt: &str, label: &str, chosen: &str, entries: impl FnOnce(&mut Ui)) {
    let combo = ComboBox::from_id_salt(salt).selected_text(chosen).truncate();
    let response = combo.show_ui(ui, entries).response;
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, label));
}

fn events_ui(ui: &mut Ui, state: &mut ComposerState, theme: &Theme) {
    ui.horizontal(|ui| {
        heading_ui(ui, "Events", theme);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(template) = gallery_ui(ui, "Template event", EVENTS) {
                template.json.trim_end().clone_into(&mut state.draft.events);
            }
        });
    });
    let line = error_line(state, DraftField::Events);
    json_editor_ui(ui, "Events as JSON", &mut state.draft.events, line, theme);
}

fn gallery_ui(ui: &mut Ui, title: &str, templates: &'static [Template]) -> Option<&'static Template> {
    let mut chosen = None;
    ui.menu_button(format!("{title}…"), |ui| {
        for template in templates {
            if ui.button(template.title).on_hover_text(template.hint).clicked() {
                chosen = Some(template);
                ui.close();
            }
        }
    });
    chosen
}

fn error_line(state: &ComposerState, field: DraftField) -> Option<usize> {
    let (at, line) = state.problem.as_ref()?.at?;
    (at == field).then_some(line)
}

fn answers_ui(ui: &mut Ui, state: &mut ComposerState, running: bool, theme: &Theme, commands: &mut Commands) {
    ui.horizontal(|ui| {
        for (page, word) in [
            (Page::Answers, "Answered by"),
            (Page::Mapping, "Mapping"),
            (Page::Duplicates, "Duplicates"),
            (Page::Preview, "Preview"),
        ] {
            if ui.selectable_label(state.page == page, word).clicked() {
                state.page = page;
            }
        }
        if state.page == Page::Answers && state.draft.answerer == Answerer::Simulator {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if let Some(story) = gallery_ui(ui, "Story", STORIES) {
                    story.json.trim_end().clone_into(&mut state.draft.simulator);
                }
            });
        }
    });
    // The button row first, from below, so that the editor takes what is left.
    ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
        fire_row_ui(ui, state, running, theme, commands);
        if let Some(problem) = &state.problem {
            ui.label(RichText::new(&problem.message).color(theme.tone(Tone::Dropped)));
        }
        ui.with_layout(Layout::top_down(Align::Min), |ui| match state.page {
            Page::Answers => answerer_ui(ui, state, theme),
            Page::Mapping => mapping_ui(ui, state, theme),
            Page::Duplicates => deduplication_ui(ui, &mut state.draft, theme),
            Page::Preview => preview_ui(ui, &mut state.preview, theme),
        });
    });
}

fn answerer_ui(ui: &mut Ui, state: &mut ComposerState, theme: &Theme) {
    let line = error_line(state, DraftField::Simulator).or(error_line(state, DraftField::Script));
    let draft = &mut state.draft;
    ui.horizontal(|ui| {
        for answerer in Answerer::ALL {
            if ui.selectable_label(draft.answerer == answerer, answerer.word()).clicked() {
                form::take_answerer(draft, answerer);
            }
        }
    });
    match draft.answerer {
        Answerer::Simulator => {
            json_editor_ui(ui, "Simulator as JSON", &mut draft.simulator, line, theme);
        }
        Answerer::Script => {
            json_editor_ui(ui, "Scripted responses as JSON", &mut draft.script, line, theme);
        }
        Answerer::Endpoint => {
            let field =
                TextEdit::singleline(&mut draft.endpoint).desired_width(f32::INFINITY).font(Theme::mono(size::MONO));
            let hint = "the destination's own hosts";
            let response = ui.add(field.hint_text(hint));
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Endpoint"));
            let words = if draft.endpoint.trim().is_empty() {
                "Fires at the destination's real hosts, with the credentials on the left."
            } else {
                "Fires at this server in place of the destination's hosts, token requests included."
            };
            ui.label(RichText::new(words).color(theme.weak));
        }
    }
}

fn mapping_ui(ui: &mut Ui, state: &mut ComposerState, theme: &Theme) {
    let line = error_line(state, DraftField::Mapping);
    let draft = &mut state.draft;
    let default = match Operation::of(destination(draft.destination), &draft.action) {
        Some(Operation::Action(action)) => action.default_subscription(),
        _ => "",
    };
    let field =
        TextEdit::singleline(&mut draft.subscription).desired_width(f32::INFINITY).font(Theme::mono(size::MONO));
    let response = ui.add(field.hint_text(default));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Subscription"));
    let written = if draft.subscription.trim().is_empty() { default } else { &draft.subscription };
    subscription_tree_ui(ui, written, theme);
    ui.label(RichText::new("Merged over the default mapping; a null removes a key:").color(theme.weak));
    json_editor_ui(ui, "Mapping as JSON", &mut draft.mapping, line, theme);
}

fn fire_row_ui(ui: &mut Ui, state: &mut ComposerState, running: bool, theme: &Theme, commands: &mut Commands) {
    let draft = &mut state.draft;
    ui.horizontal(|ui| {
        let fire = Button::new(RichText::new("Fire").font(Theme::semibold(size::TEXT)).color(theme.on_color));
        let fire = fire.fill(theme.accent).stroke(egui::Stroke::NONE).min_size(vec2(72.0, 26.0));
        if running {
            if ui.button("Cancel run").clicked() {
                commands.verb(Verb::CancelRun);
            }
        } else if ui.add(fire).on_hover_text("Ctrl+Enter").clicked() {
            commands.verb(Verb::Fire);
        }
        let is_virtual = draft.answerer != Answerer::Endpoint && draft.clock == ClockKind::Virtual;
        let info = Verb::StepThrough.info();
        let steps = ui.add_enabled(is_virtual && !running, Button::new(info.text).min_size(vec2(0.0, 26.0)));
        let steps = steps.on_hover_text(format!("{} (F9)", info.tooltip));
        if steps.on_disabled_hover_text("Only what the simulator or a script answers in virtual time").clicked() {
            commands.verb(Verb::StepThrough);
        }
        let can_be_virtual = draft.answerer != Answerer::Endpoint;
        let mut wall = draft.clock == ClockKind::Wall;
        if ui.add_enabled(can_be_virtual, Checkbox::new(&mut wall, "real time")).changed() {
            draft.clock = if wall { ClockKind::Wall } else { ClockKind::Virtual };
        }
        if wall {
            let label = ui.label("at once").id;
            let mut at_once = state.at_once.get();
            let field = ui.add(DragValue::new(&mut at_once).range(1..=1_000).speed(0.1)).labelled_by(label);
            field.on_hover_text("How many attempts may be under way at the same time");
            state.at_once = NonZeroUsize::new(at_once).unwrap_or(NonZeroUsize::MIN);
        }
    });
    // Above the first row, which is laid out from below: one row has no room for both.
    ui.horizontal(|ui| {
        let label = ui.label("seed").id;
        ui.add(DragValue::new(&mut draft.seed).speed(0.1)).labelled_by(label);
        pipeline_ui(ui, draft);
        copies_ui(ui, draft);
    });
}

/// How many copies of the events go out, and in which time.
fn copies_ui(ui: &mut Ui, draft: &mut Draft) {
    let label = ui.label("×").id;
    let copies = ui.add(DragValue::new(&mut draft.n_copies).range(1..=10_000).speed(0.1)).labelled_by(label);
    copies.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Copies"));
    copies.on_hover_text("So many copies of the events, each with message ids of its own");
    let within = TextEdit::singleline(&mut draft.spread).desired_width(52.0).hint_text("at once");
    let response = ui.add(within);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Begin within"));
    response.on_hover_text("Deliveries begin at chance instants within this time, such as 30 s; empty for all at once");
}

fn pipeline_ui(ui: &mut Ui, draft: &mut Draft) {
    let pipeline = draft.pipeline.clone();
    let chosen = match &pipeline {
        Value::String(name) => name,
        Value::Null => PRESETS[0].name,
        _ => "from the plan",
    };
    let combo = ComboBox::from_id_salt("pipeline").selected_text(chosen).width(130.0).truncate();
    let shown = combo.show_ui(ui, |ui| {
        for preset in PRESETS {
            let told = format!("{} ({}). {}", preset.title, preset.standing(), preset.source);
            let told = if preset.assumed.is_empty() { told } else { format!("{told}. Assumed: {}", preset.assumed) };
            if ui.selectable_label(preset.name == chosen, preset.name).on_hover_text(told).clicked() {
                draft.pipeline = json!(preset.name);
            }
        }
    });
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Retry policy"));
}
