//! A session as it stood at any instant: how many deliveries had begun, waited, were in flight or over by then.
use super::deliveries::Fate;
use super::session::Session;
use crate::core::time::Timestamp;

/// When attempts began and ended, and when deliveries were over, in order. An instant is looked up in logarithmic time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chronicle {
    revision: u64,
    /// First attempts.
    begun: Vec<Timestamp>,
    started: Vec<Timestamp>,
    ended: Vec<Timestamp>,
    settled: Vec<(Fate, Vec<Timestamp>)>,
}

/// The deliveries of a session at an instant. What happens at that very instant has happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Deliveries that have not begun.
    pub n_to_come: usize,
    /// Attempts that have begun and not ended.
    pub n_in_flight: usize,
    /// Deliveries that wait for another attempt.
    pub n_waiting: usize,
    /// Deliveries that are over, by what became of them; kinds that have none are left out.
    pub settled: Vec<(Fate, usize)>,
}

impl Chronicle {
    /// Looks through all attempts and deliveries.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let attempts = session.attempts();
        let deliveries = || session.deliveries().indices().map(|idx| session.delivery(idx));
        let settled_as = |fate: Fate| {
            let settled = deliveries().filter(|delivery| delivery.fate == fate).map(|delivery| delivery.ended_at);
            (fate, sorted(settled))
        };
        Self {
            revision: session.revision(),
            begun: sorted(deliveries().map(|delivery| delivery.started_at)),
            started: sorted(attempts.indices().map(|idx| attempts.started_at(idx))),
            ended: sorted(attempts.indices().map(|idx| attempts.ended_at(idx))),
            settled: Fate::ALL.into_iter().filter(|fate| *fate != Fate::Pending).map(settled_as).collect(),
        }
    }

    /// Whether it was made of the session as it is now.
    #[must_use]
    pub fn is_current(&self, session: &Session) -> bool {
        self.revision == session.revision()
    }

    /// How things stood.
    #[must_use]
    pub fn at(&self, instant: Timestamp) -> Moment {
        let n_begun = n_until(&self.begun, instant);
        let n_in_flight = n_until(&self.started, instant) - n_until(&self.ended, instant);
        let settled = self.settled.iter().map(|(fate, times)| (*fate, n_until(times, instant)));
        let settled: Vec<(Fate, usize)> = settled.filter(|(_, count)| *count > 0).collect();
        let n_settled: usize = settled.iter().map(|(_, count)| count).sum();
        Moment {
            n_to_come: self.begun.len() - n_begun,
            n_in_flight,
            // The attempts of a delivery do not overlap; those of an imported one might.
            n_waiting: n_begun.saturating_sub(n_settled + n_in_flight),
            settled,
        }
    }

    /// The first start or end of an attempt after an instant; the first of all without one.
    #[must_use]
    pub fn after(&self, instant: Option<Timestamp>) -> Option<Timestamp> {
        let first_after = |times: &[Timestamp]| {
            let n_passed = instant.map_or(0, |instant| n_until(times, instant));
            times.get(n_passed).copied()
        };
        first_after(&self.started).into_iter().chain(first_after(&self.ended)).min()
    }

    /// The last start or end of an attempt before an instant; the last of all without one.
    #[must_use]
    pub fn before(&self, instant: Option<Timestamp>) -> Option<Timestamp> {
        let last_before = |times: &[Timestamp]| {
            let n_before = instant.map_or(times.len(), |instant| times.partition_point(|at| *at < instant));
            times.get(n_before.checked_sub(1)?).copied()
        };
        last_before(&self.started).max(last_before(&self.ended))
    }
}

/// How many of these lie at an instant or before it.
fn n_until(times: &[Timestamp], instant: Timestamp) -> usize {
    times.partition_point(|at| *at <= instant)
}

