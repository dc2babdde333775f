//! Words of the timeline: names for people who cannot see it, notes beside end marks.
use crate::core::batching::Members;
use crate::core::names::Decision;
use crate::store::label::{Label, thousands};
use crate::store::{AttemptIdx, AttemptRow, Delivery, DeliveryIdx, Fate, Marks, NameId, Session};
use crate::ui::icon::Icon;
use crate::ui::stamps;
use crate::ui::theme::Tone;

use super::ahead::Pending;
use super::lane::{Bar, Diamond, Run, Wait};
use super::learned::{self, Learned};

/// Marks of an attempt in which something was found that is more than good to know.
pub(super) const FOUND: Marks = Marks::FOUND_SEVERE.with(Marks::FOUND_WARNING);

/// What stands at the end of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) icon: Icon,
    pub(super) tone: Tone,
    /// How many events were given up, where others of the batch arrived.
    pub(super) n_dropped: usize,
    /// Short, may be empty.
    pub(super) note: String,
}

impl End {
    /// `pending` is what is ahead of it while a run stands.
    pub(super) fn of(session: &Session, delivery: &Delivery, learned: &Learned, pending: Option<Pending>) -> Self {
        let last = session.attempt(delivery.last_attempt);
        let (mut icon, mut tone) = (Icon::from(delivery.fate), Tone::from(delivery.fate));
        let note = match delivery.fate {
            Fate::Delivered if last.marks.has(Marks::SUPPRESSED) => {
                (icon, tone) = (Icon::Equal, Tone::Delivered);
                "suppressed by the receiver".to_owned()
            }
            Fate::Delivered if last.marks.has(Marks::WRONGLY_SUPPRESSED) => {
                (icon, tone) = (Icon::Equal, Tone::Dropped);
                "held back, never acted on".to_owned()
            }
            Fate::Delivered if last.marks.has(Marks::AMBIGUOUS) => "may have arrived twice".to_owned(),
            Fate::Delivered => String::new(),
            Fate::DeliveredTwice => twin_note(session, session.attempt(delivery.last_attempt).delivery, learned),
            Fate::Pending => match pending {
                Some(pending) => ahead_note(pending),
                None => pending_note(session, delivery),
            },
            Fate::Filtered => "not meant for this action".to_owned(),
            Fate::Dropped => why(session, delivery, &last),
            Fate::Partial => {
                format!("{} delivered, {} dropped", thousands(delivery.n_delivered), thousands(delivery.n_dropped))
            }
        };
        let n_dropped = if delivery.fate == Fate::Partial { delivery.n_dropped } else { 0 };
        Self { icon, tone, n_dropped, note }
    }
}

/// Why an attempt was judged as it was, in two or three words: the rule's name without its destination, or the error
/// where the rule is about any error.
pub(in crate::ui) fn why(session: &Session, delivery: &Delivery, row: &AttemptRow) -> String {
    let rule = session.name(row.rule);
    if rule.starts_with("PIPELINE-") && row.error != NameId::EMPTY {
        return session.name(row.error).to_owned();
    }
    let rule = rule.to_lowercase();
    let destination = session.name(delivery.destination);
    let about = rule.split_once('-').filter(|(first, _)| destination.starts_with(first)).map(|(_, rest)| rest);
    about.unwrap_or(&rule).replace('-', " ")
}

fn twin_note(session: &Session, delivery: DeliveryIdx, learned: &Learned) -> String {
    let again = |attempt: &AttemptIdx| session.attempt(*attempt).marks.has(Marks::DELIVERED_TWICE);
    let Some(attempt) = session.attempts_of(delivery).filter(again).last() else { return "delivered twice".to_owned() };
    let of = session.twin_of(attempt).map(|twin| session.attempt(twin));
    let mut note = "delivered twice".to_owned();
    if let Some(of) = of.filter(|of| of.delivery != delivery) {
        note = format!("{note} · first by {}", Label::of(session, of.delivery).message_id);
    }
    match (learned.stale_read(attempt), learned.strategy(attempt)) {
        (Some(times), _) => format!("{note} · trait read {} stale", stamps::duration(learned::age(times))),
        (None, "" | "none") => note,
        (None, strategy) => format!("{note} · {strategy}"),
    }
}

fn pending_note(session: &Session, delivery: &Delivery) -> String {
    let latest = session.activity().range().map_or(delivery.ended_at, |range| range.end);
    match delivery.next_attempt_at {
        Some(next) if next > latest => format!("next in {}", stamps::duration(next.since(latest))),
        Some(_) => "next attempt is due".to_owned(),
        None if goes_on_elsewhere(session, delivery) => "goes on in another batch".to_owned(),
        None => "next attempt not known".to_owned(),
    }
}

/// Whether its events went back to the queue of a stream. A record in a file is not read for that.
fn goes_on_elsewhere(session: &Session, delivery: &Delivery) -> bool {
    !session.is_in_file() && !Members::of(&session.details(delivery.last_attempt)).goes_on.is_empty()
}

