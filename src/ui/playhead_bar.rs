//! The strip above the timeline that tells how the session stood at the instant that people look at, and the note in the
//! inspector that tells it of one delivery.
use egui::{Align, Frame, Layout, Margin, RichText, Ui};

use super::command::{Commands, TimeMode, Verb};
use super::icon::{Icon, icon_button, icon_ui};
use super::stamps;
use super::theme::{Theme, Tone, size};
use super::timeline::words::word;
use super::view_state::{Selection, ViewCommand};
use crate::core::time::Timestamp;
use crate::store::chronicle::{Chronicle, Moment};
use crate::store::label::thousands;
use crate::store::standing::Standing;
use crate::store::{AttemptRow, Fate, Session};

/// Shows the strip. Without a chronicle, nobody has counted yet.
pub fn playhead_bar_ui(
    ui: &mut Ui,
    session: &Session,
    (at, times): (Timestamp, TimeMode),
    chronicle: Option<&Chronicle>,
    theme: &Theme,
    commands: &mut Commands,
) {
    Frame::NONE.fill(theme.raised).inner_margin(Margin::symmetric(12, 4)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            for (icon, verb) in [(Icon::Previous, Verb::PreviousEvent), (Icon::Next, Verb::NextEvent)] {
                if icon_button(ui, icon, verb.info().text, theme).clicked() {
                    commands.verb(verb);
                }
            }
            let origin = session.activity().range().map_or(at, |range| range.start);
            let instant = format!("At {}", stamps::instant(times, at, origin));
            ui.label(RichText::new(instant).font(Theme::semibold(size::TEXT)));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if icon_button(ui, Icon::Close, "Close the playhead", theme).clicked() {
                    commands.view(ViewCommand::LookAt(None));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    counts_ui(ui, session, at, chronicle.map(|chronicle| chronicle.at(at)), theme);
                });
            });
        });
    });
}

fn counts_ui(ui: &mut Ui, session: &Session, at: Timestamp, moment: Option<Moment>, theme: &Theme) {
    let Some(moment) = moment else {
        ui.label(RichText::new("counting…").color(theme.weak));
        return;
    };
    for (fate, count) in &moment.settled {
        let tone = Tone::from(*fate);
        icon_ui(ui, Icon::from(*fate), 12.0, theme.tone(tone));
        ui.label(RichText::new(format!("{} {fate}", thousands(*count))).color(theme.tone(tone)));
    }
    for (count, words) in
        [(moment.n_in_flight, "in flight"), (moment.n_waiting, "waiting"), (moment.n_to_come, "to come")]
    {
        if count > 0 {
            ui.label(RichText::new(format!("{} {words}", thousands(count))).color(theme.weak));
        }
    }
    if let Some(words) = tokens(session, at) {
        icon_ui(ui, Icon::Diamond, 12.0, theme.tone(Tone::Refresh));
        ui.label(RichText::new(words).color(theme.tone(Tone::Refresh)));
    }
}

/// The token generations in force: `token gen 2`.
fn tokens(session: &Session, at: Timestamp) -> Option<String> {
    let n_lanes = session.tokens().iter().count();
    let in_force = session.tokens().iter().filter_map(|lane| {
        let generation = lane.in_force(at)?;
        let whose = if n_lanes > 1 { format!("{} ", session.name(lane.destination)) } else { String::new() };
        Some(format!("{whose}token gen {}", generation.number))
    });
    let words = in_force.collect::<Vec<_>>().join(" · ");
    (!words.is_empty()).then_some(words)
}

