//! Wheel, pinch and drag on the timeline: scroll, zoom at the pointer, pan.
use egui::{Key, Modifiers, Rect, Response, Sense, Ui};

use super::areas::Areas;
use super::measure::is_measuring;
use crate::store::Session;
use crate::store::rows::Line;
use crate::ui::command::Commands;
use crate::ui::dock::focus_id;
use crate::ui::layout::Part;
use crate::ui::row_list::RowList;
use crate::ui::theme::size;
use crate::ui::view_state::{Front, ViewCommand, ViewState};

/// Points that a key pans.
const KEY_PAN: f32 = 120.0;
/// How much a key zooms.
const KEY_ZOOM: f64 = 1.3;

/// Reads the pointer and the keys, and moves the view at once so that this frame shows it. Gives what happened on the plot.
pub(super) fn interact(
    ui: &Ui,
    session: &Session,
    view: &mut ViewState,
    areas: &Areas,
    commands: &mut Commands,
) -> Response {
    let plot = Rect::from_x_y_ranges(areas.plot, areas.whole.y_range());
    let response = ui.interact(plot, ui.scope_id().with("plot"), Sense::CLICK | Sense::DRAG);
    let everywhere = ui.interact(areas.whole, ui.scope_id().with("timeline"), Sense::hover());
    let is_pressed = everywhere.contains_pointer() && ui.input(|input| input.pointer.any_pressed());
    let has_keyboard = ui.memory(|memory| memory.has_focus(focus_id(Part::Timeline)));
    if is_pressed || has_keyboard {
        view.front = Front::Timeline;
    }
    if response.dragged() && !is_measuring(ui) {
        pan(session, view, areas, -response.drag_delta().x);
    }
    if everywhere.contains_pointer() {
        wheel(ui, session, view, areas);
    }
    keys(ui, session, view, areas);
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.clicked())
        && let Some(line) = line_at(view, areas, pointer.y)
    {
        match line {
            Line::Head(_) => (),
            Line::Beginning(place) => commands.view(view.beginnings.select(place as usize)),
            Line::Delivery(delivery) => {
                commands.view(ViewCommand::SelectDelivery(delivery));
                if response.double_clicked() {
                    commands.view(ViewCommand::ZoomToDelivery(delivery));
                }
            }
        }
    }
    if response.dragged() {
        let measures = is_measuring(ui);
        ui.set_cursor_icon(if measures { egui::CursorIcon::ResizeColumn } else { egui::CursorIcon::Grabbing });
    }
    response
}

/// How the rows scroll. Heads are a little lower than rows, which scrolling need not know.
pub(super) fn row_list(view: &ViewState, areas: &Areas) -> RowList<'static> {
    let n_rows = if areas.fits { 0 } else { view.rows.lines().len() };
    RowList { name: "timeline rows", n_rows, row_height: size::ROW, max_height: areas.rows.height() }
}

fn wheel(ui: &Ui, session: &Session, view: &mut ViewState, areas: &Areas) {
    let (zoom, scroll, pointer) =
        ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta(), input.pointer.hover_pos()));
    if (zoom - 1.0).abs() > f32::EPSILON {
        let x = pointer.map_or(areas.plot.center(), |pointer| pointer.x.clamp(areas.plot.min, areas.plot.max));
        zoom_at(session, view, areas, x, f64::from(zoom));
        return;
    }
    if scroll.x != 0.0 {
        pan(session, view, areas, -scroll.x);
    }
    if scroll.y != 0.0 {
        row_list(view, areas).scroll_by(&mut view.timeline.scroll, -scroll.y);
    }
}

fn keys(ui: &Ui, session: &Session, view: &mut ViewState, areas: &Areas) {
    let own = focus_id(Part::Timeline);
    if ui.memory(|memory| memory.focused().is_some_and(|id| id != own)) || view.front != Front::Timeline {
        return;
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let middle = areas.plot.center();
    for (key, points) in [(Key::A, -KEY_PAN), (Key::D, KEY_PAN)] {
        if pressed(key) {
            pan(session, view, areas, points);
        }
    }
    for (key, factor) in [(Key::W, KEY_ZOOM), (Key::S, 1.0 / KEY_ZOOM)] {
        if pressed(key) {
            zoom_at(session, view, areas, middle, factor);
        }
    }
}

pub(super) fn pan(session: &Session, view: &mut ViewState, areas: &Areas, points: f32) {
    if let Some(span) = view.timeline.axis(session, areas.plot).map(|axis| axis.panned(points).span()) {
        view.timeline.show_exactly(span);
    }
}

fn zoom_at(session: &Session, view: &mut ViewState, areas: &Areas, x: f32, factor: f64) {
    if let Some(span) = view.timeline.axis(session, areas.plot).map(|axis| axis.zoomed(x, factor).span()) {
        view.timeline.show_exactly(span);
    }
}

fn line_at(view: &ViewState, areas: &Areas, y: f32) -> Option<Line> {
    let mut top = areas.rows.top() - view.timeline.scroll.above;
    for line in view.rows.lines().iter().skip(view.timeline.scroll.row_idx) {
        top += super::areas::line_height(*line);
        if y < top {
            return Some(*line).filter(|_| y < areas.rows.bottom());
        }
        if top > areas.rows.bottom() {
            break;
        }
    }
    None
}
