//! Divides the room: panels keep the points that people gave them, and what is left over, or missing, is the timeline's
//! until it is as small as it can be; then the others shrink, too.
use egui::Vec2;
use egui_tiles::{Container, LinearDir, Tile, TileId, Tiles};

use super::tree::Pane;
use crate::ui::layout::Part;
use crate::ui::theme::size;

/// Between two panels.
pub(super) const GAP: f32 = 1.0;

/// Index into a size.
pub(super) const fn axis(dir: LinearDir) -> usize {
    match dir {
        LinearDir::Horizontal => 0,
        LinearDir::Vertical => 1,
    }
}

/// What is known about the panels while a frame is drawn.
#[derive(Clone, Copy)]
pub(super) struct Fit<'a> {
    pub(super) tiles: &'a Tiles<Pane>,
}

impl Fit<'_> {
    pub(super) fn visible(self, children: &[TileId]) -> Vec<TileId> {
        children.iter().copied().filter(|child| self.tiles.is_visible_in_layout(*child)).collect()
    }

    /// Whether the timeline stands in it.
    pub(super) fn is_elastic(self, tile_id: TileId) -> bool {
        match self.tiles.get(tile_id) {
            Some(Tile::Pane(pane)) => pane.part == Part::Timeline,
            Some(Tile::Container(container)) => container.children().any(|child| self.is_elastic(*child)),
            None => false,
        }
    }

    /// The points that people gave it along an axis.
    pub(super) fn wanted(self, tile_id: TileId, along: usize) -> f32 {
        self.measured(tile_id, along, |pane| pane.size)
    }

    /// The fewest points that it is of use with.
    pub(super) fn least(self, tile_id: TileId, along: usize) -> f32 {
        self.measured(tile_id, along, |pane| pane.part.least_size())
    }

    fn measured(self, tile_id: TileId, along: usize, of_pane: fn(&Pane) -> Vec2) -> f32 {
        match self.tiles.get(tile_id) {
            Some(Tile::Pane(pane)) => of_pane(pane)[along],
            Some(Tile::Container(Container::Tabs(tabs))) => {
                let inside = tabs.next_active(self.tiles).map_or(0.0, |front| self.measured(front, along, of_pane));
                inside + if along == 1 { size::PANEL_HEAD } else { 0.0 }
            }
            Some(Tile::Container(Container::Linear(linear))) => {
                let visible = self.visible(&linear.children);
                let sizes = visible.iter().map(|child| self.measured(*child, along, of_pane));
                if axis(linear.dir) == along {
                    sizes.sum::<f32>() + gaps(visible.len())
                } else {
                    sizes.fold(0.0, f32::max)
                }
            }
            Some(Tile::Container(Container::Grid(_))) | None => 0.0,
        }
    }

    /// The points of each child of a row or column that has so many.
    fn shares(self, visible: &[TileId], along: usize, points: f32) -> Vec<f32> {
        let room = (points - gaps(visible.len())).max(0.0);
        let mut shares: Vec<f32> =
            visible.iter().map(|child| self.wanted(*child, along).max(self.least(*child, along))).collect();
        let Some(elastic) = visible.iter().position(|child| self.is_elastic(*child)) else {
            let all = shares.iter().sum::<f32>().max(1.0);
            return shares.into_iter().map(|share| share * room / all).collect();
        };
        let least: Vec<f32> = visible.iter().map(|child| self.least(*child, along)).collect();
        let others = shares.iter().sum::<f32>() - shares[elastic];
        let missing = (others + least[elastic] - room).max(0.0);
        let spare: f32 = (0..shares.len()).filter(|idx| *idx != elastic).map(|idx| shares[idx] - least[idx]).sum();
        let shrink = (missing / spare.max(1.0)).min(1.0);
        for idx in (0..shares.len()).filter(|idx| *idx != elastic) {
            shares[idx] -= (shares[idx] - least[idx]) * shrink;
        }
        let taken = shares.iter().sum::<f32>() - shares[elastic];
        shares[elastic] = (room - taken).max(least[elastic].min(room / 3.0));
        shares
    }
}

fn gaps(n_children: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of panels")]
    let n_gaps = n_children.saturating_sub(1) as f32;
    n_gaps * GAP
}

/// Divides the room of a tile among what stands in it.
pub(super) fn fit(tiles: &mut Tiles<Pane>, tile_id: TileId, room: Vec2) {
    let known = Fit { tiles };
    match tiles.get(tile_id) {
        Some(Tile::Container(Container::Tabs(tabs))) => {
            if let Some(front) = tabs.next_active(tiles) {
                fit(tiles, front, room - Vec2::new(0.0, size::PANEL_HEAD));
            }
        }
        Some(Tile::Container(Container::Linear(linear))) => {
            let along = axis(linear.dir);
            let visible = known.visible(&linear.children);
            let shares = known.shares(&visible, along, room[along]);
            for (child, share) in visible.iter().zip(&shares) {
                let mut inside = room;
                inside[along] = *share;
                fit(tiles, *child, inside);
            }
            if let Some(Tile::Container(Container::Linear(linear))) = tiles.get_mut(tile_id) {
                for (child, share) in visible.into_iter().zip(shares) {
                    linear.shares.set_share(child, share.max(1.0));
                }
            }
        }
        _ => (),
    }
}

