//! What arrived twice, or nearly: doubled bars, the line to the twin, and the time in which a trait could not be read yet.
use egui::{
    Color32, CornerRadius, Painter, Rangef, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::learned;
use super::marks::arrow_head;
use super::rows::{Row, VisibleRows, bar_rect};
use super::scene::Scene;
use crate::core::deduplication::TraitTimes;
use crate::store::{AttemptIdx, Marks};
use crate::ui::stamps;
use crate::ui::theme::{Theme, Tone, size};

/// How far the second outline of a doubled bar stands off.
const OFFSET: f32 = 3.0;
/// Height of the strip over a row in which a trait could not be read.
const STRIP: f32 = 3.0;

/// Paints all that is below the bars.
pub(super) fn twins_ui(ui: &Ui, scene: &Scene<'_>, visible: &VisibleRows) {
    let mut painter = scene.plot_painter(ui, scene.areas.rows.y_range());
    for row in &visible.rows {
        for bar in &row.lane.bars {
            painter.set_opacity(scene.phase_of(bar.row.ended_at).strength(scene.theme));
            if bar.row.marks.has(Marks::DELIVERED_TWICE) {
                doubled(&painter, bar_rect(bar.x, row.y), scene.theme);
            }
            if let Some(times) = scene.view.timeline.learned.stale_read(bar.attempt) {
                strip_ui(ui, &painter, scene, row, times, bar.attempt);
            }
            link(&painter, scene, visible, row, bar.attempt, bar.row.marks);
        }
    }
}

/// A second outline behind the bar, up and to the right.
fn doubled(painter: &Painter, bar: Rect, theme: &Theme) {
    let behind = bar.translate(vec2(OFFSET, -OFFSET));
    let corners = CornerRadius::same(size::BAR_RADIUS);
    painter.rect(behind, corners, theme.panel, Stroke::new(1.4, theme.tone(Tone::Twice)), StrokeKind::Inside);
    painter.rect_filled(bar.expand(1.0), corners, theme.panel);
}

/// From an attempt back to the one that was there first: a line where the receiver acted again, dashes where it did not.
fn link(painter: &Painter, scene: &Scene<'_>, visible: &VisibleRows, row: &Row, attempt: AttemptIdx, marks: Marks) {
    let tone = if marks.has(Marks::DELIVERED_TWICE) {
        Tone::Twice
    } else if marks.has(Marks::SUPPRESSED.with(Marks::AMBIGUOUS)) {
        Tone::Pending
    } else {
        return;
    };
    let twin = scene.session.twin_of(attempt).filter(|twin| *twin != attempt);
    let Some((twin, own)) = twin.zip(visible.bar(scene.session, attempt)) else { return };
    let color = scene.theme.tone(tone);
    let stroke = Stroke::new(1.3, color);
    let Some(first) = visible.bar(scene.session, twin) else {
        // The twin is out of view: the line only says which way it is.
        let earlier = pos2(own.center().x - 14.0, row.y.max - 2.5);
        painter.line(vec![own.center_bottom(), pos2(own.center().x, earlier.y), earlier], stroke);
        arrow_head(painter, earlier - vec2(3.0, 0.0), vec2(-1.0, 0.0), color);
        return;
    };
    let is_same_row = row.y.contains(first.center().y);
    let level = if is_same_row { row.y.max - 2.0 } else { first.bottom() + 3.0 };
    let tip = first.center_bottom() + vec2(0.0, 1.0);
    let points = [own.center_bottom(), pos2(own.center().x, level), pos2(tip.x, level), tip];
    if tone == Tone::Twice {
        painter.line(points.to_vec(), stroke);
    } else {
        // Ends out of sight are drawn beside the edge: dashes that nobody sees take long.
        let sight = painter.clip_rect().x_range().expand(8.0);
        let points = points.map(|point| pos2(sight.clamp(point.x), point.y));
        painter.extend(Shape::dashed_line(&points, stroke, 3.0, 3.0));
    }
    arrow_head(painter, tip, vec2(0.0, -1.0), color);
}

/// The time between writing the trait and its being readable, over the row, and in it the instant when it was read.
fn strip_ui(ui: &Ui, painter: &Painter, scene: &Scene<'_>, row: &Row, times: TraitTimes, attempt: AttemptIdx) {
    let Scene { axis, areas, theme, .. } = *scene;
    let x =
        Rangef::new(axis.x_of(times.written_at), axis.x_of(times.visible_at).max(axis.x_of(times.written_at) + 2.0));
    let strip = Rect::from_x_y_ranges(x, row.y.min + 1.0..=row.y.min + 1.0 + STRIP);
    let color = theme.tone(Tone::Twice);
    hatched(painter, strip, areas.plot, color);
    let read = axis.x_of(times.read_at);
    painter.vline(read, Rangef::new(strip.top(), row.y.center() - size::BAR / 2.0), Stroke::new(1.5, color));
    arrow_head(painter, pos2(read, row.y.center() - size::BAR / 2.0), vec2(0.0, 1.0), color);
    let shown = strip.expand2(vec2(0.0, 2.0)).intersect(painter.clip_rect());
    if shown.is_positive() {
        let response = ui.interact(shown, ui.scope_id().with(("stale", attempt)), Sense::hover());
        let name = words(times);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}, {}", row.label.message_id)));
        response.on_hover_text(name);
    }
}

/// Slanted strokes between two lines: something is there that cannot be seen yet.
fn hatched(painter: &Painter, strip: Rect, plot: Rangef, color: Color32) {
    let thin = Stroke::new(1.0, color);
    let (left, right) = (strip.left().max(plot.min - 4.0), strip.right().min(plot.max + 4.0));
    painter.hline(left..=right, strip.bottom(), thin);
    let mut x = left;
    while x < right {
        painter.line_segment([pos2(x, strip.bottom()), pos2((x + STRIP).min(right), strip.top())], thin);
        x += 4.0;
    }
    painter.vline(right, strip.y_range(), thin);
}

/// `stale trait read: written 1 m before, visible 2 m later`.
fn words(times: TraitTimes) -> String {
    let (age, until) = (learned::age(times), times.visible_at.since(times.read_at));
    format!("stale trait read: written {} before, visible {} later", stamps::duration(age), stamps::duration(until))
}
