//! What one delivery looks like on the timeline: bars, waits, diamonds and an end mark, placed along x. Pure geometry;
//! painting reads it, and so do tests.
use std::time::Duration;

use egui::Rangef;

use super::ahead::Pending;
use crate::core::names::Decision;
use crate::core::time::Timestamp;
use crate::store::{AttemptIdx, AttemptRow, DeliveryIdx, Marks, Session, Status};
use crate::ui::time_axis::TimeAxis;

/// Width that a status needs.
const STATUS_WIDTH: f32 = 26.0;
/// Width of a fault's short name.
const FAULT_WIDTH: f32 = 30.0;
/// The least that can be seen.
const LEAST_WIDTH: f32 = 2.0;
/// Bars closer than this are one run.
const RUN_DISTANCE: f32 = 3.0;
/// Half a diamond and the space before it.
const DIAMOND: f32 = 8.0;
/// From the last thing to the middle of the end mark.
const END: f32 = 12.0;

/// One attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) attempt: AttemptIdx,
    pub(super) row: AttemptRow,
    pub(super) x: Rangef,
    /// Whether there is room for the status.
    pub(super) shows_status: bool,
}

/// Attempts too close to tell apart. The one with the worst verdict stands for all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) worst: AttemptIdx,
    pub(super) decision: Decision,
    pub(super) n_attempts: usize,
    pub(super) x: Rangef,
    /// From the first attempt's start to the last one's end.
    pub(super) span: (Timestamp, Timestamp),
}

/// The time between a retry decision and the next attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wait {
    pub(super) attempt: AttemptIdx,
    pub(super) length: Duration,
    pub(super) x: Rangef,
}

/// A token refresh, made by an attempt or failed in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Diamond {
    pub(super) attempt: AttemptIdx,
    pub(super) x: f32,
    pub(super) succeeded: bool,
}

/// One delivery, from left to right. `end_x` is the middle of its end mark.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lane {
    pub(super) delivery: DeliveryIdx,
    pub(super) bars: Vec<Bar>,
    pub(super) runs: Vec<Run>,
    pub(super) waits: Vec<Wait>,
    pub(super) diamonds: Vec<Diamond>,
    pub(super) end_x: f32,
    /// The wait for what is ahead of it.
    pub(super) ahead: Option<Wait>,
    /// The attempt that is being made, and its number.
    pub(super) under_way: Option<(u32, Rangef)>,
}

impl Lane {
    /// Places a delivery; what lies outside `view` entirely is left out.
    /// `pending` is what is ahead of it while a run stands.
    pub(super) fn place(
        session: &Session,
        axis: &TimeAxis<'_>,
        (delivery, pending): (DeliveryIdx, Option<Pending>),
        view: Rangef,
    ) -> Self {
        let mut lane = Self {
            delivery,
            bars: vec![],
            runs: vec![],
            waits: vec![],
            diamonds: vec![],
            end_x: f32::NEG_INFINITY,
            ahead: None,
            under_way: None,
        };
        let mut attempts = session.attempts_of(delivery).map(|idx| (idx, session.attempt(idx))).peekable();
        while let Some((attempt, row)) = attempts.next() {
            let next = attempts.peek().map(|(_, next)| next);
            let next_x = next.map(|next| axis.x_of(next.started_at));
            let right = lane.place_bar(axis, (attempt, row), next_x, view);
            let right = lane.place_diamond((attempt, row), right, next_x, view);
            lane.place_wait((attempt, row), right, next.map(|next| next.started_at).zip(next_x), view);
            lane.end_x = right + END;
            if next.is_none()
                && let Some(pending) = pending
            {
                lane.place_pending(axis, (attempt, row), pending, right);
            }
        }
        lane
    }

    /// What is ahead: the wait, then the attempt if it has begun, and the end mark behind them.
    fn place_pending(&mut self, axis: &TimeAxis<'_>, last: (AttemptIdx, AttemptRow), pending: Pending, right: f32) {
        let starts_x = axis.x_of(pending.drawn_to).max(right);
        let x = Rangef::new(right + 3.0, starts_x - 3.0);
        if x.span() > 4.0 {
            let length = pending.starts_at.since(last.1.ended_at);
            self.ahead = Some(Wait { attempt: last.0, length, x });
        }
        self.end_x = starts_x + END;
        if pending.is_under_way {
            let x = Rangef::new(starts_x, axis.x_of(pending.now).max(starts_x + STATUS_WIDTH));
            self.under_way = Some((pending.number, x));
            self.end_x = x.max + END;
        }
    }

