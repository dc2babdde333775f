//! How many attempts of each verdict began when, for each lane (a destination and its action) and at every zoom, without
//! walking over ten million rows.
//!
//! Every lane has histograms of three widths over the same instants, made coarser together whenever the session outgrows
//! them. Columns of a picture that are wide enough are sums of whole buckets; what lies on the edges of the span, and
//! all of it where columns are narrower than buckets, is counted row by row. Rows of a span are found by the first and
//! last start of each block of rows, since rows are almost in the order of their starts. So every attempt that began
//! within the span is counted once, in the column of its start or, where buckets are summed, at most one bucket beside.
use super::activity::Span;
use super::column::Column;
use super::ids::AttemptIdx;
use super::names::NameId;
use crate::core::names::Decision;
use crate::core::time::Timestamp;

/// How many of the finest buckets there are at most.
const MAX_BUCKETS: i64 = 1 << 16;
/// Buckets begin at about a millisecond (2^20 nanoseconds) and double whenever the session outgrows them.
const FIRST_SHIFT: u32 = 20;
/// Each level has buckets four times as wide as those of the level before.
const LEVEL_SHIFT: u32 = 2;
const N_LEVELS: u32 = 3;
/// A column is the sum of at least so many buckets.
const BUCKETS_A_COLUMN: i128 = 4;
/// Rows of a block.
const BLOCK: usize = 1 << 10;
/// Lanes that have histograms of their own; all others share the last one.
const MAX_LANES: usize = 64;

/// How many attempts of each decision, in the order of [`Decision::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally([u32; 4]);

impl Tally {
    /// Attempts of one decision.
    #[must_use]
    pub fn of(&self, decision: Decision) -> u32 {
        self.0[decision as usize]
    }

    /// All attempts.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    fn add(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count = count.saturating_add(more);
        }
    }

    fn count(&mut self, decision: Decision) {
        let count = &mut self.0[decision as usize];
        *count = count.saturating_add(1);
    }
}

/// A destination and its action.
pub type LaneKey = (NameId, NameId);

/// Rows that a picture is made of, for where histograms are too coarse.
pub(super) trait Starts {
    /// When an attempt began, how it was decided, and its lane.
    fn start(&self, attempt_idx: AttemptIdx) -> (Timestamp, Decision, LaneKey);
}

/// The histograms.
#[derive(Clone, Debug)]
pub struct Pyramid {
    shift: u32,
    lanes: Vec<Lane>,
    /// First and last of the finest buckets that any lane has.
    in_use: Option<(i64, i64)>,
    /// Earliest and latest start of each block of rows.
    blocks: Column<(Timestamp, Timestamp)>,
    n_rows: usize,
}

/// Histograms of one lane, finest first.
#[derive(Clone, Debug)]
struct Lane {
    key: LaneKey,
    levels: [Histogram; N_LEVELS as usize],
}

/// Bucket `i` holds the attempts that began in `[(first + i) << shift, (first + i + 1) << shift)` nanoseconds, so that
/// doubling the width joins pairs and moves no attempt to another place.
#[derive(Clone, Debug, Default)]
struct Histogram {
    first: i64,
    buckets: Vec<Tally>,
}

impl Default for Pyramid {
    fn default() -> Self {
        Self { shift: FIRST_SHIFT, lanes: Vec::new(), in_use: None, blocks: Column::default(), n_rows: 0 }
    }
}

impl Pyramid {
    /// The lanes, in the order in which they became known. The last of very many stands for all others.
    pub fn lanes(&self) -> impl Iterator<Item = LaneKey> {
        self.lanes.iter().map(|lane| lane.key)
    }

    /// Counts the next row.
    pub(super) fn push(&mut self, lane: LaneKey, started_at: Timestamp, decision: Decision) {
        self.push_to_block(started_at);
        let lane_idx = self.lane_idx(lane).unwrap_or_else(|| {
            self.lanes.push(Lane { key: lane, levels: <[Histogram; N_LEVELS as usize]>::default() });
            self.lanes.len() - 1
        });
        self.make_room_for(started_at);
        if let Some(lane) = self.lanes.get_mut(lane_idx) {
            for (level, histogram) in (0..).zip(&mut lane.levels) {
                histogram.count(started_at.as_nanos() >> (self.shift + level * LEVEL_SHIFT), decision);
            }
        }
    }

