//! A directive in a form: its options below each other, each with what the event gives it.
use std::sync::Arc;

use egui::{Label, RichText, Ui};
use serde_json::{Map, Value};

use super::cell::{Cell, Complaints, Form, Gets, Language, Place};
use super::path_field::{PathField, Style};
use super::shape::{Branch, Operand, Shape};
use crate::core::mapping::{Takes, directive_about, transform};
use crate::core::schema::{Field, FieldKind};
use crate::ui::json_editor::Step;
use crate::ui::theme::{Theme, size};

impl Form<'_> {
    /// The options of a directive.
    pub(super) fn directive_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, name: &'static str, told: &mut Complaints<'_>) {
        let Some(about) = directive_about(name) else { return };
        let words = RichText::new(about.description).font(Theme::font(size::TABLE_TEXT)).color(self.theme.weak);
        ui.add(Label::new(words).wrap());
        let given = cell.value.and_then(|value| value.get(name));
        let whole = |field: Field, value, title: &str| {
            let inner = cell.inner(Step::Key(name.to_owned()), field, title, value, Place::Part);
            Cell { name: inner.name, ..inner }
        };
        let given_cell = whole(Field::new("", "", FieldKind::Any), given, name);
        match about.takes {
            Takes::One(field) => {
                let got = self.got(given);
                let inner = Cell { gets: got.gets(), ..whole(field, given, field.label) };
                self.inner_ui(ui, &inner, field.label, Language::Mapping, told);
            }
            Takes::Options(options) => {
                for option in options {
                    let value = given.and_then(|given| given.get(option.key));
                    let step = Step::Key(option.key.to_owned());
                    let language = option_language(option);
                    let around = self.event.clone();
                    if name == "@transform" && option.key == "mapping" {
                        // It reads what came before it.
                        self.event = match self.got(given.and_then(|given| given.get("apply"))) {
                            Got::Value(applied) => Some(Arc::new(applied)),
                            Got::Untold | Got::Nothing => None,
                        };
                    }
                    let got = if language == Language::Mapping { self.got(value) } else { Got::Untold };
                    let inner = Cell {
                        name: format!("{} / {}", cell.name, option.label),
                        gets: got.gets(),
                        ..given_cell.inner(step, *option, "", value, Place::Part)
                    };
                    self.inner_ui(ui, &inner, option.label, language, told);
                    self.event = around;
                }
            }
            Takes::Places(places) => {
                for (idx, place) in places.iter().enumerate() {
                    let value = given.and_then(|given| given.get(idx));
                    let around = self.event.clone();
                    // The list itself is named by a text, which is its path; and each of its elements is read on its own.
                    if value.is_some_and(Value::is_string) || idx > 0 {
                        self.event = None;
                    }
                    let got = self.got(value);
                    let inner = Cell {
                        name: format!("{} / {}", cell.name, place.label),
                        gets: got.gets(),
                        ..given_cell.inner(Step::Item(idx), *place, "", value, Place::Part)
                    };
                    self.inner_ui(ui, &inner, place.label, Language::Mapping, told);
                    self.event = around;
                }
            }
        }
    }

    /// What the event gives a part of a mapping. It cannot be told where there is no event, nothing is written, or it fails,
    /// which is said elsewhere.
    fn got(&self, part: Option<&Value>) -> Got {
        const PART: &str = "part";
        let (Some(part), Some(event)) = (part, self.event.as_deref()) else { return Got::Untold };
        match transform(&Map::from_iter([(PART.to_owned(), part.clone())]), event) {
            Ok(Value::Object(mut made)) => made.shift_remove(PART).map_or(Got::Nothing, Got::Value),
            Ok(_) | Err(_) => Got::Untold,
        }
    }

    /// What is tested, and what comes of it.
    pub(super) fn branch_ui(&mut self, ui: &mut Ui, name: &str, branch: &Branch) -> Option<Shape> {
        let mut changed = branch.clone();
        let mut is_changed = false;
        let words = if branch.test == "exists" { "if there is" } else { "if not empty" };
        let operands = [(words, &mut changed.tested), ("then", &mut changed.then), ("else", &mut changed.otherwise)];
        for (words, operand) in operands {
            ui.horizontal(|ui| {
                let (rect, _) =
                    ui.allocate_exact_size(egui::vec2(62.0, ui.spacing().interact_size.y), egui::Sense::hover());
                let font = Theme::font(size::TABLE_TEXT);
                ui.painter().text(rect.left_center(), egui::Align2::LEFT_CENTER, words, font, self.theme.weak);
                let name = format!("{name}: {words}");
                let field = PathField { name, style: Style::PathOrText, paths: self.paths, theme: self.theme };
                if let Some(typed) = field.show(ui, &operand.typed(), &mut self.state.paths) {
                    *operand = Operand::from_typed(typed);
                    is_changed = true;
                }
            });
        }
        is_changed.then_some(Shape::Branch(changed))
    }
}

/// [`Gets`], with the value that was worked out.
enum Got {
    Untold,
    Nothing,
    Value(Value),
}

impl Got {
    const fn gets(&self) -> Gets<'_> {
        match self {
            Self::Untold => Gets::Untold,
            Self::Nothing => Gets::Nothing,
            Self::Value(value) => Gets::Value(value),
        }
    }
}

/// Options that are no mappings are typed, ticked or chosen.
fn option_language(option: &Field) -> Language {
    match option.kind {
        FieldKind::Any => Language::Mapping,
        _ => Language::Plain,
    }
}
