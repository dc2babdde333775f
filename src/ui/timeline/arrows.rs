//! Arrows from a refresh to the first attempt that used its token.
use egui::{Pos2, Stroke, Ui, pos2, vec2};

use super::marks::arrow_head;
use super::rows::{Row, VisibleRows};
use super::scene::Scene;
use crate::store::{AttemptIdx, Session};
use crate::ui::theme::Tone;

/// How far above a bar an arrow comes in.
const ABOVE: f32 = 3.5;

/// Paints the lines of all rows in view, below their bars.
pub(super) fn arrows(ui: &Ui, scene: &Scene<'_>, visible: &VisibleRows) {
    let Scene { session, areas, theme, .. } = *scene;
    let mut painter = scene.plot_painter(ui, areas.rows.y_range());
    for row in &visible.rows {
        for diamond in row.lane.diamonds.iter().filter(|diamond| diamond.succeeded) {
            let Some(target) = first_user(session, diamond.attempt).filter(|user| *user != diamond.attempt) else {
                continue;
            };
            painter.set_opacity(scene.phase_of(session.attempt(target).started_at).strength(theme));
            let from = pos2(diamond.x, row.y.center());
            let color = theme.tone(Tone::Refresh);
            match visible.bar(session, target) {
                Some(bar) => tie(&painter, from, pos2(bar.left() + 5.0, bar.top() - 1.0), color),
                None => stub(&painter, from, session, target, row, color),
            }
        }
    }
}

/// How many generations after the beginning of an attempt may be its own.
const NEAR: usize = 256;

/// The attempt that sent the first request with the token that `maker` got.
fn first_user(session: &Session, maker: AttemptIdx) -> Option<AttemptIdx> {
    let delivery = session.delivery(session.attempt(maker).delivery);
    let lane = session.tokens().lane(delivery.destination)?;
    let began_at = session.attempt(maker).started_at;
    let around = lane.generations().iter().skip(lane.first_since(0, |since| since >= began_at)).take(NEAR);
    let made = around.into_iter().find(|generation| generation.made_by == Some(maker))?;
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
