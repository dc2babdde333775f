//! The panels and how they share the room. The tree is that of `egui_tiles`; sizes are ours, in points, so that a larger
//! window gives its room to the timeline and not to every panel alike.
use egui::{Id, Vec2};
use egui_tiles::{Container, Linear, LinearDir, SimplificationOptions, Tile, TileId, Tiles, Tree};

use super::place::{Place, Side};
use super::remembered::Shape;
use crate::ui::layout::Part;

/// What dragging may leave behind is tidied up: every panel keeps a head, nothing stays empty or nested without need.
pub(super) const TIDY: SimplificationOptions = SimplificationOptions {
    prune_empty_tabs: true,
    prune_single_child_tabs: true,
    prune_empty_containers: true,
    prune_single_child_containers: true,
    all_panes_must_have_tabs: true,
    join_nested_linear_containers: true,
    flatten_tabs_in_tabs: true,
};

/// One panel and the size that people gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pane {
    pub(super) part: Part,
    /// In points. It gets more or less where the window leaves more or less.
    pub(super) size: Vec2,
}

impl Pane {
    pub(super) fn usual(part: Part) -> Self {
        Self { part, size: part.usual_size() }
    }
}

/// How the panels share the room.
#[derive(Clone, Debug)]
pub struct Dock {
    pub(super) tree: Tree<Pane>,
    /// The panel whose head gets the keyboard with the next frame.
    pub(super) wants_focus: Option<Part>,
}

impl Default for Dock {
    fn default() -> Self {
        Self::from_shape(&Shape::usual())
    }
}

impl PartialEq for Dock {
    fn eq(&self, other: &Self) -> bool {
        self.shape() == other.shape()
    }
}

pub(super) fn tree_id() -> Id {
    Id::unique("panels")
}

/// What has the keyboard's focus while a panel's head has it.
#[must_use]
pub fn focus_id(part: Part) -> Id {
    Dock::tile_of(part).egui_id(tree_id())
}

impl Dock {
    /// The tile of a panel; it never changes.
    pub(super) const fn tile_of(part: Part) -> TileId {
        TileId(part as u64 + 1)
    }

    /// The panels in a shape that holds each of them once.
    pub(super) fn from_shape(shape: &Shape) -> Self {
        let mut tiles = Tiles::default();
        for part in Part::DOCKED {
            tiles.insert(Self::tile_of(part), Tile::Pane(Pane::usual(part)));
        }
        tiles.recompute_next_tile_id();
        let root = shape.plant(&mut tiles);
        let mut tree = Tree::new(tree_id(), root, tiles);
        tree.simplify(&TIDY);
        Self { tree, wants_focus: None }
    }

    /// The panels as they were remembered, or where that is not understood, as at the first start.
    pub(crate) fn read(remembered: serde_json::Value) -> Self {
        Shape::read(remembered).map_or_else(Self::default, |shape| Self::from_shape(&shape))
    }

    /// What is remembered of them.
    pub(crate) fn remembered(&self) -> serde_json::Value {
        serde_json::to_value(self.shape()).unwrap_or_default()
    }

    /// The shape that is remembered.
    pub(super) fn shape(&self) -> Shape {
        self.tree.root().and_then(|root| Shape::of(&self.tree.tiles, root)).unwrap_or_else(Shape::usual)
    }

    pub(super) fn insert_pane(tiles: &mut Tiles<Pane>, pane: Pane) -> TileId {
        let tile_id = Self::tile_of(pane.part);
        tiles.insert(tile_id, Tile::Pane(pane));
        tile_id
    }

    /// Whether a panel is the one that its tabs show. A hidden one is not.
    pub(crate) fn is_in_front(&self, part: Part) -> bool {
        let tile_id = Self::tile_of(part);
        self.tree.tiles.is_visible(tile_id)
            && match self.group_of(part) {
                Some(Container::Tabs(tabs)) => tabs.next_active(&self.tree.tiles) == Some(tile_id),
                _ => true,
            }
    }

    pub(crate) fn set_visible(&mut self, part: Part, is_visible: bool) {
        self.tree.set_visible(Self::tile_of(part), is_visible);
    }

    /// Brings a panel before the tabs that it shares its room with.
    pub(crate) fn bring_to_front(&mut self, part: Part) {
        let wanted = Self::tile_of(part);
        self.tree.make_active(|tile_id, _| tile_id == wanted);
    }

