//! What is ahead of deliveries while a run stands or goes on in real time: the attempts that are due, those that are under
//! way, and deliveries of which nothing has ended yet.
use std::collections::HashMap;
use std::time::Duration;

use crate::core::stepping::{Happening, Standstill, UnderWay};
use crate::core::time::Timestamp;
use crate::store::activity::{Activity, Span};
use crate::store::beginning::Beginning;
use crate::store::{Delivery, DeliveryIdx, Fate, Session};

/// A live timeline is never shorter: a run that has just begun would change its scale in every frame.
const SHORTEST_LIVE: Duration = Duration::from_secs(2);

/// A run in real time, as it was told of last.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) under_way: Vec<UnderWay>,
    pub(super) now: Timestamp,
}

/// Where a run is, and what comes next.
#[derive(Debug)]
pub(super) struct Ahead {
    pub(super) now: Timestamp,
    way: Way,
    under_way: HashMap<DeliveryIdx, UnderWay>,
    beginning: Vec<Beginning>,
    /// The instants to which the time axis has to reach.
    reach: Vec<Timestamp>,
}

/// How a run comes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// In virtual time, and stands.
    Standing,
    /// In real time.
    Live,
}

/// What is ahead of one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    /// The attempt that comes next or is being made.
    pub(super) number: u32,
    /// When it begins, or has begun.
    pub(super) starts_at: Timestamp,
    /// Where the run is.
    pub(super) now: Timestamp,
    /// Whether it has begun.
    pub(super) is_under_way: bool,
    /// Up to which instant it is drawn: time that is still to come is not, in real time.
    pub(super) drawn_to: Timestamp,
}

impl Ahead {
    /// What is ahead while a run stands.
    pub(super) fn of_standstill(session: &Session, standstill: &Standstill) -> Self {
        let answers = standstill.upcoming.iter().filter_map(|upcoming| match &upcoming.what {
            Happening::Answer(attempt) => Some(attempt),
            Happening::Attempt(_) | Happening::Batch => None,
        });
        let due = standstill.upcoming.iter().filter_map(|upcoming| upcoming.at);
        let reach = due.chain([standstill.now]).collect();
        Self { reach, ..Self::of(session, Way::Standing, standstill.now, answers) }
    }

    /// What is under way in a run in real time. The time axis reaches to `end`.
    pub(super) fn of_live(session: &Session, live: &Live, end: Timestamp) -> Self {
        Self { reach: vec![end], ..Self::of(session, Way::Live, live.now, live.under_way.iter()) }
    }

    fn of<'a>(session: &Session, way: Way, now: Timestamp, attempts: impl Iterator<Item = &'a UnderWay>) -> Self {
        let (mut under_way, mut beginning) = (HashMap::new(), Vec::new());
        for attempt in attempts {
            match session.find_delivery(&attempt.delivery) {
                // What has ended meanwhile is in the session already.
                Some(known) if attempt.number > session.delivery(known).n_attempts => {
                    under_way.insert(known, attempt.clone());
                }
                Some(_) => {}
                None => beginning.push(Beginning::of(session, attempt)),
            }
        }
        beginning.sort_by_key(|beginning| beginning.started_at);
        Self { now, way, under_way, beginning, reach: Vec::new() }
    }

    /// Whether the run stands.
    pub(super) fn is_standing(&self) -> bool {
        self.way == Way::Standing
    }

    /// Deliveries of which no attempt has ended yet, the oldest first.
    pub(super) fn beginning(&self) -> &[Beginning] {
        &self.beginning
    }

    /// The attempt of a delivery that the session knows, if one is under way.
    pub(super) fn under_way(&self, delivery_idx: DeliveryIdx) -> Option<&UnderWay> {
        self.under_way.get(&delivery_idx)
    }

    /// What is ahead of a delivery that is not over.
    pub(super) fn pending(&self, delivery_idx: DeliveryIdx, delivery: &Delivery) -> Option<Pending> {
        let now = self.now;
        if let Some(UnderWay { number, started_at: starts_at, .. }) = self.under_way.get(&delivery_idx) {
            let (number, starts_at) = (*number, *starts_at);
            return Some(Pending { number, starts_at, now, is_under_way: true, drawn_to: starts_at });
        }
        let starts_at = delivery.next_attempt_at.filter(|_| delivery.fate == Fate::Pending)?;
        let drawn_to = if self.is_standing() { starts_at } else { starts_at.min(now) };
        Some(Pending { number: delivery.n_attempts + 1, starts_at, now, is_under_way: false, drawn_to })
    }

    /// The time axis has to reach to what is ahead, and may fold what is idle until then.
    pub(super) fn extend(&self, activity: &Activity) -> Activity {
        let mut extended = activity.clone();
        let begun = self.beginning.iter().map(|beginning| beginning.started_at);
        for at in begun.chain(self.reach.iter().copied()) {
            extended.push(Span { start: at, end: at }, None);
        }
        extended
    }
}

/// The end of a time axis that began at `start` and is to show `now`: it goes on in steps, so that nothing moves between two
/// of them.
pub(super) fn live_end(start: Timestamp, now: Timestamp) -> Timestamp {
    let length = now.since(start).max(SHORTEST_LIVE);
    let nanos = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX);
    let step = (1_u64 << nanos.ilog2()) / 8;
    start.saturating_add(Duration::from_nanos(nanos.div_ceil(step).saturating_mul(step)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo::{self, at};

    #[test]
    fn a_live_axis_holds_the_present_and_moves_in_steps() {
        let mut ends = std::collections::BTreeSet::new();
        for millis in (0..60_000).step_by(50) {
            let end = live_end(at(0), at(millis));
            assert!(end >= at(millis), "{millis}");
            assert!(end.since(at(0)) <= (at(millis).since(at(0)).max(SHORTEST_LIVE)).mul_f64(1.13), "{millis}");
            ends.insert(end);
        }
        assert!(ends.len() < 50, "{} steps in a minute", ends.len());
    }

    #[test]
    fn what_is_under_way_is_told_of_its_delivery_or_begins_one() {
        let session = demo::session();
        let attempt = |delivery: &str, number, first_event: &str| UnderWay {
            delivery: delivery.into(),
            number,
            started_at: at(2_000_000),
            first_event: Some(first_event.into()),
            n_events: 1,
            asked: None,
        };
        let pending = session.deliveries().indices().find(|idx| session.delivery(*idx).fate == Fate::Pending).unwrap();
        let name = session.delivery_id(pending).to_string();
        let number = session.delivery(pending).n_attempts;
        let live = |under_way| Live { under_way, now: at(2_001_000) };
        let end = at(2_002_000);
        let ahead =
            Ahead::of_live(&session, &live(vec![attempt("new", 1, "e1"), attempt(&name, number + 1, "e2")]), end);
        assert_eq!(ahead.beginning().len(), 1);
        assert!(ahead.pending(pending, &session.delivery(pending)).is_some_and(|pending| pending.is_under_way));
        assert!(ahead.extend(session.activity()).range().is_some_and(|range| range.end == end));
        let late = Ahead::of_live(&session, &live(vec![attempt(&name, number, "e2")]), end);
        let waits = late.pending(pending, &session.delivery(pending));
        assert!(waits.is_none_or(|pending| !pending.is_under_way && pending.drawn_to <= at(2_001_000)), "{waits:?}");
    }
}
