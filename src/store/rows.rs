//! Which deliveries are shown and in which order: the rows that the timeline and the table share.
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use super::deliveries::{Delivery, Fate};
use super::filter::Filter;
use super::ids::DeliveryIdx;
use super::names::NameId;
use super::session::Session;

/// What the timeline's rows are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// No groups.
    None,
    /// Destination and action.
    #[default]
    Action,
    /// Name of the event.
    Event,
    /// What became of the delivery.
    Fate,
}

impl Grouping {
    /// Every grouping, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Action, Self::Event, Self::Fate, Self::None];
}

impl fmt::Display for Grouping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Action => "action",
            Self::Event => "event",
            Self::Fate => "fate",
        })
    }
}

/// A group of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// All of them.
    Whole,
    /// Destination and action.
    Action(NameId, NameId),
    /// Name of the event.
    Event(NameId),
    /// What became of the delivery.
    Fate(Fate),
}

impl GroupKey {
    fn of(grouping: Grouping, delivery: &Delivery) -> Self {
        match grouping {
            Grouping::None => Self::Whole,
            Grouping::Action => Self::Action(delivery.destination, delivery.action),
            Grouping::Event => Self::Event(delivery.event_name),
            Grouping::Fate => Self::Fate(delivery.fate),
        }
    }

    fn title(self, session: &Session) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Action(destination, action) => format!("{} · {}", session.name(destination), session.name(action)),
            Self::Event(NameId::EMPTY) => "(no event name)".to_owned(),
            Self::Event(name) => session.name(name).to_owned(),
            Self::Fate(fate) => fate.to_string(),
        }
    }
}

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

/// The head of a group on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The group.
    pub key: GroupKey,
    /// Its name.
    pub title: String,
    /// How many deliveries it has.
    pub n_deliveries: usize,
    /// Whether its rows are hidden.
    pub is_collapsed: bool,
}

/// One line of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A group's head, by its place in [`Rows::heads`].
    Head(usize),
    /// A delivery.
    Delivery(DeliveryIdx),
}

impl Line {
    /// The delivery, if it is one.
    #[must_use]
    pub const fn delivery(&self) -> Option<DeliveryIdx> {
        match self {
            Self::Head(_) => None,
            Self::Delivery(delivery_idx) => Some(*delivery_idx),
        }
    }
}

/// The rows, made anew only when the session or the arrangement has changed.
#[derive(Debug, Default)]
pub struct Rows {
    made_for: Option<(u64, Arrangement)>,
    deliveries: Vec<DeliveryIdx>,
    n_attempts: usize,
    heads: Vec<Head>,
    lines: Vec<Line>,
}

impl Rows {
    /// Brings the rows up to date. Cheap to call every frame.
    pub fn refresh(&mut self, session: &Session, arrangement: &Arrangement) {
        let is_current = self
            .made_for
            .as_ref()
            .is_some_and(|(revision, made_for)| *revision == session.revision() && made_for == arrangement);
        if is_current {
            return;
        }
        self.made_for = Some((session.revision(), arrangement.clone()));
        let filter = arrangement.filter.bind(session);
        self.deliveries = session.deliveries().indices().filter(|idx| filter.admits(*idx)).collect();
        self.n_attempts = self.deliveries.iter().map(|idx| session.delivery(*idx).n_attempts as usize).sum();
        self.deliveries.sort_by(|left, right| {
            let order = compare(session, arrangement.sort_by, *left, *right);
            match arrangement.direction {
                Direction::Ascending => order,
                Direction::Descending => order.reverse(),
            }
        });
        self.make_lines(session, arrangement);
    }

    /// The table's rows: all deliveries that are shown, in order.
    #[must_use]
    pub fn visible_deliveries(&self) -> &[DeliveryIdx] {
        &self.deliveries
    }

    /// How many attempts the visible deliveries have.
    #[must_use]
    pub fn n_attempts(&self) -> usize {
        self.n_attempts
    }

    /// The timeline's lines, in order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The groups' heads, in order.
    #[must_use]
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// Where on the timeline a delivery stands; none while its group is collapsed.
    #[must_use]
    pub fn line_of(&self, delivery_idx: DeliveryIdx) -> Option<usize> {
        self.lines.iter().position(|line| *line == Line::Delivery(delivery_idx))
    }

    fn make_lines(&mut self, session: &Session, arrangement: &Arrangement) {
        self.heads.clear();
        self.lines.clear();
        if arrangement.grouping == Grouping::None {
            self.lines.extend(self.deliveries.iter().copied().map(Line::Delivery));
            return;
        }
        let key_of = |delivery_idx: &DeliveryIdx| GroupKey::of(arrangement.grouping, &session.delivery(*delivery_idx));
        let mut grouped = self.deliveries.clone();
        grouped.sort_by_key(key_of);
        for members in grouped.chunk_by(|left, right| key_of(left) == key_of(right)) {
            let Some(key) = members.first().map(key_of) else { continue };
            let is_collapsed = arrangement.collapsed.contains(&key);
            self.lines.push(Line::Head(self.heads.len()));
            self.heads.push(Head { key, title: key.title(session), n_deliveries: members.len(), is_collapsed });
            if !is_collapsed {
                self.lines.extend(members.iter().copied().map(Line::Delivery));
            }
        }
    }
}