    /// Moves a panel.
    pub(crate) fn place(&mut self, part: Part, place: Place) {
        let moved = Self::tile_of(part);
        match place {
            Place::Front | Place::Hidden => (),
            Place::Edge(side) => {
                let Some(edge) = self.along(side) else { return };
                let at = if matches!(side, Side::Left | Side::Top) { 0 } else { usize::MAX };
                self.tree.move_tile_to_container(moved, edge, at, false);
            }
            Place::With(other) => {
                let Some(tabs) = self.tree.tiles.parent_of(Self::tile_of(other)) else { return };
                self.tree.move_tile_to_container(moved, tabs, usize::MAX, false);
            }
        }
        self.tree.simplify(&TIDY);
        self.bring_to_front(part);
    }

    /// The container whose first or last place lies along an edge.
    fn along(&mut self, side: Side) -> Option<TileId> {
        let dir = if matches!(side, Side::Left | Side::Right) { LinearDir::Horizontal } else { LinearDir::Vertical };
        let root = self.tree.root()?;
        if matches!(self.tree.tiles.get_container(root), Some(Container::Linear(linear)) if linear.dir == dir) {
            return Some(root);
        }
        let edge = self.tree.tiles.insert_container(Linear::new(dir, vec![root]));
        self.tree.root = Some(edge);
        Some(edge)
    }

    /// Gives the keyboard to the panel after the one that has it, or before.
    pub(crate) fn step_focus(&mut self, ctx: &egui::Context, n_steps: isize) {
        let in_sight = self.in_sight();
        let here = ctx.memory(egui::Memory::focused).and_then(|id| ctx.read_response(id)).and_then(|response| {
            let at = response.rect.center();
            in_sight.iter().position(|part| focus_id(*part) == response.id || self.has(*part, at))
        });
        let n_panels = in_sight.len().max(1).cast_signed();
        let first = if n_steps > 0 { 0 } else { n_panels - 1 };
        let next = here.map_or(first, |here| (here.cast_signed() + n_steps).rem_euclid(n_panels));
        self.wants_focus = in_sight.get(next.cast_unsigned()).copied();
    }

    /// The panels that can be seen, from the upper left to the lower right.
    fn in_sight(&self) -> Vec<Part> {
        let mut places: Vec<(egui::Pos2, Part)> = Part::DOCKED
            .into_iter()
            .filter(|part| self.is_in_front(*part))
            .filter_map(|part| Some((self.tree.tiles.rect(self.tree.tiles.parent_of(Self::tile_of(part))?)?.min, part)))
            .collect();
        places.sort_by(|(a, _), (b, _)| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
        places.into_iter().map(|(_, part)| part).collect()
    }

    fn has(&self, part: Part, at: egui::Pos2) -> bool {
        self.tree.tiles.rect(Self::tile_of(part)).is_some_and(|rect| rect.contains(at))
    }

    /// The container that a panel stands in.
    fn group_of(&self, part: Part) -> Option<&Container> {
        self.tree.tiles.get_container(self.tree.tiles.parent_of(Self::tile_of(part))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_order(dock: &Dock) -> String {
        serde_json::to_value(dock.shape().names()).unwrap().to_string()
    }

    #[test]
    fn a_panel_goes_to_every_edge_and_beside_every_other_and_none_is_lost() {
        for part in Part::DOCKED {
            for place in super::super::places_for(part) {
                let mut dock = Dock::default();
                dock.place(part, place);
                assert!(dock.is_in_front(part), "{part} {place}");
                assert!(dock.shape().is_whole(), "{part} {place}: {}", in_order(&dock));
                for again in super::super::places_for(part) {
                    dock.place(part, again);
                    assert!(dock.shape().is_whole(), "{part} {place}, then {again}: {}", in_order(&dock));
                }
            }
        }
    }

    #[test]
    fn an_edge_is_the_edge_of_the_whole_room() {
        let mut dock = Dock::default();
        dock.place(Part::Inspector, Place::Edge(Side::Left));
        assert_eq!(
            in_order(&dock),
            r#"{"row":["inspector",{"column":[{"row":["facets","timeline"]},{"tabs":["table","events","composer"]}]}]}"#
        );
        dock.place(Part::Inspector, Place::With(Part::Table));
        assert_eq!(
            in_order(&dock),
            r#"{"column":[{"row":["facets","timeline"]},{"tabs":["table","events","composer","inspector"]}]}"#
        );
        assert!(dock.is_in_front(Part::Inspector) && !dock.is_in_front(Part::Table));
        dock.set_visible(Part::Inspector, false);
        assert!(dock.is_in_front(Part::Table), "the next tab takes its place");
    }
}
