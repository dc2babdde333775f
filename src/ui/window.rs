//! The window's layout: which panel stands where.

use egui::{CentralPanel, Frame, Margin, Panel, Ui};

use super::command::{Commands, Verb};
use super::composer::panel::{ComposerState, composer_ui};
use super::dock::dock_ui;
use super::event_list::event_list_ui;
use super::facets::facets_ui;
use super::filter_bar::filter_error_ui;
use super::find::FindView;
use super::find_bar::find_bar_ui;
use super::frame_state::FrameState;
use super::hints::hint_bar_ui;
use super::inspector::{
    InspectorContext, InspectorView, beginning_panel_ui, inspector_empty_ui, inspector_ui, under_way_note_ui,
};
use super::layout::{Layout, Part};
use super::mask::{AliasBook, Mask};
use super::overview::overview_ui;
use super::playhead_bar::{playhead_bar_ui, playhead_note_ui};
use super::rest_bar::{left_bar_ui, unsaved_bar_ui};
use super::status_bar::status_bar_ui;
use super::stepping::step_bar_ui;
use super::story_bar::story_bar_ui;
use super::table::table_ui;
use super::theme::{Theme, size};
use super::timeline::timeline_ui;
use super::tool_bar::tool_bar_ui;
use super::top_bar::top_bar_ui;
use super::view_state::{ViewCommand, ViewState};
use crate::store::Session;

/// A timeline that is lower, in points, shows no hint and no story over its rows.
const ROOM_FOR_STORIES: f32 = 200.0;

/// A window that is lower, in points, has a lower overview.
const LOW_WINDOW: f32 = 480.0;

/// What the panels may change: how things are looked at and what is being composed. Never a record.
pub struct Panes<'a> {
    /// How the session in front is looked at.
    pub view: &'a mut ViewState,
    /// What the inspector shows of the selected attempt.
    pub inspector: &'a mut InspectorView,
    /// What is being composed.
    pub composer: &'a mut ComposerState,
    /// What stands for secrets on the screen.
    pub aliases: &'a AliasBook,
    /// The search, if one is open.
    pub find: &'a mut Option<FindView>,
    /// Which panels are shown and how large.
    pub layout: &'a mut Layout,
}

/// Shows everything.
pub fn window_ui(
    ui: &mut Ui,
    session: &Session,
    panes: &mut Panes<'_>,
    state: &FrameState,
    theme: &Theme,
    commands: &mut Commands,
) {
    let bar = |margin| Frame::NONE.inner_margin(margin);
    let slim = Margin::symmetric(12, 4);
    Panel::top("top bar").frame(bar(slim)).exact_size(36.0).show(ui, |ui| top_bar_ui(ui, state, theme, commands));
    Panel::top("tool bar")
        .frame(bar(slim))
        .exact_size(36.0)
        .show(ui, |ui| tool_bar_ui(ui, session, panes.view, state, theme, commands));
    if let Some(error) = panes.view.filter_bar.shown_error() {
        let is_other_in_force = !panes.view.arrangement.filter.is_empty();
        let frame = bar(Margin { left: 12, right: 12, top: 0, bottom: 6 });
        Panel::top("filter error").frame(frame).show(ui, |ui| filter_error_ui(ui, error, is_other_in_force, theme));
    }
    if let Some(find) = panes.find {
        let n_attempts = session.attempts().len();
        let shown = Panel::top("find bar")
            .frame(Frame::NONE)
            .show(ui, |ui| find_bar_ui(ui, find, panes.view.selection, n_attempts, theme, commands));
        if shown.inner {
            *panes.find = None;
        }
    }
    Panel::bottom("status bar")
        .frame(bar(Margin::symmetric(12, 0)))
        .exact_size(24.0)
        .show(ui, |ui| status_bar_ui(ui, session, state, theme, commands));
    if panes.layout.shows(Part::Overview) {
        let height = if ui.ctx().content_rect().height() < LOW_WINDOW { 32.0 } else { 60.0 };
        Panel::top("overview")
            .frame(bar(Margin::symmetric(12, 4)))
            .exact_size(height)
            .show(ui, |ui| overview_ui(ui, session, panes.view, theme, commands));
    }
    strips_ui(ui, session, panes.view, state, theme, commands);
    panels_ui(ui, session, panes, state, theme, commands);
}

/// Strips across the window that ask for a decision: about recordings and runs from before, and about a run that stands. In
/// a panel of its own width they would leave little of a small window's timeline.
fn strips_ui(
    ui: &mut Ui,
    session: &Session,
    view: &ViewState,
    state: &FrameState,
    theme: &Theme,
    commands: &mut Commands,
) {
    if state.n_unsaved_before == 0 && state.left.is_none() && state.steps.is_none() {
        return;
    }
    Panel::top("strips").frame(Frame::NONE).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        if state.n_unsaved_before > 0 {
            unsaved_bar_ui(ui, state.n_unsaved_before, theme, commands);
        }
        if let Some(words) = &state.left {
            left_bar_ui(ui, words, theme, commands);
        }
        if let Some(steps) = &state.steps {
            step_bar_ui(ui, session, (steps, view.times, view.timeline.origin(session)), state, theme, commands);
        }
    });
}

