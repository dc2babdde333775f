//! The whole session at a glance: attempts over time, stacked by verdict, and a brush that zooms the timeline.
use egui::{Mesh, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2};

use super::command::{Commands, TimeMode};
use super::stamps;
use super::theme::{Theme, Tone, size};
use super::view_state::{Step, ViewCommand, ViewState};
use crate::core::names::Decision;
use crate::core::time::Timestamp;
use crate::store::Session;
use crate::store::activity::Span;
use crate::store::label::thousands;
use crate::store::pyramid::Tally;

/// Width of a column and of the space after it, in points.
const COLUMN: f32 = 7.0;
const SPACE: f32 = 1.0;
/// Half the width of what can be grasped of the playhead.
const GRIP: f32 = 5.0;
/// A verdict that is there at all is at least so high.
const LEAST_HEIGHT: f32 = 1.5;
/// From below to above, the ones that need a look on top.
const STACK: [Decision; 4] = [Decision::Delivered, Decision::Filtered, Decision::Retry, Decision::Discard];

/// The overview's part of the view.
#[derive(Debug, Default)]
pub struct OverviewView {
    columns: Vec<Tally>,
    made_for: Option<(u64, usize)>,
    brush: Option<Brush>,
}

/// What a drag on the overview does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Brush {
    /// Shows what is between here and the pointer.
    Select(f32),
    /// Moves what is shown; so far is the pointer from its left edge.
    Move(f32),
}

impl Brush {
    /// What a drag does that was begun at `x`.
    fn begin(x: f32, brushed: Option<Rect>) -> Self {
        let inside = brushed.filter(|brushed| brushed.x_range().contains(x));
        inside.map_or(Self::Select(x), |brushed| Self::Move(x - brushed.left()))
    }
}

/// Shows the overview in all the room there is.
pub fn overview_ui(ui: &mut Ui, session: &Session, view: &mut ViewState, theme: &Theme, commands: &mut Commands) {
    let rect = ui.available_rect_before_wrap();
    let response = ui.allocate_rect(rect, Sense::CLICK | Sense::DRAG);
    let plot = rect.shrink2(egui::vec2(0.0, size::STEP));
    let Some(whole) = session.activity().range() else { return };
    let scale = Scale { whole, plot };
    let shown = view.timeline.span(session, plot.x_range());
    let n_columns = n_columns(plot.width());
    if view.overview.made_for != Some((session.revision(), n_columns)) {
        view.overview.columns = session.columns(None, whole, n_columns);
        view.overview.made_for = Some((session.revision(), n_columns));
    }

    let painter = ui.painter_at(rect);
    let brushed = shown.filter(|_| !view.timeline.follows()).map(|span| scale.rect(span));
    if let Some(brushed) = brushed {
        painter.rect_filled(brushed, 2.0, theme.selection);
    }
    painter.hline(plot.x_range(), plot.bottom() + 0.5, theme.line());
    painter.add(Shape::mesh(columns(&view.overview.columns, plot, theme)));
    if let Some(brushed) = brushed {
        painter.rect_stroke(brushed, 2.0, Stroke::new(1.0, theme.accent), StrokeKind::Inside);
    }

    if let Some(pointer) = response.interact_pointer_pos() {
        let pressed = ui.input(|input| input.pointer.press_origin()).unwrap_or(pointer);
        if response.drag_started() {
            view.overview.brush = Some(Brush::begin(pressed.x, brushed));
        }
        drag(&response, pointer.x, &scale, brushed, &mut view.overview.brush, commands);
    }
    if response.double_clicked() {
        commands.view(ViewCommand::FitAll);
    }
    if let Some(at) = view.timeline.playhead() {
        playhead_ui(ui, &scale, (at, view.times), theme, commands);
    }
    let n_attempts = thousands(session.attempts().len());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("overview of {n_attempts} attempts")));
    response.on_hover_text_at_pointer("Drag to zoom the timeline, double-click to see everything");
}

/// The instant that people look at: a line that can be dragged, or moved with the arrow keys while it has the focus.
fn playhead_ui(ui: &Ui, scale: &Scale, (at, times): (Timestamp, TimeMode), theme: &Theme, commands: &mut Commands) {
    let x = scale.x_of(at);
    let y = egui::Rangef::new(scale.plot.top() - 4.0, scale.plot.bottom() + 2.0);
    ui.painter().vline(x, y, Stroke::new(1.6, theme.accent));
    let tip = pos2(x, y.min + 6.0);
    let handle = vec![pos2(x - 5.0, y.min), pos2(x + 5.0, y.min), tip];
    ui.painter().add(Shape::convex_polygon(handle, theme.accent, Stroke::NONE));
    let grip = Rect::from_x_y_ranges(x - GRIP..=x + GRIP, y);
    let response = ui.interact(grip, ui.scope_id().with("playhead"), Sense::click_and_drag());
    let instant = stamps::instant(times, at, scale.whole.start);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(instant.clone()),
        ..WidgetInfo::labeled(Role::Slider, true, "playhead in the overview")
    });
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        commands.view(ViewCommand::LookAt(Some(scale.time_at(pointer.x))));
    }
    if response.has_focus() {
        let arrows = egui::EventFilter { horizontal_arrows: true, ..egui::EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        for (key, step) in [(egui::Key::ArrowLeft, Step::Previous), (egui::Key::ArrowRight, Step::Next)] {
            if ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key)) {
                commands.view(ViewCommand::MoveEvent(step));
            }
        }
    }
    let response = response.on_hover_cursor(egui::CursorIcon::ResizeHorizontal);
    response.on_hover_text(format!("Looking at {instant}. Drag to look at another instant; Escape closes it."));
}

