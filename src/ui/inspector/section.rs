//! Headings of sections and rows of a name with its value, the same throughout the inspector.
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, FontId, Label, Layout, Rect, RichText, Ui, UiBuilder, WidgetText, pos2, vec2};

use crate::ui::icon::{Icon, icon_button};
use crate::ui::theme::{Theme, size};
use crate::ui::visible;

/// Width of the names in front of values.
const NAME_WIDTH: f32 = 17.0 * size::STEP;

/// The heading of a section, with room for more at its right end.
pub(super) fn heading_ui<R>(ui: &mut Ui, title: &str, theme: &Theme, right: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space(3.0 * size::STEP);
    let inner = ui
        .horizontal(|ui| {
            ui.set_min_height(6.0 * size::STEP);
            ui.label(RichText::new(title).font(Theme::semibold(size::TABLE_TEXT)).color(theme.weak));
            ui.with_layout(Layout::right_to_left(Align::Center), right).inner
        })
        .inner;
    ui.add_space(size::STEP / 2.0);
    inner
}

/// A name and its value, which may take several lines.
pub(super) fn row_ui(ui: &mut Ui, name: &str, value: impl Into<WidgetText>, theme: &Theme) {
    row_with(ui, name, theme, |ui| {
        ui.add(Label::new(value).wrap());
    });
}

/// A name and, beside it, whatever is drawn there.
pub(super) fn row_with(ui: &mut Ui, name: &str, theme: &Theme, value: impl FnOnce(&mut Ui)) {
    let row = ui.available_rect_before_wrap();
    let mut left = ui.new_child(UiBuilder::new().max_rect(row).layout(Layout::top_down(Align::Min)));
    left.set_max_width(NAME_WIDTH);
    left.add(Label::new(RichText::new(name).color(theme.weak)).truncate());
    let mut right = ui.new_child(
        UiBuilder::new()
            .max_rect(row.with_min_x(row.left() + NAME_WIDTH + size::STEP))
            .layout(Layout::top_down(Align::Min)),
    );
    right.spacing_mut().item_spacing = vec2(size::STEP, 0.0);
    value(&mut right);
    let bottom = left.min_rect().bottom().max(right.min_rect().bottom());
    ui.advance_cursor_after_rect(row.with_max_y(bottom));
}

/// A text that may take several lines, and at its right end a button that copies something. True if it was pressed.
pub(super) fn copyable_ui(ui: &mut Ui, text: impl Into<WidgetText>, button: &str, theme: &Theme) -> bool {
    let row = ui.available_rect_before_wrap();
    let button_left = row.right() - 6.0 * size::STEP;
    let corners = (row.min + vec2(0.0, size::STEP), pos2(button_left - size::STEP, row.bottom()));
    let rect = Rect::from_min_max(corners.0, corners.1);
    let mut left = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min)));
    left.add(Label::new(text).wrap());
    let mut right = ui.new_child(UiBuilder::new().max_rect(row.with_min_x(button_left)));
    let was_pressed = icon_button(&mut right, Icon::Copy, button, theme).clicked();
    let bottom = (left.min_rect().bottom() + size::STEP).max(right.min_rect().bottom());
    ui.advance_cursor_after_rect(row.with_max_y(bottom));
    was_pressed
}

/// Text from a record as a label: harmless, and no longer than people read.
pub(super) fn text(from_record: &str) -> RichText {
    RichText::new(visible::label(from_record))
}

/// A short text of one colour, to be painted.
pub(super) fn line(text: &str, font: FontId, color: Color32) -> LayoutJob {
    LayoutJob::single_section(visible::label(text).into_owned(), TextFormat::simple(font, color))
}

/// A text from a record and behind it, less loud, a remark.
pub(super) fn with_remark(from_record: &str, remark: &str, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    let font = Theme::font(size::TEXT);
    job.append(&visible::label(from_record), 0.0, TextFormat::simple(font.clone(), theme.text));
    if !remark.is_empty() {
        job.append(&format!(" · {}", visible::label(remark)), 0.0, TextFormat::simple(font, theme.weak));
    }
    job
}
