//! Who answers: the simulator and a script as JSON, with what may stand there and what is wrong in it; or a real server.
use egui::{Align, Layout, RichText, TextEdit, Ui};
use serde_json::Value;

use super::draft::{Answerer, Draft, DraftField};
use super::field_hints::FieldHints;
use super::form;
use super::panel::gallery_ui;
use super::problem::{ComposerProblem, misfit_mark, syntax_mark};
use super::templates::STORIES;
use super::told::told_ui;
use crate::core::schema::{Field, Misfit};
use crate::ui::json_editor::{EditorState, JsonEditor, Mark, Outline};
use crate::ui::theme::{Theme, size};

/// What a text may hold and who judges it. The shell hands it in: the window knows neither simulator nor plan files.
#[derive(Clone, Copy, Debug)]
pub struct AnswerSchema {
    /// The fields of the object, or of each object in the list.
    pub fields: &'static [Field],
    /// Everything that is wrong with a value, in the words of whoever reads it when it is fired.
    pub check: fn(&Value) -> Vec<Misfit>,
}

impl Default for AnswerSchema {
    /// Knows nothing, and finds nothing wrong.
    fn default() -> Self {
        Self { fields: &[], check: |_| Vec::new() }
    }
}

/// The schemas of the two texts.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnswerSchemas {
    /// Of the simulator's configuration.
    pub simulator: AnswerSchema,
    /// Of the scripted responses.
    pub script: AnswerSchema,
}

/// What people look at on the page.
#[derive(Debug, Default)]
pub(super) struct AnswersView {
    schemas: AnswerSchemas,
    editor: EditorState,
    checked: Checked,
}

impl AnswersView {
    pub(super) fn new(schemas: AnswerSchemas) -> Self {
        Self { schemas, ..Self::default() }
    }
}

/// What is wrong with a text, worked out again only when it changes.
#[derive(Debug, Default)]
struct Checked {
    text: String,
    answerer: Option<Answerer>,
    marks: Vec<Mark>,
}

impl Checked {
    fn refresh(&mut self, text: &str, answerer: Answerer, schema: AnswerSchema) {
        if self.answerer == Some(answerer) && self.text == text {
            return;
        }
        (self.text, self.answerer) = (text.to_owned(), Some(answerer));
        // What is no JSON is told by the parser alone.
        let value: Option<Value> = serde_json::from_str(text).ok();
        let outline = Outline::of(text);
        let misfits = value.map(|value| (schema.check)(&value)).unwrap_or_default();
        self.marks = misfits.iter().filter_map(|misfit| misfit_mark(&outline, misfit)).collect();
    }
}

/// A row narrower than this, in points, has its buttons closer together.
const ROOM_FOR_STORY: f32 = 320.0;

/// Shows the page.
pub(super) fn answers_ui(
    ui: &mut Ui,
    view: &mut AnswersView,
    draft: &mut Draft,
    problem: Option<&ComposerProblem>,
    theme: &Theme,
) {
    ui.horizontal(|ui| {
        if ui.available_width() < ROOM_FOR_STORY {
            ui.spacing_mut().item_spacing.x = size::STEP;
            ui.spacing_mut().button_padding.x = size::STEP;
        }
        for answerer in Answerer::ALL {
            if ui.selectable_label(draft.answerer == answerer, answerer.word()).clicked() {
                form::take_answerer(draft, answerer);
            }
        }
        if draft.answerer == Answerer::Simulator {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if let Some(story) = gallery_ui(ui, "Story", STORIES) {
                    story.json.trim_end().clone_into(&mut draft.simulator);
                }
            });
        }
    });
    let (label, text, field, schema) = match draft.answerer {
        Answerer::Simulator => {
            ("Simulator as JSON", &mut draft.simulator, DraftField::Simulator, view.schemas.simulator)
        }
        Answerer::Script => ("Scripted responses as JSON", &mut draft.script, DraftField::Script, view.schemas.script),
        Answerer::Endpoint => return endpoint_ui(ui, &mut draft.endpoint, theme),
    };
    view.checked.refresh(text, draft.answerer, schema);
    let marks: Vec<Mark> = view.checked.marks.iter().cloned().chain(syntax_mark(problem, field, text)).collect();
    // What the parser says stands above the button that it keeps from firing.
    told_ui(ui, "answers told", view.checked.marks.iter().map(|mark| mark.message.as_str()), theme);
    let hints = FieldHints(schema.fields);
    let editor = JsonEditor { label, marks: &marks, hints: Some(&hints), hidden: &[], theme };
    editor.show(ui, text, &mut view.editor);
}

fn endpoint_ui(ui: &mut Ui, endpoint: &mut String, theme: &Theme) {
    let field = TextEdit::singleline(endpoint).desired_width(f32::INFINITY).font(Theme::mono(size::MONO));
    let response = ui.add(field.hint_text("the destination's own hosts"));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Endpoint"));
    let words = if endpoint.trim().is_empty() {
        "Fires at the destination's real hosts, with the credentials on the left."
    } else {
        "Fires at this server in place of the destination's hosts, token requests included."
    };
    ui.label(RichText::new(words).color(theme.weak));
}