/// What had become of the selected delivery.
pub fn playhead_note_ui(
    ui: &mut Ui,
    session: &Session,
    selection: Selection,
    (at, times): (Timestamp, TimeMode),
    theme: &Theme,
) {
    let rows: Vec<AttemptRow> = session.attempts_of(selection.delivery).map(|idx| session.attempt(idx)).collect();
    let origin = session.activity().range().map_or(at, |range| range.start);
    let words = state_words(&rows, session.delivery(selection.delivery).fate, at);
    Frame::NONE.fill(theme.raised).inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            let instant = format!("At {}", stamps::instant(times, at, origin));
            ui.label(RichText::new(instant).font(Theme::semibold(size::TEXT)).color(theme.accent));
            ui.label(RichText::new(words).color(theme.text));
        });
        let shown = session.attempt(selection.attempt);
        if let Some(words) = shown_words(&shown, at) {
            ui.label(RichText::new(words).color(theme.weak));
        }
    });
}

/// `it waits for attempt 2, due in 12 s; attempt 1 ended with 409, retry`.
fn state_words(rows: &[AttemptRow], fate: Fate, at: Timestamp) -> String {
    let in_words = stamps::duration;
    match Standing::at(rows, fate, at) {
        Some(Standing::ToCome(first)) => {
            format!("it has not begun; attempt 1 begins in {}", in_words(first.started_at.since(at)))
        }
        Some(Standing::UnderWay(row)) => {
            format!("attempt {} is under way, since {}", row.number, in_words(at.since(row.started_at)))
        }
        Some(Standing::Waiting { last, next: Some(next) }) => format!(
            "it waits for attempt {}, due in {}; attempt {} ended with {}, {}",
            next.number,
            in_words(next.started_at.since(at)),
            last.number,
            last.status,
            word(last.decision)
        ),
        Some(Standing::Waiting { last, next: None }) => {
            let due = last.next_attempt_at.filter(|due| *due > at);
            let due = due.map(|due| format!(", due in {}", in_words(due.since(at)))).unwrap_or_default();
            format!("it waits for attempt {}{due}", last.number + 1)
        }
        Some(Standing::Over(last)) => match at.since(last.ended_at) {
            ago if ago.is_zero() => format!("it is over: {fate}"),
            ago => format!("it is over: {fate}, {} ago", in_words(ago)),
        },
        None => "nothing is known of it".to_owned(),
    }
}

/// How the attempt that is explained below stands to the instant.
fn shown_words(shown: &AttemptRow, at: Timestamp) -> Option<String> {
    if at < shown.started_at {
        Some(format!("Attempt {}, which is shown here, is still to come.", shown.number))
    } else if at < shown.ended_at {
        Some(format!("How attempt {}, which is shown here, ends is not known yet.", shown.number))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::SessionHeader;
    use crate::store::demo::{Story, at};

    #[test]
    fn a_delivery_is_told_at_each_of_its_instants() {
        let mut session = Session::new(SessionHeader::new("s", "s", at(0), "simulated"));
        let story = Story::new("d1", "pendo-audiences", "syncAudience", &[]);
        let story = story.retry(1_000, 100, 409, 9_000, "r", "").deliver(10_000, 100, 200);
        story.records().for_each(|record| session.push(record));
        let delivery = session.find_delivery(&"d1".into()).unwrap();
        let rows: Vec<AttemptRow> = session.attempts_of(delivery).map(|idx| session.attempt(idx)).collect();
        for (millis, told) in [
            (0, "it has not begun; attempt 1 begins in 1 s"),
            (1_000, "attempt 1 is under way, since 0 ms"),
            (1_100, "it waits for attempt 2, due in 8.9 s; attempt 1 ended with 409, retry"),
            (10_050, "attempt 2 is under way, since 50 ms"),
            (10_100, "it is over: delivered"),
            (12_100, "it is over: delivered, 2 s ago"),
        ] {
            assert_eq!(state_words(&rows, Fate::Delivered, at(millis)), told, "at {millis} ms");
        }
        assert!(state_words(&rows[..1], Fate::Pending, at(1_200)).starts_with("it waits for attempt 2, due in "));
        assert_eq!(shown_words(&rows[1], at(0)).as_deref(), Some("Attempt 2, which is shown here, is still to come."));
        assert!(shown_words(&rows[1], at(10_050)).is_some_and(|words| words.contains("not known yet")));
        assert_eq!(shown_words(&rows[1], at(10_100)), None);
    }
}
