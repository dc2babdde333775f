//! The ledger drawn along the wire: what the sender sent, what the receiver acted on, what came back to the sender.
use egui::{Align2, Color32, Painter, Pos2, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::core::deduplication::Counts;
use crate::ui::theme::{Theme, Tone, size};

const HEIGHT: f32 = 13.0 * size::STEP;
/// More than these are a number only.
const MAX_DOTS: u64 = 6;
const DOT: f32 = 3.0;

pub(super) fn wire_ui(ui: &mut Ui, counts: Counts, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, sentence(counts)));
    response.on_hover_text(sentence(counts));
    let painter = ui.painter();
    painter.rect_filled(rect, size::CARD_RADIUS, theme.raised);
    let acted = match counts.n_acted {
        0 => Tone::Pending,
        1 => Tone::Delivered,
        _ => Tone::Twice,
    };
    let missing = counts.n_acted > counts.n_acknowledged;
    let acknowledged = match counts.n_acknowledged {
        _ if missing => Tone::Retry,
        0 => Tone::Pending,
        _ => Tone::Delivered,
    };
    let stations = [
        ("sent", counts.n_sent, theme.text),
        ("acted on", counts.n_acted, theme.tone(acted)),
        ("acknowledged", counts.n_acknowledged, theme.tone(acknowledged)),
    ];
    let width = rect.width() / 3.0;
    let middle = |station_idx: u8| rect.left() + width * (f32::from(station_idx) + 0.5);
    let line = rect.top() + 4.0 * size::STEP;
    for (idx, (words, count, color)) in (0_u8..).zip(stations) {
        let center = pos2(middle(idx), line);
        let reach = station(painter, center, count, color);
        let below = pos2(center.x, rect.bottom() - 3.5 * size::STEP);
        painter.text(below, Align2::CENTER_CENTER, words, Theme::font(size::TABLE_TEXT), theme.weak);
        if idx < 2 {
            arrow(painter, center.x + reach + 6.0, middle(idx + 1) - 34.0, line, theme.weak);
        }
    }
}

/// A number, and a dot for each that it counts. Gives how far it reaches from its middle.
fn station(painter: &Painter, center: Pos2, count: u64, color: Color32) -> f32 {
    let n_dots = u8::try_from(count.min(MAX_DOTS)).unwrap_or_default();
    let dots = if count > MAX_DOTS { 0.0 } else { f32::from(n_dots) * 3.0 * DOT };
    let number = painter.layout_no_wrap(count.to_string(), Theme::semibold(14.0), color);
    let whole = number.size().x + 4.0 + dots;
    let left = center.x - whole / 2.0;
    let dots_left = left + number.size().x + 4.0 + DOT;
    painter.galley(pos2(left, center.y - number.size().y / 2.0), number, color);
    if count <= MAX_DOTS {
        for dot in 0..n_dots {
            painter.circle_filled(pos2(dots_left + f32::from(dot) * 3.0 * DOT, center.y), DOT, color);
        }
    }
    whole / 2.0
}

fn arrow(painter: &Painter, left: f32, right: f32, y: f32, color: Color32) {
    let tip = pos2(right.max(left + 8.0), y);
    painter.line_segment([pos2(left, y), tip], Stroke::new(1.0, color));
    let head = vec![tip, tip + vec2(-5.0, -2.8), tip + vec2(-5.0, 2.8)];
    painter.add(Shape::convex_polygon(head, color, Stroke::NONE));
}

/// `sent 2, acted on 2, acknowledged 1`.
pub(super) fn sentence(counts: Counts) -> String {
    let mut words =
        format!("sent {}, acted on {}, acknowledged {}", counts.n_sent, counts.n_acted, counts.n_acknowledged);
    if counts.n_unanswered > 0 {
        words = format!("{words}, unanswered {}", counts.n_unanswered);
    }
    words
}
