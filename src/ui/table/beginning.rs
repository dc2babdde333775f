//! Rows of deliveries whose first attempt is under way: what is known of them, and that nothing else is.
use egui::{Rangef, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use super::columns::Column;
use super::panel::MARGIN;
use crate::core::time::Timestamp;
use crate::store::Session;
use crate::store::beginning::{self, Beginning};
use crate::store::label::{Label, thousands};
use crate::ui::command::Commands;
use crate::ui::icon::Icon;
use crate::ui::stamps;
use crate::ui::text::elided;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::timeline::rounded;
use crate::ui::view_state::{ViewCommand, ViewState};

/// Shows one row.
pub(super) fn beginning_row_ui(
    ui: &Ui,
    places: &[(Column, Rangef)],
    session: &Session,
    beginning: &Beginning,
    view: &ViewState,
    theme: &Theme,
    commands: &mut Commands,
) {
    let row = Rect::from_x_y_ranges(ui.clip_rect().x_range(), ui.max_rect().y_range());
    let response = ui.interact(row.intersect(ui.clip_rect()), ui.scope_id().with("row"), Sense::CLICK);
    let is_chosen = view.beginnings.is_chosen(&beginning.delivery);
    if is_chosen {
        ui.painter().rect_filled(row, 0.0, theme.selection);
    } else if response.hovered() {
        ui.painter().rect_filled(row, 0.0, theme.raised);
    }
    ui.painter().hline(row.x_range(), row.bottom() - 0.5, theme.line());
    let label = Label::of_beginning(session, beginning);
    let started = stamps::instant(view.times, beginning.started_at, view.origin(session));
    for (column, x) in places {
        let cell = Rect::from_x_y_ranges(x.min + MARGIN..=x.max - size::STEP, row.y_range());
        let painter = ui.painter().with_clip_rect(cell.intersect(ui.clip_rect()));
        if *column == Column::Marks {
            let at = pos2(cell.left() + 5.0, cell.center().y);
            Icon::Dots.paint_at(&painter, at, 12.0, theme.tone(Tone::Pending));
        }
        let (color, font) = if *column == Column::Fate {
            (theme.tone(Tone::Pending), Theme::semibold(size::TABLE_TEXT))
        } else {
            (theme.text, Theme::font(size::TABLE_TEXT))
        };
        let text = text(*column, session, beginning, &label, &started, view.timeline.run_time());
        let galley = elided(&painter, &text, font, color, cell.width());
        painter.galley(pos2(cell.left(), cell.center().y - galley.size().y / 2.0), galley, color);
    }
    response.widget_info(|| {
        let name = format!("table row {}, {}, under way", label.message_id, label.what);
        let value = Some(format!("since {started}"));
        WidgetInfo { current_text_value: value, ..WidgetInfo::selected(Role::Row, true, is_chosen, name) }
    });
    if response.clicked() {
        commands.view(ViewCommand::SelectBeginning(beginning.delivery.clone()));
    }
}

fn text(
    column: Column,
    session: &Session,
    beginning: &Beginning,
    label: &Label,
    started: &str,
    now: Option<Timestamp>,
) -> String {
    match column {
        Column::Started => started.to_owned(),
        Column::Destination => beginning::destination(session).to_owned(),
        Column::Action => beginning::action(session).to_owned(),
        Column::Event if beginning.n_events > 1 => format!("{} · {}", label.what, label.who),
        Column::Event => label.what.clone(),
        Column::Events => thousands(beginning.n_events),
        Column::Message => label.message_id.clone(),
        Column::Tries => beginning.number.to_string(),
        Column::Statuses => "—".to_owned(),
        Column::Took => {
            let lasts = now.map(|now| rounded(now.since(beginning.started_at)));
            lasts.map(stamps::duration).unwrap_or_default()
        }
        Column::Fate => "under way".to_owned(),
        Column::Ended | Column::Marks | Column::Token | Column::Rule => String::new(),
    }
}
