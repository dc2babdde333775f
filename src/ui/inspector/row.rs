//! A row that can be chosen: what it looks like under the pointer, with the focus, and when it is the chosen one.
use egui::text::{LayoutJob, TextWrapping};
use egui::{Id, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2};

use crate::ui::theme::{Theme, size};

/// Makes a rectangle a row that can be chosen. `name` is what a screen reader says.
pub(super) fn row_response(
    ui: &Ui,
    rect: Rect,
    id: Id,
    is_chosen: bool,
    name: impl Fn() -> String,
    theme: &Theme,
) -> Response {
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, name()));
    if is_chosen {
        ui.painter().rect_filled(rect, size::CONTROL_RADIUS, theme.selection);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, size::CONTROL_RADIUS, theme.raised);
    }
    response
}

/// Paints a text of one line in the middle of a height, cut with an ellipsis where it is wider than it may be, and
/// tells where it stands.
pub(super) fn paint_line(ui: &Ui, mut job: LayoutJob, left: f32, middle: f32, max_width: f32) -> Rect {
    job.wrap = TextWrapping::truncate_at_width(max_width.max(0.0));
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let rect = Rect::from_min_size(pos2(left, middle - galley.size().y / 2.0), galley.size());
    let ink = ui.visuals().text_color();
    ui.painter().galley(rect.min, galley, ink);
    rect
}
