//! Which deliveries a filter admits, piece by piece: what is certain can be shown before all of it is.
use std::ops::ControlFlow;
use std::sync::Arc;

use super::archive::Searched;
use super::arrange::share;
use super::filter::{Bound, Filter};
use super::ids::{AttemptIdx, DeliveryIdx};
use super::search::Trail;
use super::session::Session;
use super::watch::Watch;

/// How many deliveries are looked at between two looks at whoever watches.
pub(super) const PIECE: usize = 1 << 14;
/// How far the work is when the file was read through, if it had to be.
const READ: f32 = 0.97;

/// The deliveries that a filter admits, in the order in which they became known.
#[derive(Clone, Debug, Default)]
pub struct Admitted {
    /// The deliveries.
    pub deliveries: Vec<DeliveryIdx>,
    /// How much was looked through.
    pub extent: Extent,
    /// How far the file was read through, to go on with.
    pub(super) read: Option<Arc<ReadThrough>>,
}

/// How much of a session was looked through for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// A part, in percent, and the rest is being looked through.
    SoFar(u8),
    /// A part, in percent: somebody stopped it, and there may be more.
    Stopped(u8),
}

/// How much of a session's file was read through for a filter, and what was found.
#[derive(Debug)]
pub(super) struct ReadThrough {
    filter: Filter,
    trail: Trail,
}

impl Extent {
    /// How much it is, in percent, where it is not all.
    #[must_use]
    pub const fn percent(self) -> Option<u8> {
        match self {
            Self::Whole => None,
            Self::SoFar(percent) | Self::Stopped(percent) => Some(percent),
        }
    }

    /// Whether the rest is being looked through.
    #[must_use]
    pub const fn grows(self) -> bool {
        matches!(self, Self::SoFar(_))
    }
}

/// A share from 0 to 1 in percent, less than all.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 99")]
fn percent(share: f32) -> u8 {
    (share * 100.0).clamp(0.0, 99.0) as u8
}

/// The deliveries that a filter admits; none if nobody wants them any more. Where records of many deliveries of a large file
/// have to be looked at, all of it is read once from its beginning, or from where an earlier answer to the same filter ended.
pub fn admitted(
    session: &Session,
    filter: &Filter,
    before: Option<&Admitted>,
    watch: &mut dyn Watch<Admitted>,
) -> Option<Admitted> {
    if filter.is_empty() {
        return Some(Admitted { deliveries: session.deliveries().indices().collect(), ..Admitted::default() });
    }
    let bound = filter.bind(session);
    let before = before.and_then(|before| before.read.as_ref()).filter(|read| read.filter == *filter);
    match bound.reading(before.map(|read| &read.trail)) {
        Some(trail) => Reading { session, filter, bound }.go_on(trail, watch),
        None => one_by_one(session, &bound, None, 0.0, watch),
    }
}

/// Asks about one delivery after the other; `begun` is the share of the work that is done already.
fn one_by_one(
    session: &Session,
    bound: &Bound<'_>,
    read: Option<&Trail>,
    begun: f32,
    watch: &mut dyn Watch<Admitted>,
) -> Option<Admitted> {
    let n_all = session.deliveries().len();
    let mut shown = Vec::new();
    for delivery_idx in session.deliveries().indices() {
        if delivery_idx.index() % PIECE == 0 {
            let percent = percent(share(delivery_idx.index(), n_all));
            watch.done(begun + (1.0 - begun) * share(delivery_idx.index(), n_all)).is_continue().then_some(())?;
            // With what was read through, asking takes no time.
            if read.is_none() {
                if watch.is_enough() {
                    return Some(Admitted { deliveries: shown, extent: Extent::Stopped(percent), read: None });
                }
                let extent = Extent::SoFar(percent);
                watch.offer(&mut || Admitted { deliveries: shown.clone(), extent, read: None });
            }
        }
        if bound.admits_by(delivery_idx, read) {
            shown.push(delivery_idx);
        }
    }
    Some(Admitted { deliveries: shown, ..Admitted::default() })
}

/// A file that is read through for a filter.
struct Reading<'a> {
    session: &'a Session,
    filter: &'a Filter,
    bound: Bound<'a>,
}

impl Reading<'_> {
    fn go_on(&self, mut trail: Trail, watch: &mut dyn Watch<Admitted>) -> Option<Admitted> {
        let mut is_unwanted = false;
        let searched = if trail.share(self.session) < 1.0 && watch.is_enough() {
            Searched::Stopped
        } else {
            self.bound.read_through(&mut trail, &mut |trail| {
                is_unwanted = watch.done(READ * trail.share(self.session)).is_break();
                if is_unwanted || watch.is_enough() {
                    return ControlFlow::Break(());
                }
                watch.offer(&mut || Admitted {
                    deliveries: self.certain(trail),
                    extent: Extent::SoFar(percent(trail.share(self.session))),
                    read: None,
                });
                ControlFlow::Continue(())
            })
        };
        if is_unwanted {
            return None;
        }
        let mut admitted = match searched {
            // It is read record by record instead.
            Searched::Failed => return one_by_one(self.session, &self.bound, None, 0.0, watch),
            Searched::Stopped => Admitted {
                deliveries: self.certain(&trail),
                extent: Extent::Stopped(percent(trail.share(self.session))),
                read: None,
            },
            Searched::Whole => one_by_one(self.session, &self.bound, Some(&trail), READ, watch)?,
        };
        admitted.read = Some(Arc::new(ReadThrough { filter: self.filter.clone(), trail }));
        Some(admitted)
    }

    /// The deliveries that are admitted whatever else the file holds.
    fn certain(&self, trail: &Trail) -> Vec<DeliveryIdx> {
        let deliveries = self.session.deliveries();
        // They are in the order of their first attempts, and of those that have none yet nothing is known.
        let n_begun = match trail.n_attempts() {
            n_read if n_read >= self.session.n_attempts_in_file() => deliveries.len(),
            n_read => deliveries.n_begun_before(AttemptIdx::new(n_read)),
        };
        (0..n_begun).map(DeliveryIdx::new).filter(|idx| self.bound.admits_by(*idx, Some(trail))).collect()
    }
}
