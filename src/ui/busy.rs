//! A sign that something goes on. It moves a few times a second and not in every frame: the processor that would paint it
//! is the one that works.
use std::f32::consts::TAU;
use std::time::Duration;

use egui::{Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo};

use super::theme::Theme;

/// Width and height.
const SIZE: f32 = 12.0;
/// How often it moves, and how many times until it is round.
const EVERY: Duration = Duration::from_millis(200);
const N_STEPS: f64 = 8.0;

/// Shows the sign: an arc that goes round.
pub fn busy_ui(ui: &mut Ui, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(SIZE), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, "something goes on"));
    if !ui.is_rect_visible(rect) {
        return;
    }
    ui.ctx().request_repaint_after(EVERY);
    let n_moves = ui.input(|input| input.time / EVERY.as_secs_f64()).floor();
    #[expect(clippy::cast_possible_truncation, reason = "a share of a circle")]
    let begin = ((n_moves / N_STEPS).fract() as f32) * TAU;
    let radius = SIZE / 2.0 - 1.5;
    let points =
        (0..=9_u8).map(|step| rect.center() + radius * Vec2::angled(begin + f32::from(step) / 9.0 * 0.7 * TAU));
    ui.painter().add(Shape::line(points.collect(), Stroke::new(2.0, theme.accent)));
}
