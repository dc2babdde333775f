//! What a line says in brief, in exactly the form that `wire::write` gives it: ahead of all that is long, so that nothing
//! else need be looked at. A line in any other form is gone over as a whole.
use super::chunk::{Room, ScannedAttempt};
use super::instant::MILLIS_LEN;
use super::json::{Span, Walker};
use super::memo::{Memo, SharedText, SharedTexts};
use crate::core::http::FaultKind;
use crate::core::names::{Decision, DuplicateOutcome, Purpose, Refresh, Trigger};
use crate::core::record::TokenUse;
use crate::core::time::Timestamp;
use crate::store::brief::{ExchangeBrief, Items};

/// What the heads of attempts have in common.
#[derive(Debug, Default)]
pub(super) struct Common {
    routes: Memo<Route>,
    judgements: Memo<Judgement>,
    tokens: Memo<TokenUse>,
    errors: Memo<Error>,
    purposes: Memo<Purpose>,
    answers: Memo<Answer>,
    event_names: Memo<SharedText>,
}

/// Where an attempt goes, and the how manieth it is.
#[derive(Clone, Copy, Debug)]
struct Route {
    destination: SharedText,
    action: SharedText,
    number: u32,
}

/// Class and status of an error that was thrown.
type Error = (SharedText, Option<u16>);

/// The token that a request carried, and what came of it.
type Answer = (Option<u32>, Result<u16, FaultKind>);

/// What was decided, and by which rule.
#[derive(Clone, Copy, Debug)]
struct Judgement {
    decision: Decision,
    rule: SharedText,
}

/// Id and event name, behind `{"type":"event"`.
pub(super) fn event_in_brief(
    walker: &mut Walker<'_>,
    room: &mut Room,
    common: &mut Common,
) -> Option<(Span, SharedText)> {
    walker.literal(b",\"id\":\"")?;
    let id = walker.plain()?;
    walker.literal(b",\"received_at\":\"")?;
    time(walker, room)?;
    if walker.literal(b",\"message_id\":\"").is_some() {
        walker.plain()?;
    }
    let event_name = common.event_names.take(walker, |walker| {
        walker.literal(b",\"brief\":{\"name\":\"")?;
        let event_name = shared(walker, &mut room.texts)?;
        walker.literal(b"},\"payload\":")?;
        Some(event_name)
    })?;
    Some((id, event_name))
}

/// An attempt, behind `{"type":"attempt"`; its events and exchanges go into `room`.
pub(super) fn attempt_in_brief(
    walker: &mut Walker<'_>,
    room: &mut Room,
    common: &mut Common,
) -> Option<ScannedAttempt> {
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
    let Route { destination, action, number } = common.routes.take(walker, |walker| route(walker, &mut room.texts))?;
    let started_at = time(walker, room)?;
    walker.literal(b",\"ended_at\":\"")?;
    let ended_at = time(walker, room)?;
    let Judgement { decision, rule } = common.judgements.take(walker, |walker| judgement(walker, &mut room.texts))?;
    let (mut next_attempt_at, mut used, mut repeated, mut thrown, mut counted) = (None, None, None, None, None);
    optional(walker, b",\"next_attempt_at\":\"", &mut next_attempt_at, |walker| time(walker, room))?;
    optional(walker, b",\"token\":{\"generation_before\":", &mut used, |walker| common.tokens.take(walker, token))?;
    optional(walker, b",\"duplicate\":{\"outcome\":\"", &mut repeated, duplicate)?;
    optional(walker, b",\"error\":{\"name\":\"", &mut thrown, |walker| {
        common.errors.take(walker, |walker| error(walker, &mut room.texts))
    })?;
    optional(walker, b",\"items\":{\"delivered\":", &mut counted, items)?;
    walker.literal(b",\"exchanges\":[")?;
    each(walker, |walker| {
        room.exchanges.push(exchange(walker, started_at, common)?);
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

/// From the destination up to where the start stands.
fn route(walker: &mut Walker<'_>, texts: &mut SharedTexts) -> Option<Route> {
    walker.literal(b",\"destination\":\"")?;
    let destination = shared(walker, texts)?;
    walker.literal(b",\"action\":\"")?;
    let action = shared(walker, texts)?;
    walker.literal(b",\"number\":")?;
    let number = whole(walker)?;
    walker.literal(b",\"trigger\":\"")?;
    named(walker, Trigger::from_name)?;
    walker.literal(b",\"started_at\":\"")?;
    Some(Route { destination, action, number })
}

/// From the set of rules to the rule that decided.
fn judgement(walker: &mut Walker<'_>, texts: &mut SharedTexts) -> Option<Judgement> {
    walker.literal(b",\"rules\":\"")?;
    walker.plain()?;
    walker.literal(b",\"brief\":{\"decision\":\"")?;
    let decision = named(walker, Decision::from_name)?;
    walker.literal(b",\"rule\":\"")?;
    Some(Judgement { decision, rule: shared(walker, texts)? })
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

fn error(walker: &mut Walker<'_>, texts: &mut SharedTexts) -> Option<Error> {
    let class = shared(walker, texts)?;
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

fn exchange(walker: &mut Walker<'_>, attempt_start: Timestamp, common: &mut Common) -> Option<ExchangeBrief> {
    let purpose = common.purposes.take(walker, purpose)?;
    let start = attempt_start.as_nanos().checked_add(walker.integer()?)?;
    walker.literal(b",\"took_ns\":")?;
    let end = start.checked_add(walker.integer()?)?;
    let (token_generation, result) = common.answers.take(walker, answer)?;
    let (started_at, ended_at) = (Timestamp::from_nanos(start), Timestamp::from_nanos(end));
    Some(ExchangeBrief { purpose, started_at, ended_at, token_generation, result })
}

fn purpose(walker: &mut Walker<'_>) -> Option<Purpose> {
    walker.literal(b"{\"purpose\":\"")?;
    let purpose = named(walker, Purpose::from_name)?;
    walker.literal(b",\"after_ns\":")?;
    Some(purpose)
}

/// From behind the length of an exchange to its end.
fn answer(walker: &mut Walker<'_>) -> Option<Answer> {
    let (mut token_generation, mut status, mut fault) = (None, None, None);
    optional(walker, b",\"token_generation\":", &mut token_generation, whole)?;
    optional(walker, b",\"status\":", &mut status, whole)?;
    optional(walker, b",\"fault\":\"", &mut fault, |walker| named(walker, FaultKind::from_name))?;
    let result = status.map(Ok).or(fault.map(Err))?;
    walker.literal(b"}")?;
    Some((token_generation, result))
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

fn shared(walker: &mut Walker<'_>, texts: &mut SharedTexts) -> Option<SharedText> {
    let span = walker.plain()?;
    texts.share(walker.slice(span))
}

fn time(walker: &mut Walker<'_>, room: &mut Room) -> Option<Timestamp> {
    // Most instants are whole milliseconds, and then it is known where their quote is.
    if let Some([text @ .., b'"']) = walker.ahead::<{ MILLIS_LEN + 1 }>()
        && let Some(at) = room.calendar.instant(text)
    {
        walker.skip(MILLIS_LEN + 1);
        return Some(at);
    }
    let span = walker.plain()?;
    room.calendar.instant(walker.slice(span))
}

fn whole<T: TryFrom<i64>>(walker: &mut Walker<'_>) -> Option<T> {
    walker.integer()?.try_into().ok()
}

fn named<T>(walker: &mut Walker<'_>, from_name: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let span = walker.plain()?;
    from_name(std::str::from_utf8(walker.slice(span)).ok()?)
}
