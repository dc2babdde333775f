//! What a bar, a wait or a diamond tells under the pointer.
use egui::{RichText, Ui};

use crate::core::findings::Severity;
use crate::core::names::Purpose;
use crate::store::label::Label;
use crate::store::{AttemptIdx, Session};
use crate::ui::command::TimeMode;
use crate::ui::stamps;
use crate::ui::theme::{Theme, Tone, size};

use super::words;

/// Status, verdict, rule, reason and times of an attempt.
pub(super) fn attempt_ui(ui: &mut Ui, session: &Session, attempt: AttemptIdx, times: TimeMode, theme: &Theme) {
    let row = session.attempt(attempt);
    let delivery = session.delivery(row.delivery);
    let record = session.details(attempt);
    ui.set_max_width(320.0);
    ui.horizontal(|ui| {
        let tone = theme.tone(Tone::from(row.decision));
        ui.label(RichText::new(row.status.to_string()).font(Theme::semibold(size::TEXT)).color(tone));
        ui.label(RichText::new(words::word(row.decision)).font(Theme::semibold(size::TEXT)));
        let message_id = Label::of(session, row.delivery).message_id;
        let n_attempts = delivery.n_attempts.max(row.number);
        let which = format!("attempt {} of {n_attempts} · {message_id}", row.number);
        ui.label(RichText::new(which).color(theme.weak));
    });
    if !record.verdict.reason.is_empty() {
        ui.label(&record.verdict.reason);
    }
    for finding in session.findings_of(attempt).iter().filter(|finding| finding.severity != Severity::Note) {
        ui.label(RichText::new(format!("{}: {}", finding.severity, finding.title)).color(theme.accent));
    }
    let origin = session.activity().range().map_or(row.started_at, |range| range.start);
    egui::Grid::new("attempt").num_columns(2).spacing([12.0, 2.0]).show(ui, |ui| {
        let mut line = |name: &str, value: String| {
            ui.label(RichText::new(name).color(theme.weak));
            ui.label(value);
            ui.end_row();
        };
        line("Rule", session.name(row.rule).to_owned());
        line("Started", stamps::instant(times, row.started_at, origin));
        line("Took", stamps::duration(row.ended_at.since(row.started_at)));
        if let Some(next) = row.next_attempt_at {
            line("Next attempt after", stamps::duration(next.since(row.ended_at)));
        }
        if let Some(token) = record.token {
            line("Token", tokens(token.generation_before, token.generation_after));
        }
        let n_refreshes = record.exchanges.iter().filter(|exchange| exchange.purpose == Purpose::Refresh).count();
        let n_others = record.exchanges.len() - n_refreshes;
        line(
            "Requests",
            if n_refreshes == 0 { n_others.to_string() } else { format!("{n_others}, and {n_refreshes} for a token") },
        );
    });
}

fn tokens(before: u32, after: u32) -> String {
    if before == after { format!("gen {before}") } else { format!("gen {before} → {after}") }
}
