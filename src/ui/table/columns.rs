//! Which columns the table has, which of them are shown, and how wide each is.
use std::fmt;

use egui::Rangef;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::store::rows::SortKey;

/// The narrowest that a column can be made, in points.
const LEAST_WIDTH: f32 = 28.0;

/// The least and the most that a column is remembered to take, beside others that take 1.
const SHARES: std::ops::RangeInclusive<f32> = 0.05..=50.0;

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Column {
    Started,
    Ended,
    Destination,
    Action,
    Event,
    Events,
    Message,
    Tries,
    Marks,
    Statuses,
    Took,
    Token,
    Rule,
    Fate,
}

impl Column {
    /// Every column, in the order in which they stand.
    pub(super) const ALL: [Self; 14] = [
        Self::Started,
        Self::Ended,
        Self::Destination,
        Self::Action,
        Self::Event,
        Self::Events,
        Self::Message,
        Self::Tries,
        Self::Marks,
        Self::Statuses,
        Self::Took,
        Self::Token,
        Self::Rule,
        Self::Fate,
    ];

    /// Its share of the width, and whether it is shown until people choose.
    const fn usual(self) -> (f32, bool) {
        match self {
            Self::Started | Self::Statuses | Self::Fate => (1.0, true),
            Self::Ended => (1.0, false),
            Self::Destination => (1.45, true),
            Self::Action => (1.2, false),
            Self::Event => (1.3, true),
            Self::Events => (0.55, false),
            Self::Message => (0.85, true),
            Self::Tries => (0.5, true),
            Self::Marks => (0.65, true),
            Self::Took => (0.6, true),
            Self::Token => (0.75, true),
            Self::Rule => (1.8, true),
        }
    }

    /// What it sorts by, if it sorts.
    pub(super) const fn sort_key(self) -> Option<SortKey> {
        match self {
            Self::Started => Some(SortKey::Started),
            Self::Destination => Some(SortKey::Destination),
            Self::Event => Some(SortKey::Event),
            Self::Message => Some(SortKey::Message),
            Self::Tries => Some(SortKey::Tries),
            Self::Took => Some(SortKey::Took),
            Self::Token => Some(SortKey::Token),
            Self::Rule => Some(SortKey::Rule),
            Self::Fate => Some(SortKey::Fate),
            Self::Ended | Self::Action | Self::Events | Self::Marks | Self::Statuses => None,
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Started => "Started",
            Self::Ended => "Ended",
            Self::Destination => "Destination",
            Self::Action => "Action",
            Self::Event => "Event",
            Self::Events => "Events",
            Self::Message => "Message",
            Self::Tries => "Tries",
            Self::Marks => "Verdicts",
            Self::Statuses => "Statuses",
            Self::Took => "Took",
            Self::Token => "Token",
            Self::Rule => "Deciding rule",
            Self::Fate => "Fate",
        })
    }
}

/// How people want a column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Wish {
    column: Column,
    is_shown: bool,
    share: f32,
}

/// How people want the columns: in which order, which of them, and how wide. Remembered between two starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value")]
pub struct Columns(Vec<Wish>);

/// An older or newer version may have written it: columns that are not known are passed over, those that lack come last.
impl From<Value> for Columns {
    fn from(value: Value) -> Self {
        let wishes = serde_json::from_value::<Vec<Value>>(value).unwrap_or_default();
        let mut read: Vec<Wish> = Vec::new();
        for wish in wishes.into_iter().filter_map(|wish| serde_json::from_value::<Wish>(wish).ok()) {
            if SHARES.contains(&wish.share) && read.iter().all(|before| before.column != wish.column) {
                read.push(wish);
            }
        }
        if read.iter().all(|wish| !wish.is_shown) {
            return Self::default();
        }
        let lacking = Self::default().0.into_iter().filter(|wish| read.iter().all(|known| known.column != wish.column));
        let lacking: Vec<Wish> = lacking.collect();
        Self(read.into_iter().chain(lacking).collect())
    }
}

impl Default for Columns {
    fn default() -> Self {
        let wish = |column: Column| {
            let (share, is_shown) = column.usual();
            Wish { column, is_shown, share }
        };
        Self(Column::ALL.into_iter().map(wish).collect())
    }
}

impl Columns {
    pub(super) fn is_shown(&self, column: Column) -> bool {
        self.shown().any(|wish| wish.column == column)
    }

    /// Shows a column or hides it; the last one stays.
    pub(super) fn toggle(&mut self, column: Column) {
        let is_last = self.shown().count() == 1 && self.is_shown(column);
        if let Some(wish) = self.0.iter_mut().find(|wish| wish.column == column && !is_last) {
            wish.is_shown = !wish.is_shown;
        }
    }

    /// The columns that are shown, with their places between two edges.
    pub(super) fn places(&self, x: Rangef) -> Vec<(Column, Rangef)> {
        let all: f32 = self.shown().map(|wish| wish.share).sum();
        let mut left = x.min;
        let place = |wish: &Wish| {
            let width = x.span() * wish.share / all;
            left += width;
            (wish.column, Rangef::new(left - width, left))
        };
        self.shown().map(place).collect()
    }

