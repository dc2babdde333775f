//! Which panels are shown, where they stand and how large they are: remembered between two starts, and reset on request.
use std::collections::BTreeSet;
use std::fmt;

use egui::{Margin, Vec2, vec2};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::dock::{Dock, Place};
use super::table::Columns;

/// A panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Counts.
    Facets,
    /// Deliveries over time. Everything else stands around it; it cannot be hidden.
    Timeline,
    /// The verdict and what belongs to it.
    Inspector,
    /// The rows of the timeline, with columns.
    Table,
    /// What came in, fired or not.
    Events,
    /// What is to be fired.
    Composer,
    /// The session over its whole time: a strip over all others.
    Overview,
}

impl Part {
    /// The panels that can be moved.
    pub const DOCKED: [Self; 6] =
        [Self::Facets, Self::Timeline, Self::Inspector, Self::Table, Self::Events, Self::Composer];

    /// The size at the first start, in points. A panel uses one side of it: the width where it stands beside others, the
    /// height where it stands above or below.
    pub(super) const fn usual_size(self) -> Vec2 {
        match self {
            Self::Facets => vec2(184.0, 220.0),
            Self::Timeline | Self::Overview => vec2(600.0, 320.0),
            Self::Inspector => vec2(352.0, 320.0),
            Self::Table | Self::Events => vec2(440.0, 178.0),
            Self::Composer => vec2(560.0, 330.0),
        }
    }

    /// The least size that it is of use with.
    pub(super) const fn least_size(self) -> Vec2 {
        match self {
            Self::Facets => vec2(130.0, 60.0),
            Self::Timeline | Self::Overview => vec2(240.0, 120.0),
            Self::Inspector => vec2(280.0, 120.0),
            Self::Table | Self::Events => vec2(200.0, 76.0),
            Self::Composer => vec2(360.0, 200.0),
        }
    }

    /// Between its edges and what stands in it.
    pub(super) const fn margin(self) -> Margin {
        match self {
            Self::Facets | Self::Events => Margin::same(12),
            Self::Composer => Margin::symmetric(12, 8),
            Self::Timeline | Self::Inspector | Self::Table | Self::Overview => Margin::ZERO,
        }
    }

    /// Whether it can be put out of sight.
    #[must_use]
    pub const fn can_be_hidden(self) -> bool {
        !matches!(self, Self::Timeline)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Facets => "Counts",
            Self::Timeline => "Timeline",
            Self::Inspector => "Inspector",
            Self::Table => "Table",
            Self::Events => "Events",
            Self::Composer => "Composer",
            Self::Overview => "Overview",
        })
    }
}

/// What is out of sight at the first start.
const AWAY: [Part; 2] = [Part::Events, Part::Composer];

/// The panels of the window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Remembered")]
pub struct Layout {
    hidden: BTreeSet<Part>,
    /// Where the panels stand.
    pub dock: Dock,
    /// The columns of the table.
    pub columns: Columns,
}

/// A layout in the settings file. An older or newer version may have written it, so nothing of it is relied on.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    hidden: Vec<Value>,
    panels: Value,
    columns: Value,
}

impl Default for Layout {
    fn default() -> Self {
        Self::of(BTreeSet::from(AWAY), Dock::default())
    }
}

impl From<Value> for Layout {
    fn from(value: Value) -> Self {
        let Remembered { hidden, panels, columns } = serde_json::from_value(value).unwrap_or_default();
        let mut hidden: BTreeSet<Part> =
            hidden.into_iter().filter_map(|name| serde_json::from_value(name).ok()).collect();
        hidden.remove(&Part::Timeline);
        if panels.is_null() {
            // Written before panels could be moved: there was no list of events, and no composer at the start.
            hidden.extend(AWAY);
        }
        Self { columns: Columns::from(columns), ..Self::of(hidden, Dock::read(panels)) }
    }
}

impl From<Layout> for Remembered {
    fn from(layout: Layout) -> Self {
        let value = |part: &Part| serde_json::to_value(part).unwrap_or_default();
        Self {
            hidden: layout.hidden.iter().map(value).collect(),
            panels: layout.dock.remembered(),
            columns: serde_json::to_value(&layout.columns).unwrap_or_default(),
        }
    }
}

impl Layout {
    fn of(hidden: BTreeSet<Part>, mut dock: Dock) -> Self {
        for part in &hidden {
            dock.set_visible(*part, false);
        }
        Self { hidden, dock, columns: Columns::default() }
    }

    /// Whether a panel can be seen: not hidden, and in front of its tabs.
    #[must_use]
    pub fn shows(&self, part: Part) -> bool {
        !self.hidden.contains(&part) && (part == Part::Overview || self.dock.is_in_front(part))
    }

    /// Hides a panel that can be seen, or brings it into sight.
    pub fn toggle(&mut self, part: Part) {
        self.place(part, if self.shows(part) { Place::Hidden } else { Place::Front });
    }

    /// Puts a panel somewhere; where that is not out of sight, it can be seen then.
    pub fn place(&mut self, part: Part, place: Place) {
        let hides = place == Place::Hidden && part.can_be_hidden();
        if hides {
            self.hidden.insert(part)
        } else {
            self.hidden.remove(&part)
        };
        if part == Part::Overview {
            return;
        }
        self.dock.set_visible(part, !hides);
        if !hides {
            self.dock.place(part, place);
        }
    }

    /// Everything where and as large as at the first start.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ui::dock::Side;

    #[test]
    fn what_is_remembered_comes_back_and_goes_with_a_reset() -> serde_json::Result<()> {
        let mut layout = Layout::default();
        layout.toggle(Part::Inspector);
        layout.place(Part::Table, Place::Edge(Side::Left));
        let read: Layout = serde_json::from_str(&serde_json::to_string(&layout)?)?;
        assert_eq!(read, layout);
        assert!(!read.shows(Part::Inspector) && read.shows(Part::Table) && !read.shows(Part::Composer));
        layout.reset();
        assert_eq!(layout, Layout::default());
        Ok(())
    }

    #[test]
    fn a_layout_of_another_version_loads_as_far_as_it_is_understood() -> serde_json::Result<()> {
        let old = json!({ "hidden": ["inspector"], "facets_width": 220.0, "composer_height": 330.0 });
        let mut expected = Layout::default();
        expected.toggle(Part::Inspector);
        assert_eq!(serde_json::from_value::<Layout>(old)?, expected, "from before panels could be moved");
        let newer = json!({ "hidden": ["map", "overview", "composer"], "panels": { "spiral": [] }, "later": 1 });
        let newer: Layout = serde_json::from_value(newer)?;
        assert!(!newer.shows(Part::Overview) && newer.shows(Part::Facets));
        for broken in [json!(null), json!(7), json!({ "hidden": 3 }), json!([])] {
            assert_eq!(serde_json::from_value::<Layout>(broken.clone())?, Layout::default(), "{broken}");
        }
        Ok(())
    }

    #[test]
    fn a_panel_behind_another_comes_to_the_front_before_it_is_hidden() {
        let mut layout = Layout::default();
        layout.toggle(Part::Composer);
        assert!(layout.shows(Part::Composer) && !layout.shows(Part::Table));
        layout.toggle(Part::Table);
        assert!(layout.shows(Part::Table) && !layout.shows(Part::Composer));
        layout.toggle(Part::Table);
        assert!(!layout.shows(Part::Table));
        layout.place(Part::Timeline, Place::Hidden);
        assert!(layout.shows(Part::Timeline), "everything else stands around it");
    }
}
