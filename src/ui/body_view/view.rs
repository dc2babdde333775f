//! The widget: line numbers, rows in sight, search, long lines broken or scrolled sideways.
use base64::Engine as _;
use egui::{Align2, Key, Label, NumExt as _, Rect, TextEdit, Ui, pos2, vec2};

use super::document::{Document, Kind};
use super::find::Find;
use super::hex;
use super::line_job::{InString, Line, line_job};
use super::rows::{Rows, Wrapping};
use super::sideways;
use crate::ui::icon::{Icon, icon_button, icon_toggle};
use crate::ui::row_list::{RowAnchor, RowList};
use crate::ui::theme::{Theme, size};
use crate::ui::visible;

/// Height of a row of fixed-width type.
const ROW_HEIGHT: f32 = 4.0 * size::STEP;

const MARGIN: f32 = 2.0 * size::STEP;

/// What is shown of a body and how: plain data. `K` names the body; another name brings another body.
#[derive(Debug)]
pub struct BodyView<K> {
    key: Option<K>,
    document: Document,
    rows: Rows,
    /// How the rows were broken; none where they have to be indexed first.
    indexed_for: Option<Wrapping>,
    anchor: RowAnchor,
    /// How far it is scrolled sideways, in points.
    left: f32,
    keeps_long_lines: bool,
    find: Find,
    shows_match: bool,
}

impl<K> Default for BodyView<K> {
    fn default() -> Self {
        Self {
            key: None,
            document: Document::default(),
            rows: Rows::default(),
            indexed_for: None,
            anchor: RowAnchor::default(),
            left: 0.0,
            keeps_long_lines: false,
            find: Find::default(),
            shows_match: false,
        }
    }
}

impl<K: PartialEq> BodyView<K> {
    /// Takes the body of that name; `make` is called only if it is another one than before.
    pub fn take(&mut self, key: K, make: impl FnOnce() -> Document) {
        if self.key.as_ref() != Some(&key) {
            self.key = Some(key);
            self.document = make();
            self.indexed_for = None;
            self.anchor = RowAnchor::default();
            self.left = 0.0;
            self.find.forget();
        }
    }

    /// The body that was taken last.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The body as it would be copied: text as shown, bytes as base64.
    #[must_use]
    pub fn copied(&self) -> String {
        match self.document.kind {
            Kind::Bytes => base64::engine::general_purpose::STANDARD.encode(&self.document.bytes),
            _ => self.document.text.clone(),
        }
    }

