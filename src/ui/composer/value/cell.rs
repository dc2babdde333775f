//! One value in a form, and what stands inside of it, indented below.
use egui::{ComboBox, Label, RichText, Ui, WidgetInfo};
use serde_json::{Map, Value};

use super::edit::Edit;
use super::literal::literal_ui;
use super::path_field::{PathField, PathList, Style};
use super::shape::{Branch, Kind, Operand, Shape, first_literal};
use super::told::Told;
use crate::core::mapping::{EventPath, Takes, directive_about};
use crate::core::schema::{Field, FieldKind};
use crate::ui::composer::field_words::all_words;
use crate::ui::icon::{Icon, icon_button};
use crate::ui::json_editor::{Step, one_line};
use crate::ui::theme::{Theme, Tone, size};
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
    new_key: (String, String),
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
    fn part(self, find: impl FnOnce(&'a Value) -> Option<&'a Value>) -> Self {
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

    fn inner<'v>(&self, step: Step, field: Field, name: &str, value: Option<&'v Value>, place: Place) -> Cell<'v> {
        let way = self.way.iter().cloned().chain([step]).collect();
        Cell { field, name: format!("{} / {name}", self.name), way, value, gets: Gets::Untold, place }
    }
}

impl Form<'_> {
    /// Shows a value that stands inside of another one.
    fn inner_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, title: &str, language: Language, told: &mut Complaints<'_>) {
        let shape = cell.shape(language);
        let is_short = language == Language::Plain && !matches!(shape, Shape::Members | Shape::List);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            let buttons = cell.place.buttons_width();
            let chooser = if language == Language::Mapping { CHOOSER + size::STEP } else { 0.0 };
            let room = if is_short { LABEL } else { (ui.available_width() - buttons - chooser).max(48.0) };
            label_ui(ui, title, &cell.field, room, self.theme);
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

    /// The chooser of how a value comes about.
    pub(super) fn kind_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, shape: &Shape, default: Option<&Value>) {
        let kind = shape.kind();
        let combo = ComboBox::from_id_salt(("kind", &cell.name)).selected_text(kind.word()).width(CHOOSER).truncate();
        let shown = combo.show_ui(ui, |ui| {
            let offered = Kind::offered(&cell.field)
                .filter(|offered| *offered != Kind::Nothing || !matches!(cell.place, Place::Item { .. }));
            for offered in offered {
                let entry = ui.selectable_label(offered == kind, offered.word());
                let entry =
                    if offered.description().is_empty() { entry } else { entry.on_hover_text(offered.description()) };
                if entry.clicked() && offered != kind {
                    let opened = default.filter(|default| offered == Kind::Members && default.is_object());
                    let turned = opened.cloned().or_else(|| shape.turned_into(offered, &cell.field, cell.value));
                    let way = cell.way.clone();
                    self.edit = Some(turned.map_or(Edit::Remove(way.clone()), |turned| Edit::Set(way, turned)));
                }
            }
            if ui.selectable_label(kind == Kind::Other, "JSON …").clicked() {
                self.edit = Some(Edit::AsJson(cell.way.clone()));
            }
        });
        let name = format!("{} comes from", cell.name);
        shown.response.widget_info(|| {
            let info = WidgetInfo::labeled(egui::Role::ComboBox, true, &name);
            WidgetInfo { current_text_value: Some(kind.word().to_owned()), ..info }
        });
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

    fn branch_ui(&mut self, ui: &mut Ui, name: &str, branch: &Branch) -> Option<Shape> {
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

    /// The parts of an object, those that are known first, and a field for one more.
    fn members_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, language: Language, told: &mut Complaints<'_>) {
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
            self.inner_ui(ui, &Cell { gets: got(key), ..inner }, key, language, told);
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
            let field = egui::TextEdit::singleline(&mut typed).desired_width(120.0).hint_text("new key");
            let response = ui.add(field.font(Theme::mono(size::MONO)));
            response.widget_info(|| WidgetInfo::labeled(egui::Role::TextInput, true, &name));
            let is_done = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
            let is_free = !typed.is_empty() && !typed.starts_with('@') && !members.contains_key(&typed);
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

    /// The items of a list, and a button for one more.
    fn list_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, language: Language, told: &mut Complaints<'_>) {
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

    /// The options of a directive.
    fn directive_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, name: &'static str, told: &mut Complaints<'_>) {
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
                let inner = whole(field, given, field.label);
                self.inner_ui(ui, &inner, field.label, Language::Mapping, told);
            }
            Takes::Options(options) => {
                for option in options {
                    let value = given.and_then(|given| given.get(option.key));
                    let step = Step::Key(option.key.to_owned());
                    let inner = Cell {
                        name: format!("{} / {}", cell.name, option.label),
                        ..given_cell.inner(step, *option, "", value, Place::Part)
                    };
                    self.inner_ui(ui, &inner, option.label, option_language(option), told);
                }
            }
            Takes::Places(places) => {
                for (idx, place) in places.iter().enumerate() {
                    let value = given.and_then(|given| given.get(idx));
                    let inner = Cell {
                        name: format!("{} / {}", cell.name, place.label),
                        ..given_cell.inner(Step::Item(idx), *place, "", value, Place::Part)
                    };
                    // The list itself is named by a text, which is its path.
                    self.inner_ui(ui, &inner, place.label, Language::Mapping, told);
                }
            }
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

/// Options that are no mappings are typed, ticked or chosen.
fn option_language(option: &Field) -> Language {
    match option.kind {
        FieldKind::Any => Language::Mapping,
        _ => Language::Plain,
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

/// What the event gives a value, on a line of its own, if that can be told.
pub(super) fn gets_ui(ui: &mut Ui, name: &str, gets: Gets<'_>, theme: &Theme) {
    let (text, color) = match gets {
        Gets::Untold => return,
        Gets::Nothing => ("nothing".to_owned(), theme.weak),
        Gets::Value(value) => (one_line(value), theme.tone(Tone::Delivered)),
    };
    ui.horizontal_top(|ui| {
        ui.add_space(2.0 * size::STEP);
        let shown = RichText::new(format!("→ {}", visible::label(&text))).font(Theme::mono(size::MONO)).color(color);
        let response = ui.add(Label::new(shown).truncate());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, format!("{name} gets {text}")));
    });
}

/// What is wrong, on a line of its own.
pub(super) fn complaint_ui(ui: &mut Ui, message: &str, theme: &Theme) {
    ui.horizontal_top(|ui| {
        ui.add_space(2.0 * size::STEP);
        let words = RichText::new(visible::label(message)).font(Theme::font(size::TABLE_TEXT));
        ui.add(Label::new(words.color(theme.tone(Tone::Dropped))).wrap());
    });
}
