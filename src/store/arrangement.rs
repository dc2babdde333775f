//! How people want the rows of deliveries: sorted, grouped, filtered.
use std::collections::BTreeSet;
use std::fmt;

use super::filter::Filter;
use super::grouping::{GroupKey, Grouping};

/// A column that deliveries can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// When the first attempt began.
    #[default]
    Started,
    /// Who gets it.
    Destination,
    /// Name of its event.
    Event,
    /// Its message id.
    Message,
    /// How many attempts it took.
    Tries,
    /// How long it took, waits included.
    Took,
    /// The token generation that it ended with.
    Token,
    /// The rule that decided last.
    Rule,
    /// What became of it.
    Fate,
}

impl SortKey {
    /// Every column, in the order in which the table shows them.
    pub const ALL: [Self; 9] = [
        Self::Started,
        Self::Destination,
        Self::Event,
        Self::Message,
        Self::Tries,
        Self::Took,
        Self::Token,
        Self::Rule,
        Self::Fate,
    ];
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Started => "start",
            Self::Destination => "destination",
            Self::Event => "event",
            Self::Message => "message",
            Self::Tries => "tries",
            Self::Took => "duration",
            Self::Token => "token",
            Self::Rule => "rule",
            Self::Fate => "fate",
        })
    }
}

/// Which way rows are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Greatest first.
    Descending,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// How people want their rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// Groups of the timeline; the table has none.
    pub grouping: Grouping,
    /// What rows are sorted by, within their groups on the timeline.
    pub sort_by: SortKey,
    /// Which way.
    pub direction: Direction,
    /// Groups of which only the head is shown.
    pub collapsed: BTreeSet<GroupKey>,
    /// Which deliveries are shown at all.
    pub filter: Filter,
}

impl Arrangement {
    /// Sorts by a column, or the other way where that column is sorted by already.
    pub fn toggle_sort(&mut self, sort_by: SortKey) {
        self.direction = if self.sort_by == sort_by { self.direction.reversed() } else { Direction::Ascending };
        self.sort_by = sort_by;
    }

    /// Shows or hides the rows of a group.
    pub fn toggle_group(&mut self, group: GroupKey) {
        if !self.collapsed.remove(&group) {
            self.collapsed.insert(group);
        }
    }
}
