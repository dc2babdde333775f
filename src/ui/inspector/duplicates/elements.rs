//! The accounts of an attempt that carried several messages or asked several receivers, one row each.
use egui::{Align2, Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use serde_json::Value;

use super::card::told;
use super::wire::sentence;
use crate::core::deduplication::Element;
use crate::ui::icon::Icon;
use crate::ui::inspector::context::InspectorContext;
use crate::ui::inspector::words;
use crate::ui::row_list::{RowAnchor, RowList};
use crate::ui::text::elided;
use crate::ui::theme::{Theme, Tone, size};

const ROW: f32 = 5.5 * size::STEP;
/// Rows in sight before the list scrolls on its own.
const MAX_ROWS: f32 = 8.5;
/// Width of a count.
const COUNT: f32 = 9.5 * size::STEP;
const TITLES: [&str; 3] = ["sent", "acted", "ackn."];

pub(super) fn elements_ui(
    ui: &mut Ui,
    elements: &[Value],
    context: &InspectorContext<'_>,
    scroll: &mut RowAnchor,
    theme: &Theme,
) {
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let list = RowList { name: "Accounts", n_rows: elements.len(), row_height: ROW, max_height: MAX_ROWS * ROW };
    let columns = Columns::of(if list.scrolls() { head.with_max_x(head.right() - 3.0 * size::STEP) } else { head });
    let painter = ui.painter();
    let font = || Theme::font(size::TABLE_TEXT);
    painter.text(pos2(columns.message, head.center().y), Align2::LEFT_CENTER, "Message", font(), theme.weak);
    painter.text(pos2(columns.receiver, head.center().y), Align2::LEFT_CENTER, "Receiver", font(), theme.weak);
    for (title, x) in TITLES.into_iter().zip(columns.counts) {
        painter.text(pos2(x, head.center().y), Align2::RIGHT_CENTER, title, font(), theme.weak);
    }
    painter.hline(head.x_range(), head.bottom(), theme.line());
    list.show(ui, scroll, theme, |ui, element_idx| {
        if let Some(element) = elements.get(element_idx) {
            row_ui(ui, &Element::read(element), &columns, context, theme);
        }
    });
}

/// Where things stand in a row.
struct Columns {
    message: f32,
    receiver: f32,
    /// Right edges.
    counts: [f32; 3],
}

impl Columns {
    fn of(row: Rect) -> Self {
        let counts = [row.right() - 2.0 * COUNT, row.right() - COUNT, row.right() - size::STEP];
        let message = row.left() + 5.0 * size::STEP;
        Self { message, receiver: message + (counts[0] - COUNT - message) * 0.5, counts }
    }
}

fn row_ui(ui: &Ui, element: &Element<'_>, columns: &Columns, context: &InspectorContext<'_>, theme: &Theme) {
    let rect = ui.max_rect();
    let response = ui.interact(rect, ui.scope_id().with("account"), Sense::hover());
    let (words, tone, icon) =
        element.outcome.map_or(("", Tone::Pending, Icon::Dash), |outcome| told(outcome, element.counts));
    let label = if element.label.is_empty() { words } else { element.label };
    let receiver = context.mask.text(element.receiver);
    let counts = sentence(element.counts);
    let name = format!("{}, {label}, {counts}, {}", element.message_id, words::path(&receiver));
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, &name));
    if response.hovered() {
        ui.painter().rect_filled(rect, size::BAR_RADIUS, theme.raised);
    }
    response.on_hover_text(format!("{label}\n{receiver}\n{counts}"));
    let (painter, middle) = (ui.painter(), rect.center().y);
    icon.paint_at(painter, pos2(rect.left() + 2.0 * size::STEP, middle), 12.0, theme.tone(tone));
    let cell = |text: &str, color: Color32, left: f32, right: f32| {
        let galley = elided(painter, text, Theme::font(size::TABLE_TEXT), color, right - left - 2.0 * size::STEP);
        painter.galley(pos2(left, middle - galley.size().y / 2.0), galley, color);
    };
    cell(element.message_id, theme.text, columns.message, columns.receiver);
    cell(&words::path(&receiver), theme.weak, columns.receiver, columns.counts[0] - COUNT + 3.0 * size::STEP);
    let numbers = [element.counts.n_sent, element.counts.n_acted, element.counts.n_acknowledged];
    for (count_idx, (count, x)) in numbers.into_iter().zip(columns.counts).enumerate() {
        let color = if count_idx == 1 && count > 1 { theme.tone(Tone::Twice) } else { theme.text };
        let font = Theme::font(size::TABLE_TEXT);
        painter.text(pos2(x, middle), Align2::RIGHT_CENTER, count.to_string(), font, color);
    }
}
