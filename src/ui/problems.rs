//! Stepping through the attempts that are no plain success.
use crate::core::names::Decision;
use crate::store::{AttemptIdx, Marks, Session};

/// The next such attempt after `from` in the order in which they became known, the first one without `from`.
#[must_use]
pub fn after(session: &Session, from: Option<AttemptIdx>) -> Option<AttemptIdx> {
    session.attempts().indices().find(|idx| from.is_none_or(|from| *idx > from) && is_problem(session, *idx))
}

/// The last such attempt before `from`, the last one of all without `from`.
#[must_use]
pub fn before(session: &Session, from: Option<AttemptIdx>) -> Option<AttemptIdx> {
    session.attempts().indices().rfind(|idx| from.is_none_or(|from| *idx < from) && is_problem(session, *idx))
}

fn is_problem(session: &Session, attempt_idx: AttemptIdx) -> bool {
    let attempt = session.attempt(attempt_idx);
    matches!(attempt.decision, Decision::Retry | Decision::Discard) || attempt.marks.has(Marks::DELIVERED_TWICE)
}