fn compare(session: &Session, sort_by: SortKey, left_idx: DeliveryIdx, right_idx: DeliveryIdx) -> Ordering {
    let (left, right) = (session.delivery(left_idx), session.delivery(right_idx));
    let by_name = |left, right| session.name(left).cmp(session.name(right));
    let order = match sort_by {
        SortKey::Started => Ordering::Equal,
        SortKey::Destination => by_name(left.destination, right.destination),
        SortKey::Event => by_name(left.event_name, right.event_name),
        SortKey::Message => message_id(session, left_idx).cmp(&message_id(session, right_idx)),
        SortKey::Tries => left.n_attempts.cmp(&right.n_attempts),
        SortKey::Took => left.ended_at.since(left.started_at).cmp(&right.ended_at.since(right.started_at)),
        SortKey::Token => left.tokens.map(|(_, last)| last).cmp(&right.tokens.map(|(_, last)| last)),
        SortKey::Rule => by_name(left.rule, right.rule),
        SortKey::Fate => left.fate.cmp(&right.fate),
    };
    order.then(left.started_at.cmp(&right.started_at)).then(left_idx.cmp(&right_idx))
}

fn message_id(session: &Session, delivery_idx: DeliveryIdx) -> Option<String> {
    session.first_event(delivery_idx)?.message_id.clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;
    use crate::store::filter::Facet;

    fn ids(session: &Session, rows: &Rows) -> Vec<String> {
        rows.visible_deliveries().iter().map(|idx| session.delivery_id(*idx).to_string()).collect()
    }

    #[test]
    fn rows_are_sorted_by_start_within_their_groups() {
        let session = demo::session();
        let mut rows = Rows::default();
        rows.refresh(&session, &Arrangement::default());
        assert_eq!(ids(&session, &rows)[..3], ["d1", "d2", "d5"]);
        let lines: Vec<String> = rows
            .lines()
            .iter()
            .map(|line| match line {
                Line::Head(head_idx) => rows.heads()[*head_idx].title.clone(),
                Line::Delivery(idx) => session.delivery_id(*idx).to_string(),
            })
            .collect();
        let wanted = "linkedin-audiences · updateAudience,d1,d2,d10,d3,b-12,d4,pendo-audiences · syncAudience,d5,b-13,d6,\
                      destination-function · onEvent,d7,d8,d9";
        assert_eq!(lines.join(","), wanted);
    }

    #[test]
    fn a_collapsed_group_keeps_its_head_and_hides_its_rows() {
        let session = demo::session();
        let (mut rows, mut arrangement) = (Rows::default(), Arrangement::default());
        rows.refresh(&session, &arrangement);
        let n_lines = rows.lines().len();
        arrangement.toggle_group(rows.heads()[0].key);
        rows.refresh(&session, &arrangement);
        assert_eq!((rows.lines().len(), rows.heads()[0].n_deliveries), (n_lines - 6, 6));
        assert_eq!(rows.visible_deliveries().len(), 12, "the table knows no groups");
        assert_eq!(rows.line_of(session.find_delivery(&"d1".into()).unwrap()), None);
    }

    #[test]
    fn what_the_filter_does_not_admit_is_in_no_row() {
        let session = demo::session();
        let (mut rows, mut arrangement) = (Rows::default(), Arrangement::default());
        arrangement.filter = arrangement.filter.toggled(Facet::Fate(Fate::Dropped), &session);
        rows.refresh(&session, &arrangement);
        assert_eq!(ids(&session, &rows), ["d3", "d6"]);
        assert_eq!((rows.heads().len(), rows.lines().len(), rows.n_attempts()), (2, 4, 2));
    }

    #[test]
    fn a_column_sorts_one_way_then_the_other() {
        let session = demo::session();
        let (mut rows, mut arrangement) = (Rows::default(), Arrangement::default());
        arrangement.toggle_sort(SortKey::Tries);
        rows.refresh(&session, &arrangement);
        let first = ids(&session, &rows);
        arrangement.toggle_sort(SortKey::Tries);
        rows.refresh(&session, &arrangement);
        assert_eq!((first[0].as_str(), first[11].as_str()), ("d3", "b-12"));
        assert_eq!(ids(&session, &rows)[0], "b-12");
        arrangement.toggle_sort(SortKey::Started);
        assert_eq!(arrangement.direction, Direction::Ascending);
    }
}
