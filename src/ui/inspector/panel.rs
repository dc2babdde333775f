//! The whole panel, from the head to the event. It fills the space that it is given and brings its own margins.
use egui::{Frame, Margin, RichText, ScrollArea, Ui, vec2};

use super::batch_card::batch_ui;
use super::chain::{chain_ui, reveal_in_chain};
use super::context::InspectorContext;
use super::difference::difference_ui;
use super::duplicates::duplicate_ui;
use super::event_card::event_ui;
use super::exchange_list::exchange_list_ui;
use super::exchange_view::{Shown, exchange_ui};
use super::findings_card::findings_ui;
use super::head::{self, head_ui};
use super::items::{item_ui, items_ui};
use super::state::{Detail, InspectorView};
use super::token_card::token_ui;
use super::verdict_card::verdict_card_ui;
use crate::core::record::{Attempt, Outcome};
use crate::ui::command::Commands;
use crate::ui::theme::{Theme, size};

const MARGIN: i8 = 12;

/// Shows an attempt.
pub fn inspector_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
    commands: &mut Commands,
) {
    if view.begin(attempt) {
        reveal_in_chain(attempt, context.attempts, view);
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let strip = Frame::NONE.inner_margin(Margin::symmetric(MARGIN, 0)).show(ui, |ui| {
        ui.set_height(head::HEIGHT);
        head_ui(ui, attempt, context, view, theme, commands);
    });
    let edge = strip.response.rect;
    ui.painter().hline(edge.x_range(), edge.bottom(), theme.line());
    let max_body_height = (ui.available_height() * 0.6).max(50.0 * size::STEP);
    let shown = Shown { attempt, context, max_body_height, theme };
    let scroll = ScrollArea::vertical().id_salt("inspector").auto_shrink(false).vertical_scroll_offset(view.scrolled);
    let output = scroll.show(ui, |ui| {
        Frame::NONE.inner_margin(Margin::same(MARGIN)).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(2.0 * size::STEP, size::STEP);
            cards_ui(ui, &shown, view, commands);
        });
    });
    view.scrolled = output.state.clamped_offset().y;
}

fn cards_ui(ui: &mut Ui, shown: &Shown<'_>, view: &mut InspectorView, commands: &mut Commands) {
    let Shown { attempt, context, theme, .. } = *shown;
    verdict_card_ui(ui, attempt, view, &context.mask, theme);
    if let Some(mark) = &attempt.duplicate {
        duplicate_ui(ui, mark, context, view, theme);
    }
    findings_ui(ui, attempt, context.findings, &context.mask, view, theme);
    if let Outcome::Multistatus(items) = &attempt.outcome {
        items_ui(ui, attempt, items, context, view, theme);
        if let Detail::Item(item_idx) = view.detail(attempt) {
            item_ui(ui, shown, items, item_idx, view, commands);
        }
    }
    batch_ui(ui, attempt, context, view, theme);
    exchange_list_ui(ui, attempt, &context.mask, view, theme);
    if let Detail::Exchange(exchange_idx) = view.detail(attempt) {
        exchange_ui(ui, shown, exchange_idx, view, commands);
    }
    difference_ui(ui, attempt, context, view, theme, commands);
    token_ui(ui, attempt, context, view, theme);
    if !context.attempts.is_empty() {
        chain_ui(ui, attempt, context, view, theme);
    }
    event_ui(ui, attempt, context, view, theme, commands);
}

/// What the panel says while nothing is selected.
pub fn inspector_empty_ui(ui: &mut Ui, theme: &Theme) {
    Frame::NONE.inner_margin(Margin::same(MARGIN)).show(ui, |ui| {
        let text = "Select an attempt on the timeline or in the table to see why it was decided so.";
        ui.add(egui::Label::new(RichText::new(text).color(theme.weak)).wrap());
    });
}
