//! Draws the panels where they stand.
use std::cell::Cell;

use egui::{Color32, Frame, Id, Painter, Rect, Response, Stroke, StrokeKind, Style, Ui, Visuals, WidgetText};
use egui_tiles::{Behavior, ResizeState, SimplificationOptions, TabState, Tabs, TileId, Tiles, UiResponse};

use super::fit::{GAP, fit};
use super::head;
use super::splitter::splitters_ui;
use super::target::{Target, target_ui};
use super::tree::{Dock, Pane, TIDY, focus_id};
use crate::ui::command::Commands;
use crate::ui::layout::Part;
use crate::ui::theme::{Theme, size};

/// Draws what stands in a panel.
pub(super) type Draw<'a> = dyn FnMut(&mut Ui, Part, &mut Commands) + 'a;

/// Shows the panels in all the room there is.
pub fn dock_ui(ui: &mut Ui, dock: &mut Dock, theme: &Theme, commands: &mut Commands, draw: &mut Draw<'_>) {
    let room = ui.available_rect_before_wrap();
    if let Some(root) = dock.tree.root() {
        fit(&mut dock.tree.tiles, root, room.size());
    }
    let mut panels = Panels { draw, commands, theme, target: Cell::new(None) };
    dock.tree.ui(&mut panels, ui);
    let target = panels.target.take();
    splitters_ui(ui, dock, theme);
    if let Some(target) = target {
        target_ui(ui, dock, target, theme);
    }
    if let Some(part) = dock.wants_focus.take() {
        ui.memory_mut(|memory| memory.request_focus(focus_id(part)));
    }
}

struct Panels<'a, 'd> {
    draw: &'a mut Draw<'d>,
    commands: &'a mut Commands,
    theme: &'a Theme,
    target: Cell<Option<Target>>,
}

impl Behavior<Pane> for Panels<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, tile_id: TileId, pane: &mut Pane) -> UiResponse {
        let room = ui.max_rect();
        ui.shrink_clip_rect(room);
        let frame = Frame::NONE.inner_margin(pane.part.margin());
        let mut inside = ui.new_child(egui::UiBuilder::new().id_salt(tile_id).max_rect(room - frame.total_margin()));
        (self.draw)(&mut inside, pane.part, self.commands);
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        pane.part.to_string().into()
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<Pane>, ui: &mut Ui, _id: Id, tile_id: TileId, state: &TabState) -> Response {
        let part = tiles.get_pane(&tile_id).map_or(Part::Timeline, |pane| pane.part);
        head::head_ui(ui, part, state.active, self.theme, self.commands)
    }

    fn top_bar_right_ui(&mut self, tiles: &Tiles<Pane>, ui: &mut Ui, _tile_id: TileId, tabs: &Tabs, _offset: &mut f32) {
        if let Some(pane) = tabs.next_active(tiles).and_then(|front| tiles.get_pane(&front)) {
            head::menu_button_ui(ui, pane.part, self.theme, self.commands);
        }
    }

    fn is_tile_draggable(&self, tiles: &Tiles<Pane>, tile_id: TileId) -> bool {
        tiles.get_pane(&tile_id).is_some()
    }

    /// Edges are drawn and moved by [`splitters_ui`], which the keyboard reaches.
    fn is_container_resizable(&self, _tiles: &Tiles<Pane>, _tile_id: TileId) -> bool {
        false
    }

    fn resize_stroke(&self, _style: &Style, _state: ResizeState) -> Stroke {
        self.theme.line()
    }

    fn cycle_tabs_with_keyboard(&self) -> bool {
        false
    }

    fn simplification_options(&self) -> SimplificationOptions {
        TIDY
    }

    fn tab_bar_height(&self, _style: &Style) -> f32 {
        size::PANEL_HEAD
    }

    fn gap_width(&self, _style: &Style) -> f32 {
        GAP
    }

    fn tab_bar_color(&self, _visuals: &Visuals) -> Color32 {
        self.theme.background
    }

    fn paint_drag_preview(&self, _visuals: &Visuals, painter: &Painter, parent: Option<Rect>, room: Rect) {
        let accent = self.theme.accent;
        if let Some(parent) = parent {
            painter.rect_stroke(parent.shrink(1.0), size::BAR_RADIUS, Stroke::new(1.0, accent), StrokeKind::Inside);
        }
        let fill = accent.gamma_multiply(0.18);
        painter.rect(room.shrink(2.0), size::BAR_RADIUS, fill, Stroke::new(2.0, accent), StrokeKind::Inside);
        self.target.set(Some(Target { parent, room }));
    }
}
