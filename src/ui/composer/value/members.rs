//! Objects and lists in a form: their parts below each other, and what makes one more, renames one or moves one.
use egui::{TextEdit, Ui, WidgetInfo};
use serde_json::{Map, Value};

use super::cell::{Cell, Complaints, Form, Gets, Language, Place};
use super::edit::Edit;
use super::shape::first_literal;
use crate::core::schema::{Field, FieldKind};
use crate::ui::json_editor::Step;
use crate::ui::theme::{Theme, Tone, size};

impl Form<'_> {
    /// The parts of an object, those that are known first, and a field for one more.
    pub(super) fn members_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, language: Language, told: &mut Complaints<'_>) {
        let none = Map::new();
        let members = cell.value.and_then(Value::as_object).unwrap_or(&none);
        let parts = cell.field.parts();
        let got = |key: &str| cell.gets.part(|gets| gets.get(key));
        for part in parts {
            let step = Step::Key(part.key.to_owned());
            let inner = cell.inner(step, *part, part.label, members.get(part.key), Place::Part);
            let inner = Cell { gets: got(part.key), ..inner };
            self.inner_ui(ui, &inner, part.label, language, told);
        }
        let any = Field::new("", "", FieldKind::Any);
        for (key, value) in members.iter().filter(|(key, _)| !parts.iter().any(|part| part.key == key.as_str())) {
            let inner = cell.inner(Step::Key(key.clone()), any, key, Some(value), Place::Member);
            self.inner_ui(ui, &Cell { gets: got(key), siblings: Some(members), ..inner }, key, language, told);
        }
        if parts.is_empty() {
            self.new_member_ui(ui, cell, members);
        }
    }

    fn new_member_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, members: &Map<String, Value>) {
        let (of, key) = &mut self.state.new_key;
        let mut typed = if *of == cell.name { key.clone() } else { String::new() };
        ui.horizontal(|ui| {
            let name = format!("New key in {}", cell.name);
            let field = TextEdit::singleline(&mut typed).desired_width(120.0).hint_text("new key");
            let response = ui.add(field.font(Theme::mono(size::MONO)));
            response.widget_info(|| WidgetInfo::labeled(egui::Role::TextInput, true, &name));
            let is_done = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let is_free = may_be_key(&typed, members);
            let button = ui.add_enabled(is_free, egui::Button::new("Add").small());
            button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, is_free, format!("Add to {}", cell.name)));
            if is_free && (is_done || button.clicked()) {
                let way = cell.way.iter().cloned().chain([Step::Key(std::mem::take(&mut typed))]).collect();
                self.edit = Some(Edit::Set(way, Value::from("")));
            }
        });
        if *of == cell.name || !typed.is_empty() {
            self.state.new_key = (cell.name.clone(), typed);
        }
    }

    /// The key of a member, which can be typed over. It is changed when the field is left, unless by Escape, if no other
    /// member has the new one.
    pub(super) fn key_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, key: &str, siblings: &Map<String, Value>, room: f32) {
        let being_typed = self.state.renamed.as_ref().filter(|(way, _)| *way == cell.way);
        let mut typed = being_typed.map_or_else(|| key.to_owned(), |(_, typed)| typed.clone());
        let is_free = typed == key || may_be_key(&typed, siblings);
        let color = if is_free { self.theme.text } else { self.theme.tone(Tone::Dropped) };
        let field = TextEdit::singleline(&mut typed).desired_width((room - 2.0 * size::STEP).clamp(40.0, 180.0));
        let response = ui.add(field.font(Theme::mono(size::MONO)).text_color(color));
        let name = format!("Key of {}", cell.name);
        response.widget_info(|| WidgetInfo {
            label: Some(name.clone()),
            ..WidgetInfo::text_edit(true, "", typed.clone(), "")
        });
        if response.changed() {
            self.state.renamed = Some((cell.way.clone(), typed.clone()));
        }
        if response.lost_focus() {
            let is_left_by_escape = ui.input(|input| input.key_pressed(egui::Key::Escape));
            if typed != key && may_be_key(&typed, siblings) && !is_left_by_escape {
                self.edit = Some(Edit::Rename(cell.way.clone(), typed));
            }
            self.state.renamed = None;
        }
        if !is_free {
            response.on_hover_text("A key needs letters, begins with no @, and stands once in an object");
        }
    }

    /// The items of a list, and a button for one more.
    pub(super) fn list_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, language: Language, told: &mut Complaints<'_>) {
        let items = cell.value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let n_items = items.len();
        let field = Field { multiple: false, label: "", ..cell.field };
        // What the event gives is told item by item only while there is one for each.
        let got = match cell.gets {
            Gets::Value(Value::Array(got)) if got.len() == n_items => cell.gets,
            _ => Gets::Untold,
        };
        for (idx, item) in items.iter().enumerate() {
            let title = (idx + 1).to_string();
            let inner = cell.inner(Step::Item(idx), field, &title, Some(item), Place::Item { idx, n_items });
            let inner = Cell { gets: got.part(|got| got.get(idx)), ..inner };
            self.inner_ui(ui, &inner, &title, language, told);
        }
        let button = ui.small_button("Add");
        button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Add to {}", cell.name)));
        if button.clicked() {
            let (way, item) = (cell.way.clone(), first_literal(&field));
            let is_there = cell.value.is_some_and(Value::is_array);
            self.edit = Some(if is_there { Edit::Push(way, item) } else { Edit::Set(way, Value::from(vec![item])) });
        }
    }
}

/// Whether one more member can have that key.
fn may_be_key(typed: &str, siblings: &Map<String, Value>) -> bool {
    !typed.is_empty() && !typed.starts_with('@') && !siblings.contains_key(typed)
}
