//! What happened, as the payload of an event says it.
use super::json::{Kind, Span, Walker};
use super::parts::anything;

/// As `store::label::event_name`: the first of these texts that says anything; empty where none does.
pub(super) fn payload_name(walker: &mut Walker<'_>) -> Option<Span> {
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
