//! What the inspector needs beside the attempt's own record.
use std::fmt;
use std::sync::Arc;

use crate::core::findings::Finding;
use crate::core::names::EventId;
use crate::core::record::{Attempt, EventRecord};
use crate::core::time::Timestamp;
use crate::store::AttemptIdx;
use crate::store::tokens::TokenLane;
use crate::ui::command::TimeMode;
use crate::ui::mask::Mask;
use crate::ui::stamps;

/// What the record of an attempt does not say itself.
#[derive(Clone, Copy)]
pub struct InspectorContext<'a> {
    /// All attempts of the delivery, in order.
    pub attempts: &'a [Arc<Attempt>],
    /// Finds the record of an event.
    pub event: &'a dyn Fn(&EventId) -> Option<Arc<EventRecord>>,
    /// The tokens of the attempt's destination, if it uses any.
    pub tokens: Option<&'a TokenLane>,
    /// Finds the record of an attempt that `tokens` names.
    pub attempt: &'a dyn Fn(AttemptIdx) -> Arc<Attempt>,
    /// What detectors found in the attempt.
    pub findings: &'a [Finding],
    /// When the session began: relative times count from here.
    pub origin: Timestamp,
    /// How instants are written.
    pub times: TimeMode,
    /// How secrets are shown.
    pub mask: Mask<'a>,
}

impl fmt::Debug for InspectorContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectorContext")
            .field("attempts", &self.attempts.len())
            .field("findings", &self.findings.len())
            .field("origin", &self.origin)
            .field("times", &self.times)
            .field("mask", &self.mask)
            .finish_non_exhaustive()
    }
}

impl InspectorContext<'_> {
    /// An instant as people chose to read it.
    pub(super) fn instant(&self, at: Timestamp) -> String {
        stamps::instant(self.times, at, self.origin)
    }

    /// `messageId` of an event, or its name in the session where it has none.
    pub(super) fn event_name(&self, id: &EventId) -> String {
        (self.event)(id).and_then(|event| event.message_id.clone()).unwrap_or_else(|| id.as_str().to_owned())
    }
}
