//! An exchange: when, what for, with which token, and the status of the answer. Bodies are gone over and left alone.
use super::json::{Kind, Walker};
use super::parts::{Once, anything, name, some_object, some_text, time, whole};
use crate::core::http::FaultKind;
use crate::core::names::Purpose;
use crate::store::brief::ExchangeBrief;

/// An exchange in brief.
pub(super) fn exchange(walker: &mut Walker<'_>) -> Option<ExchangeBrief> {
    let mut purpose = Once::default();
    let mut pass: Once<u8> = Once::default();
    let mut started_at = Once::default();
    let mut ended_at = Once::default();
    let mut token_generation = Once::default();
    let mut sent = Once::default();
    let mut status = Once::default();
    let mut no_answer = Once::default();
    walker.object(|walker, key| match key {
        b"purpose" => purpose.take(walker, name(Purpose::from_name)),
        b"pass" => pass.take(walker, whole),
        b"started_at" => started_at.take(walker, time),
        b"ended_at" => ended_at.take(walker, time),
        b"token_generation" => token_generation.take(walker, whole),
        b"request" => sent.take(walker, request),
        b"response" => status.take(walker, response),
        b"fault" => no_answer.take(walker, fault),
        _ => anything(walker),
    })?;
    sent.get()?;
    let started_at = started_at.get()?;
    Some(ExchangeBrief {
        purpose: purpose.get()?,
        started_at,
        ended_at: ended_at.get().unwrap_or(started_at),
        token_generation: token_generation.get(),
        result: status.get().map(Ok).or(no_answer.get().map(Err))?,
    })
}

fn request(walker: &mut Walker<'_>) -> Option<()> {
    if walker.skims() {
        return some_object(walker);
    }
    let mut method = Once::default();
    let mut url = Once::default();
    let mut sent_to = Once::default();
    let mut rest = Message::default();
    walker.object(|walker, key| match key {
        b"method" => method.take(walker, some_text),
        b"url" => url.take(walker, some_text),
        b"sent_to" => sent_to.take(walker, some_text),
        _ => rest.take(walker, key),
    })?;
    method.get()?;
    url.get()
}

fn response(walker: &mut Walker<'_>) -> Option<u16> {
    let mut status = Once::default();
    let mut rest = Message::default();
    walker.object(|walker, key| match key {
        b"status" => status.take(walker, whole),
        _ => rest.take(walker, key),
    })?;
    status.get()
}

fn fault(walker: &mut Walker<'_>) -> Option<FaultKind> {
    let mut kind = Once::default();
    let mut message = Once::default();
    walker.object(|walker, key| match key {
        b"kind" => kind.take(walker, name(FaultKind::from_name)),
        b"message" => message.take(walker, some_text),
        _ => anything(walker),
    })?;
    kind.get()
}

/// What requests and responses have in common.
#[derive(Default)]
struct Message {
    headers: Once<()>,
    body_is: Once<()>,
    body: Once<()>,
}

impl Message {
    fn take(&mut self, walker: &mut Walker<'_>, key: &[u8]) -> Option<()> {
        match key {
            b"headers" => self.headers.take(walker, headers),
            b"body_is" => self.body_is.take(walker, some_text),
            b"body" => self.body.take(walker, anything),
            _ => anything(walker),
        }
    }
}

fn headers(walker: &mut Walker<'_>) -> Option<()> {
    if walker.skims() {
        return some_object(walker);
    }
    walker.object(|walker, _| if walker.is_at_list() { walker.list(header) } else { header(walker) })
}

fn header(walker: &mut Walker<'_>) -> Option<()> {
    match walker.value()? {
        Kind::Text(_) | Kind::EscapedText | Kind::Whole(_) | Kind::Number | Kind::Bool => Some(()),
        Kind::Null | Kind::List | Kind::Object => None,
    }
}
