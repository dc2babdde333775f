//! One row of the form: a field, how it gets its value, and what the event gives it.
use egui::{ComboBox, Id, Label, Popup, PopupCloseBehavior, RichText, TextEdit, Ui, WidgetInfo};
use serde_json::{Value, json};

use super::hints::open_braces;
use super::shape::{Branch, Kind, Operand, Shape, literal_from_typed};
use crate::core::mapping::EventPath;
use crate::core::schema::{Field, FieldKind};
use crate::ui::composer::field_words::{all_words, type_words};
use crate::ui::json_editor::one_line;
use crate::ui::proposals::{self, ListKey};
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::visible;

/// The list of paths below one of the form's fields, while it is open.
#[derive(Debug, Default)]
pub(super) struct PathList {
    open_for: Option<Id>,
    chosen: usize,
}

/// What is shown of a field.
pub(super) struct Row<'a> {
    pub(super) field: &'static Field,
    /// Its name for people, with that of the object around it.
    pub(super) name: String,
    /// The mapping in force.
    pub(super) mapping: Option<&'a Value>,
    /// Whether the plan itself says it, and there is a default to go back to.
    pub(super) can_reset: bool,
    /// What the action gets.
    pub(super) value: Option<&'a Value>,
    pub(super) problems: &'a [String],
    pub(super) paths: &'a [EventPath],
}

/// What a person did with a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RowEdit {
    /// The field gets another mapping, or none.
    Map(Option<Value>),
    /// Back to the action's default.
    Reset,
    /// The parts of an object are to be mapped on their own.
    Open,
    /// Go to it in the JSON.
    AsJson,
}

/// Width of the chooser of kinds.
const CHOOSER: f32 = 92.0;

/// Shows a row; gives what was done with it.
pub(super) fn row_ui(ui: &mut Ui, row: &Row<'_>, list: &mut PathList, theme: &Theme) -> Option<RowEdit> {
    let shape = Shape::of(row.mapping, row.field);
    let mut edit = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        let buttons = CHOOSER + if row.can_reset { 58.0 } else { 0.0 } + 2.0 * size::STEP;
        let room = (ui.available_width() - buttons).max(60.0);
        let height = ui.spacing().interact_size.y;
        ui.allocate_ui_with_layout(egui::vec2(room, height), egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_width(room);
            title_ui(ui, row.field, theme);
        });
        if row.can_reset && ui.small_button("Default").on_hover_text("Back to the action's default mapping").clicked() {
            edit = Some(RowEdit::Reset);
        }
        edit = kind_ui(ui, row, &shape).or(edit.take());
    });
    ui.horizontal(|ui| {
        ui.add_space(2.0 * size::STEP);
        edit = shape_ui(ui, row, &shape, list, theme).or(edit.take());
    });
    outcome_ui(ui, row, theme);
    ui.add_space(1.5 * size::STEP);
    edit
}

fn title_ui(ui: &mut Ui, field: &Field, theme: &Theme) {
    let mut job = egui::text::LayoutJob::default();
    let text = |font, color| egui::TextFormat::simple(font, color);
    job.append(field.label, 0.0, text(Theme::font(size::TEXT), theme.text));
    if matches!(field.required, crate::core::schema::Required::Yes) {
        job.append(" required", 0.0, text(Theme::font(size::TABLE_TEXT), theme.tone(Tone::Retry)));
    }
    job.append(&format!("  {}", type_words(field)), 0.0, text(Theme::font(size::TABLE_TEXT), theme.weak));
    ui.add(Label::new(job).truncate()).on_hover_text(all_words(field));
}

fn kind_ui(ui: &mut Ui, row: &Row<'_>, shape: &Shape) -> Option<RowEdit> {
    let kind = shape.kind();
    let mut edit = None;
    let combo = ComboBox::from_id_salt(("kind", &row.name)).selected_text(kind.word()).width(CHOOSER).truncate();
    let shown = combo.show_ui(ui, |ui| {
        for offered in Kind::offered(row.field) {
            if ui.selectable_label(*offered == kind, offered.word()).clicked() && *offered != kind {
                edit = Some(match offered {
                    Kind::Members => RowEdit::Open,
                    offered => RowEdit::Map(shape.turned_into(*offered, row.field).to_mapping()),
                });
            }
        }
        if ui.selectable_label(kind == Kind::Other, "JSON …").clicked() {
            edit = Some(RowEdit::AsJson);
        }
    });
    let name = format!("{} comes from", row.name);
    shown.response.widget_info(|| {
        let info = WidgetInfo::labeled(egui::Role::ComboBox, true, &name);
        WidgetInfo { current_text_value: Some(kind.word().to_owned()), ..info }
    });
    edit
}

