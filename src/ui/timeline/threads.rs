//! The ways of events through batches: from the attempt that carried them to the next one, in another row.
use egui::epaint::CubicBezierShape;
use egui::{Color32, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::marks::arrow_head;
use super::rows::VisibleRows;
use super::scene::Scene;
use crate::store::label::{Label, counted};

/// Paints the threads of the selected attempt's events, and names them.
pub(super) fn threads_ui(ui: &Ui, scene: &Scene<'_>, visible: &VisibleRows) {
    let Scene { session, view, areas, theme, .. } = *scene;
    let mut painter = scene.plot_painter(ui, areas.rows.y_range());
    for thread in view.timeline.learned.threads() {
        let (Some(from), Some(to)) = (visible.bar(session, thread.from), visible.bar(session, thread.to)) else {
            continue;
        };
        painter.set_opacity(scene.phase_of(session.attempt(thread.to).started_at).strength(theme));
        let (start, end) = ends(from, to);
        strand(&painter, start, end, theme.accent);
        let message = |attempt| Label::of(session, session.attempt(attempt).delivery).message_id;
        let words = counted(thread.n_events, "event", "events");
        let name = format!("{words} from {} on to {}", message(thread.from), message(thread.to));
        let grip = Rect::from_center_size(middle(start, end), vec2(14.0, 14.0)).intersect(painter.clip_rect());
        if grip.is_positive() {
            let id = ui.scope_id().with(("thread", thread.from, thread.to));
            let response = ui.interact(grip, id, Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
            painter.circle_filled(grip.center(), 2.5, theme.accent);
            response.on_hover_text(name);
        }
    }
}

/// From the lower or upper edge of one bar to that of another.
fn ends(from: Rect, to: Rect) -> (Pos2, Pos2) {
    if from.center().y < to.center().y {
        (pos2(from.right().min(from.left() + 20.0), from.bottom() + 1.0), pos2(to.left() + 4.0, to.top() - 2.0))
    } else {
        (pos2(from.right().min(from.left() + 20.0), from.top() - 1.0), pos2(to.left() + 4.0, to.bottom() + 2.0))
    }
}

fn middle(start: Pos2, end: Pos2) -> Pos2 {
    start + (end - start) / 2.0
}

fn strand(painter: &egui::Painter, start: Pos2, end: Pos2, color: Color32) {
    let bend = vec2(0.0, (end.y - start.y) / 2.0);
    let points = [start, start + bend, end - bend, end];
    painter.add(CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, Stroke::new(1.4, color)));
    arrow_head(painter, end, vec2(0.0, (end.y - start.y).signum()), color);
}
