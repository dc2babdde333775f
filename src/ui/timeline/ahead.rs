//! What is ahead of deliveries while a run stands: the attempts that are due, and those that are under way.
use std::collections::HashMap;
use std::sync::Arc;

use crate::core::stepping::{Happening, Standstill};
use crate::core::time::Timestamp;
use crate::store::activity::{Activity, Span};
use crate::store::{Delivery, DeliveryIdx, Fate, Session};

/// Where a run stands, and what comes next.
#[derive(Debug)]
pub(super) struct Ahead {
    standstill: Arc<Standstill>,
    under_way: HashMap<DeliveryIdx, (u32, Timestamp)>,
}

/// What is ahead of one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    /// The attempt that comes next or is being made.
    pub(super) number: u32,
    /// When it begins, or has begun.
    pub(super) starts_at: Timestamp,
    /// Where the run stands.
    pub(super) now: Timestamp,
    /// Whether it has begun.
    pub(super) is_under_way: bool,
}

impl Ahead {
    pub(super) fn of(session: &Session, standstill: Arc<Standstill>) -> Self {
        let under_way = standstill.upcoming.iter().filter_map(|upcoming| match &upcoming.what {
            Happening::Answer(attempt) => {
                Some((session.find_delivery(&attempt.delivery)?, (attempt.number, attempt.started_at)))
            }
            Happening::Attempt(_) | Happening::Batch => None,
        });
        let under_way = under_way.collect();
        Self { standstill, under_way }
    }

    /// Where the run stands.
    pub(super) fn now(&self) -> Timestamp {
        self.standstill.now
    }

    /// What is ahead of a delivery that is not over.
    pub(super) fn pending(&self, delivery_idx: DeliveryIdx, delivery: &Delivery) -> Option<Pending> {
        let now = self.now();
        if let Some((number, starts_at)) = self.under_way.get(&delivery_idx) {
            return Some(Pending { number: *number, starts_at: *starts_at, now, is_under_way: true });
        }
        let starts_at = delivery.next_attempt_at.filter(|_| delivery.fate == Fate::Pending)?;
        Some(Pending { number: delivery.n_attempts + 1, starts_at, now, is_under_way: false })
    }

    /// The time axis has to reach to what is ahead, and may fold what is idle until then.
    pub(super) fn extend(&self, activity: &Activity) -> Activity {
        let mut extended = activity.clone();
        let ahead = self.standstill.upcoming.iter().filter_map(|upcoming| upcoming.at);
        for at in ahead.chain([self.now()]) {
            extended.push(Span { start: at, end: at }, None);
        }
        extended
    }
}
