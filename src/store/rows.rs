//! Which deliveries are shown and in which order: the rows that the timeline and the table share.
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::admitted::{Admitted, Extent, admitted};
use super::arrange::{grouped, sorted};
pub use super::arrangement::{Arrangement, Direction, SortKey};
pub use super::grouping::{GroupKey, Grouping};
use super::ids::DeliveryIdx;
use super::session::Session;
use super::threads::{Story, Threads};
use super::watch::Watch;

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
    /// What became of its events, if it is a thread.
    pub story: Option<Story>,
}

/// One line of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A group's head, by its place in [`Rows::heads`].
    Head(u32),
    /// A delivery.
    Delivery(DeliveryIdx),
    /// A delivery of which no attempt has ended yet, by its place among those: the session does not know it.
    Beginning(u32),
}

impl Line {
    /// The delivery, if it is one.
    #[must_use]
    pub const fn delivery(&self) -> Option<DeliveryIdx> {
        match self {
            Self::Head(_) | Self::Beginning(_) => None,
            Self::Delivery(delivery_idx) => Some(*delivery_idx),
        }
    }
}

/// The rows, made anew only when the session or the arrangement has changed.
#[derive(Debug, Default)]
pub struct Rows {
    made_for: Option<(u64, Arrangement)>,
    /// How much was looked through for them, and how to go on.
    extent: Extent,
    admitted: Arc<Admitted>,
    deliveries: Vec<DeliveryIdx>,
    n_attempts: usize,
    heads: Vec<Head>,
    lines: Vec<Line>,
    /// How many of the heads and lines are those of deliveries that the session knows.
    n_known: (usize, usize),
    /// Empty while nobody groups by them.
    threads: Arc<Threads>,
}

/// What was found out for rows and serves for others of the same session.
#[derive(Clone, Debug, Default)]
pub struct Before {
    admitted: Arc<Admitted>,
    threads: Arc<Threads>,
}

/// How far the work is when the filter is through: where it looks into records, and where it does not.
const FILTERED: (f32, f32) = (0.95, 0.3);
/// How far it is when rows are in order and threads are still to be looked for.
const ARRANGED: f32 = 0.6;
/// Rows of so many deliveries are made within a frame; those of more are made by a job.
const MAX_AT_ONCE: usize = 20_000;

impl Rows {
    /// Brings the rows up to date, unless there are so many that [`Self::make`] has to. Cheap to call every frame.
    pub fn refresh(&mut self, session: &Session, arrangement: &Arrangement) {
        if session.deliveries().len() <= MAX_AT_ONCE && !self.are_current(session, arrangement) {
            let before = Before { threads: std::mem::take(&mut self.threads), ..Before::default() };
            if let Some(rows) = Self::make_again(session, arrangement, before, &mut |_| ControlFlow::Continue(())) {
                *self = rows;
            }
        }
    }

    /// Whether these are the rows of the session as it stands, in that arrangement.
    #[must_use]
    pub fn are_current(&self, session: &Session, arrangement: &Arrangement) -> bool {
        let made_for = self.made_for.as_ref().filter(|_| !self.extent.grows());
        made_for.is_some_and(|(revision, made_for)| *revision == session.revision() && made_for == arrangement)
    }

    /// How people wanted these rows; none while there are none.
    #[must_use]
    pub fn arrangement(&self) -> Option<&Arrangement> {
        self.made_for.as_ref().map(|(_, arrangement)| arrangement)
    }

    /// Makes the rows; none if nobody wants them any more.
    #[must_use]
    pub fn make(session: &Session, arrangement: &Arrangement, watch: &mut dyn Watch<Self>) -> Option<Self> {
        Self::make_again(session, arrangement, Before::default(), watch)
    }

