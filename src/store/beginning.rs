//! Deliveries of which no attempt has ended yet: a run tells of them, the session does not know them.
use super::ids::EventIdx;
use super::session::Session;
use crate::core::names::DeliveryId;
use crate::core::stepping::{Asked, UnderWay};
use crate::core::time::Timestamp;

/// A delivery whose first attempt is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// Its name.
    pub delivery: DeliveryId,
    /// 1, unless earlier attempts are in no record.
    pub number: u32,
    /// When the attempt began.
    pub started_at: Timestamp,
    /// The first of its events.
    pub first_event: Option<EventIdx>,
    /// How many it carries.
    pub n_events: usize,
    /// The request whose answer it waits for.
    pub asked: Option<Asked>,
}

impl Beginning {
    /// What a run tells of an attempt, as the session that the run fills sees it.
    #[must_use]
    pub fn of(session: &Session, attempt: &UnderWay) -> Self {
        let UnderWay { delivery, number, started_at, first_event, n_events, asked } = attempt;
        Self {
            delivery: delivery.clone(),
            number: *number,
            started_at: *started_at,
            first_event: first_event.as_ref().and_then(|id| session.find_event(id)),
            n_events: *n_events,
            asked: asked.clone(),
        }
    }

    /// Whether it carries several events.
    #[must_use]
    pub const fn is_batch(&self) -> bool {
        self.n_events > 1
    }
}

/// Who gets what a run sends; the plan of its session says so.
#[must_use]
pub fn destination(session: &Session) -> &str {
    planned(session, "destination")
}

/// Which action of that destination takes it.
#[must_use]
pub fn action(session: &Session) -> &str {
    planned(session, "action")
}

fn planned<'a>(session: &'a Session, key: &str) -> &'a str {
    session.header().plan.get(key).and_then(serde_json::Value::as_str).unwrap_or_default()
}
