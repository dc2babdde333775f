//! The settings of a draft: rows of the form on the left, and their JSON as a page. Both edit one text.
use std::ops::Range;

use egui::{Label, RichText, Ui};
use serde_json::{Map, Value};

use super::draft::{Draft, DraftField};
use super::field_hints::FieldHints;
use super::form::{Letters, setting_ui};
use super::problem::{ComposerProblem, syntax_mark};
use crate::core::destinations::{destination, settings_problems};
use crate::core::schema::{Field, FieldKind, Required};
use crate::core::secret_names::is_secret_key;
use crate::ui::json_editor::{EditorState, JsonEditor, Mark, NodeKind, Outline, remove_member, set_member};
use crate::ui::theme::{Theme, Tone, size};

/// Shows the rows of a form with two columns, each with what is wrong below it.
pub(super) fn settings_rows_ui(ui: &mut Ui, draft: &mut Draft, secrets_shown: bool, theme: &Theme) {
    let fields = destination(draft.destination).settings();
    let Some(settings) = object_of(&draft.settings) else {
        ui.label("Settings");
        note_ui(ui, "are no JSON yet; see the page Settings", theme);
        ui.end_row();
        return;
    };
    let problems = settings_problems(fields, &settings);
    for field in fields {
        let title = match field.required {
            Required::Yes => format!("{} *", field.label),
            _ => field.label.to_owned(),
        };
        ui.add(Label::new(title).truncate());
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
        ui.end_row();
        if let Some((_, messages)) = problems.iter().find(|(key, _)| *key == field.key) {
            ui.label("");
            note_ui(ui, &messages.join(" "), theme);
            ui.end_row();
        }
    }
}

fn note_ui(ui: &mut Ui, words: &str, theme: &Theme) {
    let words = RichText::new(words).font(Theme::font(size::TIMELINE_TEXT)).color(theme.tone(Tone::Dropped));
    ui.add(Label::new(words).wrap());
}

/// Shows the settings as JSON, secrets as dots until they are asked for.
pub(super) fn settings_page_ui(
    ui: &mut Ui,
    draft: &mut Draft,
    state: &mut EditorState,
    problem: Option<&ComposerProblem>,
    secrets_shown: bool,
    theme: &Theme,
) {
    let fields = destination(draft.destination).settings();
    let words = if fields.is_empty() {
        "This destination asks for no settings; what stands here is kept all the same."
    } else {
        "The settings of the form on the left. Ctrl+Space proposes."
    };
    ui.label(RichText::new(words).font(Theme::font(size::TABLE_TEXT)).color(theme.weak));
    let syntax = syntax_mark(problem, DraftField::Settings, &draft.settings);
    let marks: Vec<Mark> = marks(fields, &draft.settings).into_iter().chain(syntax).collect();
    let hidden = if secrets_shown { Vec::new() } else { secrets(fields, &draft.settings) };
    let hints = FieldHints(fields);
    let editor = JsonEditor { label: "Settings as JSON", marks: &marks, hints: Some(&hints), hidden: &hidden, theme };
    editor.show(ui, &mut draft.settings, state);
}

fn object_of(text: &str) -> Option<Map<String, Value>> {
    if text.trim().is_empty() { Some(Map::new()) } else { serde_json::from_str(text).ok() }
}

fn is_secret(field: &Field, key: &str) -> bool {
    field.kind == FieldKind::Password || is_secret_key(key)
}

/// What is wrong with each setting that the text names.
fn marks(fields: &'static [Field], text: &str) -> Vec<Mark> {
    let Some(settings) = object_of(text) else { return Vec::new() };
    let outline = Outline::of(text);
    let find = |key: &str| outline.children(0).rfind(|(_, node)| node.step.key() == Some(key)).map(|(_, node)| node);
    let problems = settings_problems(fields, &settings);
    problems
        .into_iter()
        .filter_map(|(key, messages)| Some(Mark { range: find(key)?.value.clone(), message: messages.join(" ") }))
        .collect()
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
    use crate::core::destinations::destination;
    use crate::core::names::DestinationName;

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
        let fields = destination(DestinationName::PendoAudiences).settings();
        let text = r#"{"integrationKey": "k", "region": "MARS"}"#;
        let marks = marks(fields, text);
        assert_eq!(marks.len(), 1);
        assert_eq!(&text[marks[0].range.clone()], "\"MARS\"");
        assert!(marks[0].message.contains("must be one of"), "{}", marks[0].message);
    }
}