    /// How many attempts of a lane, or of all of them, began in each of `n_columns` equal parts of a span. Every attempt
    /// that began in the span is counted, and no other.
    pub(super) fn columns(
        &self,
        rows: &impl Starts,
        lane: Option<LaneKey>,
        span: Span,
        n_columns: usize,
    ) -> Vec<Tally> {
        let mut picture = Picture::new(span, n_columns);
        let lanes = match lane {
            Some(key) => self.lane_idx(key).map(|lane_idx| lane_idx..lane_idx + 1).unwrap_or_default(),
            None => 0..self.lanes.len(),
        };
        // A lane that may share its histograms with others is counted row by row.
        let is_shared = lane.is_some() && lanes.start == MAX_LANES - 1;
        let level = (0..N_LEVELS).rev().find(|level| picture.has_room_for(self.width(*level))).filter(|_| !is_shared);
        let exactly = |picture: &mut Picture, start: i128, end: i128| {
            self.rows_between(rows, start, end, |at, decision, of| {
                if lane.is_none_or(|lane| lane == of) {
                    picture.count(at, decision);
                }
            });
        };
        let (start, end) = (picture.start, picture.end);
        let Some(level) = level else {
            exactly(&mut picture, start, end);
            return picture.columns;
        };
        let shift = self.shift + level * LEVEL_SHIFT;
        let first = (start + self.width(level) - 1) >> shift;
        let behind = (end + 1) >> shift;
        for lane in self.lanes.get(lanes).unwrap_or_default() {
            lane.levels[level as usize].between(first, behind, |bucket, tally| {
                picture.add((bucket << shift) + (1_i128 << shift) / 2, tally);
            });
        }
        exactly(&mut picture, start, (first << shift) - 1);
        exactly(&mut picture, behind << shift, end);
        picture.columns
    }

    fn lane_idx(&self, key: LaneKey) -> Option<usize> {
        let known = self.lanes.iter().position(|lane| lane.key == key);
        known.or_else(|| (self.lanes.len() == MAX_LANES).then_some(MAX_LANES - 1))
    }

    const fn width(&self, level: u32) -> i128 {
        1 << (self.shift + level * LEVEL_SHIFT)
    }

    /// Makes all buckets coarser until the finest ones from the first start to the last, this one included, are not too
    /// many.
    fn make_room_for(&mut self, started_at: Timestamp) {
        let bucket = started_at.as_nanos() >> self.shift;
        let (first, last) = self.in_use.unwrap_or((bucket, bucket));
        let (mut first, mut last) = (first.min(bucket), last.max(bucket));
        while last.checked_sub(first).is_none_or(|n_buckets| n_buckets >= MAX_BUCKETS) {
            self.shift += 1;
            self.lanes.iter_mut().flat_map(|lane| &mut lane.levels).for_each(Histogram::double);
            (first, last) = (first >> 1, last >> 1);
        }
        self.in_use = Some((first, last));
    }

    fn push_to_block(&mut self, started_at: Timestamp) {
        let block_idx = self.n_rows / BLOCK;
        self.n_rows += 1;
        match self.blocks.get(block_idx).copied() {
            Some((first, last)) if first <= started_at && started_at <= last => {}
            Some((first, last)) => self.blocks.set(block_idx, (first.min(started_at), last.max(started_at))),
            None => self.blocks.push((started_at, started_at)),
        }
    }

    fn rows_between(&self, rows: &impl Starts, start: i128, end: i128, mut take: impl FnMut(i128, Decision, LaneKey)) {
        for block_idx in 0..self.blocks.len() {
            let Some((first, last)) = self.blocks.get(block_idx) else { break };
            if i128::from(first.as_nanos()) > end || i128::from(last.as_nanos()) < start {
                continue;
            }
            for row in block_idx * BLOCK..((block_idx + 1) * BLOCK).min(self.n_rows) {
                let (at, decision, lane) = rows.start(AttemptIdx::new(row));
                let at = i128::from(at.as_nanos());
                if (start..=end).contains(&at) {
                    take(at, decision, lane);
                }
            }
        }
    }
}

impl Histogram {
    fn count(&mut self, bucket: i64, decision: Decision) {
        let known = usize::try_from(bucket.wrapping_sub(self.first)).ok().and_then(|at| self.buckets.get_mut(at));
        match known {
            Some(tally) => tally.count(decision),
            None => self.room_for(bucket).count(decision),
        }
    }

