//! How the panels' places stand in the settings file: plain nested lists, apart from the tree that draws them.
use egui::Vec2;
use egui_tiles::{Container, LinearDir, Tabs, Tile, TileId, Tiles};
use serde::{Deserialize, Serialize};

use super::tree::{Dock, Pane};
use crate::ui::layout::Part;

/// The least and the most that a panel is remembered to measure, in points: a broken file must not hide one.
const SIZES: std::ops::RangeInclusive<f32> = 40.0..=4_000.0;

/// Panels side by side, one above the other, or as tabs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Shape {
    /// From left to right.
    Row(Vec<Self>),
    /// From top to bottom.
    Column(Vec<Self>),
    /// One over the other.
    Tabs {
        /// From left to right.
        panels: Vec<Standing>,
        /// The one that is seen.
        front: Option<Part>,
    },
}

/// A panel with its size in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Standing {
    part: Part,
    width: f32,
    height: f32,
}

impl Shape {
    /// As at the first start.
    pub(super) fn usual() -> Self {
        let tabs = |parts: &[Part]| Self::Tabs {
            panels: parts.iter().map(|part| Standing::of(Pane::usual(*part))).collect(),
            front: parts.first().copied(),
        };
        let middle = [Part::Facets, Part::Timeline, Part::Inspector].map(|part| tabs(&[part]));
        let below = tabs(&[Part::Table, Part::Events, Part::Composer]);
        Self::Column(vec![Self::Row(middle.into()), below])
    }

    /// What was remembered, if it holds every panel once.
    pub(super) fn read(remembered: serde_json::Value) -> Option<Self> {
        serde_json::from_value::<Self>(remembered).ok().filter(Self::is_whole)
    }

    /// Whether it holds every panel once.
    pub(super) fn is_whole(&self) -> bool {
        let mut parts = Vec::new();
        self.visit(&mut |panel| parts.push(panel.part));
        parts.sort();
        let mut all = Part::DOCKED;
        all.sort();
        parts == all
    }

    fn visit(&self, see: &mut impl FnMut(Standing)) {
        match self {
            Self::Row(children) | Self::Column(children) => children.iter().for_each(|child| child.visit(see)),
            Self::Tabs { panels, .. } => panels.iter().copied().for_each(see),
        }
    }

    /// The shape of a tile; none of one that holds nothing.
    pub(super) fn of(tiles: &Tiles<Pane>, tile_id: TileId) -> Option<Self> {
        let children = |ids: &[TileId]| ids.iter().filter_map(|id| Self::of(tiles, *id)).collect::<Vec<_>>();
        Some(match tiles.get(tile_id)? {
            Tile::Pane(pane) => Self::Tabs { panels: vec![Standing::of(*pane)], front: Some(pane.part) },
            Tile::Container(Container::Tabs(tabs)) => {
                let pane = |id: &TileId| tiles.get_pane(id).copied();
                let panels = tabs.children.iter().filter_map(pane).map(Standing::of).collect();
                Self::Tabs { panels, front: tabs.active.as_ref().and_then(pane).map(|pane| pane.part) }
            }
            Tile::Container(Container::Linear(linear)) => match linear.dir {
                LinearDir::Horizontal => Self::Row(children(&linear.children)),
                LinearDir::Vertical => Self::Column(children(&linear.children)),
            },
            Tile::Container(Container::Grid(_)) => return None,
        })
    }

    /// Makes its tiles, and gives the one that holds the others.
    pub(super) fn plant(&self, tiles: &mut Tiles<Pane>) -> TileId {
        match self {
            Self::Row(children) => {
                let children = children.iter().map(|child| child.plant(tiles)).collect();
                tiles.insert_horizontal_tile(children)
            }
            Self::Column(children) => {
                let children = children.iter().map(|child| child.plant(tiles)).collect();
                tiles.insert_vertical_tile(children)
            }
            Self::Tabs { panels, front } => {
                let planted: Vec<(Part, TileId)> =
                    panels.iter().map(|panel| (panel.part, Dock::insert_pane(tiles, panel.pane()))).collect();
                let mut tabs = Tabs::new(planted.iter().map(|(_, tile_id)| *tile_id).collect());
                tabs.active = planted.iter().find(|(part, _)| Some(*part) == *front).map(|(_, tile_id)| *tile_id);
                tiles.insert_container(tabs)
            }
        }
    }

    /// The panels' names, nested as they are.
    #[cfg(test)]
    pub(super) fn names(&self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Self::Row(children) => json!({ "row": children.iter().map(Self::names).collect::<Vec<_>>() }),
            Self::Column(children) => json!({ "column": children.iter().map(Self::names).collect::<Vec<_>>() }),
            Self::Tabs { panels, .. } if panels.len() == 1 => json!(panels[0].part),
            Self::Tabs { panels, .. } => json!({ "tabs": panels.iter().map(|panel| panel.part).collect::<Vec<_>>() }),
        }
    }
}

impl Standing {
    fn of(pane: Pane) -> Self {
        Self { part: pane.part, width: pane.size.x, height: pane.size.y }
    }

    fn pane(self) -> Pane {
        let usual = self.part.usual_size();
        let sane = |points: f32, usual: f32| if SIZES.contains(&points) { points } else { usual };
        Pane { part: self.part, size: Vec2::new(sane(self.width, usual.x), sane(self.height, usual.y)) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ui::dock::{Place, Side};

    #[test]
    fn what_is_written_is_read_again() {
        let mut dock = Dock::default();
        dock.place(Part::Table, Place::Edge(Side::Left));
        dock.place(Part::Facets, Place::With(Part::Inspector));
        let shape = dock.shape();
        let read = Shape::read(serde_json::to_value(&shape).unwrap()).unwrap();
        assert_eq!(read, shape);
        assert_eq!(Dock::from_shape(&read), dock);
    }

    #[test]
    fn a_shape_that_lacks_a_panel_or_has_one_twice_or_is_none_is_not_taken() {
        let usual = serde_json::to_value(Shape::usual()).unwrap();
        assert!(Shape::read(usual.clone()).is_some());
        let mut without = usual.clone();
        without["column"][0]["row"].as_array_mut().unwrap().pop();
        let mut twice = usual.clone();
        twice["column"][1] = usual.clone();
        let mut unknown = usual.clone();
        unknown["column"][1]["tabs"]["panels"][0]["part"] = json!("map");
        let empty = json!({ "row": [] });
        for broken in [without, twice, unknown, empty, json!(null), json!({ "grid": [] }), json!("left")] {
            assert!(Shape::read(broken.clone()).is_none(), "{broken}");
        }
    }

    #[test]
    fn a_size_that_would_hide_a_panel_is_not_taken() {
        let mut shape = serde_json::to_value(Shape::usual()).unwrap();
        shape["column"][1]["tabs"]["panels"][0]["height"] = json!(-3.0);
        let dock = Dock::from_shape(&Shape::read(shape).unwrap());
        assert_eq!(dock, Dock::default());
    }
}
