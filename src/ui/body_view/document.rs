//! A body made ready to look at, once: JSON indented and masked, text masked, bytes kept as they are.
use std::borrow::Cow;
use std::cell::Cell;

use serde_json::Value;

use super::pretty::pretty;
use crate::core::http::Body;
use crate::ui::mask::Mask;

/// What a document is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    #[default]
    Empty,
    /// JSON, one value a line.
    Json,
    /// Other text.
    Text,
    /// Bytes that are no text.
    Bytes,
}

impl Kind {
    /// The word for people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Empty => "no body",
            Self::Json => "JSON",
            Self::Text => "text",
            Self::Bytes => "bytes",
        }
    }
}

/// A body ready to look at.
#[derive(Debug, Default)]
pub struct Document {
    /// What it is.
    pub kind: Kind,
    /// How many bytes the body has on the wire.
    pub n_bytes: usize,
    /// How many secrets are masked in it.
    pub n_hidden: usize,
    /// How many lines the text has.
    pub(super) n_lines: usize,
    /// As it is shown; empty where it is bytes.
    pub(super) text: String,
    /// The bytes where it is no text, else empty.
    pub(super) bytes: Vec<u8>,
}

impl Document {
    /// A body of a request or response.
    #[must_use]
    pub fn of_body(body: &Body, mask: &Mask<'_>) -> Self {
        match body {
            Body::Empty => Self::default(),
            Body::Json(value) => Self::of_json(value, mask),
            Body::Text(text) => Self::of_text(Kind::Text, text.len(), mask, |mask| mask.text(text).into_owned()),
            Body::Bytes(bytes) => {
                Self { kind: Kind::Bytes, n_bytes: bytes.len(), bytes: bytes.clone(), ..Self::default() }
            }
        }
    }

    /// A JSON document.
    #[must_use]
    pub fn of_json(value: &Value, mask: &Mask<'_>) -> Self {
        Self::of_text(Kind::Json, length_on_wire(value), mask, |mask| pretty(value, mask))
    }

    fn of_text(kind: Kind, n_bytes: usize, mask: &Mask<'_>, text: impl FnOnce(&Mask<'_>) -> String) -> Self {
        let n_hidden = Cell::new(0);
        let alias = |secret: &str| -> Cow<'static, str> {
            n_hidden.set(n_hidden.get() + 1);
            (mask.alias)(secret)
        };
        let text = text(&Mask { revealed: mask.revealed, alias: &alias });
        let n_lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1;
        Self { kind, n_bytes, n_hidden: n_hidden.get(), n_lines, text, bytes: Vec::new() }
    }

    /// What a search goes through: the text as shown, or the bytes.
    pub(super) fn haystack(&self) -> &[u8] {
        if self.kind == Kind::Bytes { &self.bytes } else { self.text.as_bytes() }
    }
}

/// Length of a JSON document without white space, in bytes.
fn length_on_wire(value: &Value) -> usize {
    struct Counter(usize);
    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, value).map_or(0, |()| counter.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_document_knows_its_size_and_how_much_it_hides() {
        let json = Document::of_json(&json!({"access_token": "a", "x": [1, 2]}), &Mask::HIDE_ALL);
        assert_eq!((json.kind, json.n_bytes, json.n_hidden), (Kind::Json, 30, 1));
        let form = Document::of_body(&Body::Text("refresh_token=r&client_secret=s".into()), &Mask::HIDE_ALL);
        assert_eq!((form.kind, form.n_bytes, form.n_hidden), (Kind::Text, 31, 2));
        assert_eq!(form.text, "refresh_token=‹hidden›&client_secret=‹hidden›");
        let bytes = Document::of_body(&Body::Bytes(vec![0xff, 0]), &Mask::HIDE_ALL);
        assert_eq!((bytes.kind, bytes.n_bytes, bytes.haystack()), (Kind::Bytes, 2, &[0xff, 0][..]));
    }
}
