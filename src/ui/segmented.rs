//! A switch between a few things that exclude each other, as one row of segments.
use egui::{Align2, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::theme::{Theme, size};

/// Height of the switch.
const HEIGHT: f32 = 6.0 * size::STEP;

/// Shows the switch and sets `chosen` when a segment is pressed. True if it was.
pub fn segmented_ui<T: Copy + PartialEq>(ui: &mut Ui, segments: &[(T, &str)], chosen: &mut T, theme: &Theme) -> bool {
    let font = Theme::font(size::TEXT);
    let widths: Vec<f32> = segments
        .iter()
        .map(|(_, word)| {
            let galley = ui.painter().layout_no_wrap((*word).to_owned(), font.clone(), theme.text);
            galley.size().x + 4.0 * size::STEP
        })
        .collect();
    let (rect, _) = ui.allocate_exact_size(vec2(widths.iter().sum(), HEIGHT), Sense::hover());
    ui.painter().rect(rect, size::CONTROL_RADIUS, theme.panel, theme.line(), StrokeKind::Inside);
    let mut left = rect.left();
    let mut was_pressed = false;
    for ((value, word), width) in segments.iter().zip(widths) {
        let segment = Rect::from_min_size(pos2(left, rect.top()), vec2(width, HEIGHT));
        left = segment.right();
        let response = ui.interact(segment, ui.scope_id().with(("segment", word)), Sense::click());
        let is_chosen = value == chosen;
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, *word));
        if is_chosen {
            ui.painter().rect_filled(segment.shrink(1.0), size::CONTROL_RADIUS, theme.selection);
        }
        let ink = if is_chosen || response.hovered() || response.has_focus() { theme.text } else { theme.weak };
        ui.painter().text(segment.center(), Align2::CENTER_CENTER, word, font.clone(), ink);
        if response.clicked() {
            *chosen = *value;
            was_pressed = true;
        }
    }
    was_pressed
}
