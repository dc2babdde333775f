//! The form: a row for each field of the action, what stands inside of it below, hidden ones at the end.
use std::sync::Arc;

use egui::{CollapsingHeader, RichText, ScrollArea, Ui};
use serde_json::{Map, Value};

use super::check::Checked;
use crate::core::destinations::{MappedField, MappingSource};
use crate::core::schema::Field;
use crate::ui::composer::value::{Cell, Edit, Form, FormState, Gets, Language, Place, Row, Told};
use crate::ui::json_editor::{Step, set_member};
use crate::ui::theme::{Theme, size};

/// Shows the form; gives what was done in it.
pub(super) fn form_ui(
    ui: &mut Ui,
    fields: &'static [Field],
    checked: &Checked,
    state: &mut FormState,
    theme: &Theme,
) -> Option<Edit> {
    let mut form = Form { paths: &checked.paths, event: Some(Arc::clone(&checked.event)), theme, state, edit: None };
    ScrollArea::vertical().id_salt("mapping form").auto_shrink(false).show(ui, |ui| {
        // The scroll bar floats over what is below it.
        ui.set_max_width(ui.available_width() - 3.0 * size::STEP);
        let rows = || fields.iter().zip(&checked.fields);
        for (field, mapped) in rows().filter(|(field, _)| !field.hidden) {
            field_ui(ui, &mut form, field, mapped, checked);
        }
        let n_hidden = fields.iter().filter(|field| field.hidden).count();
        if n_hidden > 0 {
            let title = RichText::new(format!("Hidden in Segment's own form ({n_hidden})")).color(theme.weak);
            CollapsingHeader::new(title).id_salt("hidden fields").show(ui, |ui| {
                for (field, mapped) in rows().filter(|(field, _)| field.hidden) {
                    field_ui(ui, &mut form, field, mapped, checked);
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
    form.edit
}

fn field_ui(ui: &mut Ui, form: &mut Form<'_>, field: &Field, mapped: &MappedField, checked: &Checked) {
    let is_own = matches!(mapped.source, MappingSource::Plan | MappingSource::Removed);
    let default = checked.default.get(field.key);
    let told: Vec<Told> = mapped.problems.iter().flat_map(|all| all.lines()).map(Told::of_message).collect();
    let row = Row {
        cell: Cell {
            field: *field,
            name: field.label.to_owned(),
            way: vec![Step::Key(field.key.to_owned())],
            value: mapped.mapping.as_ref(),
            gets: Gets::of(mapped.value.as_ref()),
            place: Place::Field,
            siblings: None,
        },
        language: Language::Mapping,
        default,
        can_reset: is_own && default.is_some(),
        told: &told,
    };
    form.row_ui(ui, &row);
}

/// The mapping's text after an edit. The plan replaces fields as a whole, so that an edit inside of a default takes the rest
/// of that default along.
pub(super) fn edited(edit: &Edit, text: &str, checked: &Checked) -> Option<String> {
    let (Some(key), inside) = (edit.way().first().and_then(Step::key), edit.way().len() > 1) else { return None };
    let is_own = checked.over.as_ref().is_some_and(|over| over.contains_key(key));
    let default = checked.default.get(key);
    let is_inside = inside || matches!(edit, Edit::Push(..) | Edit::Swap(..));
    match (edit, default) {
        // Null alone takes a default away.
        (Edit::Remove(_), Some(_)) if !inside => set_member(text, &[key], &Value::Null),
        (_, Some(default)) if is_inside && !is_own => edit.apply(&set_member(text, &[key], default)?),
        (Edit::AsJson(_), default) if !is_own => set_member(text, &[key], default.unwrap_or(&Value::Null)),
        _ => edit.apply(text),
    }
}
