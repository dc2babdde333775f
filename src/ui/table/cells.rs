//! What stands in the table's cells.
use egui::{Painter, Rect, pos2};

use super::columns::Column;
use crate::core::names::Decision;
use crate::store::label::{Label, thousands};
use crate::store::{Delivery, DeliveryIdx, Session, Status};
use crate::ui::command::TimeMode;
use crate::ui::icon::Icon;
use crate::ui::stamps;
use crate::ui::text::elided;
use crate::ui::theme::{Theme, Tone, size};

/// Marks of attempts beyond these are left out.
const MAX_MARKS: usize = 6;

/// One row and how to write it.
pub(super) struct Cells<'a> {
    pub(super) session: &'a Session,
    pub(super) delivery_idx: DeliveryIdx,
    pub(super) delivery: &'a Delivery,
    pub(super) label: &'a Label,
    pub(super) times: TimeMode,
    pub(super) theme: &'a Theme,
}

impl Cells<'_> {
    /// Paints one cell.
    pub(super) fn paint(&self, painter: &Painter, column: Column, cell: Rect) {
        if column == Column::Marks {
            return self.paint_marks(painter, cell);
        }
        let color = match column {
            Column::Fate => self.theme.tone(Tone::from(self.delivery.fate)),
            Column::Message | Column::Token => self.theme.weak,
            _ => self.theme.text,
        };
        let font =
            if column == Column::Fate { Theme::semibold(size::TABLE_TEXT) } else { Theme::font(size::TABLE_TEXT) };
        let galley = elided(painter, &self.text(column), font, color, cell.width());
        painter.galley(pos2(cell.left(), cell.center().y - galley.size().y / 2.0), galley, color);
    }

    fn text(&self, column: Column) -> String {
        let (session, delivery) = (self.session, self.delivery);
        let origin = session.activity().range().map_or(delivery.started_at, |range| range.start);
        match column {
            Column::Started => stamps::instant(self.times, delivery.started_at, origin),
            Column::Ended => stamps::instant(self.times, delivery.ended_at, origin),
            Column::Action => session.name(delivery.action).to_owned(),
            Column::Events => thousands(delivery.n_events),
            Column::Destination => session.name(delivery.destination).to_owned(),
            Column::Event if delivery.is_batch() => format!("{} · {}", self.label.what, self.label.who),
            Column::Event => self.label.what.clone(),
            Column::Message => self.label.message_id.clone(),
            Column::Tries => delivery.n_attempts.to_string(),
            Column::Marks => String::new(),
            Column::Statuses => self.statuses(),
            Column::Took => stamps::duration(delivery.ended_at.since(delivery.started_at)),
            Column::Token => match delivery.tokens {
                Some((first, last)) if first == last => format!("gen {first}"),
                Some((first, last)) => format!("gen {first} → {last}"),
                None => String::new(),
            },
            Column::Rule => session.name(delivery.rule).to_owned(),
            Column::Fate => delivery.fate.to_string(),
        }
    }

    /// `401 → 200`, only of what came over the wire.
    fn statuses(&self) -> String {
        let attempts = self.session.attempts_of(self.delivery_idx);
        let wire: Vec<String> = attempts
            .map(|attempt| self.session.attempt(attempt).status)
            .filter(|status| Status::is_from_wire(*status))
            .map(|status| status.to_string())
            .take(2 * MAX_MARKS)
            .collect();
        if wire.is_empty() { "—".to_owned() } else { wire.join(" → ") }
    }

    /// A shape for each attempt, the last of them being what became of the delivery.
    fn paint_marks(&self, painter: &Painter, cell: Rect) {
        let mut x = cell.left() + 5.0;
        let n_retries = self
            .session
            .attempts_of(self.delivery_idx)
            .filter(|attempt| self.session.attempt(*attempt).decision == Decision::Retry)
            .take(MAX_MARKS - 1)
            .count();
        for _ in 0..n_retries {
            Icon::Retry.paint_at(painter, pos2(x, cell.center().y), 12.0, self.theme.tone(Tone::Retry));
            x += 14.0;
        }
        let color = self.theme.tone(Tone::from(self.delivery.fate));
        Icon::from(self.delivery.fate).paint_at(painter, pos2(x, cell.center().y), 12.0, color);
    }
}
