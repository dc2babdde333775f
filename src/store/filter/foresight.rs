//! What a filter says of a delivery of which no attempt has ended yet. Some of it is known from the beginning, some only when
//! an answer is there: then the filter says neither yes nor no.
use std::time::Duration;

use super::bound::{Bound, Ready, ReadyCondition, settled};
use super::condition::{Condition, NameField};
use super::contents::Content;
use super::field::Operator;
use super::words::{BatchWord, VerdictWord};
use crate::core::record::EventRecord;
use crate::core::time::Timestamp;
use crate::store::beginning::{self, Beginning};
use crate::store::session::Session;

impl Bound<'_> {
    /// Whether the filter will admit a delivery that has only begun, seen from `now`; none where that cannot be told yet.
    #[must_use]
    pub fn foresees(&self, beginning: &Beginning, now: Timestamp) -> Option<bool> {
        let lasts = now.since(beginning.started_at);
        Foreseen { bound: self, session: self.session(), beginning, lasts }.node(self.node())
    }
}

/// A delivery that has only begun.
#[derive(Clone, Copy)]
struct Foreseen<'a> {
    bound: &'a Bound<'a>,
    session: &'a Session,
    beginning: &'a Beginning,
    /// Time since then.
    lasts: Duration,
}

impl Foreseen<'_> {
    fn node(self, node: &Ready<'_>) -> Option<bool> {
        match node {
            Ready::All(nodes) => settled(false, nodes.iter().map(|node| self.node(node))),
            Ready::Any(nodes) => settled(true, nodes.iter().map(|node| self.node(node))),
            Ready::Not(node) => self.node(node).map(|holds| !holds),
            Ready::Is(condition) => self.meets(condition),
        }
    }

    fn meets(self, condition: &ReadyCondition<'_>) -> Option<bool> {
        let Beginning { started_at, .. } = *self.beginning;
        match condition {
            ReadyCondition::Names(NameField::Destination, _, text) => {
                Some(text.matches(beginning::destination(self.session)))
            }
            ReadyCondition::Names(NameField::Action, _, text) => Some(text.matches(beginning::action(self.session))),
            ReadyCondition::Names(..) => None,
            ReadyCondition::Anywhere(_, nth) => self.content(*nth).filter(|is_there| *is_there),
            ReadyCondition::EventName(_, nth) | ReadyCondition::BatchName(nth) | ReadyCondition::Content(nth) => {
                self.content(*nth)
            }
            ReadyCondition::After(at) => Some(started_at >= *at),
            ReadyCondition::Before(at) => Some(started_at < *at),
            ReadyCondition::Other(condition) => self.meets_other(condition),
        }
    }

    fn meets_other(self, condition: &Condition) -> Option<bool> {
        let Beginning { number, n_events, .. } = *self.beginning;
        match condition {
            // What is under way is not over; all other words say how it ended.
            Condition::Verdict(VerdictWord::Pending) => Some(true),
            Condition::Attempts(operator, wanted) => at_least(&u64::from(number), *operator, wanted),
            Condition::Took(operator, wanted) => at_least(&self.lasts, *operator, wanted),
            Condition::Batch(word) => Some(self.beginning.is_batch() == (*word == BatchWord::Yes)),
            Condition::BatchSize(operator, wanted) => {
                Some(self.beginning.is_batch() && operator.holds(&(n_events as u64), wanted))
            }
            _ => None,
        }
    }

    /// The condition of that place on what stands in records.
    fn content(self, nth: usize) -> Option<bool> {
        let name = self.beginning.delivery.as_str();
        let content = self.bound.content(nth)?;
        match content {
            Content::Body(_) | Content::Header(_) => None,
            Content::Delivery(_) => Some(self.beginning.is_batch() && content.is_in_name(name)),
            Content::User(_) | Content::Message(_) | Content::EventName(_) => {
                self.of_events(|event| content.is_in_event(event))
            }
            Content::Anything(text) => {
                let names = [beginning::destination(self.session), beginning::action(self.session), name];
                let is_called = names.into_iter().any(|name| text.matches(name));
                if is_called { Some(true) } else { self.of_events(|event| content.is_in_event(event)) }
            }
        }
    }

    /// Whether one of its events is so. Of a batch only the first one is known.
    fn of_events(self, is_so: impl Fn(&EventRecord) -> bool) -> Option<bool> {
        let first = self.session.event(self.beginning.first_event?);
        if is_so(&first) { Some(true) } else { (!self.beginning.is_batch()).then_some(false) }
    }
}

