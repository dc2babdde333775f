//! One value in a form, and what stands inside of it, indented below.
use std::sync::Arc;

use egui::{Label, RichText, Ui, WidgetInfo};
use serde_json::{Map, Value};

use super::edit::Edit;
use super::lines::{complaint_ui, gets_ui};
use super::literal::literal_ui;
use super::path_field::{PathField, PathList, Style};
use super::shape::Shape;
use super::told::Told;
use crate::core::mapping::EventPath;
use crate::core::schema::Field;
use crate::ui::composer::field_words::all_words;
use crate::ui::icon::{Icon, icon_button};
use crate::ui::json_editor::{Step, one_line};
use crate::ui::theme::{Theme, size};
use crate::ui::visible;

/// What a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui::composer) enum Language {
    /// Objects with an `@` are directives.
    Mapping,
    /// Nothing but JSON.
    Plain,
}

/// What a form remembers from frame to frame.
#[derive(Debug, Default)]
pub(in crate::ui::composer) struct FormState {
    pub(super) paths: PathList,
    /// The key of a member that is being made, and of which object.
    pub(super) new_key: (String, String),
    /// The member whose key is being changed, and what was typed for it.
    pub(super) renamed: Option<(Vec<Step>, String)>,
}

/// A value with its place.
pub(in crate::ui::composer) struct Cell<'a> {
    /// What it must be; for an item of a list, without the list.
    pub(in crate::ui::composer) field: Field,
    /// Its name for people, with those of what is around it.
    pub(in crate::ui::composer) name: String,
    /// The way to it from the root of the text.
    pub(in crate::ui::composer) way: Vec<Step>,
    /// What is written there.
    pub(in crate::ui::composer) value: Option<&'a Value>,
    /// What the event gives it.
    pub(in crate::ui::composer) gets: Gets<'a>,
    /// What it is of what is around it.
    pub(in crate::ui::composer) place: Place,
    /// The members of the object that it is one of.
    pub(in crate::ui::composer) siblings: Option<&'a Map<String, Value>>,
}

/// What an event gives a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ui::composer) enum Gets<'a> {
    /// It cannot be told.
    Untold,
    Nothing,
    Value(&'a Value),
}

impl<'a> Gets<'a> {
    pub(in crate::ui::composer) fn of(value: Option<&'a Value>) -> Self {
        value.map_or(Self::Nothing, Self::Value)
    }

    /// What it gives a part, found in what it gives the whole.
    pub(super) fn part(self, find: impl FnOnce(&'a Value) -> Option<&'a Value>) -> Self {
        match self {
            Self::Untold => Self::Untold,
            Self::Nothing => Self::Nothing,
            Self::Value(value) => Self::of(find(value)),
        }
    }
}

/// What a value is of what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui::composer) enum Place {
    /// A field of the action or of the settings.
    Field,
    /// A known part of an object, or an option of a directive.
    Part,
    /// A member of an object that may have any.
    Member,
    /// An item of a list of so many.
    Item { idx: usize, n_items: usize },
}

impl Place {
    /// Room for the buttons behind a value.
    fn buttons_width(self) -> f32 {
        const BUTTON: f32 = 7.0 * size::STEP;
        match self {
            Self::Field | Self::Part => 0.0,
            Self::Member => BUTTON,
            Self::Item { .. } => 3.0 * BUTTON,
        }
    }
}

/// A form while it is shown: what its cells share, and what was done.
pub(in crate::ui::composer) struct Form<'a> {
    pub(in crate::ui::composer) paths: &'a [EventPath],
    /// The event that directives are tried on, or what stands for it inside of those that read something else; none where
    /// nothing is tried.
    pub(in crate::ui::composer) event: Option<Arc<Value>>,
    pub(in crate::ui::composer) theme: &'a Theme,
    pub(in crate::ui::composer) state: &'a mut FormState,
    /// What a person did in this frame.
    pub(in crate::ui::composer) edit: Option<Edit>,
}

