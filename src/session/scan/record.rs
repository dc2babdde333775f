//! The line of an attempt or an event: all that the store keeps of it in its columns.
use super::chunk::{Room, ScannedAttempt};
use super::event::payload_name;
use super::exchange::exchange;
use super::json::{Span, Walker};
use super::parts::{Once, anything, name, some_object, some_text, text, time, whole};
use crate::core::names::{Decision, DuplicateOutcome, Refresh, Trigger};
use crate::core::record::TokenUse;
use crate::core::time::Timestamp;
use crate::store::brief::Items;

/// What a line is about.
pub(super) enum Scanned {
    Attempt(ScannedAttempt),
    Event {
        id: Span,
        /// Empty for an event without a name.
        name: Span,
    },
}

/// A record of either kind: what it is, the line may say last. The events and exchanges of an attempt go into `room`.
pub(super) fn record(walker: &mut Walker<'_>, room: &mut Room) -> Option<Scanned> {
    let (first_event, first_exchange) = (room.events.len(), room.exchanges.len());
    let mut kind = Once::default();
    let (mut id, mut delivery) = (Once::default(), Once::default());
    let (mut destination, mut action, mut rules) = (Once::default(), Once::default(), Once::default());
    let (mut number, mut trigger) = (Once::default(), Once::default());
    let (mut started_at, mut ended_at) = (Once::default(), Once::default());
    let (mut judged, mut came_out) = (Once::default(), Once::default());
    let (mut used, mut repeated) = (Once::default(), Once::default());
    let (mut events, mut exchanges) = (Once::default(), Once::default());
    let (mut received_at, mut message_id, mut event_name) = (Once::default(), Once::default(), Once::default());
    walker.object(|walker, key| match key {
        b"type" => kind.take(walker, text),
        b"id" => id.take(walker, text),
        b"delivery" => delivery.take(walker, text),
        b"events" => events.take(walker, |walker| walker.list(|walker| text(walker).map(|id| room.events.push(id)))),
        b"destination" => destination.take(walker, text),
        b"action" => action.take(walker, text),
        b"number" => number.take(walker, whole),
        b"trigger" => trigger.take(walker, name(Trigger::from_name)),
        b"started_at" => started_at.take(walker, time),
        b"ended_at" => ended_at.take(walker, time),
        b"rules" => rules.take(walker, some_text),
        b"verdict" => judged.take(walker, verdict),
        b"outcome" => came_out.take(walker, outcome),
        b"token" => used.take(walker, token),
        b"duplicate" => repeated.take(walker, duplicate),
        b"exchanges" => exchanges.take(walker, |walker| {
            walker.list(|walker| exchange(walker).map(|exchange| room.exchanges.push(exchange)))
        }),
        b"received_at" => received_at.take(walker, time),
        b"message_id" => message_id.take(walker, some_text),
        b"payload" => event_name.take(walker, payload_name),
        _ => anything(walker),
    })?;
    let id = id.get()?;
    match walker.slice(kind.get()?) {
        b"attempt" => {}
        b"event" => {
            received_at.get()?;
            return Some(Scanned::Event { id, name: event_name.get().unwrap_or_default() });
        }
        _ => return None,
    }
    let started_at: Timestamp = started_at.get()?;
    let (judged, came_out) = (judged.get()?, came_out.get()?);
    let mut shared = |span| room.texts.share(walker.slice(span));
    let error = match came_out.error {
        Some((class, status)) => Some((shared(class)?, status)),
        None => None,
    };
    let (destination, action) = (shared(destination.get()?)?, shared(action.get().unwrap_or_default())?);
    let rule = shared(judged.rule)?;
    Some(Scanned::Attempt(ScannedAttempt {
        id,
        delivery: delivery.get()?,
        events: first_event..room.events.len(),
        destination,
        action,
        number: number.get().unwrap_or(1),
        started_at,
        ended_at: ended_at.get().unwrap_or(started_at),
        decision: judged.decision,
        rule,
        next_attempt_at: judged.next_attempt_at,
        token: used.get(),
        duplicate: repeated.get(),
        error,
        items: came_out.items.map(|items| items.judged(judged.decision)),
        exchanges: first_exchange..room.exchanges.len(),
    }))
}

#[derive(Clone, Copy)]
struct Judged {
    decision: Decision,
    rule: Span,
    next_attempt_at: Option<Timestamp>,
}

