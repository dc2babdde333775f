//! What a line says in brief, in exactly the form that `wire::write` gives it: ahead of all that is long, so that nothing
//! else need be looked at. A line in any other form is gone over as a whole.
use super::chunk::{Room, ScannedAttempt};
use super::instant::instant;
use super::json::{Span, Walker};
use crate::core::http::FaultKind;
use crate::core::names::{Decision, DuplicateOutcome, Purpose, Refresh, Trigger};
use crate::core::record::TokenUse;
use crate::core::time::Timestamp;
use crate::store::brief::{ExchangeBrief, Items};

/// Id and event name, behind `{"type":"event"`.
pub(super) fn event_in_brief(walker: &mut Walker<'_>) -> Option<(Span, Span)> {
    walker.literal(b",\"id\":\"")?;
    let id = walker.plain()?;
    walker.literal(b",\"received_at\":\"")?;
    time(walker)?;
    if walker.literal(b",\"message_id\":\"").is_some() {
        walker.plain()?;
    }
    walker.literal(b",\"brief\":{\"name\":\"")?;
    let event_name = walker.plain()?;
    walker.literal(b"},\"payload\":")?;
    Some((id, event_name))
}

/// An attempt, behind `{"type":"attempt"`; its events and exchanges go into `room`.
pub(super) fn attempt_in_brief(walker: &mut Walker<'_>, room: &mut Room) -> Option<ScannedAttempt> {
    let (first_event, first_exchange) = (room.events.len(), room.exchanges.len());
    walker.literal(b",\"id\":\"")?;
    let id = walker.plain()?;
    walker.literal(b",\"delivery\":\"")?;
    let delivery = walker.plain()?;
    walker.literal(b",\"events\":[")?;
    each(walker, |walker| {
        walker.literal(b"\"")?;
        room.events.push(walker.plain()?);
        Some(())
    })?;
    walker.literal(b",\"destination\":\"")?;
    let destination = walker.plain()?;
    walker.literal(b",\"action\":\"")?;
    let action = walker.plain()?;
    walker.literal(b",\"number\":")?;
    let number = whole(walker)?;
    walker.literal(b",\"trigger\":\"")?;
    named(walker, Trigger::from_name)?;
    walker.literal(b",\"started_at\":\"")?;
    let started_at = time(walker)?;
    walker.literal(b",\"ended_at\":\"")?;
    let ended_at = time(walker)?;
    walker.literal(b",\"rules\":\"")?;
    walker.plain()?;
    walker.literal(b",\"brief\":{\"decision\":\"")?;
    let decision = named(walker, Decision::from_name)?;
    walker.literal(b",\"rule\":\"")?;
    let rule = walker.plain()?;
    let (mut next_attempt_at, mut used, mut repeated, mut thrown, mut counted) = (None, None, None, None, None);
    optional(walker, b",\"next_attempt_at\":\"", &mut next_attempt_at, time)?;
    optional(walker, b",\"token\":{\"generation_before\":", &mut used, token)?;
    optional(walker, b",\"duplicate\":{\"outcome\":\"", &mut repeated, duplicate)?;
    optional(walker, b",\"error\":{\"name\":\"", &mut thrown, error)?;
    optional(walker, b",\"items\":{\"delivered\":", &mut counted, items)?;
    walker.literal(b",\"exchanges\":[")?;
    each(walker, |walker| {
        room.exchanges.push(exchange(walker, started_at)?);
        Some(())
    })?;
    walker.literal(b"},\"verdict\":{")?;
    Some(ScannedAttempt {
        id,
        delivery,
        events: first_event..room.events.len(),
        destination,
        action,
        number,
        started_at,
        ended_at,
        decision,
        rule,
        next_attempt_at,
        token: used,
        duplicate: repeated,
        error: thrown,
        items: counted,
        exchanges: first_exchange..room.exchanges.len(),
    })
}

fn token(walker: &mut Walker<'_>) -> Option<TokenUse> {
    let generation_before = whole(walker)?;
    walker.literal(b",\"generation_after\":")?;
    let generation_after = whole(walker)?;
    walker.literal(b",\"refresh\":\"")?;
    let refresh = named(walker, Refresh::from_name)?;
    walker.literal(b"}")?;
    Some(TokenUse { generation_before, generation_after, refresh })
}

fn duplicate(walker: &mut Walker<'_>) -> Option<(DuplicateOutcome, Option<Span>)> {
    let outcome = named(walker, DuplicateOutcome::from_name)?;
    let mut of = None;
    optional(walker, b",\"of\":\"", &mut of, text)?;
    walker.literal(b"}")?;
    Some((outcome, of))
}

fn error(walker: &mut Walker<'_>) -> Option<(Span, Option<u16>)> {
    let class = walker.plain()?;
    let mut status = None;
    optional(walker, b",\"status\":", &mut status, whole)?;
    walker.literal(b"}")?;
    Some((class, status))
}

fn items(walker: &mut Walker<'_>) -> Option<Items> {
    let n_delivered = whole(walker)?;
    walker.literal(b",\"discarded\":")?;
    let n_discarded = whole(walker)?;
    walker.literal(b"}")?;
    Some(Items { n_delivered, n_discarded })
}

fn exchange(walker: &mut Walker<'_>, attempt_start: Timestamp) -> Option<ExchangeBrief> {
    walker.literal(b"{\"purpose\":\"")?;
    let purpose = named(walker, Purpose::from_name)?;
    walker.literal(b",\"after_ns\":")?;
    let start = attempt_start.as_nanos().checked_add(walker.integer()?)?;
    walker.literal(b",\"took_ns\":")?;
    let end = start.checked_add(walker.integer()?)?;
    let (mut token_generation, mut status, mut fault) = (None, None, None);
    optional(walker, b",\"token_generation\":", &mut token_generation, whole)?;
    optional(walker, b",\"status\":", &mut status, whole)?;
    optional(walker, b",\"fault\":\"", &mut fault, |walker| named(walker, FaultKind::from_name))?;
    let result = status.map(Ok).or(fault.map(Err))?;
    walker.literal(b"}")?;
    let (started_at, ended_at) = (Timestamp::from_nanos(start), Timestamp::from_nanos(end));
    Some(ExchangeBrief { purpose, started_at, ended_at, token_generation, result })
}

/// Takes what follows a literal, which may be missing.
fn optional<const N: usize, T>(
    walker: &mut Walker<'_>,
    literal: &[u8; N],
    value: &mut Option<T>,
    read: impl FnOnce(&mut Walker<'_>) -> Option<T>,
) -> Option<()> {
    if walker.literal(literal).is_some() {
        *value = Some(read(walker)?);
    }
    Some(())
}

/// Goes over the elements of a list, behind its `[`, and over its `]`.
fn each(walker: &mut Walker<'_>, mut element: impl FnMut(&mut Walker<'_>) -> Option<()>) -> Option<()> {
    if walker.literal(b"]").is_some() {
        return Some(());
    }
    loop {
        element(walker)?;
        if walker.literal(b",").is_none() {
            return walker.literal(b"]");
        }
    }
}

fn text(walker: &mut Walker<'_>) -> Option<Span> {
    walker.plain()
}

fn time(walker: &mut Walker<'_>) -> Option<Timestamp> {
    let span = walker.plain()?;
    instant(walker.slice(span))
}

fn whole<T: TryFrom<i64>>(walker: &mut Walker<'_>) -> Option<T> {
    walker.integer()?.try_into().ok()
}

fn named<T>(walker: &mut Walker<'_>, from_name: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let span = walker.plain()?;
    from_name(std::str::from_utf8(walker.slice(span)).ok()?)
}