/// `attempt 3 in 1 m 12 s`, as seen from where the run stands.
fn ahead_note(pending: Pending) -> String {
    let Pending { number, starts_at, now, .. } = pending;
    match starts_at.since(now) {
        wait if wait.is_zero() => format!("attempt {number} now"),
        wait => format!("attempt {number} in {}", stamps::duration(wait)),
    }
}

/// Name of the wait for what is ahead: `waits 1 m 12 s for the next attempt, m-7f21`.
pub(super) fn ahead_name(wait: &Wait, label: &Label) -> String {
    format!("waits {} for the next attempt, {}", stamps::duration(wait.length), label.message_id)
}

/// Name of an attempt's bar: `attempt 1 of 2, 401, retry, m-7f21`.
pub(super) fn bar_name(bar: &Bar, delivery: &Delivery, label: &Label) -> String {
    let n_attempts = delivery.n_attempts.max(bar.row.number);
    let (number, status, decision) = (bar.row.number, bar.row.status, word(bar.row.decision));
    let found = if bar.row.marks.has(FOUND) { ", with findings" } else { "" };
    let duplicate = told_of_duplicates(bar.row.marks);
    format!("attempt {number} of {n_attempts}, {status}, {decision}, {}{duplicate}{found}", label.message_id)
}

/// What stands at the corner of an attempt that nobody can tell of, or that was held back.
pub(super) fn doubt(marks: Marks) -> Option<(Icon, Tone)> {
    [
        (Marks::AMBIGUOUS, Icon::Question, Tone::Retry),
        (Marks::WRONGLY_SUPPRESSED, Icon::Equal, Tone::Dropped),
        (Marks::SUPPRESSED, Icon::Equal, Tone::Pending),
    ]
    .into_iter()
    .find_map(|(mark, icon, tone)| marks.has(mark).then_some((icon, tone)))
}

/// What duplicate detection says of an attempt, as people say it; empty where it says nothing.
fn told_of_duplicates(marks: Marks) -> &'static str {
    [
        (Marks::DELIVERED_TWICE, ", delivered twice"),
        (Marks::WRONGLY_SUPPRESSED, ", wrongly held back"),
        (Marks::AMBIGUOUS, ", may have arrived"),
        (Marks::SUPPRESSED, ", suppressed"),
    ]
    .into_iter()
    .find_map(|(mark, word)| marks.has(mark).then_some(word))
    .unwrap_or_default()
}

/// Name of a run: `7 attempts, worst retry, m-7f21`.
pub(super) fn run_name(run: &Run, label: &Label) -> String {
    format!("{} attempts, worst {}, {}", run.n_attempts, word(run.decision), label.message_id)
}

/// Name of a wait: `wait of 18 s, m-7f21`.
pub(super) fn wait_name(wait: &Wait, label: &Label) -> String {
    format!("wait of {}, {}", stamps::duration(wait.length), label.message_id)
}

/// Name of a diamond: `token refresh to generation 2, m-7f21`.
pub(super) fn diamond_name(session: &Session, diamond: &Diamond, label: &Label) -> String {
    let token = session.details(diamond.attempt).token;
    match token.filter(|_| diamond.succeeded) {
        Some(token) => format!("token refresh to generation {}, {}", token.generation_after, label.message_id),
        None => format!("token refresh failed, {}", label.message_id),
    }
}

/// Name of an end mark: `delivered, m-7f21`.
pub(super) fn end_name(delivery: &Delivery, end: &End, label: &Label) -> String {
    let note = if end.note.is_empty() { String::new() } else { format!("{}, ", end.note) };
    format!("{}, {note}{}", delivery.fate, label.message_id)
}

/// Name of a row: `ada@example.com, Audience Entered, m-7f21, delivered`.
pub(super) fn row_name(delivery: &Delivery, label: &Label) -> String {
    format!("{}, {}, {}, {}", label.who, label.what, label.message_id, delivery.fate)
}

/// A decision as people say it.
pub(in crate::ui) const fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Delivered => "delivered",
        Decision::Retry => "retry",
        Decision::Discard => "dropped",
        Decision::Filtered => "filtered",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::SessionHeader;
    use crate::store::demo::{Story, at};

    #[test]
    fn a_rule_is_named_without_its_destination_and_a_general_one_by_its_error() {
        for (destination, rule, words) in [
            ("linkedin-audiences", "LINKEDIN-TOKEN-PROPAGATION", "token propagation"),
            ("pendo-audiences", "PENDO-409-CONFLICT", "409 conflict"),
            ("pendo-audiences", "OAUTH-401", "oauth 401"),
            ("pendo-audiences", "PIPELINE-4XX-DISCARD", "IntegrationError 400"),
            ("pendo-audiences", "", ""),
        ] {
            let mut session = Session::new(SessionHeader::new("s", "s", at(0), "fired"));
            let story = Story::new("d1", destination, "action", &[]).discard(0, 10, 400, rule, "a sentence");
            story.records().for_each(|record| session.push(record));
            let delivery = session.delivery(session.find_delivery(&"d1".into()).unwrap());
            assert_eq!(why(&session, &delivery, &session.attempt(delivery.last_attempt)), words);
        }
    }
}
