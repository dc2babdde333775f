//! An event's line: its name in the session, and what happened.
use super::json::{Kind, Span, Walker};
use super::parts::{Once, anything, some_text, text, time};

/// Id and event name; an empty span for an event without a name.
pub(super) fn event(walker: &mut Walker<'_>) -> Option<(Span, Span)> {
    let mut id = Once::default();
    let mut received_at = Once::default();
    let mut message_id = Once::default();
    let mut event_name = Once::default();
    let mut kind = Once::default();
    walker.object(|walker, key| match key {
        b"type" => kind.take(walker, text),
        b"id" => id.take(walker, text),
        b"received_at" => received_at.take(walker, time),
        b"message_id" => message_id.take(walker, some_text),
        b"payload" => event_name.take(walker, payload_name),
        _ => anything(walker),
    })?;
    received_at.get()?;
    Some((id.get()?, event_name.get().unwrap_or_default()))
}

/// As `store::label::event_name`: the first of these texts that says anything.
fn payload_name(walker: &mut Walker<'_>) -> Option<Span> {
    if !walker.is_at_object() {
        anything(walker)?;
        return Some(Span::default());
    }
    let mut names = [None; 3];
    let mut seen = [false; 3];
    walker.object(|walker, key| {
        let place = match key {
            b"event" => 0,
            b"name" => 1,
            b"type" => 2,
            _ => return anything(walker),
        };
        if std::mem::replace(&mut seen[place], true) {
            return None;
        }
        match walker.value()? {
            Kind::Text(span) => names[place] = Some(span).filter(|span| !walker.slice(*span).is_empty()),
            Kind::EscapedText => return None,
            _ => {}
        }
        Some(())
    })?;
    Some(names.into_iter().flatten().next().unwrap_or_default())
}