    /// Two small buttons: search, and whether long lines are broken.
    pub fn buttons_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let wraps = !self.keeps_long_lines;
        if icon_toggle(ui, Icon::Wrap, "Wrap long lines", Some(wraps), theme).clicked() {
            self.keeps_long_lines = wraps;
            self.left = 0.0;
        }
        if icon_toggle(ui, Icon::Find, "Find in body", Some(self.find.is_open), theme).clicked() {
            self.find.is_open = !self.find.is_open;
            self.find.wants_focus = self.find.is_open;
            self.find.query.clear();
        }
    }

    /// The search field if it is open, and the body in at most so much height.
    ///
    /// `marked` are lines of JSON, without indentation and comma, that people should not miss.
    pub fn body_ui(&mut self, ui: &mut Ui, name: &str, max_height: f32, marked: &[String], theme: &Theme) {
        if self.find.is_open {
            self.find_ui(ui, theme);
        }
        if self.find.refresh(self.document.haystack()) {
            self.shows_match = true;
        }
        let frame = egui::Frame::NONE.fill(theme.background).corner_radius(size::CONTROL_RADIUS).inner_margin(MARGIN);
        let frame = if theme.background == theme.panel { frame.stroke(theme.line()) } else { frame };
        frame.show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            match self.document.kind {
                Kind::Empty => {
                    ui.label(egui::RichText::new(Kind::Empty.word()).color(theme.faint));
                    ui.take_available_width();
                }
                Kind::Bytes => self.bytes_ui(ui, name, max_height - 2.0 * MARGIN, theme),
                Kind::Json | Kind::Text => self.text_ui(ui, name, max_height - 2.0 * MARGIN, marked, theme),
            }
        });
    }

    fn find_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        ui.horizontal(|ui| {
            let buttons = 3.0 * 28.0 + 64.0;
            let field = TextEdit::singleline(&mut self.find.query)
                .hint_text("Find in body")
                .desired_width((ui.available_width() - buttons).at_least(60.0));
            let field = ui.add(field);
            ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("Text to find"));
            if std::mem::take(&mut self.find.wants_focus) {
                field.request_focus();
            }
            let (is_enter, is_back) = ui.input(|input| (input.key_pressed(Key::Enter), input.modifiers.shift));
            let is_left_by_enter = field.lost_focus() && is_enter;
            if is_left_by_enter {
                field.request_focus();
            }
            let words = self.find.words();
            let color = if words == "none" { theme.tone(crate::ui::theme::Tone::Dropped) } else { theme.weak };
            ui.label(egui::RichText::new(words).size(size::TABLE_TEXT).color(color));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                let is_left_by_escape = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape));
                if icon_button(ui, Icon::Close, "Close search", theme).clicked() || is_left_by_escape {
                    self.find.is_open = false;
                    self.find.query.clear();
                }
                let found = self.find.is_found();
                let next = ui.add_enabled_ui(found, |ui| icon_button(ui, Icon::Down, "Next match", theme)).inner;
                let last = ui.add_enabled_ui(found, |ui| icon_button(ui, Icon::Up, "Previous match", theme)).inner;
                if next.clicked() || last.clicked() || is_left_by_enter {
                    self.find.step(!(last.clicked() || (is_left_by_enter && is_back)));
                    self.shows_match = true;
                }
            });
        });
    }

    fn text_ui(&mut self, ui: &mut Ui, name: &str, max_height: f32, marked: &[String], theme: &Theme) {
        let column = ui.fonts_mut(|fonts| fonts.glyph_width(&Theme::mono(size::MONO), '0'));
        let gutter = (points(digits(self.document.n_lines)) + 2.0) * column;
        let width = (ui.available_width() - gutter - 3.0 * size::STEP).at_least(column);
        let wrapping = if self.keeps_long_lines { Wrapping::Never } else { Wrapping::At(whole(width / column)) };
        if self.indexed_for != Some(wrapping) {
            let first_byte = self.rows.range(&self.document.text, self.anchor.row_idx).start;
            let is_new = self.indexed_for.is_none();
            self.rows = Rows::index(&self.document.text, wrapping);
            self.indexed_for = Some(wrapping);
            if !is_new {
                self.anchor = RowAnchor { row_idx: self.rows.row_at(first_byte), above: 0.0 };
            }
        }
        let hidden_width = (points(self.rows.max_columns()) * column - width).at_least(0.0);
        let is_wide = self.keeps_long_lines && hidden_width > 0.0;
        let max_height = if is_wide { max_height - size::STEP * 2.0 } else { max_height };
        let scroll = RowList { name, n_rows: self.rows.len(), row_height: ROW_HEIGHT, max_height };
        if std::mem::take(&mut self.shows_match)
            && let Some(found) = self.find.current()
        {
            self.show_match(found, &scroll, column, width);
        }
        self.left = if is_wide { self.left.clamp(0.0, hidden_width) } else { 0.0 };
        let Self { document, rows, anchor, find, left, .. } = self;
        let first_column = whole(*left / column);
        let shift = points(first_column) * column - *left;
        let n_columns = whole(width / column) + 2;
        let response = scroll.show(ui, anchor, theme, |ui, row_idx| {
            let Some(row) = rows.get(row_idx) else { return };
            let range = rows.range(&document.text, row_idx);
            let mut line = Line {
                text: &document.text[range.clone()],
                start: range.start,
                json: (document.kind == Kind::Json).then_some(InString(row.in_string)),
            };
            if is_wide {
                line = sideways::cut_to_columns(line, first_column, n_columns);
            }
            let rect = ui.max_rect();
            if marked.iter().any(|marked| marked == line.text.trim_start().trim_end_matches(',')) {
                ui.painter().rect_filled(rect, 0, theme.selection);
            }
            if !row.is_continued {
                let at = pos2(rect.left() + gutter - 1.5 * column, rect.center().y);
                let number = row.line.to_string();
                ui.painter().text(at, Align2::RIGHT_CENTER, number, Theme::mono(size::TIMELINE_TEXT), theme.faint);
            }
            let clip = Rect::from_min_max(pos2(rect.left() + gutter - 2.0, rect.top()), rect.right_bottom());
            ui.set_clip_rect(clip.intersect(ui.clip_rect()));
            ui.add_space(gutter + points(row.indent) * column + shift);
            ui.add(Label::new(line_job(&line, find, theme)).extend());
        });
        if is_wide {
            if response.contains_pointer() {
                let wheel = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.x));
                self.left = (self.left - wheel).clamp(0.0, hidden_width);
            }
            sideways::bar_ui(ui, &mut self.left, gutter, width, hidden_width, theme);
        }
    }

    fn show_match(&mut self, found: usize, scroll: &RowList<'_>, column: f32, width: f32) {
        let row_idx = self.rows.row_at(found);
        self.anchor.reveal(row_idx, scroll.n_visible_rows());
        let start = self.rows.range(&self.document.text, row_idx).start;
        let before = self.document.text.get(start..found).unwrap_or_default();
        let at = points(before.chars().map(visible::columns).sum()) * column;
        let end = at + points(self.find.length()) * column;
        if at < self.left || end > self.left + width {
            self.left = (at - width / 2.0).at_least(0.0);
        }
    }

    fn bytes_ui(&mut self, ui: &mut Ui, name: &str, max_height: f32, theme: &Theme) {
        let column = ui.fonts_mut(|fonts| fonts.glyph_width(&Theme::mono(size::MONO), '0'));
        let bytes_a_row = hex::bytes_a_row(whole((ui.available_width() - 3.0 * size::STEP) / column));
        let n_rows = self.document.bytes.len().div_ceil(bytes_a_row);
        let scroll = RowList { name, n_rows, row_height: ROW_HEIGHT, max_height };
        if std::mem::take(&mut self.shows_match)
            && let Some(found) = self.find.current()
        {
            self.anchor.reveal(found / bytes_a_row, scroll.n_visible_rows());
        }
        let Self { document, anchor, find, .. } = self;
        scroll.show(ui, anchor, theme, |ui, row_idx| {
            let (offset, hex, letters) = hex::row(&document.bytes, row_idx, bytes_a_row);
            let start = row_idx * bytes_a_row;
            let is_found = !find.within(start, start + bytes_a_row).is_empty();
            let is_current = find.current().is_some_and(|found| (start..start + bytes_a_row).contains(&found));
            if is_found {
                let ground = if is_current { theme.selection } else { theme.raised };
                ui.painter().rect_filled(ui.max_rect(), 0, ground);
            }
            let mut job = egui::text::LayoutJob::default();
            for (text, color) in [(offset, theme.faint), (hex, theme.text), (letters, theme.weak)] {
                job.append(&text, 0.0, egui::TextFormat::simple(Theme::mono(size::MONO), color));
            }
            ui.add(Label::new(job).extend());
        });
    }
}

/// Digits of a number in decimal.
fn digits(number: usize) -> usize {
    number.max(1).ilog10() as usize + 1
}

#[expect(clippy::cast_precision_loss, reason = "columns of one row are few")]
fn points(n_columns: usize) -> f32 {
    n_columns as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "columns of one row are few")]
fn whole(columns: f32) -> usize {
    columns.max(0.0) as usize
}
