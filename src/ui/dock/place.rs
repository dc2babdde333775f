//! Where a panel can be asked to go without a pointer: what menus and the palette offer.
use std::fmt;

use crate::ui::layout::Part;

/// An edge of the room that the panels share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Left of all others.
    Left,
    /// Right of all others.
    Right,
    /// Above all others.
    Top,
    /// Below all others.
    Bottom,
}

impl Side {
    /// Every edge.
    pub const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Top, Self::Bottom];
}

/// Where a panel is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before the tabs that it shares its room with.
    Front,
    /// Out of the window, until it is asked for again.
    Hidden,
    /// Along an edge.
    Edge(Side),
    /// As a tab beside another panel.
    With(Part),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Front => f.write_str("to the front"),
            Self::Hidden => f.write_str("out of sight"),
            Self::Edge(Side::Left) => f.write_str("to the left"),
            Self::Edge(Side::Right) => f.write_str("to the right"),
            Self::Edge(Side::Top) => f.write_str("to the top"),
            Self::Edge(Side::Bottom) => f.write_str("to the bottom"),
            Self::With(other) => write!(f, "as a tab beside {other}"),
        }
    }
}

/// Every place that a panel can be moved to.
pub fn places_for(part: Part) -> impl Iterator<Item = Place> {
    let beside = Part::DOCKED.into_iter().filter(move |other| *other != part).map(Place::With);
    Side::ALL.into_iter().map(Place::Edge).chain(beside)
}
