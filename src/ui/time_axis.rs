//! Time to x and back, with long idle stretches folded to a fixed width. Everything is counted from the left edge in
//! `i64` and `f64`: an instant since the epoch in `f32` would be minutes off.
use std::collections::BTreeSet;
use std::time::Duration;

use crate::core::time::Timestamp;
use crate::store::activity::{Activity, Span};

/// Idle stretches shorter than this are never folded.
const LEAST_FOLD: Duration = Duration::from_mins(1);
/// A stretch is folded if it is longer than this share of what would be left without it and all longer ones.
const LEAST_SHARE: f64 = 0.2;
/// Attempts of one delivery that are so many times closer than the session is long would be hard to tell apart.
const CROWDED_STEPS: f64 = 25.0;
/// More attempts than this in a busy stretch, on average, deserve room.
const CROWDED_STRETCH: usize = 8;
/// Width of a fold in points, as long as there are few: room for the marks of what ended before it, and its zigzag.
const FOLD_WIDTH: f64 = 72.0;
/// Width that all folds together may take.
const ALL_FOLDS_WIDTH: f64 = 560.0;
/// Nobody needs to see less than this.
const LEAST_VISIBLE_NANOS: f64 = 100_000.0;

/// The idle stretches that take a fixed width, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folds {
    spans: Vec<Span>,
    /// Nanoseconds folded away before each of them, and after the last.
    folded_before: Vec<i64>,
    width: f64,
}

/// A place on the axis: nanoseconds that are not folded, and folds passed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    nanos: i64,
    folds: f64,
}

impl Folds {
    /// Chooses what to fold: the longest idle stretches, unless a person has opened them, or everything can be told
    /// apart without.
    #[must_use]
    pub fn choose(activity: &Activity, opened: &BTreeSet<Timestamp>) -> Self {
        let mut candidates: Vec<Span> = activity
            .gaps()
            .filter(|gap| gap.end.since(gap.start) >= LEAST_FOLD && !opened.contains(&gap.start))
            .collect();
        if !is_crowded(activity, candidates.len() + 1) {
            return Self::of(Vec::new());
        }
        candidates.sort_by_key(|gap| std::cmp::Reverse(length(*gap)));
        let mut left = activity.range().map_or(0, length);
        let mut n_folds = 0;
        for (gap_idx, gap) in candidates.iter().enumerate() {
            left -= length(*gap);
            if real(length(*gap)) > LEAST_SHARE * real(left) {
                n_folds = gap_idx + 1;
            }
        }
        candidates.truncate(n_folds);
        candidates.sort_by_key(|gap| gap.start);
        Self::of(candidates)
    }

    fn of(spans: Vec<Span>) -> Self {
        let mut folded = 0_i64;
        let mut folded_before = vec![0];
        for span in &spans {
            folded = folded.saturating_add(length(*span));
            folded_before.push(folded);
        }
        let width = (ALL_FOLDS_WIDTH / count(spans.len()).max(1.0)).clamp(6.0, FOLD_WIDTH);
        Self { spans, folded_before, width }
    }

    /// The folded stretches, in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    fn place(&self, at: Timestamp) -> Place {
        let fold_idx = self.spans.partition_point(|span| span.end <= at);
        let folded = self.folded_before.get(fold_idx).copied().unwrap_or_default();
        match self.spans.get(fold_idx) {
            Some(span) if span.start < at => {
                let share = real(length(Span { start: span.start, end: at })) / real(length(*span));
                Place { nanos: span.start.as_nanos().saturating_sub(folded), folds: count(fold_idx) + share }
            }
            _ => Place { nanos: at.as_nanos().saturating_sub(folded), folds: count(fold_idx) },
        }
    }
}

/// The axis of one frame.
#[derive(Clone, Copy, Debug)]
pub struct TimeAxis<'a> {
    folds: &'a Folds,
    origin: Place,
    nanos_per_point: f64,
    left: f32,
    right: f32,
}