/// What is told of a row, and which of it stands at one of its parts already.
pub(super) struct Complaints<'a> {
    pub(super) told: &'a [Told],
    pub(super) is_shown: Vec<bool>,
}

/// So many steps into a text a form goes.
const DEEPEST: usize = 9;
const TOO_DEEP: &str = "It stands deeper than a form has room for.";
/// Width of the chooser of kinds.
pub(super) const CHOOSER: f32 = 92.0;
/// Width of the label of a part that stands beside its value.
const LABEL: f32 = 84.0;

impl Cell<'_> {
    pub(super) fn shape(&self, language: Language) -> Shape {
        match Shape::of(self.value, &self.field, language, self.place == Place::Field) {
            Shape::Nothing if language == Language::Plain && self.field.multiple => Shape::List,
            Shape::Members | Shape::List | Shape::Directive(_) if self.way.len() > DEEPEST => Shape::Other(TOO_DEEP),
            shape => shape,
        }
    }

    pub(super) fn inner<'v>(
        &self,
        step: Step,
        field: Field,
        name: &str,
        value: Option<&'v Value>,
        place: Place,
    ) -> Cell<'v> {
        let way = self.way.iter().cloned().chain([step]).collect();
        Cell { field, name: format!("{} / {name}", self.name), way, value, gets: Gets::Untold, place, siblings: None }
    }
}