    /// Moves the edge between a column and the next one by so many points, in a table so wide. The others keep theirs.
    pub(super) fn resize(&mut self, column: Column, points: f32, width: f32) {
        let all: f32 = self.shown().map(|wish| wish.share).sum();
        let share_of = |points: f32| points * all / width.max(1.0);
        let mut pair = self.0.iter_mut().filter(|wish| wish.is_shown).skip_while(|wish| wish.column != column);
        let (Some(left), Some(right)) = (pair.next(), pair.next()) else { return };
        let least = share_of(LEAST_WIDTH);
        let room = (least - left.share).min(0.0)..=(right.share - least).max(0.0);
        let share = share_of(points).clamp(*room.start(), *room.end());
        left.share += share;
        right.share -= share;
    }

    /// Puts a column where another one stands; that one and those between make room.
    pub(super) fn move_to(&mut self, column: Column, place: Column) {
        let at = |wanted: Column| self.0.iter().position(|wish| wish.column == wanted);
        if let (Some(from), Some(to)) = (at(column), at(place)) {
            let wish = self.0.remove(from);
            self.0.insert(to, wish);
        }
    }

    /// The column that is shown before another one, or after it.
    pub(super) fn beside(&self, column: Column, n_steps: isize) -> Option<Column> {
        let shown: Vec<Column> = self.shown().map(|wish| wish.column).collect();
        let here = shown.iter().position(|other| *other == column)?;
        shown.get(here.checked_add_signed(n_steps)?).copied()
    }

    /// Every column as it was at first.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

    fn shown(&self) -> impl Iterator<Item = &Wish> {
        self.0.iter().filter(|wish| wish.is_shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: f32 = 1_000.0;

    fn width(columns: &Columns, column: Column) -> f32 {
        let places = columns.places(Rangef::new(0.0, WIDTH));
        places.iter().find(|(other, _)| *other == column).map_or(0.0, |(_, x)| x.span())
    }

    #[test]
    fn an_edge_moves_between_two_columns_and_stops_before_one_is_gone() {
        let mut columns = Columns::default();
        let [event, message, fate] = [Column::Event, Column::Message, Column::Fate];
        let before = [event, message, fate].map(|column| width(&columns, column));
        columns.resize(event, 10.0, WIDTH);
        let after = [event, message, fate].map(|column| width(&columns, column));
        for (before, after, moved) in
            [(before[0], after[0], 10.0), (before[1], after[1], -10.0), (before[2], after[2], 0.0)]
        {
            assert!((after - before - moved).abs() < 0.1, "{before} {after}");
        }
        columns.resize(event, 5_000.0, WIDTH);
        assert!((width(&columns, message) - LEAST_WIDTH).abs() < 0.1);
        columns.resize(event, -5_000.0, WIDTH);
        assert!((width(&columns, event) - LEAST_WIDTH).abs() < 0.1);
    }

    fn order(columns: &Columns) -> Vec<Column> {
        columns.places(Rangef::new(0.0, WIDTH)).into_iter().map(|(column, _)| column).collect()
    }

    #[test]
    fn a_column_takes_the_place_of_another_one_and_is_remembered_there() {
        let mut columns = Columns::default();
        columns.move_to(Column::Fate, Column::Started);
        columns.move_to(Column::Destination, Column::Message);
        let moved = [Column::Fate, Column::Started, Column::Event, Column::Message, Column::Destination];
        assert_eq!(order(&columns)[..5], moved);
        assert_eq!(columns.beside(Column::Started, -1), Some(Column::Fate));
        assert_eq!(columns.beside(Column::Fate, -1), None);
        columns.resize(Column::Event, 12.0, WIDTH);
        let read: Columns = serde_json::from_str(&serde_json::to_string(&columns).unwrap()).unwrap();
        assert_eq!(read, columns);
    }

    #[test]
    fn columns_of_another_version_are_passed_over_and_those_that_lack_come_last() {
        let read: Columns = serde_json::from_value(serde_json::json!([
            { "column": "fate", "is_shown": true, "share": 2.0 },
            { "column": "mood", "is_shown": true, "share": 1.0 },
            { "column": "fate", "is_shown": false, "share": 1.0 },
            { "column": "took", "is_shown": true, "share": -1.0 },
            7,
        ]))
        .unwrap();
        assert_eq!(order(&read)[..2], [Column::Fate, Column::Started]);
        assert_eq!(read.0.len(), Column::ALL.len());
        for broken in [serde_json::json!(null), serde_json::json!({ "a": 1 }), serde_json::json!([])] {
            assert_eq!(serde_json::from_value::<Columns>(broken).unwrap(), Columns::default());
        }
    }

    #[test]
    fn columns_fill_the_width_whatever_is_hidden_and_one_always_stays() {
        let mut columns = Columns::default();
        for column in Column::ALL {
            if columns.is_shown(column) {
                columns.toggle(column);
            }
            let places = columns.places(Rangef::new(0.0, WIDTH));
            assert!((places.last().unwrap().1.max - WIDTH).abs() < 0.1, "{column}");
        }
        assert_eq!(columns.places(Rangef::new(0.0, WIDTH)).len(), 1);
        columns.reset();
        assert_eq!(columns, Columns::default());
    }
}