fn shape_ui(ui: &mut Ui, row: &Row<'_>, shape: &Shape, list: &mut PathList, theme: &Theme) -> Option<RowEdit> {
    let mapped = |shape: Shape| Some(RowEdit::Map(shape.to_mapping()));
    match shape {
        Shape::Nothing | Shape::Members => None,
        Shape::Literal(value) => literal_ui(ui, row, value),
        Shape::Path(path) => {
            let field = PathField { name: format!("Path of {}", row.name), style: Style::Path, row, theme };
            mapped(Shape::Path(field.show(ui, path, list)?))
        }
        Shape::Template(template) => {
            let field = PathField { name: format!("Template of {}", row.name), style: Style::Template, row, theme };
            mapped(Shape::Template(field.show(ui, template, list)?))
        }
        Shape::Branch(branch) => ui.vertical(|ui| branch_ui(ui, row, branch, list, theme)).inner.and_then(mapped),
        Shape::Other => {
            let text = row.mapping.map(one_line).unwrap_or_default();
            let button = ui.small_button("Edit as JSON");
            button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Edit {} as JSON", row.name)));
            let summary = RichText::new(visible::label(&text)).font(Theme::mono(size::MONO)).color(theme.weak);
            ui.add(Label::new(summary).truncate())
                .on_hover_text(row.mapping.map(|all| format!("{all:#}")).unwrap_or_default());
            button.clicked().then_some(RowEdit::AsJson)
        }
    }
}

fn literal_ui(ui: &mut Ui, row: &Row<'_>, value: &Value) -> Option<RowEdit> {
    let name = format!("Value of {}", row.name);
    let changed = |value: Value| Some(RowEdit::Map(Some(value)));
    if let (FieldKind::Boolean, Some(mut on)) = (row.field.kind, value.as_bool()) {
        let word = if on { "true" } else { "false" };
        let response = ui.checkbox(&mut on, word);
        response.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, true, on, &name));
        return if response.changed() { changed(json!(on)) } else { None };
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if row.field.choices.is_empty() {
        let mut typed = text;
        let response =
            ui.add(TextEdit::singleline(&mut typed).desired_width(f32::INFINITY).font(Theme::mono(size::MONO)));
        response.widget_info(|| {
            let info = WidgetInfo::text_edit(true, "", typed.clone(), "");
            WidgetInfo { label: Some(name.clone()), ..info }
        });
        return if response.changed() { changed(literal_from_typed(&typed, row.field)) } else { None };
    }
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(&name).selected_text(&text).truncate().show_ui(ui, |ui| {
        for choice in row.field.choices {
            if ui.selectable_label(*choice == text, *choice).clicked() {
                chosen = Some(json!(choice));
            }
        }
    });
    combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, &name));
    chosen.and_then(changed)
}

fn branch_ui(ui: &mut Ui, row: &Row<'_>, branch: &Branch, list: &mut PathList, theme: &Theme) -> Option<Shape> {
    let mut changed = branch.clone();
    let mut is_changed = false;
    let words = if branch.test == "exists" { "if there is" } else { "if not empty" };
    let operands = [(words, &mut changed.tested), ("then", &mut changed.then), ("else", &mut changed.otherwise)];
    for (words, operand) in operands {
        ui.horizontal(|ui| {
            let (rect, _) =
                ui.allocate_exact_size(egui::vec2(62.0, ui.spacing().interact_size.y), egui::Sense::hover());
            let font = Theme::font(size::TABLE_TEXT);
            ui.painter().text(rect.left_center(), egui::Align2::LEFT_CENTER, words, font, theme.weak);
            let name = format!("{}: {words}", row.name);
            let field = PathField { name, style: Style::PathOrText, row, theme };
            if let Some(typed) = field.show(ui, &operand.typed(), list) {
                *operand = Operand::from_typed(typed);
                is_changed = true;
            }
        });
    }
    is_changed.then_some(Shape::Branch(changed))
}

/// What the event gives the field, or why it gives nothing.
fn outcome_ui(ui: &mut Ui, row: &Row<'_>, theme: &Theme) {
    ui.horizontal_top(|ui| {
        ui.add_space(2.0 * size::STEP);
        if row.problems.is_empty() {
            let (text, color) = match row.value {
                None => ("nothing".to_owned(), theme.weak),
                Some(value) => (one_line(value), theme.tone(Tone::Delivered)),
            };
            let shown =
                RichText::new(format!("→ {}", visible::label(&text))).font(Theme::mono(size::MONO)).color(color);
            let response = ui.add(Label::new(shown).truncate());
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, format!("{} gets {text}", row.name)));
        } else {
            let words = row.problems.join("\n");
            let words = RichText::new(visible::label(&words)).font(Theme::font(size::TABLE_TEXT));
            ui.add(Label::new(words.color(theme.tone(Tone::Dropped))).wrap());
        }
    });
}

