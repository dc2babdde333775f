//! The composer's panel: who gets what under which rules, the events, and who answers. Up to three columns, one button.
use std::num::NonZeroUsize;

use egui::{Align, CentralPanel, Frame, Layout, Margin, Panel, RichText, TextEdit, Ui, vec2};

use super::answers::{AnswerSchemas, AnswersView, answers_ui};
use super::deduplication_form::deduplication_ui;
use super::draft::{Draft, DraftField};
use super::event_fields::EVENT;
use super::field_hints::FieldHints;
use super::fire_rows::fire_rows_ui;
use super::mapping::{MappingView, mapping_ui};
pub use super::pages::Page;
use super::pages::{FIRSTS, First, all_pages_ui, pages_ui};
use super::preview::{PreviewView, preview_ui};
use super::problem::{ComposerProblem, syntax_mark};
use super::settings::{SettingsView, settings_page_ui};
use super::subscription_tree::subscription_tree_ui;
use super::target::{secrets_ui, target_ui};
use super::templates::{EVENTS, Template};
use crate::core::destinations::{Operation, destination};
use crate::ui::command::Commands;
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
    /// Which of the other two columns is shown where there is no room for both.
    pub(super) first: First,
    /// Whether that one is shown where there is room for one column only.
    pub(super) is_first_in_front: bool,
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
            first: First::default(),
            is_first_in_front: false,
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
    let whole = ui.available_rect_before_wrap();
    let before = state.draft.clone();
    match Division::of(whole.width()) {
        Division::Three => three_ui(ui, state, running, theme, commands),
        Division::Two => {
            above_ui(ui, state, running, theme, commands, |ui, state, commands| two_ui(ui, state, theme, commands));
        }
        Division::One => {
            above_ui(ui, state, running, theme, commands, |ui, state, commands| one_ui(ui, state, theme, commands));
        }
    }
    let focused = ui.memory(egui::Memory::focused).and_then(|id| ui.ctx().read_response(id));
    state.has_focus = focused.is_some_and(|response| whole.contains_rect(response.rect.intersect(whole)));
    if state.draft != before {
        // What is typed is judged at once; what only firing can tell is forgotten.
        state.problem = state.draft.to_plan().err().map(ComposerProblem::from);
    }
}

/// How the room is divided: a narrow panel has fewer columns, and choosers for what does not stand there.
enum Division {
    Three,
    Two,
    One,
}

impl Division {
    fn of(width: f32) -> Self {
        match width {
            820.0.. => Self::Three,
            520.0.. => Self::Two,
            _ => Self::One,
        }
    }
}

fn three_ui(ui: &mut Ui, state: &mut ComposerState, running: bool, theme: &Theme, commands: &mut Commands) {
    let height = ui.available_height();
    ui.horizontal_top(|ui| {
        let gap = ui.spacing().item_spacing.x;
        let left = (ui.available_width() * 0.27).clamp(260.0, 340.0);
        let middle = (ui.available_width() - left - 2.0 * gap) * 0.5;
        for (width, (first, word)) in [left, middle].into_iter().zip(FIRSTS) {
            column_ui(ui, width, height, |ui| {
                first_ui(ui, state, first, theme, commands, |ui, _| heading_ui(ui, word, theme));
            });
        }
        column_ui(ui, ui.available_width(), height, |ui| {
            above_ui(ui, state, running, theme, commands, |ui, state, _| {
                pages_ui(ui, &mut state.page);
                page_ui(ui, state, theme);
            });
        });
    });
}

fn two_ui(ui: &mut Ui, state: &mut ComposerState, theme: &Theme, commands: &mut Commands) {
    let height = ui.available_height();
    ui.horizontal_top(|ui| {
        let left = (ui.available_width() - ui.spacing().item_spacing.x) * 0.5;
        column_ui(ui, left, height, |ui| {
            first_ui(ui, state, state.first, theme, commands, |ui, state| {
                for (first, word) in FIRSTS {
                    ui.selectable_value(&mut state.first, first, word);
                }
            });
        });
        column_ui(ui, ui.available_width(), height, |ui| {
            pages_ui(ui, &mut state.page);
            page_ui(ui, state, theme);
        });
    });
}

fn one_ui(ui: &mut Ui, state: &mut ComposerState, theme: &Theme, commands: &mut Commands) {
    if state.is_first_in_front {
        first_ui(ui, state, state.first, theme, commands, all_pages_ui);
    } else {
        all_pages_ui(ui, state);
        page_ui(ui, state, theme);
    }
}

/// What fires below, and above it what `content` draws.
fn above_ui(
    ui: &mut Ui,
    state: &mut ComposerState,
    running: bool,
    theme: &Theme,
    commands: &mut Commands,
    content: impl FnOnce(&mut Ui, &mut ComposerState, &mut Commands),
) {
    let height = ui.available_height();
    let frame = Frame::NONE.inner_margin(Margin { top: 4, ..Margin::ZERO });
    Panel::bottom("what fires").frame(frame).show_separator_line(false).show(ui, |ui| {
        if let Some(problem) = &state.problem {
            let words = RichText::new(&problem.message).color(theme.tone(Tone::Dropped));
            ui.add(egui::Label::new(words).wrap());
        }
        fire_rows_ui(ui, state, running, height, theme, commands);
    });
    CentralPanel::default().frame(Frame::NONE).show(ui, |ui| content(ui, state, commands));
}

/// Who gets the events, or the events, below a title.
fn first_ui(
    ui: &mut Ui,
    state: &mut ComposerState,
    which: First,
    theme: &Theme,
    commands: &mut Commands,
    title: impl FnOnce(&mut Ui, &mut ComposerState),
) {
    ui.horizontal(|ui| {
        title(ui, state);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| match which {
            First::Target => secrets_ui(ui, state.secrets_shown, commands),
            First::Events => {
                if let Some(template) = gallery_ui(ui, "Template event", EVENTS) {
                    template.json.trim_end().clone_into(&mut state.draft.events);
                }
            }
        });
    });
    match which {
        First::Target => {
            if target_ui(ui, &mut state.draft, state.secrets_shown, theme) {
                state.page = Page::Settings;
                state.is_first_in_front = false;
                state.settings.show_form();
            }
        }
        First::Events => events_ui(ui, state, theme),
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

fn events_ui(ui: &mut Ui, state: &mut ComposerState, theme: &Theme) {
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