fn verdict(walker: &mut Walker<'_>) -> Option<Judged> {
    let (mut decision, mut rule, mut next_attempt_at) = (Once::default(), Once::default(), Once::default());
    let (mut reason, mut facts) = (Once::default(), Once::default());
    walker.object(|walker, key| match key {
        b"decision" => decision.take(walker, name(Decision::from_name)),
        b"rule" => rule.take(walker, text),
        b"next_attempt_at" => next_attempt_at.take(walker, time),
        b"reason" => reason.take(walker, some_text),
        b"facts" => facts.take(walker, some_object),
        _ => anything(walker),
    })?;
    let (rule, next_attempt_at) = (rule.get().unwrap_or_default(), next_attempt_at.get());
    Some(Judged { decision: decision.get()?, rule, next_attempt_at })
}

fn token(walker: &mut Walker<'_>) -> Option<TokenUse> {
    let (mut before, mut after, mut refresh) = (Once::default(), Once::default(), Once::default());
    walker.object(|walker, key| match key {
        b"generation_before" => before.take(walker, whole),
        b"generation_after" => after.take(walker, whole),
        b"refresh" => refresh.take(walker, name(Refresh::from_name)),
        _ => anything(walker),
    })?;
    let generation_before = before.get()?;
    let generation_after = after.get().unwrap_or(generation_before);
    Some(TokenUse { generation_before, generation_after, refresh: refresh.get()? })
}

fn duplicate(walker: &mut Walker<'_>) -> Option<(DuplicateOutcome, Option<Span>)> {
    let (mut strategy, mut outcome, mut of, mut evidence) =
        (Once::default(), Once::default(), Once::default(), Once::default());
    walker.object(|walker, key| match key {
        b"strategy" => strategy.take(walker, some_text),
        b"outcome" => outcome.take(walker, name(DuplicateOutcome::from_name)),
        b"of" => of.take(walker, text),
        b"evidence" => evidence.take(walker, some_object),
        _ => anything(walker),
    })?;
    Some((outcome.get()?, of.get()))
}

#[derive(Clone, Copy)]
struct CameOut {
    error: Option<(Span, Option<u16>)>,
    items: Option<Tally>,
}

/// Items by their own decisions, and those that have none.
#[derive(Clone, Copy, Default)]
struct Tally {
    items: Items,
    n_without: usize,
}

impl Tally {
    /// Items without a decision of their own have the attempt's.
    const fn judged(self, decision: Decision) -> Items {
        let Items { n_delivered, n_discarded } = self.items;
        match decision {
            Decision::Delivered => Items { n_delivered: n_delivered + self.n_without, n_discarded },
            Decision::Discard => Items { n_delivered, n_discarded: n_discarded + self.n_without },
            Decision::Retry | Decision::Filtered => self.items,
        }
    }
}

fn outcome(walker: &mut Walker<'_>) -> Option<CameOut> {
    let (mut kind, mut class, mut status) = (Once::default(), Once::default(), Once::default());
    let (mut code, mut message) = (Once::default(), Once::default());
    let mut items = Once::default();
    walker.object(|walker, key| match key {
        b"kind" => kind.take(walker, text),
        b"name" => class.take(walker, text),
        b"status" => status.take(walker, whole),
        b"code" => code.take(walker, some_text),
        b"message" => message.take(walker, some_text),
        b"items" => items.take(walker, tally),
        _ => anything(walker),
    })?;
    let (mut error, mut judged_items) = (None, None);
    match walker.slice(kind.get()?) {
        b"delivered" | b"not_subscribed" | b"rejected" => {}
        b"error" => error = Some((class.get()?, status.get())),
        b"multistatus" => judged_items = Some(items.get().unwrap_or_default()),
        _ => return None,
    }
    Some(CameOut { error, items: judged_items })
}

fn tally(walker: &mut Walker<'_>) -> Option<Tally> {
    let mut tally = Tally::default();
    walker.list(|walker| item(walker, &mut tally))?;
    Some(tally)
}

fn item(walker: &mut Walker<'_>, tally: &mut Tally) -> Option<()> {
    let mut status: Once<u16> = Once::default();
    let mut decision = Once::default();
    let mut texts = [Once::default(); 3];
    let mut values = [Once::default(); 2];
    walker.object(|walker, key| match key {
        b"status" => status.take(walker, whole),
        b"decision" => decision.take(walker, name(Decision::from_name)),
        b"errortype" => texts[0].take(walker, some_text),
        b"errormessage" => texts[1].take(walker, some_text),
        b"errorreporter" => texts[2].take(walker, some_text),
        b"sent" => values[0].take(walker, anything),
        b"body" => values[1].take(walker, anything),
        _ => anything(walker),
    })?;
    status.get()?;
    match decision.get() {
        Some(Decision::Delivered) => tally.items.n_delivered += 1,
        Some(Decision::Discard) => tally.items.n_discarded += 1,
        Some(Decision::Retry | Decision::Filtered) => {}
        None => tally.n_without += 1,
    }
    Some(())
}
