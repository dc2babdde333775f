//! The verdict: what was decided, by which rule, why, and from which facts.
use egui::text::LayoutJob;
use egui::{CornerRadius, Frame, Label, Margin, Shape, TextFormat, Ui, vec2};

use super::grounds::grounds_ui;
use super::section;
use super::state::InspectorView;
use super::words::Headline;
use crate::core::record::{Attempt, Outcome};
use crate::ui::icon::icon_ui;
use crate::ui::mask::Mask;
use crate::ui::theme::{Theme, size};
use crate::ui::visible;

/// Width of the coloured edge.
const EDGE: f32 = 3.0;

pub(super) fn verdict_card_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    view: &mut InspectorView,
    mask: &Mask<'_>,
    theme: &Theme,
) {
    let headline = Headline::of(attempt);
    let edge = ui.painter().add(Shape::Noop);
    let ground = ui.painter().add(Shape::Noop);
    let margin = Margin { left: 15, right: 12, top: 12, bottom: 12 };
    let card = Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.take_available_width();
        ui.spacing_mut().item_spacing.y = size::STEP;
        headline_ui(ui, &headline, theme);
        let reason = reason(attempt);
        if !reason.is_empty() {
            ui.add_space(size::STEP / 2.0);
            ui.add(Label::new(section::text(&mask.text(&reason))).wrap());
        }
        ui.add_space(2.0 * size::STEP);
        ui.spacing_mut().item_spacing.y = size::STEP * 1.5;
        grounds_ui(ui, attempt, view, &reason, mask, theme);
    });
    let rect = card.response.rect;
    let radius = size::CARD_RADIUS;
    let left = CornerRadius { nw: radius, sw: radius, ..CornerRadius::ZERO };
    let edge_rect = rect.with_max_x(rect.left() + 4.0 * EDGE);
    ui.painter().set(edge, Shape::rect_filled(edge_rect, left, theme.tone(headline.tone)));
    ui.painter().set(ground, Shape::rect_filled(rect.with_min_x(rect.left() + EDGE), radius, theme.raised));
}

fn headline_ui(ui: &mut Ui, headline: &Headline, theme: &Theme) {
    let color = theme.tone(headline.tone);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = vec2(1.5 * size::STEP, 0.0);
        ui.set_min_height(18.0);
        icon_ui(ui, headline.icon, 16.0, color);
        let mut job = LayoutJob::default();
        job.append(&headline.decision, 0.0, TextFormat::simple(Theme::semibold(14.0), color));
        if !headline.detail.is_empty() {
            let detail = visible::label(&headline.detail);
            job.append(&detail, 2.0 * size::STEP, TextFormat::simple(Theme::semibold(size::TEXT), theme.text));
        }
        ui.add(Label::new(job).wrap());
    });
}

/// The rule's sentence, or what the framework says where no rule has one.
fn reason(attempt: &Attempt) -> String {
    match &attempt.outcome {
        _ if !attempt.verdict.reason.is_empty() => attempt.verdict.reason.clone(),
        Outcome::Rejected { message } => message.clone(),
        Outcome::Error(error) => error.message.clone(),
        _ => String::new(),
    }
}
