//! Headings of sections and rows of a name with its value, the same throughout the inspector.
use egui::{Align, Label, Layout, RichText, Ui, UiBuilder, WidgetText, vec2};

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

/// Text from a record as a label: harmless, and no longer than people read.
pub(super) fn text(from_record: &str) -> RichText {
    RichText::new(visible::label(from_record))
}