/// How paths are written in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// A path, `$.` in front.
    Path,
    /// A path if `$.` stands in front, else a text.
    PathOrText,
    /// A text with paths in braces.
    Template,
}

/// A text field that offers the paths of the event.
struct PathField<'a> {
    name: String,
    style: Style,
    row: &'a Row<'a>,
    theme: &'a Theme,
}

impl PathField<'_> {
    /// Shows the field; gives the text if it was changed.
    fn show(&self, ui: &mut Ui, text: &str, list: &mut PathList) -> Option<String> {
        let id = ui.make_persistent_id(&self.name);
        let mut typed = text.to_owned();
        let found = if list.open_for == Some(id) { self.proposals(text) } else { Vec::new() };
        let mut taken = None;
        if !found.is_empty() && ui.memory(|memory| memory.has_focus(id)) {
            match proposals::list_key(ui, true) {
                Some(ListKey::Close) => list.open_for = None,
                Some(ListKey::Step(forward)) => {
                    list.chosen = proposals::stepped(Some(list.chosen), found.len(), forward).unwrap_or_default();
                }
                Some(ListKey::Take) => taken = found.get(list.chosen),
                None => (),
            }
        }
        let is_open = list.open_for == Some(id);
        let filter =
            egui::EventFilter { horizontal_arrows: true, vertical_arrows: is_open, tab: is_open, escape: is_open };
        let edit = TextEdit::singleline(&mut typed).id(id).desired_width(f32::INFINITY).font(Theme::mono(size::MONO));
        let response = ui.add(edit.event_filter(filter));
        response.widget_info(|| {
            let info = WidgetInfo::text_edit(true, "", typed.clone(), "");
            WidgetInfo { label: Some(self.name.clone()), ..info }
        });
        let asks =
            response.has_focus() && ui.input_mut(|input| input.consume_key(egui::Modifiers::CTRL, egui::Key::Space));
        if response.changed() || asks || (response.gained_focus() && matches!(text, "" | "$." | "{{}}")) {
            *list = PathList { open_for: Some(id), chosen: 0 };
        }
        if is_open && !found.is_empty() {
            let popup = Popup::from_response(&response).id(id.with("paths")).open(true);
            let popup = popup.close_behavior(PopupCloseBehavior::IgnoreClicks);
            let rows = found.iter().map(|(path, value)| (path.as_str(), value.as_str()));
            if let Some(clicked) = proposals::list_ui(popup, rows, Some(list.chosen), self.theme) {
                taken = found.get(clicked);
                response.request_focus();
            } else if response.lost_focus() && taken.is_none() {
                list.open_for = None;
            }
        }
        if let Some((path, _)) = taken {
            list.open_for = None;
            typed = self.completed(text, path);
            put_cursor_at_end(ui, id, &typed);
        }
        (typed != text).then_some(typed)
    }

    /// Paths that what is typed may become, each with what stands there; none where it is a whole path already.
    fn proposals(&self, text: &str) -> Vec<(String, String)> {
        const MOST: usize = 60;
        let typed = match self.style {
            Style::Path => text.trim_start_matches('$').trim_start_matches('.'),
            Style::PathOrText => match text.strip_prefix('$') {
                Some(typed) => typed.trim_start_matches('.'),
                None if text.is_empty() => "",
                None => return Vec::new(),
            },
            Style::Template => match open_braces(text.strip_suffix("}}").unwrap_or(text)) {
                Some(typed) => typed,
                None => return Vec::new(),
            },
        };
        let prefix = if self.style == Style::Template { "" } else { "$." };
        let wanted = typed.to_lowercase();
        let holds = |place: &&EventPath| place.path.to_lowercase().contains(&wanted) && place.path != typed;
        let told = |place: &EventPath| (format!("{prefix}{}", place.path), one_line(&place.value));
        self.row.paths.iter().filter(holds).take(MOST).map(told).collect()
    }

    fn completed(&self, text: &str, path: &str) -> String {
        if self.style != Style::Template {
            return path.to_owned();
        }
        let text = text.strip_suffix("}}").unwrap_or(text);
        let n_typed = open_braces(text).map_or(0, str::len);
        format!("{}{path}}}}}", &text[..text.len() - n_typed])
    }
}

fn put_cursor_at_end(ui: &Ui, id: Id, text: &str) {
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = egui::text::CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
    TextEdit::store_state(ui.ctx(), id, state);
}