/// Gives a tile so many points along an axis, and with it what stands in it.
pub(super) fn resize(tiles: &mut Tiles<Pane>, tile_id: TileId, along: usize, points: f32) {
    let known = Fit { tiles };
    let shares: Vec<(TileId, f32)> = match tiles.get(tile_id) {
        Some(Tile::Container(Container::Tabs(tabs))) => {
            let inside = if along == 1 { points - size::PANEL_HEAD } else { points };
            tabs.next_active(tiles).map(|front| (front, inside)).into_iter().collect()
        }
        Some(Tile::Container(Container::Linear(linear))) => {
            let before = known.wanted(tile_id, along).max(1.0);
            let grows_with = |child| if axis(linear.dir) == along { known.wanted(child, along) / before } else { 1.0 };
            known.visible(&linear.children).into_iter().map(|child| (child, points * grows_with(child))).collect()
        }
        _ => Vec::new(),
    };
    for (child, points) in shares {
        resize(tiles, child, along, points);
    }
    if let Some(Tile::Pane(pane)) = tiles.get_mut(tile_id) {
        pane.size[along] = points.max(pane.part.least_size()[along]);
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "points of a screen")]
mod tests {
    use super::*;
    use crate::ui::dock::Dock;

    /// The widths or heights of some panels in a room, in whole points.
    fn sizes<const N: usize>(dock: &mut Dock, room: Vec2, along: usize, parts: [Part; N]) -> [i32; N] {
        let whole = dock.tree.root().unwrap();
        fit(&mut dock.tree.tiles, whole, room);
        parts.map(|part| {
            let tile = dock.tree.tiles.parent_of(Dock::tile_of(part)).unwrap();
            let parent = dock.tree.tiles.parent_of(tile).unwrap();
            match dock.tree.tiles.get_container(parent) {
                Some(Container::Linear(linear)) if axis(linear.dir) == along => linear.shares[tile].round() as i32,
                _ => -1,
            }
        })
    }

    const MIDDLE: [Part; 3] = [Part::Facets, Part::Timeline, Part::Inspector];

    #[test]
    fn a_larger_window_gives_its_room_to_the_timeline() {
        let mut dock = Dock::default();
        let [facets, timeline, inspector] = sizes(&mut dock, Vec2::new(1_400.0, 800.0), 0, MIDDLE);
        assert_eq!(sizes(&mut dock, Vec2::new(1_900.0, 800.0), 0, MIDDLE), [facets, timeline + 500, inspector]);
    }

    #[test]
    fn in_a_small_window_all_panels_stay_of_use_and_in_a_large_one_they_are_as_before() {
        let mut dock = Dock::default();
        let before = sizes(&mut dock, Vec2::new(1_400.0, 800.0), 0, MIDDLE);
        let small = sizes(&mut dock, Vec2::new(700.0, 290.0), 0, MIDDLE);
        for (part, width) in MIDDLE.into_iter().zip(small) {
            assert!(width >= part.least_size().x as i32, "{part} is {width} wide");
        }
        assert!((697..=699).contains(&small.iter().sum::<i32>()), "{small:?} and two gaps");
        assert_eq!(sizes(&mut dock, Vec2::new(1_400.0, 800.0), 0, MIDDLE), before);
    }

    #[test]
    fn nothing_is_negative_however_small_the_room() {
        for room in [Vec2::ZERO, Vec2::new(50.0, 20.0), Vec2::new(300.0, 100.0)] {
            let mut dock = Dock::default();
            assert!(sizes(&mut dock, room, 0, MIDDLE).iter().all(|width| *width >= 0), "{room:?}");
        }
    }

    #[test]
    fn a_group_is_as_high_as_the_tab_in_front_wants_to_be() {
        let mut dock = Dock::default();
        let height = |dock: &mut Dock| sizes(dock, Vec2::new(1_400.0, 800.0), 1, [Part::Table])[0];
        let table = height(&mut dock);
        dock.bring_to_front(Part::Composer);
        assert_eq!(height(&mut dock) - table, 330 - 178);
        let tabs = dock.tree.tiles.parent_of(Dock::tile_of(Part::Table)).unwrap();
        resize(&mut dock.tree.tiles, tabs, 1, 400.0);
        assert_eq!(height(&mut dock), 400);
        dock.bring_to_front(Part::Table);
        assert_eq!(height(&mut dock), table, "the table keeps its own");
    }
}