    /// Makes the rows. Where a large file is read through for them, that goes on from what was read [before](Self::before).
    #[must_use]
    pub fn make_again(
        session: &Session,
        arrangement: &Arrangement,
        before: Before,
        watch: &mut dyn Watch<Self>,
    ) -> Option<Self> {
        let mut filtering = Filtering { session, arrangement, watch };
        let mut admitted = admitted(session, &arrangement.filter, Some(&before.admitted), &mut filtering)?;
        let filtered = filtering.filtered();
        let is_by_thread = arrangement.grouping == Grouping::Thread;
        let arranged = if is_by_thread { filtered + (1.0 - filtered) * ARRANGED } else { 1.0 };
        let deliveries = std::mem::take(&mut admitted.deliveries);
        let order = (arrangement.sort_by, arrangement.direction);
        let between = |from: f32, to: f32, done: f32| from + (to - from) * done;
        let sorted = sorted(session, deliveries, order, &mut |done| watch.done(between(filtered, arranged, done)))?;
        let threads = if is_by_thread {
            Threads::follow(before.threads, session, &mut |done| watch.done(between(arranged, 1.0, done)))?
        } else {
            Arc::default()
        };
        Some(Self::of(session, arrangement, admitted, sorted, threads))
    }

    /// Rows of admitted deliveries, which are in order.
    fn of(
        session: &Session,
        arrangement: &Arrangement,
        admitted: Admitted,
        deliveries: Vec<DeliveryIdx>,
        threads: Arc<Threads>,
    ) -> Self {
        let n_attempts = deliveries.iter().map(|idx| session.deliveries().shape(*idx).n_attempts as usize).sum();
        let made_for = Some((session.revision(), arrangement.clone()));
        let extent = admitted.extent;
        let admitted = Arc::new(admitted);
        let mut rows = Self { made_for, extent, admitted, deliveries, n_attempts, threads, ..Self::default() };
        rows.make_lines(session, arrangement);
        rows.n_known = (rows.heads.len(), rows.lines.len());
        rows
    }

    /// How much of the session was looked through for them.
    #[must_use]
    pub const fn extent(&self) -> Extent {
        self.extent
    }

    /// What was found out for them, for [going on](Self::make_again) when another filter, order or grouping is wanted or the
    /// session has grown.
    #[must_use]
    pub fn before(&self) -> Before {
        Before { admitted: Arc::clone(&self.admitted), threads: Arc::clone(&self.threads) }
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

    /// The head of a group.
    #[must_use]
    pub fn head(&self, head_idx: u32) -> Option<&Head> {
        self.heads.get(usize::try_from(head_idx).ok()?)
    }

    /// Where on the timeline a delivery stands; none while its group is collapsed. Found at once near the line `near`.
    #[must_use]
    pub fn line_of(&self, delivery_idx: DeliveryIdx, near: usize) -> Option<usize> {
        place_of(&self.lines, &Line::Delivery(delivery_idx), near)
    }

    /// Where in the table a delivery stands, if it is shown. Found at once near the row `near`.
    #[must_use]
    pub fn row_of(&self, delivery_idx: DeliveryIdx, near: usize) -> Option<usize> {
        place_of(&self.deliveries, &delivery_idx, near)
    }

    /// Where on the timeline a delivery stands that has only begun, by its place among those.
    #[must_use]
    pub fn line_of_beginning(&self, place: usize) -> Option<usize> {
        let line = Line::Beginning(u32::try_from(place).ok()?);
        self.lines
            .iter()
            .skip(self.n_known.1)
            .position(|other| *other == line)
            .map(|line_idx| self.n_known.1 + line_idx)
    }

    /// Where on the timeline the line stands that stood there in other rows.
    #[must_use]
    pub fn line_like(&self, before: &Self, line_idx: usize) -> Option<usize> {
        match before.lines.get(line_idx)? {
            Line::Delivery(delivery_idx) => self.line_of(*delivery_idx, line_idx),
            Line::Head(head_idx) => {
                let key = before.head(*head_idx)?.key;
                let head_idx = self.heads.iter().position(|head| head.key == key)?;
                place_of(&self.lines, &Line::Head(u32::try_from(head_idx).ok()?), line_idx)
            }
            Line::Beginning(_) => None,
        }
    }

    /// Puts so many deliveries at the end of which no attempt has ended yet. Cheap to call every frame.
    pub fn show_beginning(&mut self, session: &Session, n_beginning: usize, arrangement: &Arrangement) {
        self.heads.truncate(self.n_known.0);
        self.lines.truncate(self.n_known.1);
        if n_beginning == 0 {
            return;
        }
        let key = GroupKey::Beginning;
        let is_collapsed = arrangement.grouping != Grouping::None && arrangement.collapsed.contains(&key);
        if arrangement.grouping != Grouping::None {
            let title = key.title(session);
            self.push_head(Head { key, title, n_deliveries: n_beginning, is_collapsed, story: None });
        }
        if !is_collapsed {
            self.lines.extend((0..u32::try_from(n_beginning).unwrap_or(u32::MAX)).map(Line::Beginning));
        }
    }

    fn push_head(&mut self, head: Head) {
        self.lines.push(Line::Head(u32::try_from(self.heads.len()).unwrap_or(u32::MAX)));
        self.heads.push(head);
    }

    fn make_lines(&mut self, session: &Session, arrangement: &Arrangement) {
        if arrangement.grouping == Grouping::None {
            self.lines.extend(self.deliveries.iter().copied().map(Line::Delivery));
            return;
        }
        let stories: HashMap<DeliveryIdx, Story> = match arrangement.grouping {
            Grouping::Thread => self.threads.stories(session),
            _ => HashMap::new(),
        };
        let key_of = |delivery_idx| {
            let thread = Some(self.threads.first_of(delivery_idx)).filter(|first| stories.contains_key(first));
            GroupKey::of(arrangement.grouping, &session.deliveries().shape(delivery_idx), thread)
        };
        for (key, members) in grouped(&self.deliveries, key_of) {
            let is_collapsed = arrangement.collapsed.contains(&key);
            let story = if let GroupKey::Thread(first) = key { stories.get(&first).copied() } else { None };
            let (title, n_deliveries) = (key.title(session), members.len());
            self.push_head(Head { key, title, n_deliveries, is_collapsed, story });
            if !is_collapsed {
                self.lines.extend(members.into_iter().map(Line::Delivery));
            }
        }
    }
}

/// Watches the filter on behalf of whoever waits for rows.
struct Filtering<'a> {
    session: &'a Session,
    arrangement: &'a Arrangement,
    watch: &'a mut dyn Watch<Rows>,
}

