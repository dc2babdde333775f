//! The form: a row for each field of the action, those inside objects below them, hidden ones at the end.
use egui::{CollapsingHeader, RichText, ScrollArea, Ui};
use serde_json::{Map, Value};

use super::check::Checked;
use super::row::{PathList, Row, RowEdit, row_ui};
use super::shape::{Kind, Shape};
use crate::core::destinations::{MappedField, MappingSource};
use crate::core::schema::Field;
use crate::ui::json_editor::{remove_member, set_member};
use crate::ui::theme::{Theme, size};

/// What the form asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum FormEdit {
    /// Another text of the mapping.
    Text(String),
    /// To see a field of the mapping in the JSON.
    AsJson(&'static str),
}

/// Shows the form over the mapping of `text`; gives what was asked for.
pub(super) fn form_ui(
    ui: &mut Ui,
    fields: &'static [Field],
    checked: &Checked,
    text: &str,
    list: &mut PathList,
    theme: &Theme,
) -> Option<FormEdit> {
    let mut edit = None;
    ScrollArea::vertical().id_salt("mapping form").auto_shrink(false).show(ui, |ui| {
        // The scroll bar floats over what is below it.
        ui.set_max_width(ui.available_width() - 3.0 * size::STEP);
        let rows = || fields.iter().zip(&checked.fields);
        for (field, mapped) in rows().filter(|(field, _)| !field.hidden) {
            edit = field_ui(ui, field, mapped, checked, text, list, theme).or(edit.take());
        }
        let n_hidden = fields.iter().filter(|field| field.hidden).count();
        if n_hidden > 0 {
            let title = RichText::new(format!("Hidden in Segment's own form ({n_hidden})")).color(theme.weak);
            CollapsingHeader::new(title).id_salt("hidden fields").show(ui, |ui| {
                for (field, mapped) in rows().filter(|(field, _)| field.hidden) {
                    edit = field_ui(ui, field, mapped, checked, text, list, theme).or(edit.take());
                }
            });
        }
        let is_field = |key: &str| fields.iter().any(|field| field.key == key);
        let others: Vec<&str> =
            checked.over.iter().flat_map(Map::keys).map(String::as_str).filter(|key| !is_field(key)).collect();
        if !others.is_empty() {
            let words = format!("Also in the mapping, and kept: {}", others.join(", "));
            ui.label(RichText::new(words).font(Theme::font(size::TABLE_TEXT)).color(theme.weak));
        }
    });
    edit
}

/// The row of a field, and those of its parts.
fn field_ui(
    ui: &mut Ui,
    field: &'static Field,
    mapped: &MappedField,
    checked: &Checked,
    text: &str,
    list: &mut PathList,
    theme: &Theme,
) -> Option<FormEdit> {
    let is_own = matches!(mapped.source, MappingSource::Plan | MappingSource::Removed);
    let row = Row {
        field,
        name: field.label.to_owned(),
        mapping: mapped.mapping.as_ref(),
        can_reset: is_own && checked.default.contains_key(field.key),
        value: mapped.value.as_ref(),
        problems: &mapped.problems,
        paths: &checked.paths,
    };
    let asked = row_ui(ui, &row, list, theme);
    let mut edit = asked.and_then(|asked| whole_edit(field, &asked, checked, text));
    if Shape::of(row.mapping, field).kind() == Kind::Members {
        ui.indent(field.key, |ui| {
            for part in field.properties {
                let row = Row {
                    field: part,
                    name: format!("{} / {}", field.label, part.label),
                    mapping: mapped.mapping.as_ref().and_then(|mapping| mapping.get(part.key)),
                    can_reset: false,
                    value: mapped.value.as_ref().and_then(|value| value.get(part.key)),
                    problems: &[],
                    paths: &checked.paths,
                };
                let asked = row_ui(ui, &row, list, theme);
                edit = asked.and_then(|asked| part_edit(field, part, &asked, mapped, text)).or(edit.take());
            }
        });
    }
    edit
}

/// What comes of an edit of a field.
fn whole_edit(field: &'static Field, asked: &RowEdit, checked: &Checked, text: &str) -> Option<FormEdit> {
    let path = [field.key];
    let text = match asked {
        RowEdit::AsJson => return Some(FormEdit::AsJson(field.key)),
        RowEdit::Map(Some(mapping)) => set_member(text, &path, mapping),
        RowEdit::Open => set_member(
            text,
            &path,
            checked.default.get(field.key).filter(|default| default.is_object()).unwrap_or(&Value::Object(Map::new())),
        ),
        // Null alone takes a default away.
        RowEdit::Map(None) if checked.default.contains_key(field.key) => set_member(text, &path, &Value::Null),
        RowEdit::Map(None) | RowEdit::Reset => remove_member(text, &path),
    };
    text.map(FormEdit::Text)
}

/// What comes of an edit of a part of an object. The plan replaces fields as a whole, so that the other parts of a default
/// come along.
fn part_edit(
    field: &'static Field,
    part: &'static Field,
    asked: &RowEdit,
    mapped: &MappedField,
    text: &str,
) -> Option<FormEdit> {
    let mapping = match asked {
        RowEdit::AsJson => return Some(FormEdit::AsJson(field.key)),
        RowEdit::Map(mapping) => mapping.clone(),
        RowEdit::Open | RowEdit::Reset => return None,
    };
    let path = [field.key, part.key];
    let text = if mapped.source == MappingSource::Plan {
        match &mapping {
            Some(mapping) => set_member(text, &path, mapping),
            None => remove_member(text, &path),
        }
    } else {
        let mut whole = mapped.mapping.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
        match mapping {
            Some(mapping) => _ = whole.insert(part.key.to_owned(), mapping),
            None => _ = whole.shift_remove(part.key),
        }
        set_member(text, &path[..1], &Value::Object(whole))
    };
    text.map(FormEdit::Text)
}