/// Time to x, without folds: the overview is true to scale.
#[derive(Clone, Copy)]
struct Scale {
    whole: Span,
    plot: Rect,
}

impl Scale {
    fn rect(&self, span: Span) -> Rect {
        let (left, right) = (self.x_of(span.start), self.x_of(span.end));
        Rect::from_x_y_ranges(left..=right.max(left + 3.0), self.plot.top() - 4.0..=self.plot.bottom() + 1.0)
    }

    fn x_of(&self, at: Timestamp) -> f32 {
        let length = self.whole.end.since(self.whole.start).as_secs_f64().max(f64::MIN_POSITIVE);
        let share = (at.since(self.whole.start).as_secs_f64() / length).clamp(0.0, 1.0);
        egui::lerp(self.plot.x_range(), narrow(share))
    }

    fn time_at(&self, x: f32) -> Timestamp {
        let share = f64::from(((x - self.plot.left()) / self.plot.width()).clamp(0.0, 1.0));
        self.whole.start.saturating_add(self.whole.end.since(self.whole.start).mul_f64(share))
    }
}

fn drag(
    response: &egui::Response,
    x: f32,
    scale: &Scale,
    brushed: Option<Rect>,
    brush: &mut Option<Brush>,
    commands: &mut Commands,
) {
    if response.dragged() {
        match (*brush, brushed) {
            (Some(Brush::Select(from)), _) if (x - from).abs() > 2.0 => {
                let span = Span { start: scale.time_at(from.min(x)), end: scale.time_at(from.max(x)) };
                commands.view(ViewCommand::ZoomTo(span));
            }
            (Some(Brush::Move(grip)), Some(brushed)) => {
                let left = (x - grip).clamp(scale.plot.left(), scale.plot.right() - brushed.width());
                let span = Span { start: scale.time_at(left), end: scale.time_at(left + brushed.width()) };
                commands.view(ViewCommand::ZoomTo(span));
            }
            _ => (),
        }
    }
    if response.drag_stopped() {
        *brush = None;
    }
}

/// All columns in one mesh, the highest as high as the plot.
fn columns(tallies: &[Tally], plot: Rect, theme: &Theme) -> Mesh {
    let mut mesh = Mesh::default();
    let highest = tallies.iter().map(Tally::total).max().unwrap_or(0).max(1);
    let width = plot.width() / f32::from(u16::try_from(tallies.len().max(1)).unwrap_or(u16::MAX));
    let mut left = plot.left();
    for tally in tallies {
        let mut bottom = plot.bottom();
        for decision in STACK {
            let count = tally.of(decision);
            if count > 0 {
                let height = (narrow(f64::from(count) / f64::from(highest)) * plot.height()).max(LEAST_HEIGHT);
                let right = left + (width - SPACE).max(1.0);
                let rect = Rect::from_min_max(pos2(left, bottom - height), pos2(right, bottom));
                mesh.add_colored_rect(rect, theme.fill(Tone::from(decision)));
                bottom -= height;
            }
        }
        left += width;
    }
    mesh
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width in points; `as` saturates")]
fn n_columns(width: f32) -> usize {
    ((width / (COLUMN + SPACE)) as usize).max(1)
}

#[expect(clippy::cast_possible_truncation, reason = "a share between 0 and 1")]
fn narrow(share: f64) -> f32 {
    share as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;
    use crate::ui::theme::ThemeKind;

    #[test]
    fn columns_stay_within_the_plot_and_a_single_drop_can_be_seen() {
        let session = demo::many(10_000);
        let whole = session.activity().range().unwrap();
        let plot = Rect::from_min_max(pos2(0.0, 0.0), pos2(800.0, 40.0));
        let theme = Theme::of(ThemeKind::Dark);
        let tallies = session.columns(None, whole, n_columns(800.0));
        let n_with_drops = tallies.iter().filter(|tally| tally.of(Decision::Discard) > 0).count();
        let mesh = columns(&tallies, plot, theme);
        let dropped = theme.fill(Tone::Dropped);
        let heights: Vec<f32> = mesh
            .vertices
            .chunks(4)
            .filter(|corners| corners[0].color == dropped)
            .map(|corners| corners[3].pos.y - corners[0].pos.y)
            .collect();
        assert_eq!(heights.len(), n_with_drops);
        assert!(heights.iter().all(|height| *height >= LEAST_HEIGHT - 0.001));
        assert!(mesh.vertices.iter().all(|vertex| vertex.pos.y >= plot.top() - 4.0 && vertex.pos.x <= plot.right()));
    }

    #[test]
    fn the_brush_reads_back_the_time_that_it_shows() {
        let session = demo::session();
        let plot = Rect::from_min_max(pos2(10.0, 0.0), pos2(910.0, 40.0));
        let scale = Scale { whole: session.activity().range().unwrap(), plot };
        for x in [10.0, 123.0, 910.0] {
            assert!((scale.x_of(scale.time_at(x)) - x).abs() < 0.01);
        }
    }
}