impl Filtering<'_> {
    /// How far the whole work is when the filter is through.
    fn filtered(&self) -> f32 {
        let (of_records, of_columns) = FILTERED;
        if self.arrangement.filter.looks_into_records() { of_records } else { of_columns }
    }
}

impl Watch<Admitted> for Filtering<'_> {
    fn done(&mut self, share: f32) -> ControlFlow<()> {
        let filtered = self.filtered();
        self.watch.done(share * filtered)
    }

    fn offer(&mut self, make: &mut dyn FnMut() -> Admitted) {
        let Self { session, arrangement, watch } = self;
        // What is no thread yet may be one.
        if arrangement.grouping == Grouping::Thread {
            return;
        }
        watch.offer(&mut || {
            let mut admitted = make();
            let (deliveries, order) =
                (std::mem::take(&mut admitted.deliveries), (arrangement.sort_by, arrangement.direction));
            let sorted = sorted(session, deliveries, order, &mut |_| ControlFlow::Continue(())).unwrap_or_default();
            Rows::of(session, arrangement, admitted, sorted, Arc::default())
        });
    }

    fn is_enough(&self) -> bool {
        self.watch.is_enough()
    }
}

/// Looks around a place before it looks everywhere: who walks through millions of rows does so step by step.
fn place_of<T: PartialEq>(all: &[T], wanted: &T, near: usize) -> Option<usize> {
    const AROUND: usize = 256;
    let first = near.min(all.len()).saturating_sub(AROUND);
    let around = all.iter().skip(first).take(2 * AROUND).position(|one| one == wanted).map(|place| first + place);
    around.or_else(|| all.iter().position(|one| one == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Fate;
    use crate::store::demo;
    use crate::store::filter::{Facet, Filter};

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
                Line::Head(head_idx) => rows.head(*head_idx).unwrap().title.clone(),
                Line::Delivery(idx) => session.delivery_id(*idx).to_string(),
                Line::Beginning(idx) => format!("beginning {idx}"),
            })
            .collect();
        let wanted = "linkedin-audiences · updateAudience,d1,d2,d10,d3,b-12,d4,pendo-audiences · syncAudience,d5,b-13,d6,\
                      destination-function · onEvent,d7,d8,d9";
        assert_eq!(lines.join(","), wanted);
    }

    #[test]
    fn batches_stand_by_their_size_after_single_events() {
        let session = demo::session();
        let mut rows = Rows::default();
        rows.refresh(&session, &Arrangement { grouping: Grouping::BatchSize, ..Arrangement::default() });
        let heads: Vec<(&str, usize)> =
            rows.heads().iter().map(|head| (head.title.as_str(), head.n_deliveries)).collect();
        assert_eq!(heads, [("single events", 10), ("batches of 4 events", 1), ("batches of 6 events", 1)]);
    }

    #[test]
    fn rows_of_one_thread_stand_together_and_what_is_in_none_comes_last() {
        let mut session = demo::session();
        let story = |delivery, events: &[&str]| {
            let events: Vec<String> = events.iter().map(|id| (*id).to_owned()).collect();
            demo::Story::new(delivery, "pendo-audiences", "syncAudience", &events)
        };
        let first = story("t1", &["x1", "x2"]).retry(0, 100, 503, 0, "r", "");
        let second = story("t2", &["x2"]).deliver(60_000, 100, 200);
        first.records().chain(second.records()).for_each(|record| session.push(record));
        let (mut rows, mut arrangement) = (Rows::default(), Arrangement::default());
        arrangement.grouping = Grouping::Thread;
        rows.refresh(&session, &arrangement);
        let heads: Vec<(&str, usize)> =
            rows.heads().iter().map(|head| (head.title.as_str(), head.n_deliveries)).collect();
        assert_eq!(heads, [("thread of t1", 2), ("in no thread", 12)]);
        let story = rows.heads()[0].story.map(|story| story.to_string());
        assert_eq!(story.as_deref(), Some("2 batches · 2 events: 1 delivered, 1 to be tried again"));
        arrangement.filter = Filter::parse("verdict:delivered").unwrap();
        rows.refresh(&session, &arrangement);
        assert_eq!(
            rows.heads()[0].n_deliveries,
            1,
            "the story is that of the whole thread, the count that of its rows"
        );
        arrangement.grouping = Grouping::Action;
        rows.refresh(&session, &arrangement);
        assert!(rows.heads().iter().all(|head| head.story.is_none()));
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
        let (hidden, shown) = ["d1", "d9"].map(|id| session.find_delivery(&id.into()).unwrap()).into();
        assert_eq!(rows.line_of(hidden, 0), None);
        assert!(rows.line_of(shown, 0).is_some() && rows.line_of(shown, 0) == rows.line_of(shown, usize::MAX));
        assert_eq!(rows.row_of(hidden, 9), Some(0));
    }

    #[test]
    fn what_has_only_begun_stands_at_the_end_for_as_long_as_it_lasts() {
        let session = demo::session();
        let (mut rows, mut arrangement) = (Rows::default(), Arrangement::default());
        rows.refresh(&session, &arrangement);
        let known = rows.lines().to_vec();
        rows.show_beginning(&session, 2, &arrangement);
        let head = Line::Head(u32::try_from(rows.heads().len() - 1).unwrap());
        assert_eq!(rows.lines()[known.len()..], [head, Line::Beginning(0), Line::Beginning(1)]);
        rows.show_beginning(&session, 1, &arrangement);
        assert_eq!(rows.lines()[known.len()..], [head, Line::Beginning(0)]);
        arrangement.toggle_group(GroupKey::Beginning);
        rows.show_beginning(&session, 1, &arrangement);
        assert_eq!(rows.lines()[known.len()..], [head], "the head of a collapsed group stays");
        rows.show_beginning(&session, 0, &arrangement);
        assert_eq!(rows.lines(), known);
        arrangement.grouping = Grouping::None;
        rows.refresh(&session, &arrangement);
        rows.show_beginning(&session, 1, &arrangement);
        assert_eq!(rows.lines().last(), Some(&Line::Beginning(0)), "where nothing is grouped, whatever is collapsed");
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
