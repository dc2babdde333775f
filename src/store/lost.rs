//! Records that the file of their session does not give any more, because somebody cut or changed it.
use std::sync::Arc;

use serde_json::{Map, Value};

use super::ids::AttemptIdx;
use super::session::Session;
use crate::core::names::Trigger;
use crate::core::record::{Attempt, EventRecord, Outcome, Verdict};
use crate::core::time::Timestamp;

/// Why a record cannot be read; reads on from "it".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record of the session cannot be read: {0}")]
pub struct Lost(pub(super) String);

impl Lost {
    /// What stands in the place of an event on the screen.
    pub(super) fn event(&self) -> Arc<EventRecord> {
        Arc::new(EventRecord {
            id: "".into(),
            received_at: Timestamp::EPOCH,
            message_id: None,
            payload: Value::String(self.words()),
            extra: Map::new(),
        })
    }

    /// What stands in the place of an attempt on the screen: all that is known of it without its record.
    pub(super) fn attempt(&self, session: &Session, attempt_idx: AttemptIdx) -> Arc<Attempt> {
        let row = session.attempt(attempt_idx);
        let delivery = session.deliveries().shape(row.delivery);
        let name = |name| Arc::from(session.name(name));
        Arc::new(Attempt {
            id: format!("attempt {}", attempt_idx.index() + 1).into(),
            delivery: format!("delivery {}", row.delivery.index() + 1).into(),
            events: Vec::new(),
            destination: name(delivery.destination),
            action: name(delivery.action),
            number: row.number,
            trigger: if row.number > 1 { Trigger::Retry } else { Trigger::First },
            started_at: row.started_at,
            ended_at: row.ended_at,
            rules: session.header().rules.as_str().into(),
            exchanges: Vec::new(),
            outcome: Outcome::Rejected { message: String::new() },
            verdict: Verdict {
                decision: row.decision,
                rule: name(row.rule),
                reason: self.words(),
                facts: Map::new(),
                next_attempt_at: row.next_attempt_at,
            },
            token: None,
            duplicate: None,
            extra: Map::new(),
        })
    }

    fn words(&self) -> String {
        format!("The record cannot be read: {}.", self.0)
    }
}
