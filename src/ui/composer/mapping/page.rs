//! The page of the composer that the mapping is on: a form or JSON, whichever people like better.
use egui::{RichText, Ui};

use super::check::{Checked, action_of};
use super::form::{edited, form_ui};
use super::hints::MappingHints;
use crate::ui::composer::draft::{Draft, DraftField};
use crate::ui::composer::face::{Face, face_ui};
use crate::ui::composer::problem::{ComposerProblem, syntax_mark};
use crate::ui::composer::told::told_ui;
use crate::ui::composer::value::{Edit, FormState};
use crate::ui::icon::{Icon, icon_button};
use crate::ui::json_editor::{EditorState, JsonEditor, Outline, Step};
use crate::ui::theme::{Theme, Tone, size};

/// What people look at on the page.
#[derive(Debug, Default)]
pub(crate) struct MappingView {
    face: Face,
    editor: EditorState,
    form: FormState,
    checked: Checked,
    event_idx: usize,
}

/// Shows the page.
pub(crate) fn mapping_ui(
    ui: &mut Ui,
    view: &mut MappingView,
    draft: &mut Draft,
    problem: Option<&ComposerProblem>,
    theme: &Theme,
) {
    let Some(action) = action_of(draft) else {
        ui.label(RichText::new("This operation sends no events: there is nothing to map.").color(theme.weak));
        return;
    };
    view.checked.refresh(draft, view.event_idx);
    head_ui(ui, view, theme);
    let syntax = syntax_mark(problem, DraftField::Mapping, &draft.mapping);
    if view.face == Face::Form && view.checked.over.is_some() {
        if let Some(edit) = form_ui(ui, action.fields(), &view.checked, &mut view.form, theme) {
            if let Some(text) = edited(&edit, &draft.mapping, &view.checked) {
                draft.mapping = text;
            }
            if let Edit::AsJson(way) = &edit {
                view.show_in_json(way, &draft.mapping);
            }
        }
        return;
    }
    if view.face == Face::Form {
        let words = "The mapping is no JSON yet. Here is its text; the form comes back when it is whole.";
        ui.label(RichText::new(words).font(Theme::font(size::TABLE_TEXT)).color(theme.tone(Tone::Retry)));
    } else {
        let words = "Merged over the default mapping; a null removes a key. Ctrl+Space proposes.";
        ui.label(RichText::new(words).font(Theme::font(size::TABLE_TEXT)).color(theme.weak));
    }
    let hints = MappingHints { fields: action.fields(), paths: &view.checked.paths };
    let marks: Vec<_> = view.checked.marks.iter().cloned().chain(syntax).collect();
    let told = view.checked.marks.iter().map(|mark| &mark.message).chain(&view.checked.elsewhere);
    told_ui(ui, "mapping problems", told.map(String::as_str), theme);
    let editor = JsonEditor { label: "Mapping as JSON", marks: &marks, hints: Some(&hints), hidden: &[], theme };
    editor.show(ui, &mut draft.mapping, &mut view.editor);
}

/// The switch, and which event the form looks at.
fn head_ui(ui: &mut Ui, view: &mut MappingView, theme: &Theme) {
    ui.horizontal(|ui| {
        face_ui(ui, &mut view.face, theme);
        let n_events = view.checked.n_events;
        if n_events > 1 {
            ui.spacing_mut().item_spacing.x = 0.0;
            let at = view.checked.event_idx;
            if icon_button(ui, Icon::Previous, "Previous event", theme).clicked() {
                view.event_idx = at.checked_sub(1).unwrap_or(n_events - 1);
            }
            if icon_button(ui, Icon::Next, "Next event", theme).clicked() {
                view.event_idx = (at + 1) % n_events;
            }
            let words = format!("event {} of {n_events}", at + 1);
            ui.label(RichText::new(words).font(Theme::font(size::TABLE_TEXT)).color(theme.weak));
        }
    });
}

impl MappingView {
    /// Goes to a part of the mapping in the JSON.
    fn show_in_json(&mut self, way: &[Step], text: &str) {
        let outline = Outline::of(text);
        let node = outline.find(way).and_then(|idx| outline.nodes().get(idx));
        self.editor.go_to(node.map_or(0, |node| node.value.start + 1));
        self.face = Face::Json;
    }
}