    /// Whether nothing of it can be seen between the edges.
    pub(super) fn is_out_of_view(&self, view: Rangef) -> bool {
        self.bars.is_empty()
            && self.runs.is_empty()
            && self.waits.is_empty()
            && self.ahead.is_none()
            && !view.contains(self.end_x)
    }

    /// Where an attempt's bar or run stands, if it is in view.
    pub(super) fn x_of(&self, attempt: AttemptIdx) -> Option<Rangef> {
        self.bars.iter().find(|bar| bar.attempt == attempt).map(|bar| bar.x)
    }

    fn place_bar(
        &mut self,
        axis: &TimeAxis<'_>,
        (attempt, row): (AttemptIdx, AttemptRow),
        next_x: Option<f32>,
        view: Rangef,
    ) -> f32 {
        let (left, true_right) = (axis.x_of(row.started_at), axis.x_of(row.ended_at));
        let wanted = if matches!(row.status, Status::Fault(_)) { FAULT_WIDTH } else { STATUS_WIDTH };
        let room = next_x.map_or(f32::INFINITY, |next_x| next_x - 2.0 - left);
        let width = (true_right - left).max(wanted).min(room.max(true_right - left)).max(LEAST_WIDTH);
        let x = Rangef::new(left, left + width);
        if x.max < view.min || x.min > view.max {
            return x.max;
        }
        if let Some(last_x) = self.last_x().filter(|last_x| x.min - last_x.min < RUN_DISTANCE) {
            self.extend_run(attempt, &row, Rangef::new(last_x.min, x.max.max(last_x.max)));
        } else {
            self.bars.push(Bar { attempt, row, x, shows_status: width >= wanted - 2.0 });
        }
        x.max
    }

    /// Where the bar or run stands that was placed last.
    fn last_x(&self) -> Option<Rangef> {
        if self.ends_with_run() { self.runs.last().map(|run| run.x) } else { self.bars.last().map(|bar| bar.x) }
    }

    fn ends_with_run(&self) -> bool {
        self.runs.last().is_some_and(|run| self.bars.last().is_none_or(|bar| bar.x.min < run.x.min))
    }

    fn extend_run(&mut self, attempt: AttemptIdx, row: &AttemptRow, x: Rangef) {
        if !self.ends_with_run() {
            let Some(Bar { attempt, row, x, .. }) = self.bars.pop() else { return };
            let span = (row.started_at, row.ended_at);
            self.runs.push(Run { worst: attempt, decision: row.decision, n_attempts: 1, x, span });
        }
        let Some(run) = self.runs.last_mut() else { return };
        run.n_attempts += 1;
        run.x = x;
        run.span.1 = run.span.1.max(row.ended_at);
        if severity(row.decision) > severity(run.decision) {
            (run.worst, run.decision) = (attempt, row.decision);
        }
    }

    fn place_diamond(
        &mut self,
        (attempt, row): (AttemptIdx, AttemptRow),
        right: f32,
        next_x: Option<f32>,
        view: Rangef,
    ) -> f32 {
        if !row.marks.has(Marks::REFRESHED.with(Marks::REFRESH_FAILED)) {
            return right;
        }
        let has_room = next_x.is_none_or(|next_x| next_x - right > 2.0 * DIAMOND);
        let x = if has_room { right + DIAMOND } else { right };
        if view.contains(x) {
            self.diamonds.push(Diamond { attempt, x, succeeded: row.marks.has(Marks::REFRESHED) });
        }
        if has_room { right + 2.0 * DIAMOND } else { right }
    }