fn sorted(times: impl Iterator<Item = Timestamp>) -> Vec<Timestamp> {
    let mut times: Vec<Timestamp> = times.collect();
    // Runs of them are in order already.
    times.sort();
    times
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::SessionHeader;
    use crate::store::demo::{self, Story, at};

    /// d1: 0–100 retry, 1 000–1 100 delivered. d2: 50–150 dropped. d3: 1 050–1 060 retry, never tried again.
    fn session() -> Session {
        let mut session = Session::new(SessionHeader::new("s", "s", at(0), "simulated"));
        let story = |delivery| Story::new(delivery, "pendo-audiences", "syncAudience", &[]);
        let d1 = story("d1").retry(0, 100, 503, 900, "r", "").deliver(1_000, 100, 200);
        let d2 = story("d2").discard(50, 100, 400, "r", "");
        let d3 = story("d3").retry(1_050, 10, 503, 5_000, "r", "");
        [d1, d2, d3].into_iter().flat_map(Story::records).for_each(|record| session.push(record));
        session
    }

    #[test]
    fn deliveries_are_to_come_then_in_flight_then_wait_then_are_over() {
        let chronicle = Chronicle::of(&session());
        for (millis, n_to_come, n_in_flight, n_waiting, settled) in [
            (-1, 3, 0, 0, vec![]),
            (0, 2, 1, 0, vec![]),
            (50, 1, 2, 0, vec![]),
            (100, 1, 1, 1, vec![]),
            (150, 1, 0, 1, vec![(Fate::Dropped, 1)]),
            (1_055, 0, 2, 0, vec![(Fate::Dropped, 1)]),
            (1_060, 0, 1, 1, vec![(Fate::Dropped, 1)]),
            (1_100, 0, 0, 1, vec![(Fate::Delivered, 1), (Fate::Dropped, 1)]),
        ] {
            let moment = Moment { n_to_come, n_in_flight, n_waiting, settled };
            assert_eq!(chronicle.at(at(millis)), moment, "at {millis} ms");
        }
    }

    #[test]
    fn a_walk_from_event_to_event_meets_every_start_and_end_both_ways() {
        let chronicle = Chronicle::of(&session());
        let all = [0, 50, 100, 150, 1_000, 1_050, 1_060, 1_100].map(at);
        let onward = std::iter::successors(chronicle.after(None), |instant| chronicle.after(Some(*instant)));
        assert_eq!(onward.collect::<Vec<_>>(), all);
        let back = std::iter::successors(chronicle.before(None), |instant| chronicle.before(Some(*instant)));
        assert!(back.eq(all.into_iter().rev()));
        assert_eq!(Chronicle::of(&Session::new(SessionHeader::new("s", "s", at(0), ""))).after(None), None);
    }

    /// What the columns count at an instant is what walking through every delivery counts.
    #[test]
    fn the_count_at_any_instant_is_that_of_a_walk_through_all_deliveries() {
        let session = demo::session();
        let chronicle = Chronicle::of(&session);
        let mut instants: Vec<Timestamp> =
            std::iter::successors(chronicle.after(None), |instant| chronicle.after(Some(*instant))).collect();
        instants.push(at(-5));
        for instant in instants {
            let mut walked = Moment::default();
            for delivery_idx in session.deliveries().indices() {
                let rows: Vec<_> = session.attempts_of(delivery_idx).map(|idx| session.attempt(idx)).collect();
                let n_started = rows.iter().filter(|row| row.started_at <= instant).count();
                let n_ended = rows.iter().filter(|row| row.ended_at <= instant).count();
                let fate = session.delivery(delivery_idx).fate;
                if n_started == 0 {
                    walked.n_to_come += 1;
                } else if n_started > n_ended {
                    walked.n_in_flight += 1;
                } else if n_ended == rows.len() && fate != Fate::Pending {
                    match walked.settled.iter_mut().find(|(settled, _)| *settled == fate) {
                        Some((_, count)) => *count += 1,
                        None => walked.settled.push((fate, 1)),
                    }
                } else {
                    walked.n_waiting += 1;
                }
            }
            walked.settled.sort_by_key(|(fate, _)| *fate);
            let mut counted = chronicle.at(instant);
            counted.settled.sort_by_key(|(fate, _)| *fate);
            assert_eq!(counted, walked, "at {instant:?}");
        }
    }
}