impl Form<'_> {
    /// Shows a value that stands inside of another one.
    pub(super) fn inner_ui(
        &mut self,
        ui: &mut Ui,
        cell: &Cell<'_>,
        title: &str,
        language: Language,
        told: &mut Complaints<'_>,
    ) {
        let shape = cell.shape(language);
        let is_short = language == Language::Plain && !matches!(shape, Shape::Members | Shape::List);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            let buttons = cell.place.buttons_width();
            let chooser = if language == Language::Mapping { CHOOSER + size::STEP } else { 0.0 };
            let room = if is_short { LABEL } else { (ui.available_width() - buttons - chooser).max(48.0) };
            match cell.siblings {
                Some(siblings) => self.key_ui(ui, cell, title, siblings, room),
                None => label_ui(ui, title, &cell.field, room, self.theme),
            }
            if language == Language::Mapping {
                self.kind_ui(ui, cell, &shape, None);
            }
            if is_short {
                let edge = (ui.available_width() - buttons).max(40.0);
                ui.scope(|ui| {
                    ui.set_max_width(edge);
                    ui.spacing_mut().combo_width = edge;
                    self.body_ui(ui, cell, &shape, language, told);
                });
            }
            self.buttons_ui(ui, cell);
        });
        if !is_short && shape != Shape::Nothing {
            ui.indent(&cell.name, |ui| self.body_ui(ui, cell, &shape, language, told));
        }
        self.complaints_ui(ui, cell, told);
    }

    /// What is wrong with exactly this value, or else what the event gives it.
    fn complaints_ui(&self, ui: &mut Ui, cell: &Cell<'_>, told: &mut Complaints<'_>) {
        let mut is_wrong = false;
        for (complaint, is_shown) in told.told.iter().zip(&mut told.is_shown) {
            if complaint.is_at(&cell.way) && !*is_shown {
                (*is_shown, is_wrong) = (true, true);
                complaint_ui(ui, complaint.message(), self.theme);
            }
        }
        if !is_wrong {
            gets_ui(ui, &cell.name, cell.gets, self.theme);
        }
    }

    /// Up, down and away.
    fn buttons_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>) {
        let theme = self.theme;
        if let (Place::Item { idx, n_items }, Some((_, list))) = (cell.place, cell.way.split_last()) {
            for (icon, word, other) in [(Icon::Up, "up", idx.wrapping_sub(1)), (Icon::Down, "down", idx + 1)] {
                let name = format!("Move {} {word}", cell.name);
                let button = ui.add_enabled_ui(other < n_items, |ui| icon_button(ui, icon, &name, theme)).inner;
                if button.on_hover_text(&name).clicked() {
                    self.edit = Some(Edit::Swap(list.to_vec(), idx, other));
                }
            }
        }
        if let Place::Item { .. } | Place::Member = cell.place {
            let name = format!("Remove {}", cell.name);
            if icon_button(ui, Icon::Close, &name, theme).on_hover_text(&name).clicked() {
                self.edit = Some(Edit::Remove(cell.way.clone()));
            }
        }
    }

    /// What a value is made of.
    pub(super) fn body_ui(
        &mut self,
        ui: &mut Ui,
        cell: &Cell<'_>,
        shape: &Shape,
        language: Language,
        told: &mut Complaints<'_>,
    ) {
        let theme = self.theme;
        let name = &cell.name;
        let path_field = |name: String, style| PathField { name, style, paths: self.paths, theme };
        let set = match shape {
            Shape::Nothing if language == Language::Mapping => None,
            Shape::Nothing | Shape::Literal(_) => {
                // In a mapping, null is a value like any other.
                let changed = literal_ui(ui, &cell.field, &format!("Value of {name}"), cell.value, language);
                if changed.as_ref().is_some_and(|value| language == Language::Plain && (value.is_null() || value == ""))
                {
                    self.edit = Some(Edit::Remove(cell.way.clone()));
                    return;
                }
                changed
            }
            Shape::Path(path) => path_field(format!("Path of {name}"), Style::Path)
                .show(ui, path, &mut self.state.paths)
                .and_then(|path| Shape::Path(path).to_value()),
            Shape::Template(template) => path_field(format!("Template of {name}"), Style::Template)
                .show(ui, template, &mut self.state.paths)
                .and_then(|template| Shape::Template(template).to_value()),
            Shape::Branch(branch) => {
                ui.vertical(|ui| self.branch_ui(ui, name, branch)).inner.and_then(|branch| branch.to_value())
            }
            Shape::Members => return self.members_ui(ui, cell, language, told),
            Shape::List => return self.list_ui(ui, cell, language, told),
            Shape::Directive(directive) => return self.directive_ui(ui, cell, directive, told),
            Shape::Other(why) => return self.json_ui(ui, cell, why),
        };
        if let Some(value) = set {
            self.edit = Some(Edit::Set(cell.way.clone(), value));
        }
    }

    /// What is edited as JSON: why, and the JSON itself.
    fn json_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, why: &str) {
        ui.vertical(|ui| {
            ui.horizontal_wrapped(|ui| {
                let button = ui.small_button("Edit as JSON");
                let name = format!("Edit {} as JSON", cell.name);
                button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &name));
                if button.clicked() {
                    self.edit = Some(Edit::AsJson(cell.way.clone()));
                }
                ui.label(RichText::new(why).font(Theme::font(size::TABLE_TEXT)).color(self.theme.weak));
            });
            let text = cell.value.map(one_line).unwrap_or_default();
            let json = RichText::new(visible::label(&text)).font(Theme::mono(size::MONO)).color(self.theme.weak);
            let whole = cell.value.map(|value| format!("{value:#}")).unwrap_or_default();
            ui.add(Label::new(json).truncate()).on_hover_text(whole);
        });
    }
}

fn label_ui(ui: &mut Ui, title: &str, field: &Field, width: f32, theme: &Theme) {
    let room = egui::vec2(width, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(room, egui::Layout::left_to_right(egui::Align::Center), |ui| {
        ui.set_width(width);
        let words = RichText::new(visible::label(title)).font(Theme::font(size::TABLE_TEXT)).color(theme.weak);
        let label = ui.add(Label::new(words).truncate());
        if !field.label.is_empty() {
            label.on_hover_text(all_words(field));
        }
    });
}