    fn place_wait(
        &mut self,
        (attempt, row): (AttemptIdx, AttemptRow),
        right: f32,
        next: Option<(Timestamp, f32)>,
        view: Rangef,
    ) {
        let Some((next_at, next_x)) = next.filter(|_| row.decision == Decision::Retry) else { return };
        let x = Rangef::new(right + 3.0, next_x - 3.0);
        if x.span() > 4.0 && x.max > view.min && x.min < view.max {
            let length = next_at.since(row.ended_at);
            let x = Rangef::new(x.min.max(view.min), x.max.min(view.max));
            self.waits.push(Wait { attempt, length, x });
        }
    }
}

/// Which verdict stands for several: the worse.
pub(super) const fn severity(decision: Decision) -> u8 {
    match decision {
        Decision::Delivered => 0,
        Decision::Filtered => 1,
        Decision::Retry => 2,
        Decision::Discard => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::SessionHeader;
    use crate::store::activity::Span;
    use crate::store::demo::{self, Story, at};
    use crate::ui::time_axis::Folds;

    fn place(session: &Session, id: &str, start_millis: i64, end_millis: i64) -> Lane {
        let folds = Folds::default();
        let axis = TimeAxis::new(&folds, Span { start: at(start_millis), end: at(end_millis) }, 0.0, 1_000.0);
        let delivery = session.find_delivery(&id.into()).unwrap();
        Lane::place(session, &axis, (delivery, None), Rangef::new(0.0, 1_000.0))
    }

    #[test]
    fn bars_stand_at_their_times_and_are_wide_enough_to_read() {
        let lane = place(&demo::session(), "d5", 0, 20_000);
        let lefts: Vec<f32> = lane.bars.iter().map(|bar| bar.x.min.round()).collect();
        assert_eq!(lefts, [45.0, 410.0, 825.0]);
        assert!(lane.bars.iter().all(|bar| bar.shows_status && bar.x.span() >= STATUS_WIDTH));
        assert_eq!(lane.waits.iter().map(|wait| wait.length.as_secs()).collect::<Vec<_>>(), [7, 8]);
        assert!(lane.end_x > lane.bars[2].x.max);
    }

    #[test]
    fn nothing_overlaps_where_attempts_follow_each_other_closely() {
        for end in [20_000, 60_000, 200_000] {
            let lane = place(&demo::session(), "d5", 0, end);
            let edges: Vec<Rangef> = lane.bars.iter().map(|bar| bar.x).collect();
            assert!(edges.windows(2).all(|pair| pair[0].max <= pair[1].min), "{end}: {edges:?}");
        }
    }

    #[test]
    fn attempts_too_close_to_tell_apart_become_a_run_that_keeps_the_worst() {
        let lane = place(&demo::session(), "d5", 0, 20_000_000);
        assert!(lane.bars.is_empty());
        let run = lane.runs[0];
        assert_eq!((lane.runs.len(), run.n_attempts, run.decision), (1, 3, Decision::Retry));
        let story = Story::new("d1", "pendo-audiences", "syncAudience", &[]);
        let story = story.retry(0, 1, 409, 1, "r", "").discard(3, 1, 400, "r", "").deliver(5, 1, 200);
        let mut session = Session::new(SessionHeader::new("s", "s", at(0), "fired"));
        story.records().for_each(|record| session.push(record));
        let run = place(&session, "d1", 0, 100_000).runs[0];
        assert_eq!((run.n_attempts, run.decision), (3, Decision::Discard));
        assert_eq!(session.attempt(run.worst).number, 2);
    }

    #[test]
    fn a_refresh_stands_between_its_attempt_and_the_wait() {
        let lane = place(&demo::session(), "d1", 0, 20_000);
        let diamond = lane.diamonds[0];
        assert!(diamond.succeeded && lane.bars[0].x.max < diamond.x && diamond.x < lane.waits[0].x.min);
        assert!(!place(&demo::session(), "d3", 0, 20_000).diamonds[0].succeeded);
    }

    #[test]
    fn what_is_out_of_view_is_left_out() {
        let lane = place(&demo::session(), "b-12", 1_000_000, 1_010_000);
        assert!(lane.bars.is_empty() && lane.runs.is_empty());
        assert_eq!(lane.waits.len(), 1, "the wait goes right across");
        assert!(place(&demo::session(), "d1", 1_000_000, 1_010_000).is_out_of_view(Rangef::new(0.0, 1_000.0)));
    }
}
