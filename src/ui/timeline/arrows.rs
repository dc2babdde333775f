//! Lines that tie things together: a refresh to the first attempt that used its token, a delivery to its twin.
use egui::{Pos2, Stroke, Ui, pos2, vec2};

use super::marks::{RING, arrow_head};
use super::rows::{Row, VisibleRows};
use super::scene::Scene;
use crate::store::{AttemptIdx, Marks, Session};
use crate::ui::theme::{Theme, Tone};

/// How far above a bar an arrow comes in.
const ABOVE: f32 = 3.5;

/// Paints the lines of all rows in view, below their bars.
pub(super) fn arrows(ui: &Ui, scene: &Scene<'_>, visible: &VisibleRows) {
    let Scene { session, areas, theme, .. } = *scene;
    let painter = scene.plot_painter(ui, areas.rows.y_range());
    for row in &visible.rows {
        for diamond in row.lane.diamonds.iter().filter(|diamond| diamond.succeeded) {
            let Some(target) = first_user(session, diamond.attempt).filter(|user| *user != diamond.attempt) else {
                continue;
            };
            let from = pos2(diamond.x, row.y.center());
            let color = theme.tone(Tone::Refresh);
            match visible.bar(session, target) {
                Some(bar) => tie(&painter, from, pos2(bar.left() + 5.0, bar.top() - 1.0), color),
                None => stub(&painter, from, session, target, row, color),
            }
        }
        twin(&painter, session, visible, row, theme);
    }
}

/// The attempt that sent the first request with the token that `maker` got.
fn first_user(session: &Session, maker: AttemptIdx) -> Option<AttemptIdx> {
    let delivery = session.delivery(session.attempt(maker).delivery);
    let lane = session.tokens().lane(delivery.destination)?;
    let made = lane.generations().find(|generation| generation.made_by == Some(maker))?;
    made.first_use.map(|(user, _)| user)
}

/// Up or down from `from`, along above the target's row of bars, and in from above.
fn tie(painter: &egui::Painter, from: Pos2, tip: Pos2, color: egui::Color32) {
    let level = tip.y - ABOVE;
    let start = from + vec2(0.0, if level < from.y { -6.5 } else { 6.5 });
    let stroke = Stroke::new(1.2, color);
    painter.line(vec![start, pos2(from.x, level), pos2(tip.x, level), tip - vec2(0.0, 2.0)], stroke);
    arrow_head(painter, tip + vec2(0.0, 1.0), vec2(0.0, 1.0), color);
}

/// A short arrow towards a row that is out of view.
fn stub(painter: &egui::Painter, from: Pos2, session: &Session, target: AttemptIdx, row: &Row, color: egui::Color32) {
    if session.attempt(target).delivery == row.delivery {
        return;
    }
    let tip = from + vec2(0.0, 14.0);
    painter.line_segment([from + vec2(0.0, 6.5), tip], Stroke::new(1.2, color));
    arrow_head(painter, tip, vec2(0.0, 1.0), color);
}

/// From the end mark of what was delivered twice back to the attempt that delivered it first.
fn twin(painter: &egui::Painter, session: &Session, visible: &VisibleRows, row: &Row, theme: &Theme) {
    let delivery = session.delivery(row.delivery);
    if !delivery.marks.has(Marks::DELIVERED_TWICE) {
        return;
    }
    let twins = session.attempts_of(row.delivery).filter_map(|attempt| session.twin_of(attempt));
    for first in twins.filter_map(|twin| visible.bar(session, twin)) {
        let stroke = Stroke::new(1.2, theme.tone(Tone::Twice));
        let end = pos2(row.lane.end_x, row.y.center() + RING);
        let level = if row.y.contains(first.center().y) { row.y.max - 2.5 } else { first.bottom() + 2.5 };
        painter.line(vec![first.center_bottom(), pos2(first.center().x, level), pos2(end.x, level), end], stroke);
    }
}
