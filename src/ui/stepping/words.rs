//! Why a run stands and what comes next, for people.
use std::time::Duration;

use crate::core::names::{AttemptId, DeliveryId};
use crate::core::stepping::{Happening, Standstill, UnderWay, Upcoming, Why};
use crate::store::Session;
use crate::store::label::{Label, counted};
use crate::ui::stamps;
use crate::ui::timeline::words::{why, word};
use crate::ui::waiting::asked;

/// Why it stands: `attempt 2 of m-7f21 ended: 409, retry`.
pub(super) fn stands(session: &Session, standstill: &Standstill) -> String {
    match &standstill.why {
        Why::Asked if session.attempts().is_empty() && standstill.n_in_flight == 0 => {
            "before the first attempt".to_owned()
        }
        Why::Asked => "where it was paused".to_owned(),
        Why::Instant => "the time is over that was to pass".to_owned(),
        Why::Begun(delivery, number) => format!("attempt {number} of {} begins", name(session, delivery)),
        Why::Ended(id) => ended(session, id),
        Why::Decided(id, kind) => format!("{}, pauses at {}", ended(session, id), kind.word()),
    }
}

fn ended(session: &Session, id: &AttemptId) -> String {
    let Some(attempt) = session.find_attempt(id) else { return format!("{id} ended") };
    let row = session.attempt(attempt);
    let delivery = session.delivery_id(row.delivery);
    format!("attempt {} of {} ended: {}, {}", row.number, name(session, &delivery), row.status, word(row.decision))
}

/// What comes next, and the sentence behind it, if there is one.
pub(super) fn next(session: &Session, standstill: &Standstill) -> (String, Option<String>) {
    if standstill.n_to_begin > 0 {
        let many = usize::try_from(standstill.n_to_begin).unwrap_or(usize::MAX);
        let first = counted(many, "delivery begins", "deliveries begin");
        return (format!("{first} now"), None);
    }
    let Some(upcoming) = standstill.upcoming.first() else { return ("the end of the run".to_owned(), None) };
    happening(session, upcoming, standstill)
}

fn happening(session: &Session, upcoming: &Upcoming, standstill: &Standstill) -> (String, Option<String>) {
    let when = upcoming.at.map_or_else(|| "later".to_owned(), |at| within(at.since(standstill.now)));
    match &upcoming.what {
        Happening::Batch => (format!("the next batch of the stream, {when}"), None),
        Happening::Answer(under_way) => (format!("{}, {when}", answer(session, under_way)), None),
        Happening::Attempt(id) => {
            let Some(delivery) = session.find_delivery(id) else {
                return (format!("first attempt of {id}, {when}"), None);
            };
            let delivery = session.delivery(delivery);
            let last = session.attempt(delivery.last_attempt);
            let what = format!("attempt {} of {}, {when}", delivery.n_attempts.max(last.number) + 1, name(session, id));
            let reason = session.details(delivery.last_attempt).verdict.reason.clone();
            (format!("{what} · {}", why(session, &delivery, &last)), Some(reason))
        }
    }
}

fn answer(session: &Session, under_way: &UnderWay) -> String {
    let whose = format!("attempt {} of {}", under_way.number, name(session, &under_way.delivery));
    match &under_way.asked {
        None => format!("{whose} goes on"),
        Some(request) => format!("answer to {} of {whose}", asked(request.purpose)),
    }
}

/// Until when: `in 1 m 12 s`, or `now`.
fn within(wait: Duration) -> String {
    if wait.is_zero() { "now".to_owned() } else { format!("in {}", stamps::duration(wait)) }
}

/// How much is under way and waits: `2 in flight · 12 waiting`.
pub(super) fn pending(standstill: &Standstill) -> String {
    let counts = [(standstill.n_in_flight, "in flight"), (standstill.n_waiting, "waiting")];
    let parts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    parts.collect::<Vec<_>>().join(" · ")
}

/// What people know a delivery by, if it is on the timeline.
fn name(session: &Session, delivery: &DeliveryId) -> String {
    session.find_delivery(delivery).map_or_else(|| delivery.to_string(), |idx| Label::of(session, idx).message_id)
}
