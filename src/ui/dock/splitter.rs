//! The edges between panels: dragged, moved with the arrow keys while they have the focus, put back with a double click.
use egui::{CursorIcon, EventFilter, Id, Key, Rect, Role, Sense, Stroke, Ui, WidgetInfo};
use egui_tiles::{Container, LinearDir, Tile, TileId};

use super::fit::{Fit, axis, resize};
use super::tree::Dock;
use crate::ui::layout::Part;
use crate::ui::theme::Theme;

/// Half the width of what can be grasped.
const GRIP: f32 = 4.0;
/// How far an arrow key moves an edge.
const KEY_STEP: f32 = 16.0;

/// An edge between two neighbours of a row or a column.
struct Edge {
    dir: LinearDir,
    before: TileId,
    after: TileId,
    /// What can be grasped.
    grip: Rect,
}

/// Shows every edge, and moves those that people move.
pub(super) fn splitters_ui(ui: &Ui, dock: &mut Dock, theme: &Theme) {
    for edge in edges(dock) {
        edge_ui(ui, dock, &edge, theme);
    }
}

fn edges(dock: &Dock) -> Vec<Edge> {
    let tiles = &dock.tree.tiles;
    let known = Fit { tiles };
    let mut edges = Vec::new();
    for (tile_id, tile) in tiles.iter() {
        let (Tile::Container(Container::Linear(linear)), Some(room)) = (tile, tiles.rect(*tile_id)) else { continue };
        for pair in known.visible(&linear.children).windows(2) {
            let (Some(first), Some(second)) = (tiles.rect(pair[0]), tiles.rect(pair[1])) else { continue };
            let grip = match linear.dir {
                LinearDir::Horizontal => {
                    let x = f32::midpoint(first.right(), second.left());
                    Rect::from_x_y_ranges(x - GRIP..=x + GRIP, room.y_range())
                }
                LinearDir::Vertical => {
                    let y = f32::midpoint(first.bottom(), second.top());
                    Rect::from_x_y_ranges(room.x_range(), y - GRIP..=y + GRIP)
                }
            };
            edges.push(Edge { dir: linear.dir, before: pair[0], after: pair[1], grip });
        }
    }
    // The tree keeps its tiles in no order; the keyboard wants one.
    edges.sort_by(|a, b| a.grip.top().total_cmp(&b.grip.top()).then(a.grip.left().total_cmp(&b.grip.left())));
    edges
}

fn edge_ui(ui: &Ui, dock: &mut Dock, edge: &Edge, theme: &Theme) {
    let along = axis(edge.dir);
    let known = Fit { tiles: &dock.tree.tiles };
    let response = ui.interact(edge.grip, Id::unique(("edge", edge.before, edge.after)), Sense::click_and_drag());
    // The timeline takes what the others leave: what is moved is the size of its neighbour.
    let (sized, grows) = if known.is_elastic(edge.before) { (edge.after, -1.0) } else { (edge.before, 1.0) };
    let rect_of = |tile_id| dock.tree.tiles.rect(tile_id).map_or(0.0, |rect| rect.size()[along]);
    let (points, name) = (rect_of(sized), names(known, sized));
    response.widget_info(|| {
        let what = if along == 0 { "width" } else { "height" };
        let mut info = WidgetInfo::labeled(Role::Splitter, true, format!("{what} of {name}"));
        info.value = Some(f64::from(points.round()));
        info
    });
    let is_hot = response.hovered() || response.dragged() || response.has_focus();
    let cursor = if along == 0 { CursorIcon::ResizeHorizontal } else { CursorIcon::ResizeVertical };
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(cursor);
    }
    paint(ui, edge, is_hot, theme);
    let moved = response.drag_delta()[along] + if response.has_focus() { by_keys(ui, response.id) } else { 0.0 };
    let is_between_others = !known.is_elastic(edge.before) && !known.is_elastic(edge.after);
    if response.double_clicked() {
        put_back(dock, sized, along);
    } else if moved != 0.0 {
        let other = rect_of(edge.after);
        resize(&mut dock.tree.tiles, sized, along, points + grows * moved);
        if is_between_others {
            resize(&mut dock.tree.tiles, edge.after, along, other - moved);
        }
        ui.ctx().request_repaint();
    }
}

fn paint(ui: &Ui, edge: &Edge, is_hot: bool, theme: &Theme) {
    let stroke = if is_hot { Stroke::new(2.0, theme.accent) } else { theme.line() };
    let middle = edge.grip.center();
    match edge.dir {
        LinearDir::Horizontal => ui.painter().vline(middle.x, edge.grip.y_range(), stroke),
        LinearDir::Vertical => ui.painter().hline(edge.grip.x_range(), middle.y, stroke),
    };
}

fn by_keys(ui: &Ui, id: Id) -> f32 {
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
    let pressed = |key| ui.input(|input| f32::from(u8::from(input.key_pressed(key))));
    let forth = pressed(Key::ArrowRight) + pressed(Key::ArrowDown);
    KEY_STEP * (forth - pressed(Key::ArrowLeft) - pressed(Key::ArrowUp))
}

/// The panels that are seen in a tile.
fn names(known: Fit<'_>, tile_id: TileId) -> String {
    let mut parts = Vec::new();
    in_sight(known, tile_id, &mut parts);
    parts.iter().map(Part::to_string).collect::<Vec<_>>().join(" and ")
}

fn in_sight(known: Fit<'_>, tile_id: TileId, parts: &mut Vec<Part>) {
    match known.tiles.get(tile_id) {
        Some(Tile::Pane(pane)) => parts.push(pane.part),
        Some(Tile::Container(Container::Tabs(tabs))) => {
            if let Some(front) = tabs.next_active(known.tiles) {
                in_sight(known, front, parts);
            }
        }
        Some(Tile::Container(container)) => {
            let children: Vec<TileId> = container.children().copied().collect();
            for child in known.visible(&children) {
                in_sight(known, child, parts);
            }
        }
        None => (),
    }
}

fn put_back(dock: &mut Dock, tile_id: TileId, along: usize) {
    let mut parts = Vec::new();
    in_sight(Fit { tiles: &dock.tree.tiles }, tile_id, &mut parts);
    for part in parts {
        if let Some(Tile::Pane(pane)) = dock.tree.tiles.get_mut(Dock::tile_of(part)) {
            pane.size[along] = part.usual_size()[along];
        }
    }
}
