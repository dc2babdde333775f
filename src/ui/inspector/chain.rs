//! All attempts of the delivery in order, with the waits between them.
use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Rect, Shape, Stroke, TextFormat, Ui, pos2, vec2};

use super::context::InspectorContext;
use super::row::{paint_line, row_response};
use super::section;
use super::state::InspectorView;
use super::words::Headline;
use crate::core::names::Trigger;
use crate::core::record::Attempt;
use crate::store::marks::Status;
use crate::ui::row_list::RowList;
use crate::ui::stamps;
use crate::ui::theme::{Theme, Tone, size};

/// The attempt, and below it the wait that follows.
const ROW: f32 = LINE + 4.0 * size::STEP;
const LINE: f32 = 6.0 * size::STEP;

/// Attempts in sight before the list scrolls on its own.
const MAX_ROWS: f32 = 6.5;

pub(super) fn chain_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    section::heading_ui(ui, "Attempts", theme, |_| ());
    let attempts = context.attempts;
    let list = list(attempts);
    let mut anchor = view.chain;
    list.show(ui, &mut anchor, theme, |ui, attempt_idx| {
        let Some(other) = attempts.get(attempt_idx) else { return };
        let wait = wait(other, attempts.get(attempt_idx + 1).map(AsRef::as_ref));
        if row_ui(ui, other, &wait, other.id == attempt.id, context, theme) && other.id != attempt.id {
            view.goto = Some(other.id.clone());
        }
    });
    view.chain = anchor;
    if attempts.last().is_some_and(|last| wait(last, None).is_empty()) {
        // Rows are of one height, and below the last one there is no wait to tell.
        ui.add_space(LINE - ROW);
    }
}

/// Brings an attempt into sight among the others.
pub(super) fn reveal_in_chain(attempt: &Attempt, attempts: &[Arc<Attempt>], view: &mut InspectorView) {
    if let Some(attempt_idx) = attempts.iter().position(|other| other.id == attempt.id) {
        view.chain.reveal(attempt_idx, list(attempts).n_visible_rows());
    }
}

fn list(attempts: &[Arc<Attempt>]) -> RowList<'static> {
    RowList { name: "Attempts", n_rows: attempts.len(), row_height: ROW, max_height: MAX_ROWS * ROW }
}

/// The wait after an attempt, in words; empty where nothing follows.
fn wait(attempt: &Attempt, next: Option<&Attempt>) -> String {
    match (next, attempt.verdict.next_attempt_at) {
        (Some(next), _) => {
            let waited = stamps::duration(next.started_at.since(attempt.ended_at));
            if next.trigger == Trigger::Replay {
                format!("fired again after {waited}")
            } else {
                format!("waited {waited}")
            }
        }
        (None, Some(at)) => format!("next in {}", stamps::duration(at.since(attempt.ended_at))),
        (None, None) => String::new(),
    }
}

fn row_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    wait: &str,
    is_selected: bool,
    context: &InspectorContext<'_>,
    theme: &Theme,
) -> bool {
    let rect = ui.max_rect();
    let line = rect.with_max_y(rect.top() + LINE);
    let headline = Headline::of(attempt);
    let status = match Status::of_record(attempt) {
        Status::None => String::new(),
        status => format!("{status}"),
    };
    let name = || format!("Attempt {}: {} {}, {status}", attempt.number, headline.decision, headline.detail);
    let response = row_response(ui, line, ui.scope_id(), is_selected, name, theme);
    let color = theme.tone(headline.tone);
    let mark = Rect::from_center_size(line.left_center() + vec2(3.5 * size::STEP, 0.0), vec2(12.0, 12.0));
    headline.icon.paint(ui.painter(), mark, color);
    let left = mark.right() + 2.0 * size::STEP;
    let (semibold, plain) = (Theme::semibold(size::TABLE_TEXT), Theme::font(size::TABLE_TEXT));
    let mut job = LayoutJob::default();
    job.append(&attempt.number.to_string(), 0.0, TextFormat::simple(semibold.clone(), theme.text));
    if !status.is_empty() {
        job.append(&status, 2.0 * size::STEP, TextFormat::simple(semibold, color));
    }
    job.append(&headline.decision, 2.0 * size::STEP, TextFormat::simple(plain.clone(), theme.text));
    let took = stamps::duration(attempt.ended_at.since(attempt.started_at));
    let when = format!("{} · {took}", context.instant(attempt.started_at));
    let when = ui.painter().layout_no_wrap(when, plain, theme.weak);
    let when_left = line.right() - 2.0 * size::STEP - when.size().x;
    paint_line(ui, job, left, line.center().y, when_left - left - 2.0 * size::STEP);
    ui.painter().galley(pos2(when_left, line.center().y - when.size().y / 2.0), when, theme.weak);
    if !wait.is_empty() {
        let x = mark.center().x;
        let dashes = [pos2(x, line.bottom() - 2.0), pos2(x, rect.bottom() + 2.0)];
        ui.painter().extend(Shape::dashed_line(&dashes, Stroke::new(1.0, theme.tone(Tone::Retry)), 3.0, 3.0));
        let at = pos2(left, f32::midpoint(line.bottom(), rect.bottom()));
        let font = Theme::font(size::TIMELINE_TEXT);
        ui.painter().text(at, egui::Align2::LEFT_CENTER, wait, font, theme.weak);
    }
    response.clicked()
}
