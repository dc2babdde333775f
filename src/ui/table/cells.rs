//! What stands in the table's cells.
use egui::{Painter, Rect, pos2};

use super::columns::Column;
use crate::core::names::Decision;
use crate::core::time::Timestamp;
use crate::store::label::{Label, thousands};
use crate::store::standing::Standing;
use crate::store::{AttemptRow, Delivery, DeliveryIdx, Session, Status};
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
    /// How it stood at the instant that people look at, and that instant; none while they look at none.
    pub(super) standing: Option<(Standing, Timestamp)>,
    pub(super) times: TimeMode,
    /// When the session began.
    pub(super) origin: Timestamp,
    pub(super) theme: &'a Theme,
}

impl Cells<'_> {
    /// Paints one cell.
    pub(super) fn paint(&self, painter: &Painter, column: Column, cell: Rect) {
        if column == Column::Marks {
            return self.paint_marks(painter, cell);
        }
        let color = match column {
            Column::Fate => self.theme.tone(self.tone()),
            Column::Message | Column::Token => self.theme.weak,
            _ => self.theme.text,
        };
        let font =
            if column == Column::Fate { Theme::semibold(size::TABLE_TEXT) } else { Theme::font(size::TABLE_TEXT) };
        let galley = elided(painter, &self.text(column), font, color, cell.width());
        painter.galley(pos2(cell.left(), cell.center().y - galley.size().y / 2.0), galley, color);
    }

    /// How it stood where people look at an instant at which it was not over.
    fn unsettled(&self) -> Option<(Standing, Timestamp)> {
        self.standing.filter(|(standing, _)| standing.word().is_some())
    }

    /// The colour of what became of it, as far as that is known.
    fn tone(&self) -> Tone {
        if self.unsettled().is_some() { Tone::Pending } else { Tone::from(self.delivery.fate) }
    }

    /// What became of it, as far as that is known.
    pub(super) fn fate_word(&self) -> String {
        let word = self.unsettled().and_then(|(standing, _)| standing.word());
        word.map_or_else(|| self.delivery.fate.to_string(), str::to_owned)
    }

    /// Its attempts that had ended by the instant that people look at; all of them without one.
    fn ended_attempts(&self) -> impl Iterator<Item = AttemptRow> {
        let rows = self.session.attempts_of(self.delivery_idx).map(|attempt| self.session.attempt(attempt));
        rows.filter(|row| self.standing.is_none_or(|(_, at)| row.ended_at <= at))
    }

    fn text(&self, column: Column) -> String {
        if let Some((standing, at)) = self.unsettled()
            && let Some(text) = self.unsettled_text(column, standing, at)
        {
            return text;
        }
        let (session, delivery, origin) = (self.session, self.delivery, self.origin);
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
            Column::Fate => self.fate_word(),
        }
    }

    /// What is different in a column while it is not over.
    fn unsettled_text(&self, column: Column, standing: Standing, at: Timestamp) -> Option<String> {
        let known = |row: AttemptRow| self.session.name(row.rule).to_owned();
        Some(match column {
            Column::Ended | Column::Token => String::new(),
            Column::Took if matches!(standing, Standing::ToCome(_)) => String::new(),
            Column::Took => stamps::duration(at.since(self.delivery.started_at)),
            Column::Tries => {
                let rows = self.session.attempts_of(self.delivery_idx).map(|attempt| self.session.attempt(attempt));
                rows.filter(|row| row.started_at <= at).count().to_string()
            }
            Column::Rule => match standing {
                Standing::Waiting { last, .. } => known(last),
                _ => String::new(),
            },
            _ => return None,
        })
    }

    /// `401 → 200`, only of what came over the wire.
    fn statuses(&self) -> String {
        let wire: Vec<String> = self
            .ended_attempts()
            .map(|row| row.status)
            .filter(|status| Status::is_from_wire(*status))
            .map(|status| status.to_string())
            .take(2 * MAX_MARKS)
            .collect();
        if wire.is_empty() { "—".to_owned() } else { wire.join(" → ") }
    }

    /// A shape for each attempt, the last of them being what became of the delivery.
    fn paint_marks(&self, painter: &Painter, cell: Rect) {
        let mut x = cell.left() + 5.0;
        let retries = self.ended_attempts().filter(|row| row.decision == Decision::Retry);
        let n_retries = retries.take(MAX_MARKS - 1).count();
        for _ in 0..n_retries {
            Icon::Retry.paint_at(painter, pos2(x, cell.center().y), 12.0, self.theme.tone(Tone::Retry));
            x += 14.0;
        }
        let icon = if self.unsettled().is_some() { Icon::Dots } else { Icon::from(self.delivery.fate) };
        icon.paint_at(painter, pos2(x, cell.center().y), 12.0, self.theme.tone(self.tone()));
    }
}
