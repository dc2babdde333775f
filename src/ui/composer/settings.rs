//! The settings of a draft: rows of the form on the left, and their JSON as a page. Both edit one text.
use std::ops::Range;

use egui::{Label, RichText, ScrollArea, Ui};
use serde_json::{Map, Value};

use super::draft::{Draft, DraftField, parse_events};
use super::face::{Face, face_ui};
use super::field_hints::FieldHints;
use super::field_words::all_words;
use super::form::{Letters, setting_ui};
use super::problem::{ComposerProblem, misfit_mark, syntax_mark};
use super::value::{Cell, Edit, Form, FormState, Gets, Language, Place, Row, Told};
use crate::core::destinations::{default_settings, destination, settings_problems};
use crate::core::mapping::{EventPath, event_paths};
use crate::core::names::DestinationName;
use crate::core::schema::{Field, FieldKind, Misfit, Required};
use crate::core::secret_names::is_secret_key;
use crate::ui::json_editor::{
    EditorState, JsonEditor, Mark, NodeKind, Outline, Step, remove_member, set_at, set_member,
};
use crate::ui::theme::{Theme, Tone, size};

/// What people look at on the page.
#[derive(Debug, Default)]
pub(super) struct SettingsView {
    face: Face,
    editor: EditorState,
    form: FormState,
    /// The events, and what can be named in the first of them.
    event: (String, Vec<EventPath>),
}

impl SettingsView {
    /// Shows the form the next time.
    pub(super) fn show_form(&mut self) {
        self.face = Face::Form;
    }

    fn take_event(&mut self, events: &str) {
        if self.event.0 != events {
            let first = parse_events(events).ok().and_then(|events| events.into_iter().next());
            self.event = (events.to_owned(), first.map(|event| event_paths(&event)).unwrap_or_default());
        }
    }
}

/// Lists and objects: more than one line of a form has room for.
fn is_large(field: &Field) -> bool {
    field.multiple || field.kind == FieldKind::Object
}

/// Shows the rows of a form with two columns, each with what is wrong below it. True if people want to edit those that have a
/// page of their own.
pub(super) fn settings_rows_ui(ui: &mut Ui, draft: &mut Draft, secrets_shown: bool, theme: &Theme) -> bool {
    let fields = destination(draft.destination).settings();
    let Some(settings) = object_of(&draft.settings) else {
        ui.label("Settings");
        note_ui(ui, "are no JSON yet; see the page Settings", theme);
        ui.end_row();
        return false;
    };
    let mut wants_page = false;
    for field in fields {
        let title = match field.required {
            Required::Yes => format!("{} *", field.label),
            _ => field.label.to_owned(),
        };
        ui.add(Label::new(title).truncate());
        if is_large(field) {
            wants_page |= large_row_ui(ui, field, settings.get(field.key), theme);
        } else {
            let is_secret = is_secret(field, field.key);
            let letters = if is_secret && !secrets_shown { Letters::Hidden } else { Letters::Shown };
            if let Some(value) = setting_ui(ui, field, settings.get(field.key), letters) {
                // An optional field without text is no field: the reference takes empty text for a value.
                let is_gone = value == "" && !matches!(field.required, Required::Yes);
                let path = [field.key];
                let text = if is_gone {
                    remove_member(&draft.settings, &path)
                } else {
                    set_member(&draft.settings, &path, &value)
                };
                draft.settings = text.unwrap_or_else(|| draft.settings.clone());
            }
        }
        ui.end_row();
        let told = told_of(draft.destination, field, &settings);
        if !told.is_empty() {
            ui.label("");
            let words: Vec<String> = told.iter().map(ToString::to_string).collect();
            note_ui(ui, &words.join(" "), theme);
            ui.end_row();
        }
    }
    wants_page
}

/// How much a list or an object holds, and the way to its rows.
fn large_row_ui(ui: &mut Ui, field: &Field, value: Option<&Value>, theme: &Theme) -> bool {
    let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    let words = match value {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::Array(items)) => count(items.len(), "item"),
        Some(Value::Object(members)) => count(members.len(), "key"),
        Some(_) => "no list".to_owned(),
    };
    let row = ui.horizontal(|ui| {
        ui.label(RichText::new(words).color(theme.weak));
        let button = ui.small_button("Edit…");
        let name = format!("Edit {}", field.label);
        button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
        button.on_hover_text(all_words(field)).clicked()
    });
    row.inner
}