/// Whether a figure that can still grow will stand so to another one.
fn at_least<T: PartialOrd>(so_far: &T, operator: Operator, wanted: &T) -> Option<bool> {
    match operator {
        Operator::More | Operator::AtLeast => operator.holds(so_far, wanted).then_some(true),
        Operator::Less | Operator::AtMost => (!operator.holds(so_far, wanted)).then_some(false),
        Operator::Is | Operator::Has | Operator::Contains => (so_far > wanted).then_some(false),
        Operator::IsNot => (so_far > wanted).then_some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::SessionHeader;
    use crate::store::demo::{Event, at};
    use crate::store::filter::Filter;

    #[test]
    fn what_is_known_from_the_beginning_is_told_and_the_rest_is_left_open() {
        let mut header = SessionHeader::new("s", "s", at(0), "fired");
        header.plan = serde_json::json!({ "destination": "pendo-audiences", "action": "syncAudience" });
        let mut session = Session::new(header);
        let event = Event::push_tracks(&mut session, 1).remove(0);
        let first_event = session.find_event(&event.into());
        let message = session.event(first_event.unwrap()).message_id.clone().unwrap();
        let begun = |delivery: &str, n_events| {
            let delivery = delivery.into();
            Beginning { delivery, number: 1, started_at: at(2_000), first_event, n_events, asked: None }
        };
        let (one, batch) = (begun("d99", 1), begun("b-99", 6));
        let message_is = format!("message={message}");
        let not_message = format!("not {message_is}");
        for (filter, of_one, of_batch) in [
            ("dest:pendo", Some(true), Some(true)),
            ("dest:linkedin", Some(false), Some(false)),
            ("action=syncAudience", Some(true), Some(true)),
            ("verdict:pending", Some(true), Some(true)),
            ("verdict:dropped", None, None),
            ("not verdict:dropped", None, None),
            ("status:409", None, None),
            ("error:x", None, None),
            ("body~x", None, None),
            ("attempt>1", None, None),
            ("attempt>=1", Some(true), Some(true)),
            ("attempt<1", Some(false), Some(false)),
            ("attempt!=1", None, None),
            ("duration>3s", Some(true), Some(true)),
            ("duration>5s", None, None),
            ("duration<3s", Some(false), Some(false)),
            ("batch:yes", Some(false), Some(true)),
            ("batch>5", Some(false), Some(true)),
            ("batch:b-9", Some(false), Some(true)),
            ("message:no-such-message", Some(false), None),
            (message_is.as_str(), Some(true), Some(true)),
            (not_message.as_str(), Some(false), Some(false)),
            ("after:+1s", Some(true), Some(true)),
            ("before:+1s", Some(false), Some(false)),
            ("no-such-text", None, None),
            ("syncaud", Some(true), Some(true)),
            ("dest:linkedin status:409", Some(false), Some(false)),
            ("dest:pendo or status:409", Some(true), Some(true)),
            ("dest:pendo status:409", None, None),
            ("dest:linkedin or status:409", None, None),
            ("", Some(true), Some(true)),
        ] {
            let parsed = Filter::parse(filter).unwrap();
            let bound = parsed.bind(&session);
            let told = (bound.foresees(&one, at(6_000)), bound.foresees(&batch, at(6_000)));
            assert_eq!(told, (of_one, of_batch), "{filter}");
        }
    }
}
