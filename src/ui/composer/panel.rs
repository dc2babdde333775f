//! The composer's panel: who gets what under which rules, the events, and who answers. Three columns, one button.
use std::num::NonZeroUsize;

use egui::{Align, Button, Checkbox, ComboBox, DragValue, Layout, RichText, TextEdit, Ui, vec2};
use serde_json::{Value, json};

use super::answers::{AnswerSchemas, AnswersView, answers_ui};
use super::deduplication_form::deduplication_ui;
use super::draft::{Answerer, Draft, DraftField};
use super::event_fields::EVENT;
use super::field_hints::FieldHints;
use super::mapping::{MappingView, mapping_ui};
use super::preview::{PreviewView, preview_ui};
use super::problem::{ComposerProblem, syntax_mark};
use super::settings::{SettingsView, settings_page_ui};
use super::subscription_tree::subscription_tree_ui;
use super::target::target_ui;
use super::templates::{EVENTS, Template};
use crate::core::destinations::{Operation, destination};
use crate::core::names::ClockKind;
use crate::core::pipeline::PRESETS;
use crate::ui::command::{Commands, Verb};
use crate::ui::json_editor::{EditorState, JsonEditor, Mark};
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
    /// Whether people asked to see secrets.
    pub secrets_shown: bool,
    mapping: MappingView,
    events_editor: EditorState,
    answers: AnswersView,
    settings: SettingsView,
}

/// A page of the right column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Who answers.
    #[default]
    Answers,
    /// Which events are delivered at all.
    Trigger,
    /// What becomes of an event.
    Mapping,
    /// What the destination knows of the account.
    Settings,
    /// What keeps duplicates out.
    Duplicates,
    /// What would be sent.
    Preview,
}

impl Default for ComposerState {
    fn default() -> Self {
        Self::new(AnswerSchemas::default())
    }
}

impl ComposerState {
    /// A composer with a first draft. The schemas are those of the texts that say who answers.
    #[must_use]
    pub fn new(schemas: AnswerSchemas) -> Self {
        let at_once = NonZeroUsize::MIN.saturating_add(15);
        Self {
            draft: super::templates::first_draft(),
            problem: None,
            page: Page::default(),
            at_once,
            preview: PreviewView::default(),
            has_focus: false,
            secrets_shown: false,
            mapping: MappingView::default(),
            events_editor: EditorState::default(),
            answers: AnswersView::new(schemas),
            settings: SettingsView::default(),
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
        let middle = (ui.available_width() - left - 2.0 * gap) * 0.5;
        column_ui(ui, left, height, |ui| {
            if target_ui(ui, &mut state.draft, state.secrets_shown, theme, commands) {
                state.page = Page::Settings;
                state.settings.show_form();
            }
        });
        column_ui(ui, middle, height, |ui| events_ui(ui, state, theme));
        column_ui(ui, ui.available_width(), height, |ui| right_ui(ui, state, running, theme, commands));
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

pub(super) fn heading_ui(ui: &mut Ui, text: &str, theme: &Theme) {
    ui.label(RichText::new(text).font(Theme::semibold(size::TABLE_TEXT)).color(theme.weak));
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
    let marks: Vec<Mark> =
        syntax_mark(state.problem.as_ref(), DraftField::Events, &state.draft.events).into_iter().collect();
    let hints = FieldHints(EVENT);
    let editor = JsonEditor { label: "Events as JSON", marks: &marks, hints: Some(&hints), hidden: &[], theme };
    editor.show(ui, &mut state.draft.events, &mut state.events_editor);
}

pub(super) fn gallery_ui(ui: &mut Ui, title: &str, templates: &'static [Template]) -> Option<&'static Template> {
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

fn right_ui(ui: &mut Ui, state: &mut ComposerState, running: bool, theme: &Theme, commands: &mut Commands) {
    pages_ui(ui, &mut state.page);
    // The button row first, from below, so that the editor takes what is left.
    ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
        fire_row_ui(ui, state, running, theme, commands);
        if let Some(problem) = &state.problem {
            ui.label(RichText::new(&problem.message).color(theme.tone(Tone::Dropped)));
        }
        ui.with_layout(Layout::top_down(Align::Min), |ui| page_ui(ui, state, theme));
    });
}

/// Pages of the right column, each with its word.
const PAGES: [(Page, &str); 6] = [
    (Page::Answers, "Answered by"),
    (Page::Trigger, "Trigger"),
    (Page::Mapping, "Mapping"),
    (Page::Settings, "Settings"),
    (Page::Duplicates, "Duplicates"),
    (Page::Preview, "Preview"),
];

/// A column narrower than this, in points, has its pages in one chooser: in several lines they would leave no room for the
/// page, nor for what fires.
const ROOM_FOR_PAGES: f32 = 380.0;

fn pages_ui(ui: &mut Ui, chosen: &mut Page) {
    let word = PAGES.iter().find(|(page, _)| page == chosen).map_or("", |(_, word)| word);
    let mut entries = |ui: &mut Ui| {
        for (page, word) in PAGES {
            if ui.selectable_label(*chosen == page, word).clicked() {
                *chosen = page;
            }
        }
    };
    if ui.available_width() < ROOM_FOR_PAGES {
        let combo = ComboBox::from_id_salt("page").selected_text(word).show_ui(ui, entries);
        combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Page"));
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        entries(ui);
    });
}

fn page_ui(ui: &mut Ui, state: &mut ComposerState, theme: &Theme) {
    let problem = state.problem.as_ref();
    match state.page {
        Page::Answers => answers_ui(ui, &mut state.answers, &mut state.draft, problem, theme),
        Page::Trigger => subscription_ui(ui, &mut state.draft, theme),
        Page::Mapping => mapping_ui(ui, &mut state.mapping, &mut state.draft, problem, theme),
        Page::Settings => {
            let view = &mut state.settings;
            settings_page_ui(ui, &mut state.draft, view, problem, state.secrets_shown, theme);
        }
        Page::Duplicates => deduplication_ui(ui, &mut state.draft, theme),
        Page::Preview => preview_ui(ui, &mut state.preview, &mut state.draft, state.secrets_shown, theme),
    }
}

fn subscription_ui(ui: &mut Ui, draft: &mut Draft, theme: &Theme) {
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
    let within = TextEdit::singleline(&mut draft.spread).desired_width(64.0).hint_text("at once");
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
