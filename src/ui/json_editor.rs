//! A text editor for JSON: colours, line numbers, and the line of an error marked.
use std::sync::Arc;

use egui::{Align2, Galley, Rect, ScrollArea, Shape, TextBuffer, TextEdit, Ui, pos2, vec2};

use super::json_syntax;
use super::theme::{Theme, Tone, size};

/// Longer texts are shown in one colour: they would be laid out anew with every key.
const MAX_COLORED_BYTES: usize = 200_000;

/// Shows the editor in the space that is left. `error_line` counts from 1. True if the text was changed.
pub fn json_editor_ui(ui: &mut Ui, label: &str, text: &mut String, error_line: Option<usize>, theme: &Theme) -> bool {
    let font = Theme::mono(size::MONO);
    let n_lines = text.lines().count().max(1);
    let gutter = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0')) * digits(n_lines) + 3.0 * size::STEP;
    let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _wrap_width: f32| -> Arc<Galley> {
        let text = text.as_str();
        let job = if text.len() <= MAX_COLORED_BYTES {
            json_syntax::colored(text, &font, theme)
        } else {
            egui::text::LayoutJob::simple(text.to_owned(), font.clone(), theme.text, f32::INFINITY)
        };
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let frame = egui::Frame::NONE
        .fill(theme.background)
        .stroke(theme.line())
        .corner_radius(size::CONTROL_RADIUS)
        .inner_margin(size::STEP);
    let changed = frame.show(ui, |ui| {
        let room = ui.available_size();
        let area = ScrollArea::both().id_salt(label).auto_shrink(false).max_height(room.y);
        area.show(ui, |ui| {
            let error_mark = ui.painter().add(Shape::Noop);
            let output = ui
                .horizontal_top(|ui| {
                    ui.add_space(gutter);
                    let width = (room.x - gutter).max(0.0);
                    TextEdit::multiline(text)
                        .id_salt(label)
                        .frame(egui::Frame::NONE)
                        .margin(0.0)
                        .code_editor()
                        .desired_width(width)
                        .min_size(vec2(width, room.y - 2.0 * size::STEP))
                        .layouter(&mut layouter)
                        .show(ui)
                })
                .inner;
            output.response.widget_info(|| {
                let info = egui::WidgetInfo::text_edit(true, "", output.galley.text(), "");
                egui::WidgetInfo { label: Some(label.to_owned()), ..info }
            });
            let mut n_painted = 0;
            let mut is_line_start = true;
            for row in &output.galley.rows {
                let top = output.galley_pos.y + row.pos.y;
                let rect = Rect::from_min_size(pos2(ui.min_rect().left(), top), vec2(gutter, row.size.y));
                if is_line_start {
                    n_painted += 1;
                    let is_error = error_line == Some(n_painted);
                    let ink = if is_error { theme.tone(Tone::Dropped) } else { theme.faint };
                    if ui.is_rect_visible(rect) {
                        let at = pos2(rect.right() - 2.0 * size::STEP, rect.center().y);
                        let number = n_painted.to_string();
                        ui.painter().text(at, Align2::RIGHT_CENTER, number, Theme::mono(size::TIMELINE_TEXT), ink);
                    }
                    if is_error {
                        let line = Rect::from_x_y_ranges(ui.clip_rect().x_range(), rect.y_range());
                        let tint = theme.tone(Tone::Dropped).gamma_multiply(0.18);
                        ui.painter().set(error_mark, Shape::rect_filled(line, 0.0, tint));
                    }
                }
                is_line_start = row.ends_with_newline;
            }
            output.response.changed()
        })
    });
    changed.inner.inner
}

#[expect(clippy::cast_precision_loss, reason = "a count of digits")]
fn digits(n_lines: usize) -> f32 {
    n_lines.to_string().len().max(2) as f32
}
