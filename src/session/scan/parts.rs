//! The values of fields: each is taken once, null counts as missing, and a value of the wrong kind is not taken at all.
use super::instant::instant;
use super::json::{Kind, Span, Walker};
use crate::core::time::Timestamp;

/// A field that may come once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Once<T> {
    seen: bool,
    value: Option<T>,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { seen: false, value: None }
    }
}

impl<T: Copy> Once<T> {
    /// Takes the field's value, unless it is null; a field that comes again is not taken.
    pub(super) fn take(
        &mut self,
        walker: &mut Walker<'_>,
        read: impl FnOnce(&mut Walker<'_>) -> Option<T>,
    ) -> Option<()> {
        if std::mem::replace(&mut self.seen, true) {
            return None;
        }
        if !walker.null() {
            self.value = Some(read(walker)?);
        }
        Some(())
    }

    /// The value, if there is one.
    pub(super) const fn get(&self) -> Option<T> {
        self.value
    }
}

/// Text without escapes.
pub(super) fn text(walker: &mut Walker<'_>) -> Option<Span> {
    match walker.value()? {
        Kind::Text(span) => Some(span),
        _ => None,
    }
}

/// Any text, of which nobody asks what it says.
pub(super) fn some_text(walker: &mut Walker<'_>) -> Option<()> {
    matches!(walker.value()?, Kind::Text(_) | Kind::EscapedText).then_some(())
}

/// An object, of which nobody asks what is in it.
pub(super) fn some_object(walker: &mut Walker<'_>) -> Option<()> {
    (walker.value()? == Kind::Object).then_some(())
}

/// Any value.
pub(super) fn anything(walker: &mut Walker<'_>) -> Option<()> {
    walker.value().map(|_| ())
}

/// A whole number.
pub(super) fn whole<T: TryFrom<u32>>(walker: &mut Walker<'_>) -> Option<T> {
    match walker.value()? {
        Kind::Whole(number) => number.try_into().ok(),
        _ => None,
    }
}

/// An instant in the form that this program writes.
pub(super) fn time(walker: &mut Walker<'_>) -> Option<Timestamp> {
    let span = text(walker)?;
    instant(walker.slice(span))
}

/// A name out of a closed set.
pub(super) fn name<T>(from_name: impl FnOnce(&str) -> Option<T>) -> impl FnOnce(&mut Walker<'_>) -> Option<T> {
    move |walker| {
        let span = text(walker)?;
        from_name(std::str::from_utf8(walker.slice(span)).ok()?)
    }
}
