//! Last row of the window: what the session holds, what is being worked on.
use egui::{Align, Button, Layout, RichText, Ui};

use super::busy::busy_ui;
use super::command::{Commands, Verb};
use super::frame_state::{FrameState, LookState};
use super::theme::{Theme, Tone, size};
use super::verb::Need;
use crate::store::Session;
use crate::store::deliveries::Fate;
use crate::store::facets::Highlight;
use crate::store::label::{counted, thousands};

/// A row narrower than this, in points, does not tell what the header of the session says.
const ROOM_FOR_HEADER: f32 = 640.0;

/// Shows the row.
pub fn status_bar_ui(ui: &mut Ui, session: &Session, state: &FrameState, theme: &Theme, commands: &mut Commands) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 3.0 * size::STEP;
        // From the right first: what is worked on is told whole, and the counts have what is left.
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            work_ui(ui, session, state, theme, commands);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| counts_ui(ui, session, theme));
        });
    });
}

fn small(text: String) -> RichText {
    RichText::new(text).font(Theme::font(size::TABLE_TEXT))
}

/// What the session holds, as far as there is room.
fn counts_ui(ui: &mut Ui, session: &Session, theme: &Theme) {
    let facets = session.facets();
    let always = [
        (counted(session.n_events(), "event", "events"), theme.weak),
        (counted(session.attempts().len(), "attempt", "attempts"), theme.weak),
    ];
    let where_any = [
        (facets.n_of(Fate::Delivered), Tone::Delivered, "delivered"),
        (facets.n_of(Fate::Dropped), Tone::Dropped, "dropped"),
        (facets.n_highlighted(Highlight::DeliveredTwice), Tone::Twice, "twice"),
        (facets.n_highlighted(Highlight::TokenRefresh), Tone::Refresh, "with a token refresh"),
    ];
    let where_any = where_any.into_iter().filter(|(count, ..)| *count > 0);
    let where_any = where_any.map(|(count, tone, word)| (format!("{} {word}", thousands(count)), theme.tone(tone)));
    for (words, color) in always.into_iter().chain(where_any) {
        let needed = ui.painter().layout_no_wrap(words.clone(), Theme::font(size::TABLE_TEXT), color).size().x;
        if needed > ui.available_width() {
            break;
        }
        ui.label(small(words).color(color));
    }
}

/// What is being worked on, and what the session says of itself.
fn work_ui(ui: &mut Ui, session: &Session, state: &FrameState, theme: &Theme, commands: &mut Commands) {
    if ui.available_width() >= ROOM_FOR_HEADER {
        let header = session.header();
        let seed = header.plan.get("seed").map(|seed| format!(" · seed {seed}")).unwrap_or_default();
        ui.label(small(format!("{} time{seed}", header.clock)).color(theme.weak));
        ui.label(small(format!("rules: {}", header.rules)).color(theme.weak));
    }
    if let Some(look) = state.look {
        look_ui(ui, look, &LOOKING, theme, commands);
    }
    if let Some(filtering) = state.filtering {
        look_ui(ui, filtering, &FILTERING, theme, commands);
    }
    if state.n_problems > 0 {
        let words = if state.n_problems == 1 { "1 problem in this file" } else { "problems in this file" };
        let count = if state.n_problems == 1 { String::new() } else { format!("{} ", state.n_problems) };
        ui.label(small(format!("{count}{words}")).color(theme.tone(Tone::Retry)));
    }
    if let Some(run) = state.run {
        if ui.add(Button::new(small("Cancel run".to_owned())).small()).clicked() {
            commands.verb(Verb::CancelRun);
        }
        let words = format!("{} in flight · {} waiting", run.n_in_flight, run.n_waiting);
        ui.label(small(words).color(theme.accent));
    }
    let to_stop = [(Need::Reading, Verb::StopReading), (Need::Writing, Verb::StopWriting)];
    if let Some((_, verb)) = to_stop.iter().find(|(need, _)| state.met.contains(need))
        && ui.add(Button::new(small("Stop".to_owned())).small()).on_hover_text(verb.info().tooltip).clicked()
    {
        commands.verb(*verb);
    }
    if let Some(working) = &state.working {
        ui.label(small(working.clone()).color(theme.accent));
        busy_ui(ui, theme);
    }
}

/// A search through a large file in words: while it is on, and when it was stopped.
struct SearchWords {
    on: (&'static str, Verb, &'static str),
    stopped: (&'static str, Verb, &'static str),
}

const LOOKING: SearchWords = SearchWords {
    on: ("Stop looking", Verb::StopLooking, "looking for findings"),
    stopped: ("Go on looking", Verb::LookOn, "findings looked for"),
};
const FILTERING: SearchWords = SearchWords {
    on: ("Stop filtering", Verb::StopFiltering, "looking into records for the filter"),
    stopped: ("Go on filtering", Verb::FilterOn, "records looked into for the filter"),
};

/// How far a search through a large file is, and a way to stop it or to have it go on. Nothing moves: it may take minutes, and
/// nobody waits for it.
fn look_ui(ui: &mut Ui, look: LookState, words: &SearchWords, theme: &Theme, commands: &mut Commands) {
    let (button, verb, doing) = if look.is_stopped { words.stopped } else { words.on };
    if ui.add(Button::new(small(button.to_owned())).small()).on_hover_text(verb.info().tooltip).clicked() {
        commands.verb(verb);
    }
    ui.label(small(format!("{doing}, {} %", look.percent)).color(theme.weak));
}
