//! Filters and sorts deliveries, piece by piece, so that a job can tell how far it is and stop.
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;

use super::deliveries::DeliveryShape;
use super::ids::DeliveryIdx;
use super::names::NameId;
use super::rows::{Arrangement, Direction, SortKey};
use super::session::Session;
use crate::core::time::Timestamp;

/// How many deliveries are looked at between two looks at whoever watches.
const PIECE: usize = 1 << 14;
/// How far the work is when the file was read through, if it had to be; when the filter is through; when the keys are there.
const READ: f32 = 0.38;
const FILTERED: f32 = 0.4;
const KEYED: f32 = 0.7;

/// Told how far the work is, from 0 to 1; says whether to go on.
pub type Watch<'a> = dyn FnMut(f32) -> ControlFlow<()> + 'a;

/// The deliveries that are shown, in order; none if it was stopped.
pub(super) fn arranged(
    session: &Session,
    arrangement: &Arrangement,
    watch: &mut Watch<'_>,
) -> Option<Vec<DeliveryIdx>> {
    let shown = admitted(session, arrangement, watch)?;
    let mut work = Work { session, shown, watch };
    let mut sorted = match arrangement.sort_by {
        SortKey::Started => work.sorted(|_, _| ()),
        SortKey::Destination => work.sorted_by_name(|shape| shape.destination),
        SortKey::Event => work.sorted_by_name(|shape| shape.event_name),
        SortKey::Rule => work.sorted_by_name(|shape| shape.rule),
        SortKey::Message => work.sorted(|session, idx| session.first_event(idx)?.message_id.clone()),
        SortKey::Tries => work.sorted(|session, idx| session.deliveries().shape(idx).n_attempts),
        SortKey::Took => work.sorted(|session, idx| {
            let delivery = session.delivery(idx);
            delivery.ended_at.since(delivery.started_at)
        }),
        SortKey::Token => work.sorted(|session, idx| session.deliveries().shape(idx).tokens.map(|(_, last)| last)),
        SortKey::Fate => work.sorted(|session, idx| session.deliveries().shape(idx).fate),
    }?;
    if arrangement.direction == Direction::Descending {
        sorted.reverse();
    }
    Some(sorted)
}

/// The same deliveries, group by group, each group in the order in which they were.
pub(super) fn grouped<K: Ord>(
    deliveries: &[DeliveryIdx],
    key_of: impl Fn(DeliveryIdx) -> K,
) -> BTreeMap<K, Vec<DeliveryIdx>> {
    let mut groups: BTreeMap<K, Vec<DeliveryIdx>> = BTreeMap::new();
    for delivery_idx in deliveries {
        groups.entry(key_of(*delivery_idx)).or_default().push(*delivery_idx);
    }
    groups
}

fn admitted(session: &Session, arrangement: &Arrangement, watch: &mut Watch<'_>) -> Option<Vec<DeliveryIdx>> {
    let all = session.deliveries().indices();
    if arrangement.filter.is_empty() {
        return Some(all.collect());
    }
    let mut filter = arrangement.filter.bind(session);
    let mut n_read = 0.0;
    let reads = filter.read_bodies(&mut |done| {
        n_read = READ * done;
        watch(n_read)
    });
    if reads.is_break() {
        return None;
    }
    let n_all = session.deliveries().len();
    let mut shown = Vec::new();
    for delivery_idx in all {
        let done = n_read + (FILTERED - n_read) * share(delivery_idx.index(), n_all);
        if delivery_idx.index() % PIECE == 0 && watch(done).is_break() {
            return None;
        }
        if filter.admits(delivery_idx) {
            shown.push(delivery_idx);
        }
    }
    Some(shown)
}

struct Work<'a, 'w> {
    session: &'a Session,
    shown: Vec<DeliveryIdx>,
    watch: &'a mut Watch<'w>,
}