impl<'a> TimeAxis<'a> {
    /// An axis that shows `span` exactly between `left` and `right`, in points.
    #[must_use]
    pub fn new(folds: &'a Folds, span: Span, left: f32, right: f32) -> Self {
        let (start, end) = (folds.place(span.start), folds.place(span.end));
        let width = f64::from(right - left).max(1.0);
        let for_time = (width - folds.width * (end.folds - start.folds)).max(width / 4.0);
        let visible = real(end.nanos.saturating_sub(start.nanos)).max(LEAST_VISIBLE_NANOS);
        Self { folds, origin: start, nanos_per_point: visible / for_time, left, right }
    }

    /// An axis that shows `span` with room for marks and words beside what happened first and last.
    #[must_use]
    pub fn fitting(folds: &'a Folds, span: Span, left: f32, right: f32) -> Self {
        let width = right - left;
        let (before, after) = (16.0_f32.min(width / 20.0), 150.0_f32.min(width / 4.0));
        let tight = Self::new(folds, span, left + before, right - after);
        Self::new(folds, Span { start: tight.time_at(left), end: tight.time_at(right) }, left, right)
    }

    /// The instants at both edges.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { start: self.time_at(self.left), end: self.time_at(self.right) }
    }

    /// Where an instant stands, in points; far outside the edges it stops.
    #[must_use]
    pub fn x_of(&self, at: Timestamp) -> f32 {
        let place = self.folds.place(at);
        points(f64::from(self.left) + self.offset(place))
    }

    /// Which instant stands at `x`.
    #[must_use]
    pub fn time_at(&self, x: f32) -> Timestamp {
        let offset = f64::from(x) - f64::from(self.left);
        let edge_of = |fold_idx: usize, span: &Span| {
            let folded = self.folds.folded_before.get(fold_idx).copied().unwrap_or_default();
            self.offset(Place { nanos: span.start.as_nanos().saturating_sub(folded), folds: count(fold_idx) })
        };
        let fold_idx = first_not(&self.folds.spans, |idx, span| edge_of(idx, span) + self.folds.width <= offset);
        if let Some(span) = self.folds.spans.get(fold_idx) {
            let inside = offset - edge_of(fold_idx, span);
            if inside > 0.0 {
                let nanos = whole(real(length(*span)) * inside / self.folds.width);
                return Timestamp::from_nanos(span.start.as_nanos().saturating_add(nanos));
            }
        }
        let folded = self.folds.folded_before.get(fold_idx).copied().unwrap_or_default();
        let beyond_folds = offset - self.folds.width * (count(fold_idx) - self.origin.folds);
        let nanos = self.origin.nanos.saturating_add(whole(beyond_folds * self.nanos_per_point));
        Timestamp::from_nanos(nanos.saturating_add(folded))
    }

    /// The same axis, magnified by `factor` around `x`: above 1 shows less time.
    #[must_use]
    pub fn zoomed(&self, x: f32, factor: f64) -> Self {
        let anchor = Self {
            origin: self.folds.place(self.time_at(x)),
            nanos_per_point: (self.nanos_per_point / factor)
                .max(LEAST_VISIBLE_NANOS / f64::from(self.right - self.left)),
            ..*self
        };
        anchor.panned(self.left - x)
    }

    /// The same axis, moved by `points`: above 0 shows later times.
    #[must_use]
    pub fn panned(&self, points: f32) -> Self {
        Self { origin: self.folds.place(self.time_at(self.left + points)), ..*self }
    }

    /// How much time a point stands for, outside folds.
    #[must_use]
    pub fn nanos_per_point(&self) -> f64 {
        self.nanos_per_point
    }

    /// The folds in view, with their edges in points.
    pub fn visible_folds(&self) -> impl Iterator<Item = (Span, f32, f32)> {
        let edges = self.folds.spans.iter().map(|span| (*span, self.x_of(span.start), self.x_of(span.end)));
        edges.filter(|(_, start, end)| *end > self.left && *start < self.right)
    }

    /// The stretches in view between folds.
    #[must_use]
    pub fn stretches(&self) -> Vec<Span> {
        let view = self.span();
        let mut stretches = Vec::new();
        let mut start = view.start;
        for (fold, _, _) in self.visible_folds() {
            if fold.start > start {
                stretches.push(Span { start, end: fold.start });
            }
            start = start.max(fold.end);
        }
        if view.end > start {
            stretches.push(Span { start, end: view.end });
        }
        stretches
    }

    fn offset(&self, place: Place) -> f64 {
        let nanos = real(place.nanos.saturating_sub(self.origin.nanos));
        nanos / self.nanos_per_point + self.folds.width * (place.folds - self.origin.folds)
    }
}

