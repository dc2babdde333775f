//! Lines that are wider than the body: which part of one is in sight, and the bar that moves it.
use egui::{NumExt as _, Rect, Sense, Ui, pos2, vec2};

use super::line_job::{InString, Line};
use crate::ui::theme::{Theme, size};
use crate::ui::visible;

/// A bar below the rows. `left` is how far they are scrolled, `hidden` how far they can be, in points.
pub(super) fn bar_ui(ui: &mut Ui, left: &mut f32, gutter: f32, width: f32, hidden: f32, theme: &Theme) {
    let sense = Sense::click_and_drag() - Sense::FOCUSABLE;
    let (strip, response) = ui.allocate_exact_size(vec2(ui.available_width(), 2.0 * size::STEP), sense);
    let track = Rect::from_min_size(pos2(strip.left() + gutter, strip.top()), vec2(width, strip.height()));
    let handle = (width * width / (width + hidden)).at_least(20.0).at_most(width);
    let way = (width - handle).at_least(1.0);
    if response.is_pointer_button_down_on()
        && let Some(pointer) = response.interact_pointer_pos()
    {
        *left = ((pointer.x - track.left() - handle / 2.0) / way).clamp(0.0, 1.0) * hidden;
    }
    let x = track.left() + way * (*left / hidden);
    let handle = Rect::from_min_size(pos2(x, track.top() + size::STEP), vec2(handle, size::STEP));
    let color = if response.hovered() { theme.weak } else { theme.hairline };
    ui.painter().rect_filled(handle, size::BAR_RADIUS, color);
}

/// The part of a line from a column on. Walks one row only, which is never longer than [`super::rows::Rows`] allows.
pub(super) fn cut_to_columns(line: Line<'_>, first_column: usize, n_columns: usize) -> Line<'_> {
    let mut column = 0;
    let (mut start, mut end) = (line.text.len(), line.text.len());
    let mut is_escaped = false;
    let mut in_string = line.json.is_some_and(|InString(in_string)| in_string);
    for (at, c) in line.text.char_indices() {
        if column >= first_column && start > at {
            start = at;
        }
        if column >= first_column + n_columns {
            end = at;
            break;
        }
        if start > at {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = in_string,
                '"' => in_string = !in_string,
                _ => (),
            }
        }
        column += visible::columns(c);
    }
    Line {
        text: &line.text[start..end.max(start)],
        start: line.start + start,
        json: line.json.map(|_| InString(in_string)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_line_knows_whether_it_begins_in_a_string() {
        let line = Line { text: "{\"key\": \"a long value\"}", start: 7, json: Some(InString(false)) };
        let cut = cut_to_columns(line, 10, 4);
        assert_eq!((cut.text, cut.start, cut.json), (" lon", 17, Some(InString(true))));
        assert_eq!(cut_to_columns(line, 100, 4).text, "");
    }
}
