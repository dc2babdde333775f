//! A small bar of time: when the trait was written, from when on it could be read, and when it was read.
use egui::{
    Align, Align2, Color32, CornerRadius, Painter, Rangef, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::core::deduplication::TraitTimes;
use crate::core::time::Timestamp;
use crate::ui::inspector::context::InspectorContext;
use crate::ui::stamps;
use crate::ui::theme::{Theme, Tone, size};

const HEIGHT: f32 = 17.0 * size::STEP;
const BAR: f32 = 2.5 * size::STEP;
/// Room at both ends, so that what stands at an end has a side.
const MARGIN: f32 = 3.0 * size::STEP;

pub(super) fn trait_bar_ui(ui: &mut Ui, times: TraitTimes, context: &InspectorContext<'_>, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let sentence = sentence(times);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &sentence));
    response.on_hover_text(format!(
        "Written {}\nVisible {}\nRead {}",
        context.instant(times.written_at),
        context.instant(times.visible_at),
        context.instant(times.read_at)
    ));
    let painter = ui.painter();
    painter.rect_filled(rect, size::CARD_RADIUS, theme.raised);
    let inner = rect.x_range().shrink(MARGIN);
    let [written, visible, read] = places(times, inner);
    let bar = Rangef::new(rect.top() + 6.0 * size::STEP, rect.top() + 6.0 * size::STEP + BAR);
    painter.hline(inner, bar.center(), Stroke::new(1.0, theme.hairline));
    let not_visible = Rect::from_x_y_ranges(written..=visible, bar);
    hatched(painter, not_visible, theme.tone(Tone::Retry));
    let after = Rect::from_x_y_ranges(visible..=inner.max, bar);
    painter.rect_filled(after, CornerRadius::same(size::BAR_RADIUS), theme.fill(Tone::Delivered));
    let tone = if times.is_stale() { Tone::Twice } else { Tone::Pending };
    let above = bar.min - 1.5 * size::STEP;
    caption(painter, rect.x_range(), written, above, "written", theme.weak, Align::LEFT);
    let stands_apart = visible - written > 110.0;
    let visible_align = if stands_apart { Align::Center } else { Align::LEFT };
    let beside = if stands_apart { visible } else { visible.max(written + 50.0) };
    caption(painter, rect.x_range(), beside, above, "visible", theme.weak, visible_align);
    let color = if times.is_stale() { theme.tone(tone) } else { theme.text };
    painter.vline(read, Rangef::new(bar.min - 2.0, bar.max + 6.0), Stroke::new(2.0, color));
    let words = if times.is_stale() { "read: stale" } else { "read" };
    caption(painter, rect.x_range(), read, bar.max + 3.0 * size::STEP, words, color, Align::Center);
    let told = pos2(rect.left() + MARGIN, rect.bottom() - 2.5 * size::STEP);
    painter.text(told, Align2::LEFT_CENTER, sentence, Theme::font(size::TIMELINE_TEXT), theme.weak);
}

/// Where the trait was written, became visible and was read, between two edges.
fn places(times: TraitTimes, inner: Rangef) -> [f32; 3] {
    let all = [times.written_at, times.visible_at, times.read_at];
    let (first, last) = all.iter().fold((all[0], all[0]), |(first, last), at| (first.min(*at), last.max(*at)));
    let whole = last.since(first).as_secs_f32().max(f32::MIN_POSITIVE);
    // What becomes visible at the very end is still seen to be there.
    let room = Rangef::new(inner.min, inner.max - 6.0 * size::STEP);
    all.map(|at: Timestamp| room.min + room.span() * (at.since(first).as_secs_f32() / whole))
}

/// Words at an x, kept within the edges.
fn caption(painter: &Painter, edges: Rangef, x: f32, y: f32, words: &str, color: Color32, align: Align) {
    let galley = painter.layout_no_wrap(words.to_owned(), Theme::font(size::TIMELINE_TEXT), color);
    let left = if align == Align::Center { x - galley.size().x / 2.0 } else { x };
    let left = left.min(edges.max - galley.size().x - size::STEP).max(edges.min + size::STEP);
    painter.galley(pos2(left, y - galley.size().y / 2.0), galley, color);
}

/// An area of slanted lines: written, and not there yet for who reads.
fn hatched(painter: &Painter, area: Rect, color: Color32) {
    let painter = painter.with_clip_rect(area.intersect(painter.clip_rect()));
    let mut x = area.left() - area.height();
    while x < area.right() {
        painter.line_segment([pos2(x, area.bottom()), pos2(x + area.height(), area.top())], Stroke::new(1.0, color));
        x += 5.0;
    }
    painter.add(Shape::rect_stroke(area, size::BAR_RADIUS, Stroke::new(1.0, color), egui::StrokeKind::Inside));
}

/// `read 1 m after writing, 2 m before it was visible`.
fn sentence(times: TraitTimes) -> String {
    if times.read_at < times.written_at {
        return format!("read {} before it was written", stamps::duration(times.written_at.since(times.read_at)));
    }
    let after = stamps::duration(times.read_at.since(times.written_at));
    let visible = if times.is_stale() {
        format!("{} before it was visible", stamps::duration(times.visible_at.since(times.read_at)))
    } else {
        format!("{} after it became visible", stamps::duration(times.read_at.since(times.visible_at)))
    };
    format!("read {after} after it was written, {visible}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_the_drawing_is_the_order_of_time() {
        let at = Timestamp::from_millis;
        for (read, stale) in [(1_000, true), (3_000, false), (9_000, false)] {
            let times = TraitTimes { written_at: at(0), visible_at: at(2_000), read_at: at(read) };
            let [written, visible, x] = places(times, Rangef::new(0.0, 300.0));
            assert!(written < visible && (x < visible) == stale, "{read}: {written} {visible} {x}");
        }
    }

    #[test]
    fn what_happened_at_one_instant_stands_at_one_place() {
        let at = Timestamp::from_millis(5);
        let places = places(TraitTimes { written_at: at, visible_at: at, read_at: at }, Rangef::new(0.0, 300.0));
        assert!(places.iter().all(|x| (x - places[0]).abs() < f32::EPSILON));
    }

    #[test]
    fn the_sentence_says_how_far_apart_they_are() {
        let at = Timestamp::from_millis;
        for (read, words) in [
            (1_000, "read 1 s after it was written, 1 s before it was visible"),
            (3_000, "read 3 s after it was written, 1 s after it became visible"),
            (-500, "read 500 ms before it was written"),
        ] {
            assert_eq!(sentence(TraitTimes { written_at: at(0), visible_at: at(2_000), read_at: at(read) }), words);
        }
    }
}
