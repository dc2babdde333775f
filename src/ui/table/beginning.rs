//! Rows of deliveries whose first attempt is under way: what is known of them, and that nothing else is.
use egui::{Rangef, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use super::columns::Column;
use super::panel::MARGIN;
use crate::core::time::Timestamp;
use crate::store::Session;
use crate::store::label::{Label, thousands};
use crate::ui::icon::Icon;
use crate::ui::stamps;
use crate::ui::text::elided;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::timeline::{Beginning, rounded};
use crate::ui::view_state::ViewState;

/// Shows one row.
pub(super) fn beginning_row_ui(
    ui: &Ui,
    places: &[(Column, Rangef)],
    session: &Session,
    beginning: &Beginning,
    view: &ViewState,
    theme: &Theme,
) {
    let row = Rect::from_x_y_ranges(ui.clip_rect().x_range(), ui.max_rect().y_range());
    ui.painter().hline(row.x_range(), row.bottom() - 0.5, theme.line());
    let label = Label::of_beginning(session, &beginning.delivery, beginning.first_event, beginning.n_events);
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
    let response = ui.interact(row.intersect(ui.clip_rect()), ui.scope_id().with("row"), Sense::hover());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(format!("since {started}")),
        ..WidgetInfo::labeled(Role::Row, true, format!("table row {}, {}, under way", label.message_id, label.what))
    });
}

fn text(
    column: Column,
    session: &Session,
    beginning: &Beginning,
    label: &Label,
    started: &str,
    now: Option<Timestamp>,
) -> String {
    let plan =
        |key: &str| session.header().plan.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    match column {
        Column::Started => started.to_owned(),
        Column::Destination => plan("destination"),
        Column::Action => plan("action"),
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