    /// The bucket, which is not there yet.
    fn room_for(&mut self, bucket: i64) -> &mut Tally {
        if self.buckets.is_empty() {
            self.first = bucket;
        }
        let n_before = usize::try_from(self.first.saturating_sub(bucket)).unwrap_or(0);
        if n_before > 0 {
            self.buckets.splice(0..0, std::iter::repeat_n(Tally::default(), n_before));
            self.first = bucket;
        }
        let at = usize::try_from(bucket.saturating_sub(self.first)).unwrap_or(0);
        if at >= self.buckets.len() {
            self.buckets.resize(at + 1, Tally::default());
        }
        &mut self.buckets[at]
    }

    fn double(&mut self) {
        let first = self.first >> 1;
        let mut buckets = vec![Tally::default(); self.buckets.len() / 2 + 1];
        for (bucket, tally) in (self.first..).zip(&self.buckets) {
            let at = usize::try_from((bucket >> 1) - first).unwrap_or(0);
            if let Some(into) = buckets.get_mut(at) {
                into.add(tally);
            }
        }
        while buckets.last().is_some_and(|last| *last == Tally::default()) {
            buckets.pop();
        }
        *self = Self { first, buckets };
    }

    /// Calls `take` for the buckets from `first` up to, not including, `behind`.
    fn between(&self, first: i128, behind: i128, mut take: impl FnMut(i128, &Tally)) {
        let own = i128::from(self.first);
        let skipped = usize::try_from((first - own).max(0)).unwrap_or(usize::MAX);
        for (bucket, tally) in (own..).zip(&self.buckets).skip(skipped).take_while(|(bucket, _)| *bucket < behind) {
            take(bucket, tally);
        }
    }
}

/// Columns that are being counted into. Instants are in nanoseconds.
struct Picture {
    start: i128,
    end: i128,
    columns: Vec<Tally>,
}

impl Picture {
    fn new(span: Span, n_columns: usize) -> Self {
        let (start, end) = (i128::from(span.start.as_nanos()), i128::from(span.end.as_nanos()));
        Self { start, end, columns: vec![Tally::default(); n_columns.max(1)] }
    }

    fn n_columns(&self) -> i128 {
        i128::try_from(self.columns.len()).unwrap_or(i128::MAX)
    }

    /// Whether a column is at least a few buckets wide.
    fn has_room_for(&self, bucket_width: i128) -> bool {
        bucket_width * BUCKETS_A_COLUMN * self.n_columns() <= self.end - self.start
    }

    fn count(&mut self, at: i128, decision: Decision) {
        if let Some(column) = self.column(at) {
            column.count(decision);
        }
    }

    fn add(&mut self, at: i128, tally: &Tally) {
        if let Some(column) = self.column(at) {
            column.add(tally);
        }
    }

