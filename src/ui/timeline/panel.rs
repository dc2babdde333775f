//! The timeline as a whole: divides its rectangle, reads the pointer, paints from back to front.
use egui::{RichText, Sense, Ui, UiBuilder};

use super::areas::Areas;
use super::playhead::{self, Moved};
use super::rows::{self, VisibleRows};
use super::scene::Scene;
use super::{arrows, bars, beginning, interaction, measure, ruler, threads, tokens, twins};
use crate::core::time::Timestamp;
use crate::store::Session;
use crate::ui::command::Commands;
use crate::ui::navigation;
use crate::ui::theme::Theme;
use crate::ui::view_state::ViewState;

/// Shows the deliveries of a session over time, in all the room there is.
pub fn timeline_ui(ui: &mut Ui, session: &Session, view: &mut ViewState, theme: &Theme, commands: &mut Commands) {
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let ui = &mut ui.new_child(UiBuilder::new().id_salt("timeline").max_rect(whole));
    ui.shrink_clip_rect(whole);
    if session.attempts().is_empty() && view.timeline.beginning().is_empty() {
        ui.centered_and_justified(|ui| {
            ui.label(RichText::new("Nothing was delivered yet. Fire an event, or open a session.").color(theme.weak));
        });
        return;
    }
    navigation::read_keys(ui.ctx(), commands);
    let areas = Areas::divide(whole, session, &view.rows);
    let plot = interaction::interact(ui, session, view, &areas, commands);
    let ruler_response = playhead::ruler_response(ui, &areas);
    reveal(session, view, &areas);
    let row_list = interaction::row_list(view, &areas);
    row_list.limit(&mut view.timeline.scroll);
    let follows = view.follows_rows() && !view.timeline.is_away;
    row_list.follow(&mut view.timeline.scroll, follows);

    let selected = view.selection.map(|selection| selection.attempt);
    let in_view = rows::deliveries_in_view(view, &areas);
    view.timeline.learned.learn(session, selected, in_view);

    let Some(axis) = view.timeline.axis(session, areas.plot) else { return };
    let scene = Scene { session, view, areas: &areas, axis: &axis, theme };
    let visible = VisibleRows::place(&scene);
    rows::backgrounds(ui, &scene, &visible);
    ruler::grid(ui, &scene);
    playhead::lines(ui, &scene);
    twins::twins_ui(ui, &scene, &visible);
    arrows::arrows(ui, &scene, &visible);
    bars::bars_ui(ui, &scene, &visible, commands);
    beginning::beginning_ui(ui, &scene, &visible, commands);
    threads::threads_ui(ui, &scene, &visible);
    tokens::tokens_ui(ui, &scene, commands);
    ruler::zigzags(ui, &scene);
    let unfolded = ruler::ruler_ui(ui, &scene);
    ui.painter().vline(areas.labels.max, areas.grid(), theme.line());
    rows::labels_ui(ui, &scene, &visible, commands);
    playhead::now_ui(ui, &scene);
    let dragged = playhead::dragged(ui, &ruler_response, &scene, &visible).map(Moved::To);
    let moved = playhead::playhead_ui(ui, &scene, &visible).or(dragged);
    let closes = measure::measure_ui(ui, &scene);
    let measured = measure::dragged(ui, &plot, &scene, &visible);
    if let Some(measured) = measured {
        view.timeline.measure = measured;
        ui.ctx().request_repaint();
    } else if closes || plot.clicked() {
        view.timeline.measure.clear();
    }
    match moved {
        Some(Moved::To(at)) => view.timeline.look_at(Some(at)),
        Some(Moved::Away) => view.timeline.look_at(None),
        None => (),
    }
    if let Some(fold) = unfolded {
        view.timeline.open(fold);
    }
    if row_list.scrolls() {
        row_list.bar_ui(ui, areas.rows, &mut view.timeline.scroll, theme);
    }
    view.timeline.is_away = !row_list.is_at_end(&view.timeline.scroll);
}

/// Scrolls and pans as little as brings the selected attempt into view, if somebody asked for it.
fn reveal(session: &Session, view: &mut ViewState, areas: &Areas) {
    if let Some(at) = view.timeline.take_playhead_to_reveal() {
        reveal_instant(session, view, areas, at);
    }
    if !view.timeline.take_reveal() {
        return;
    }
    let chosen = view.beginnings.chosen_place();
    let (line_idx, at) = match (view.selection, chosen) {
        (Some(selection), _) => {
            let line_idx = view.rows.line_of(selection.delivery, view.timeline.scroll.row_idx);
            (line_idx, Some(session.attempt(selection.attempt).started_at))
        }
        (None, Some(place)) => {
            let begun = view.beginnings.shown().get(place);
            (view.rows.line_of_beginning(place), begun.map(|begun| begun.started_at))
        }
        (None, None) => (None, None),
    };
    if let Some(line_idx) = line_idx {
        let n_visible = interaction::row_list(view, areas).n_visible_rows();
        view.timeline.scroll.reveal(line_idx, n_visible);
    }
    if let Some(at) = at {
        reveal_instant(session, view, areas, at);
    }
}

/// Pans as little as brings an instant into view.
fn reveal_instant(session: &Session, view: &mut ViewState, areas: &Areas, at: Timestamp) {
    let Some(x) = view.timeline.axis(session, areas.plot).map(|axis| axis.x_of(at)) else { return };
    let aside = areas.plot.span() / 5.0;
    if x < areas.plot.min {
        interaction::pan(session, view, areas, x - areas.plot.min - aside);
    } else if x > areas.plot.max - 20.0 {
        interaction::pan(session, view, areas, x - areas.plot.max + aside);
    }
}
