//! The items of a batch: one row each, thousands if need be, and the chosen one from both sides.
use egui::text::LayoutJob;
use egui::{Label, Rect, TextFormat, Ui, vec2};
use serde_json::Value;

use super::context::InspectorContext;
use super::exchange_view::{Shown, body_buttons_ui, hidden_ui};
use super::row::{paint_line, row_response};
use super::section;
use super::state::{BodyKey, BodyPart, Detail, InspectorView, ItemFilter, ItemTab, address};
use crate::core::names::Decision;
use crate::core::record::{Attempt, Item};
use crate::store::label::thousands;
use crate::ui::body_view::Document;
use crate::ui::command::Commands;
use crate::ui::icon::Icon;
use crate::ui::mask::Mask;
use crate::ui::row_list::{RowAnchor, RowList};
use crate::ui::segmented::segmented_ui;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::visible;

const ROW: f32 = 6.0 * size::STEP;

/// Rows in sight before the list scrolls on its own.
const MAX_ROWS: f32 = 7.5;

const TABS: &[(ItemTab, &str)] = &[(ItemTab::Answer, "Answer"), (ItemTab::Sent, "Sent")];

pub(super) fn items_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    items: &[Item],
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    let is_problem = |item: &Item| item.decision != Decision::Delivered;
    let n_problems = items.iter().filter(|item| is_problem(item)).count();
    section::heading_ui(ui, "Items", theme, |ui| {
        if n_problems > 0 && n_problems < items.len() {
            let all = format!("All {}", thousands(items.len()));
            let problems = format!("Problems {}", thousands(n_problems));
            let choices = [(ItemFilter::All, all.as_str()), (ItemFilter::Problems, problems.as_str())];
            if segmented_ui(ui, &choices, &mut view.item_filter, theme) {
                view.items = RowAnchor::default();
            }
        }
    });
    let problems: Option<Vec<usize>> = (view.item_filter == ItemFilter::Problems && n_problems > 0)
        .then(|| (0..items.len()).filter(|item_idx| items.get(*item_idx).is_some_and(is_problem)).collect());
    let n_rows = problems.as_ref().map_or(items.len(), Vec::len);
    let detail = view.detail(attempt);
    let mut anchor = view.items;
    let list = RowList { name: "Items", n_rows, row_height: ROW, max_height: MAX_ROWS * ROW };
    list.show(ui, &mut anchor, theme, |ui, row_idx| {
        let item_idx = problems.as_ref().map_or(Some(row_idx), |problems| problems.get(row_idx).copied());
        let Some((item_idx, item)) = item_idx.and_then(|item_idx| Some((item_idx, items.get(item_idx)?))) else {
            return;
        };
        let event = attempt.events.get(item_idx).map_or_else(String::new, |event| context.event_name(event));
        if row_ui(ui, item, &event, &context.mask, detail == Detail::Item(item_idx), theme) {
            view.choose(attempt, Detail::Item(item_idx));
        }
    });
    view.items = anchor;
}

fn row_ui(ui: &mut Ui, item: &Item, event: &str, mask: &Mask<'_>, is_selected: bool, theme: &Theme) -> bool {
    let rect = ui.max_rect();
    let tone = Tone::from(item.decision);
    let message = mask.text(item.errormessage.as_deref().unwrap_or_default());
    let (event, message) = (visible::label(event), visible::label(&message));
    let name = || format!("{} {}, {event}, {message}", item.status, item.decision);
    let response = row_response(ui, rect, ui.scope_id(), is_selected, name, theme);
    let inner = rect.shrink2(vec2(2.0 * size::STEP, 0.0));
    let icon_rect = Rect::from_min_size(inner.left_center() - vec2(0.0, 5.5), vec2(11.0, 11.0));
    Icon::from(tone).paint(ui.painter(), icon_rect, theme.tone(tone));
    let left = icon_rect.right() + 1.5 * size::STEP;
    let mut job = LayoutJob::default();
    job.append(&item.status.to_string(), 0.0, TextFormat::simple(Theme::semibold(size::TABLE_TEXT), theme.tone(tone)));
    job.append(&event, 2.0 * size::STEP, TextFormat::simple(Theme::font(size::TABLE_TEXT), theme.text));
    if !message.is_empty() {
        job.append(&message, 2.0 * size::STEP, TextFormat::simple(Theme::font(size::TABLE_TEXT), theme.weak));
    }
    paint_line(ui, job, left, inner.center().y, inner.right() - left);
    response.clicked()
}

/// The chosen item: its error, what was sent for it, what the receiver said of it.
pub(super) fn item_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    items: &[Item],
    item_idx: usize,
    view: &mut InspectorView,
    commands: &mut Commands,
) {
    let Some(item) = items.get(item_idx) else { return };
    let theme = shown.theme;
    let (part, body) = match view.item_tab {
        ItemTab::Answer => (BodyPart::Answer(item_idx), item.body.as_deref()),
        ItemTab::Sent => (BodyPart::Sent(item_idx), item.sent.as_ref()),
    };
    let mask = shown.context.mask;
    let key = BodyKey { attempt: shown.attempt.id.clone(), part, address: address(item), revealed: mask.revealed };
    view.detail_body.take(key, || body.map_or_else(Document::default, |json| document(json, shown)));
    section::heading_ui(ui, &format!("Item {} of {}", thousands(item_idx + 1), thousands(items.len())), theme, |_| ());
    let error = [item.errortype.as_deref(), item.errorreporter.as_deref()];
    let error = error.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let verdict = format!("{} {}", item.status, Tone::from(item.decision).word());
    section::row_ui(ui, "Decision", section::text(&verdict).color(theme.tone(item.decision.into())), theme);
    if !error.is_empty() {
        section::row_ui(ui, "Error", section::text(&error), theme);
    }
    if let Some(message) = &item.errormessage {
        ui.add(Label::new(section::text(&mask.text(message))).wrap());
    }
    ui.add_space(size::STEP);
    ui.horizontal(|ui| {
        segmented_ui(ui, TABS, &mut view.item_tab, theme);
        body_buttons_ui(ui, view, theme, commands);
    });
    ui.add_space(size::STEP);
    view.detail_body.body_ui(ui, "Item body", shown.max_body_height, &[], theme);
    hidden_ui(ui, view.detail_body.document().n_hidden, theme, commands);
}

fn document(json: &Value, shown: &Shown<'_>) -> Document {
    Document::of_json(json, &shown.context.mask)
}