    fn column(&mut self, at: i128) -> Option<&mut Tally> {
        let length = (self.end - self.start + 1).max(1);
        let column = (at.clamp(self.start, self.end) - self.start) * self.n_columns() / length;
        let last = self.columns.len() - 1;
        self.columns.get_mut(usize::try_from(column).unwrap_or(last).min(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Rows(Vec<(i64, Decision, LaneKey)>);

    impl Starts for Rows {
        fn start(&self, attempt_idx: AttemptIdx) -> (Timestamp, Decision, LaneKey) {
            let (start, decision, lane) = self.0[attempt_idx.index()];
            (Timestamp::from_nanos(start), decision, lane)
        }
    }

    fn pyramid_of(rows: &Rows) -> Pyramid {
        let mut pyramid = Pyramid::default();
        for (start, decision, lane) in &rows.0 {
            pyramid.push(*lane, Timestamp::from_nanos(*start), *decision);
        }
        pyramid
    }

    fn lane(number: u16) -> LaneKey {
        let mut names = super::super::names::Names::default();
        let mut last = NameId::EMPTY;
        (0..=number).for_each(|number| last = names.intern(&format!("lane {number}")));
        (last, NameId::EMPTY)
    }

    fn span(start: i64, end: i64) -> Span {
        Span { start: Timestamp::from_nanos(start.min(end)), end: Timestamp::from_nanos(start.max(end)) }
    }

    /// Starts as sessions have them: bursts, lulls, a little out of order, now and then far away.
    fn starts() -> impl Strategy<Value = Vec<i64>> {
        let step = prop_oneof![
            8 => -3_000_000_i64..20_000_000,
            4 => Just(0_i64),
            1 => 0..60_000_000_000_i64,
            1 => -4_000_000_000_000_i64..9_000_000_000_000,
        ];
        let origin = prop_oneof![Just(1_764_000_000_000_000_000_i64), Just(0), any::<i64>()];
        (origin, proptest::collection::vec(step, 1..3_000)).prop_map(|(origin, steps)| {
            steps
                .into_iter()
                .scan(origin, |at, step| {
                    *at = at.saturating_add(step);
                    Some(*at)
                })
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn cells_sum_to_the_rows_of_the_span_at_every_zoom(
            starts in starts(),
            places in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
            aside in (-5_000_000_i64..5_000_000, -5_000_000_i64..5_000_000),
            n_columns in 1_usize..1_500,
        ) {
            let lanes = [lane(0), lane(1), lane(2)];
            let rows = Rows(
                starts
                    .iter()
                    .enumerate()
                    .map(|(nth, start)| (*start, Decision::ALL[nth % 7 % 4], lanes[nth % 5 % 3]))
                    .collect(),
            );
            let pyramid = pyramid_of(&rows);
            let (low, high) = (*starts.iter().min().unwrap(), *starts.iter().max().unwrap());
            let (one, other) = (starts[places.0.index(starts.len())], starts[places.1.index(starts.len())]);
            for span in [
                span(low, high),
                span(i64::MIN, i64::MAX),
                span(one.saturating_add(aside.0), other.saturating_add(aside.1)),
                span(one, one.saturating_add(aside.1)),
            ] {
                for lane in [None, Some(lanes[0]), Some(lanes[2])] {
                    let columns = pyramid.columns(&rows, lane, span, n_columns);
                    prop_assert_eq!(columns.len(), n_columns);
                    for decision in Decision::ALL {
                        let n_rows = rows.0.iter().filter(|(start, of, in_lane)| {
                            let is_in_span = (span.start.as_nanos()..=span.end.as_nanos()).contains(start);
                            of == decision && is_in_span && lane.is_none_or(|lane| lane == *in_lane)
                        });
                        let n_cells: u32 = columns.iter().map(|tally| tally.of(*decision)).sum();
                        prop_assert_eq!(n_cells as usize, n_rows.count(), "{:?} {:?}", span, lane);
                    }
                }
            }
        }
    }

    #[test]
    fn attempts_stand_in_the_column_of_their_time() {
        let second = |number: i64| number * 1_000_000_000;
        let rows = Rows([0, 0, 60, 99].map(|start| (second(start), Decision::Delivered, lane(0))).to_vec());
        let totals = |span, n_columns| -> Vec<u32> {
            pyramid_of(&rows).columns(&rows, None, span, n_columns).iter().map(Tally::total).collect()
        };
        assert_eq!(totals(span(0, second(100)), 10), [2, 0, 0, 0, 0, 0, 1, 0, 0, 1]);
        assert_eq!(totals(span(second(60), second(60) + 2), 3), [1, 0, 0], "narrower than any bucket");
    }

    #[test]
    fn one_discarded_attempt_among_a_million_is_seen() {
        let rows = Rows(
            (0..1_000_000)
                .map(|nth| {
                    (nth * 3_600_000, if nth == 777_777 { Decision::Discard } else { Decision::Delivered }, lane(0))
                })
                .collect(),
        );
        let pyramid = pyramid_of(&rows);
        assert!(pyramid.lanes[0].levels[0].buckets.len() <= 1 << 16);
        let columns = pyramid.columns(&rows, None, span(0, 3_600_000 * 1_000_000), 1_400);
        let seen: Vec<usize> = (0..1_400).filter(|column| columns[*column].of(Decision::Discard) > 0).collect();
        assert_eq!(seen, [777_777 * 1_400 / 1_000_000]);
    }

    #[test]
    fn more_lanes_than_there_is_room_for_are_still_told_apart() {
        let rows = Rows((0..1_000).map(|nth| (i64::from(nth) << 24, Decision::Retry, lane(nth % 100))).collect());
        let pyramid = pyramid_of(&rows);
        assert_eq!(pyramid.lanes().count(), 64);
        for number in [0, 63, 64, 99] {
            let columns = pyramid.columns(&rows, Some(lane(number)), span(0, 1_000 << 24), 10);
            assert_eq!(columns.iter().map(Tally::total).sum::<u32>(), 10, "{number}");
        }
    }
}