/// What is wrong with a setting: by its type, and then by who reads it.
fn told_of(name: DestinationName, field: &'static Field, settings: &Map<String, Value>) -> Vec<Told> {
    let destination = destination(name);
    let by_type = settings_problems(std::slice::from_ref(field), settings);
    if !by_type.is_empty() {
        return by_type.iter().flat_map(|(_, messages)| messages).map(|message| Told::of_message(message)).collect();
    }
    let misfits = destination.settings_misfits(settings);
    let is_own = |misfit: &&Misfit| misfit.place.split(['.', '[']).next() == Some(field.key);
    misfits.iter().filter(is_own).map(Told::of_misfit).collect()
}

fn note_ui(ui: &mut Ui, words: &str, theme: &Theme) {
    let words = RichText::new(words).font(Theme::font(size::TIMELINE_TEXT)).color(theme.tone(Tone::Dropped));
    ui.add(Label::new(words).wrap());
}

/// Shows the page: rows for lists and objects, or all settings as JSON with secrets as dots until they are asked for.
pub(super) fn settings_page_ui(
    ui: &mut Ui,
    draft: &mut Draft,
    view: &mut SettingsView,
    problem: Option<&ComposerProblem>,
    secrets_shown: bool,
    theme: &Theme,
) {
    let fields = destination(draft.destination).settings();
    let has_rows = fields.iter().any(is_large);
    if has_rows {
        face_ui(ui, &mut view.face, theme);
        if view.face == Face::Form
            && let Some(settings) = object_of(&draft.settings)
        {
            return large_form_ui(ui, draft, view, &settings, theme);
        }
    }
    let words = match (fields.is_empty(), has_rows && view.face == Face::Form) {
        (_, true) => "The settings are no JSON yet. Here is their text; the form comes back when it is whole.",
        (true, _) => "This destination asks for no settings; what stands here is kept all the same.",
        (false, _) => "The settings of the form on the left. Ctrl+Space proposes.",
    };
    ui.label(RichText::new(words).font(Theme::font(size::TABLE_TEXT)).color(theme.weak));
    let syntax = syntax_mark(problem, DraftField::Settings, &draft.settings);
    let marks: Vec<Mark> = marks(draft.destination, &draft.settings).into_iter().chain(syntax).collect();
    let hidden = if secrets_shown { Vec::new() } else { secrets(fields, &draft.settings) };
    let hints = FieldHints(fields);
    let editor = JsonEditor { label: "Settings as JSON", marks: &marks, hints: Some(&hints), hidden: &hidden, theme };
    editor.show(ui, &mut draft.settings, &mut view.editor);
}

/// The rows of lists and objects; the simple settings stand in the left column.
fn large_form_ui(
    ui: &mut Ui,
    draft: &mut Draft,
    view: &mut SettingsView,
    settings: &Map<String, Value>,
    theme: &Theme,
) {
    view.take_event(&draft.events);
    let defaults = default_settings(destination(draft.destination));
    let mut form = Form { paths: &view.event.1, event: None, theme, state: &mut view.form, edit: None };
    ScrollArea::vertical().id_salt("settings form").auto_shrink(false).show(ui, |ui| {
        // The scroll bar floats over what is below it.
        ui.set_max_width(ui.available_width() - 3.0 * size::STEP);
        for field in destination(draft.destination).settings().iter().filter(|field| is_large(field)) {
            let told = told_of(draft.destination, field, settings);
            let value = settings.get(field.key);
            let default = defaults.get(field.key);
            // An object of any shape is a template for what is sent, in which directives stand.
            let is_template = field.kind == FieldKind::Object && field.parts().is_empty();
            form.row_ui(
                ui,
                &Row {
                    cell: Cell {
                        field: *field,
                        name: field.label.to_owned(),
                        way: vec![Step::Key(field.key.to_owned())],
                        value,
                        gets: Gets::Untold,
                        place: Place::Field,
                        siblings: None,
                    },
                    language: if is_template { Language::Mapping } else { Language::Plain },
                    default,
                    can_reset: default.is_some() && value != default,
                    told: &told,
                },
            );
        }
    });
    match form.edit {
        None => (),
        Some(Edit::AsJson(way)) => {
            let outline = Outline::of(&draft.settings);
            let node = outline.find(&way).and_then(|idx| outline.nodes().get(idx));
            view.editor.go_to(node.map_or(0, |node| node.value.start + 1));
            view.face = Face::Json;
        }
        Some(Edit::Reset(way)) => {
            let default = way.first().and_then(Step::key).and_then(|key| defaults.get(key));
            if let Some(text) = default.and_then(|default| set_at(&draft.settings, &way, default)) {
                draft.settings = text;
            }
        }
        Some(edit) => {
            if let Some(text) = edit.apply(&draft.settings) {
                draft.settings = text;
            }
        }
    }
}