impl Work<'_, '_> {
    /// Sorts by a key, then by start, then by when the delivery became known.
    fn sorted<K: Ord>(&mut self, key_of: impl Fn(&Session, DeliveryIdx) -> K) -> Option<Vec<DeliveryIdx>> {
        let n_shown = self.shown.len();
        let mut keyed: Vec<(K, Timestamp, DeliveryIdx)> = Vec::with_capacity(n_shown);
        for piece in self.shown.chunks(PIECE) {
            let done = share(keyed.len(), n_shown);
            if (self.watch)(FILTERED + (KEYED - FILTERED) * done).is_break() {
                return None;
            }
            keyed.extend(piece.iter().map(|idx| (key_of(self.session, *idx), self.session.starts_at(*idx), *idx)));
        }
        let mut n_sorted = 0;
        for piece in keyed.chunks_mut(PIECE) {
            if (self.watch)(KEYED + (1.0 - KEYED) * share(n_sorted, n_shown)).is_break() {
                return None;
            }
            n_sorted += piece.len();
            piece.sort_unstable();
        }
        // A stable sort takes what is sorted already as it is, and joins it.
        keyed.sort();
        Some(keyed.into_iter().map(|(_, _, idx)| idx).collect())
    }

    fn sorted_by_name(&mut self, name_of: impl Fn(&DeliveryShape) -> NameId) -> Option<Vec<DeliveryIdx>> {
        let deliveries = self.session.deliveries();
        let used: HashSet<NameId> = self.shown.iter().map(|idx| name_of(&deliveries.shape(*idx))).collect();
        let mut in_order: Vec<NameId> = used.into_iter().collect();
        in_order.sort_by_key(|name| self.session.name(*name));
        let ranks: HashMap<NameId, usize> = in_order.into_iter().enumerate().map(|(rank, name)| (name, rank)).collect();
        self.sorted(|session, idx| ranks.get(&name_of(&session.deliveries().shape(idx))).copied())
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people to look at")]
fn share(done: usize, all: usize) -> f32 {
    done as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;

    fn go_on(_: f32) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    #[test]
    fn every_order_is_total_and_the_other_way_is_its_mirror() {
        let session = demo::session();
        for sort_by in SortKey::ALL {
            let mut arrangement = Arrangement { sort_by, ..Arrangement::default() };
            let up = arranged(&session, &arrangement, &mut go_on).unwrap();
            arrangement.direction = Direction::Descending;
            let mut down = arranged(&session, &arrangement, &mut go_on).unwrap();
            down.reverse();
            assert_eq!(up, down, "{sort_by:?}");
            assert_eq!(up.iter().collect::<HashSet<_>>().len(), session.deliveries().len(), "{sort_by:?}");
        }
    }

    #[test]
    fn names_sort_by_what_they_say_and_not_by_when_they_came() {
        let session = demo::session();
        let arrangement = Arrangement { sort_by: SortKey::Destination, ..Arrangement::default() };
        let sorted = arranged(&session, &arrangement, &mut go_on).unwrap();
        let names: Vec<&str> = sorted.iter().map(|idx| session.name(session.delivery(*idx).destination)).collect();
        assert!(names.is_sorted() && names[0] == "destination-function", "{names:?}");
    }

    #[test]
    fn many_rows_are_sorted_as_a_whole_and_the_work_tells_how_far_it_is() {
        let session = demo::many(3 * PIECE);
        let arrangement = Arrangement { sort_by: SortKey::Fate, ..Arrangement::default() };
        let mut told = Vec::new();
        let sorted = arranged(&session, &arrangement, &mut |done| {
            told.push(done);
            ControlFlow::Continue(())
        });
        let sorted = sorted.unwrap();
        let keys = sorted.iter().map(|idx| (session.delivery(*idx).fate, session.delivery(*idx).started_at));
        assert!(keys.is_sorted());
        assert!(told.is_sorted() && told.len() >= 6, "{told:?}");
    }

    #[test]
    fn work_that_is_stopped_gives_nothing() {
        let session = demo::many(2 * PIECE);
        for n_looks in 0..3 {
            let mut n_left = n_looks;
            let stopped = arranged(&session, &Arrangement::default(), &mut |_| {
                n_left -= 1;
                if n_left < 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert_eq!(stopped, None, "after {n_looks} looks");
        }
    }
}
