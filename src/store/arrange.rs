//! Filters and sorts deliveries, piece by piece, so that a job can tell how far it is and stop.
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::ControlFlow;

use super::admitted::PIECE;
use super::deliveries::DeliveryShape;
use super::ids::DeliveryIdx;
use super::names::NameId;
use super::rows::{Direction, SortKey};
use super::session::Session;
use crate::core::time::Timestamp;

/// How far sorting is when the keys are there.
const KEYED: f32 = 0.5;

/// Told how far the work is, from 0 to 1; says whether to go on.
pub type Progress<'a> = dyn FnMut(f32) -> ControlFlow<()> + 'a;

/// The deliveries in order; none if it was stopped.
pub(super) fn sorted(
    session: &Session,
    shown: Vec<DeliveryIdx>,
    (sort_by, direction): (SortKey, Direction),
    watch: &mut Progress<'_>,
) -> Option<Vec<DeliveryIdx>> {
    let mut work = Work { session, shown, watch };
    let mut sorted = match sort_by {
        SortKey::Started => work.sorted(|_, _| ()),
        SortKey::Destination => work.sorted_by_name(|shape| shape.destination),
        SortKey::Event => work.sorted_by_name(|shape| shape.event_name),
        SortKey::Rule => work.sorted_by_name(|shape| shape.rule),
        SortKey::Message => work.sorted(|session, idx| session.first_event(idx)?.message_id.clone()),
        SortKey::Tries => work.sorted(|session, idx| session.deliveries().shape(idx).n_attempts),
        SortKey::Took => work.sorted(Session::lasts),
        SortKey::Token => work.sorted(|session, idx| session.deliveries().shape(idx).tokens.map(|(_, last)| last)),
        SortKey::Fate => work.sorted(|session, idx| session.deliveries().shape(idx).fate),
    }?;
    if direction == Direction::Descending {
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

struct Work<'a, 'w> {
    session: &'a Session,
    shown: Vec<DeliveryIdx>,
    watch: &'a mut Progress<'w>,
}

impl Work<'_, '_> {
    /// Sorts by a key, then by start, then by when the delivery became known.
    fn sorted<K: Ord>(&mut self, key_of: impl Fn(&Session, DeliveryIdx) -> K) -> Option<Vec<DeliveryIdx>> {
        let n_shown = self.shown.len();
        let mut keyed: Vec<(K, Timestamp, DeliveryIdx)> = Vec::with_capacity(n_shown);
        for piece in self.shown.chunks(PIECE) {
            if (self.watch)(KEYED * share(keyed.len(), n_shown)).is_break() {
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
        let mut sorted: Vec<DeliveryIdx> = keyed.into_iter().map(|(_, _, idx)| idx).collect();
        // What is collected in place keeps the room of the keys.
        sorted.shrink_to_fit();
        Some(sorted)
    }

    fn sorted_by_name(&mut self, name_of: impl Fn(&DeliveryShape) -> NameId) -> Option<Vec<DeliveryIdx>> {
        let deliveries = self.session.deliveries();
        let used: HashSet<NameId> = self.shown.iter().map(|idx| name_of(&deliveries.shape(*idx))).collect();
        let mut in_order: Vec<NameId> = used.into_iter().collect();
        in_order.sort_by_key(|name| self.session.name(*name));
        // Few bytes a row: with millions of rows, moving them is what costs.
        let ranks: HashMap<NameId, u32> = in_order.into_iter().zip(0..).collect();
        self.sorted(|session, idx| ranks.get(&name_of(&session.deliveries().shape(idx))).copied().unwrap_or(u32::MAX))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people to look at")]
pub(super) fn share(done: usize, all: usize) -> f32 {
    done as f32 / all.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;

    fn in_order(session: &Session, order: (SortKey, Direction), watch: &mut Progress<'_>) -> Option<Vec<DeliveryIdx>> {
        sorted(session, session.deliveries().indices().collect(), order, watch)
    }

    fn all_in_order(session: &Session, sort_by: SortKey, direction: Direction) -> Vec<DeliveryIdx> {
        in_order(session, (sort_by, direction), &mut |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn every_order_is_total_and_the_other_way_is_its_mirror() {
        let session = demo::session();
        for sort_by in SortKey::ALL {
            let up = all_in_order(&session, sort_by, Direction::Ascending);
            let mut down = all_in_order(&session, sort_by, Direction::Descending);
            down.reverse();
            assert_eq!(up, down, "{sort_by:?}");
            assert_eq!(up.iter().collect::<HashSet<_>>().len(), session.deliveries().len(), "{sort_by:?}");
        }
    }

    #[test]
    fn names_sort_by_what_they_say_and_not_by_when_they_came() {
        let session = demo::session();
        let sorted = all_in_order(&session, SortKey::Destination, Direction::Ascending);
        let names: Vec<&str> = sorted.iter().map(|idx| session.name(session.delivery(*idx).destination)).collect();
        assert!(names.is_sorted() && names[0] == "destination-function", "{names:?}");
    }

    #[test]
    fn many_rows_are_sorted_as_a_whole_and_the_work_tells_how_far_it_is() {
        let session = demo::many(3 * PIECE);
        let mut told = Vec::new();
        let sorted = in_order(&session, (SortKey::Fate, Direction::Ascending), &mut |done| {
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
            let stopped = in_order(&session, (SortKey::Started, Direction::Ascending), &mut |_| {
                n_left -= 1;
                if n_left < 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            assert_eq!(stopped, None, "after {n_looks} looks");
        }
    }
}