fn object_of(text: &str) -> Option<Map<String, Value>> {
    if text.trim().is_empty() { Some(Map::new()) } else { serde_json::from_str(text).ok() }
}

fn is_secret(field: &Field, key: &str) -> bool {
    field.kind == FieldKind::Password || is_secret_key(key)
}

/// What is wrong with each setting that the text names.
fn marks(name: DestinationName, text: &str) -> Vec<Mark> {
    let Some(settings) = object_of(text) else { return Vec::new() };
    let outline = Outline::of(text);
    let find = |key: &str| outline.children(0).rfind(|(_, node)| node.step.key() == Some(key)).map(|(_, node)| node);
    let by_type = settings_problems(destination(name).settings(), &settings);
    let misfits = destination(name).settings_misfits(&settings);
    let marks = by_type
        .into_iter()
        .filter_map(|(key, messages)| Some(Mark { range: find(key)?.value.clone(), message: messages.join(" ") }));
    marks.chain(misfits.iter().filter_map(|misfit| misfit_mark(&outline, misfit))).collect()
}

/// The letters of secrets, without their quotes. The name of a variable is none.
fn secrets(fields: &[Field], text: &str) -> Vec<Range<usize>> {
    let is_secret_name =
        |key: &str| is_secret_key(key) || fields.iter().any(|field| field.key == key && is_secret(field, key));
    let outline = Outline::of(text);
    let nodes = outline.nodes().iter().filter(|node| node.step.key().is_some_and(is_secret_name));
    let inner = nodes.map(|node| match node.kind {
        NodeKind::Text => node.value.start + 1..node.value.end - usize::from(node.is_closed),
        _ => node.value.clone(),
    });
    inner.filter(|range| text.get(range.clone()).is_some_and(|secret| !secret.starts_with("$env:"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_whole_or_half_written_and_variables_are_none() {
        let fields = destination(DestinationName::PendoAudiences).settings();
        let hidden =
            |text: &str| secrets(fields, text).into_iter().map(|range| text[range].to_owned()).collect::<Vec<_>>();
        assert_eq!(hidden(r#"{"integrationKey": "abc", "region": "US"}"#), ["abc"]);
        assert_eq!(hidden("{\"region\": \"US\", \"integrationKey\": \"ab"), ["ab"]);
        assert_eq!(hidden(r#"{"integrationKey": "$env:KEY", "accessToken": "t"}"#), ["t"]);
    }

    #[test]
    fn a_wrong_setting_is_marked_at_its_value() {
        let text = r#"{"integrationKey": "k", "region": "MARS"}"#;
        let marks = marks(DestinationName::PendoAudiences, text);
        assert_eq!(marks.len(), 1);
        assert_eq!(&text[marks[0].range.clone()], "\"MARS\"");
        assert!(marks[0].message.contains("must be one of"), "{}", marks[0].message);
        let text = r#"{"url": "u", "rules": [{"result": "success"}, {"status": "many", "result": "success"}]}"#;
        let marks = super::marks(DestinationName::DestinationFunction, text);
        assert_eq!(marks.iter().map(|mark| &text[mark.range.clone()]).collect::<Vec<_>>(), ["\"many\""]);
    }
}
