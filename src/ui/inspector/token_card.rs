//! Which token the attempt began and ended with, what became of the refresh, and who used the new token first.
use std::sync::Arc;

use egui::{Align2, Rect, RichText, Sense, Ui, pos2, vec2};

use super::context::InspectorContext;
use super::lineage::lineage_ui;
use super::section;
use super::state::InspectorView;
use crate::core::names::{Purpose, Refresh};
use crate::core::record::{Attempt, TokenUse};
use crate::ui::icon::Icon;
use crate::ui::stamps;
use crate::ui::theme::{Theme, Tone, size};

pub(super) fn token_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    let Some(token) = attempt.token else { return };
    section::heading_ui(ui, "Token", theme, |_| ());
    step_ui(ui, token, theme);
    ui.add_space(size::STEP);
    ui.add(egui::Label::new(RichText::new(sentence(attempt, token, context.attempts))).wrap());
    if let Some(lane) = context.tokens {
        ui.add_space(size::STEP);
        lineage_ui(ui, lane, token, context, view, theme);
    }
}

/// Generation before, diamond, generation after: as on the timeline's token lane.
fn step_ui(ui: &mut Ui, token: TokenUse, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 5.0 * size::STEP), Sense::hover());
    let color = theme.tone(Tone::Refresh);
    let bar = |from: f32, to: f32| Rect::from_min_max(pos2(from, rect.top() + 2.0), pos2(to, rect.bottom() - 2.0));
    let font = Theme::semibold(size::TIMELINE_TEXT);
    let middle = rect.left() + rect.width() * 0.3;
    let gap = 3.0 * size::STEP;
    let words = |generation: u32| format!("gen {generation}");
    let painter = ui.painter();
    let label = |bar: Rect, text: String, ink| {
        painter.text(bar.left_center() + vec2(2.0 * size::STEP, 0.0), Align2::LEFT_CENTER, text, font.clone(), ink);
    };
    let is_renewed = token.generation_after != token.generation_before;
    let first = if token.refresh == Refresh::None && !is_renewed {
        bar(rect.left(), rect.right())
    } else {
        bar(rect.left(), middle - gap)
    };
    painter.rect_filled(first, size::BAR_RADIUS, color);
    label(first, words(token.generation_before), theme.on_color);
    if token.refresh == Refresh::Failed {
        let cross = Rect::from_center_size(pos2(middle, rect.center().y), vec2(14.0, 14.0));
        Icon::Cross.paint(painter, cross, theme.tone(Tone::Dropped));
        let at = pos2(middle + gap, rect.center().y);
        let text = format!("{} stays in force", words(token.generation_after));
        painter.text(at, Align2::LEFT_CENTER, text, Theme::font(size::TABLE_TEXT), theme.weak);
    } else if is_renewed {
        let diamond = Rect::from_center_size(pos2(middle, rect.center().y), vec2(14.0, 14.0));
        Icon::Diamond.paint(painter, diamond, color);
        let second = bar(middle + gap, rect.right());
        painter.rect_filled(second, size::BAR_RADIUS, color);
        label(second, words(token.generation_after), theme.on_color);
    }
    response.widget_info(|| {
        let name = format!("Token generation {} to {}", token.generation_before, token.generation_after);
        egui::WidgetInfo::labeled(egui::Role::Image, true, name)
    });
}

/// What happened to the token, in a sentence or two.
fn sentence(attempt: &Attempt, token: TokenUse, attempts: &[Arc<Attempt>]) -> String {
    let refresh = attempt.exchanges.iter().enumerate().rfind(|(_, exchange)| exchange.purpose == Purpose::Refresh);
    let by = refresh.map(|(exchange_idx, exchange)| {
        let took = stamps::duration(exchange.ended_at.since(exchange.started_at));
        format!(" by exchange {} in {took}", exchange_idx + 1)
    });
    let by = by.unwrap_or_default();
    match token.refresh {
        Refresh::Succeeded => {
            let user = first_user(attempt, token, attempts);
            format!("Refreshed{by}. {user}")
        }
        Refresh::Failed => format!("The refresh was tried{by} and failed; no new token."),
        Refresh::None if token.generation_after > token.generation_before => {
            "Somebody else refreshed the token during this attempt.".to_owned()
        }
        Refresh::None => "No refresh was needed.".to_owned(),
    }
}

fn first_user(attempt: &Attempt, token: TokenUse, attempts: &[Arc<Attempt>]) -> String {
    let uses = |other: &Attempt| {
        let carries = |generation: Option<u32>| generation == Some(token.generation_after);
        other
            .exchanges
            .iter()
            .any(|exchange| exchange.purpose != Purpose::Refresh && carries(exchange.token_generation))
    };
    match attempts.iter().find(|other| other.number >= attempt.number && uses(other)) {
        Some(other) if other.id == attempt.id => "The new token was first used in this attempt.".to_owned(),
        Some(other) => format!("In this delivery attempt {} was the first to use the new token.", other.number),
        None => "This delivery has not used the new token yet.".to_owned(),
    }
}