/// The panels that people move.
fn panels_ui(
    ui: &mut Ui,
    session: &Session,
    panes: &mut Panes<'_>,
    state: &FrameState,
    theme: &Theme,
    commands: &mut Commands,
) {
    let Panes { view, inspector, composer, aliases, layout, .. } = panes;
    CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
        let Layout { dock, columns, .. } = &mut **layout;
        dock_ui(ui, dock, theme, commands, &mut |ui, part, commands| match part {
            Part::Facets => facets_ui(ui, session, view, theme, commands),
            Part::Timeline => middle_ui(ui, session, view, state, theme, commands),
            Part::Inspector => {
                let mask = Mask { revealed: state.secrets_shown, alias: &|secret| aliases.alias(secret) };
                selected_ui(ui, session, view, inspector, mask, theme, commands);
            }
            Part::Table => table_ui(ui, session, view, columns, theme, commands),
            Part::Events => event_list_ui(ui, session, view, theme, commands),
            Part::Composer => {
                composer.secrets_shown = state.secrets_shown;
                composer_ui(ui, composer, state.run.is_some(), theme, commands);
            }
            Part::Overview => (),
        });
    });
}

/// The timeline, or what stands there before anything was delivered.
fn middle_ui(
    ui: &mut Ui,
    session: &Session,
    view: &mut ViewState,
    state: &FrameState,
    theme: &Theme,
    commands: &mut Commands,
) {
    if session.attempts().is_empty() && view.timeline.beginning().is_empty() {
        return nothing_fired_ui(ui, session, view, state, theme, commands);
    }
    if ui.available_height() >= ROOM_FOR_STORIES {
        if let Some(hint_idx) = state.hint {
            hint_bar_ui(ui, hint_idx, theme, commands);
        } else if let Some(story) = state.story {
            story_bar_ui(ui, story, theme, commands);
        }
    }
    if let Some(at) = view.timeline.playhead() {
        playhead_bar_ui(ui, session, (at, view.times), view.chronicle.as_deref(), theme, commands);
    }
    timeline_ui(ui, session, view, theme, commands);
}

fn selected_ui(
    ui: &mut Ui,
    session: &Session,
    view: &ViewState,
    inspector: &mut InspectorView,
    mask: Mask<'_>,
    theme: &Theme,
    commands: &mut Commands,
) {
    let Some(selection) = view.selection else {
        return begun_ui(ui, session, view, inspector, mask, theme, commands);
    };
    if let Some((under_way, now)) = view.timeline.under_way(selection.delivery).zip(view.timeline.run_time()) {
        let lasts = now.since(under_way.started_at);
        under_way_note_ui(ui, under_way.number, lasts, under_way.asked.as_ref(), theme);
    }
    if let Some(at) = view.timeline.playhead() {
        playhead_note_ui(ui, session, selection, (at, view.times), theme);
    }
    let attempts: Vec<_> = session.attempts_of(selection.delivery).map(|idx| session.details(idx)).collect();
    let context = InspectorContext {
        attempts: &attempts,
        event: &|id| session.find_event(id).map(|idx| session.event(idx)),
        tokens: session.tokens().lane(session.delivery(selection.delivery).destination),
        attempt: &|idx| session.details(idx),
        findings: session.findings_of(selection.attempt),
        origin: session.header().created_at,
        times: view.times,
        mask,
    };
    inspector_ui(ui, &session.details(selection.attempt), &context, inspector, theme, commands);
    if let Some(attempt) = inspector.goto.take().and_then(|id| session.find_attempt(&id)) {
        commands.view(ViewCommand::SelectAttempt(attempt));
    }
}

/// The selected delivery of which no attempt has ended yet, or what stands there while nothing is selected.
fn begun_ui(
    ui: &mut Ui,
    session: &Session,
    view: &ViewState,
    inspector: &mut InspectorView,
    mask: Mask<'_>,
    theme: &Theme,
    commands: &mut Commands,
) {
    let mut all = view.timeline.beginning().iter();
    let chosen = view.beginnings.chosen().and_then(|chosen| all.find(|beginning| beginning.delivery == *chosen));
    let Some((beginning, now)) = chosen.zip(view.timeline.run_time()) else { return inspector_empty_ui(ui, theme) };
    let context = InspectorContext {
        attempts: &[],
        event: &|id| session.find_event(id).map(|idx| session.event(idx)),
        tokens: None,
        attempt: &|idx| session.details(idx),
        findings: &[],
        origin: session.header().created_at,
        times: view.times,
        mask,
    };
    beginning_panel_ui(ui, (session, beginning, now), &context, inspector, theme, commands);
}

fn nothing_fired_ui(
    ui: &mut Ui,
    session: &Session,
    view: &ViewState,
    state: &FrameState,
    theme: &Theme,
    commands: &mut Commands,
) {
    if session.n_events() > 0 {
        Frame::NONE.inner_margin(12).show(ui, |ui| event_list_ui(ui, session, view, theme, commands));
        return;
    }
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.3);
        let words = match (&state.capture, state.run) {
            (_, Some(_)) if state.steps.as_ref().is_some_and(|steps| steps.is_standing) => {
                "No attempt has ended yet. The run stands; go on from above.".to_owned()
            }
            (_, Some(_)) => "The first attempt is on its way.".to_owned(),
            (Some(capture), _) => format!("Listening. Point a Segment SDK at http://{}", capture.address),
            (None, None) if state.working.is_some() => "The first deliveries come in a moment.".to_owned(),
            (None, None) => "Nothing was delivered here yet.".to_owned(),
        };
        ui.label(egui::RichText::new(words).font(Theme::semibold(14.0)));
        ui.add_space(2.0 * size::STEP);
        if state.run.is_none() && state.working.is_none() && ui.button("Compose an event…").clicked() {
            commands.verb(Verb::ToggleComposer);
        }
    });
}