/// Whether the session shown to scale would be hard to read.
fn is_crowded(activity: &Activity, n_stretches: usize) -> bool {
    let whole = activity.range().map_or(0, length);
    let close = |step: Duration| step.as_secs_f64() * 1.0e9 * CROWDED_STEPS < real(whole);
    activity.shortest_step().is_some_and(close) || activity.n_attempts() > CROWDED_STRETCH * n_stretches
}

/// The first item that does not hold, where all that hold come first.
fn first_not<T>(items: &[T], holds: impl Fn(usize, &T) -> bool) -> usize {
    let (mut low, mut high) = (0, items.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle, &items[middle]) { low = middle + 1 } else { high = middle }
    }
    low
}

fn length(span: Span) -> i64 {
    span.end.as_nanos().saturating_sub(span.start.as_nanos())
}

#[expect(clippy::cast_precision_loss, reason = "a pixel is coarser than what f64 loses")]
fn real(nanos: i64) -> f64 {
    nanos as f64
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

#[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and so must an instant outside all years")]
fn whole(nanos: f64) -> i64 {
    nanos.round() as i64
}

/// An x for drawing. Beyond a million points nothing is visible, and less is exact.
#[expect(clippy::cast_possible_truncation, reason = "clamped to where f32 is exact to a sixteenth of a point")]
fn points(x: f64) -> f32 {
    x.clamp(-1.0e6, 1.0e6) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_764_000_000_000 + seconds * 1_000)
    }

    fn span(start: i64, end: i64) -> Span {
        Span { start: at(start), end: at(end) }
    }

    fn folds(spans: &[Span]) -> Folds {
        Folds::of(spans.to_vec())
    }

    #[test]
    fn time_is_linear_beside_folds_and_a_fold_has_one_width() {
        let folds = folds(&[span(40, 1_840)]);
        // 80 s on 872 points, of which the fold takes 72: 10 points a second.
        let axis = TimeAxis::new(&folds, span(0, 1_880), 100.0, 972.0);
        for (seconds, x) in
            [(0, 100.0), (10, 200.0), (40, 500.0), (940, 536.0), (1_840, 572.0), (1_850, 672.0), (1_880, 972.0)]
        {
            assert!((axis.x_of(at(seconds)) - x).abs() < 0.001, "{seconds} s at {}", axis.x_of(at(seconds)));
            assert_eq!(axis.time_at(x), at(seconds), "x {x}");
        }
        assert!((axis.x_of(at(-10)) - 0.0).abs() < 0.001);
        assert_eq!(axis.stretches(), [span(0, 40), span(1_840, 1_880)]);
    }

    #[test]
    fn zooming_keeps_the_instant_under_the_pointer() {
        let folds = folds(&[span(40, 1_840), span(1_900, 9_000)]);
        let axis = TimeAxis::new(&folds, span(0, 9_060), 0.0, 1_000.0);
        for x in [0.0, 333.0, 480.0, 700.0, 1_000.0] {
            for factor in [0.5, 1.1, 3.0] {
                let before = axis.time_at(x);
                let after = axis.zoomed(x, factor).time_at(x);
                let off = before.since(after).max(after.since(before));
                assert!(off < Duration::from_millis(5), "x {x} factor {factor}: off by {off:?}");
            }
        }
    }

    #[test]
    fn panning_there_and_back_is_where_it_began() {
        let folds = folds(&[span(40, 1_840)]);
        let axis = TimeAxis::new(&folds, span(0, 1_880), 0.0, 800.0);
        let back = axis.panned(300.0).panned(-300.0).span();
        assert!(back.start.since(at(0)).max(at(0).since(back.start)) < Duration::from_micros(1));
        assert_eq!(axis.panned(100.0).time_at(0.0), axis.time_at(100.0));
    }

    #[test]
    fn one_axis_reads_back_the_span_of_another() {
        let folds = folds(&[span(40, 1_840)]);
        let fitting = TimeAxis::fitting(&folds, span(0, 1_880), 0.0, 800.0);
        let again = TimeAxis::new(&folds, fitting.span(), 0.0, 800.0);
        for seconds in [0, 20, 1_000, 1_860] {
            assert!((fitting.x_of(at(seconds)) - again.x_of(at(seconds))).abs() < 0.01);
        }
    }

    #[test]
    fn the_longest_idle_stretches_are_folded_and_no_others() {
        let n_folds = |starts: &[i64]| {
            let mut activity = Activity::default();
            let mut previous = None;
            for start in starts {
                let step = previous.map(|previous| Duration::from_secs(start.abs_diff(previous)));
                activity.push(span(*start, *start + 1), step);
                previous = Some(*start);
            }
            Folds::choose(&activity, &BTreeSet::new()).spans().len()
        };
        for (starts, wanted, why) in [
            (vec![], 0, "nothing"),
            (vec![0, 30], 0, "half a minute is the story"),
            (vec![0, 180, 300], 0, "three attempts stand apart without"),
            (vec![0, 10, 20, 1_840, 1_850], 1, "half an hour between two bursts"),
            ((0..10).map(|hour| hour * 3_600).collect(), 0, "one attempt an hour"),
            ((0..10).flat_map(|hour| [hour * 3_600, hour * 3_600 + 9]).collect(), 9, "two attempts an hour"),
            ((0..700).map(|minute| minute * 61).collect(), 0, "always something going on"),
            (vec![0, 2, 5, 10, 19, 36, 69, 134, 263, 520, 1_033], 4, "backoff that doubles"),
        ] {
            assert_eq!(n_folds(&starts), wanted, "{why}");
        }
    }

    #[test]
    fn many_deliveries_of_one_attempt_in_each_burst_are_given_room() {
        let mut activity = Activity::default();
        for start in (0..40).chain(4_000..4_040) {
            activity.push(span(start, start + 1), None);
        }
        assert_eq!(Folds::choose(&activity, &BTreeSet::new()).spans(), [span(40, 4_000)]);
    }

    #[test]
    fn an_opened_fold_stays_open() {
        let mut activity = Activity::default();
        activity.push(span(0, 10), None);
        activity.push(span(4_000, 4_010), Some(Duration::from_secs(1)));
        assert_eq!(Folds::choose(&activity, &BTreeSet::new()).spans(), [span(10, 4_000)]);
        let folds = Folds::choose(&activity, &BTreeSet::from([at(10)]));
        assert!(folds.spans().is_empty());
    }

    #[test]
    fn the_ends_of_time_do_no_harm() {
        let folds = Folds::default();
        let whole = Span { start: Timestamp::from_nanos(i64::MIN), end: Timestamp::from_nanos(i64::MAX) };
        let axis = TimeAxis::fitting(&folds, whole, 0.0, 1_000.0);
        assert!(axis.x_of(whole.start).is_finite() && axis.x_of(whole.end).is_finite());
        let point = TimeAxis::fitting(&folds, span(0, 0), 0.0, 1_000.0);
        assert!(point.zoomed(10.0, 1.0e9).nanos_per_point() > 0.0);
    }
}
