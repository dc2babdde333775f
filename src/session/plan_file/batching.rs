//! The `batching` of a plan in batch mode: its kind, how many events a batch takes, and how long it waits for them.
use std::num::NonZeroUsize;
use std::time::Duration;

use crate::core::batching::{BatchKind, Batching};
use crate::core::names::Mode;
use crate::session::fields::{FieldError, Fields};

/// Segment's platform waits that long for a batch of a function to fill.
const USUAL_WAIT: Duration = Duration::from_secs(10);

pub(super) fn batching(fields: &mut Fields, mode: Mode) -> Result<Batching, FieldError> {
    const FIELD: &str = "batching";
    let read = |object: &mut Fields| {
        let kind = object.optional("kind")?.unwrap_or_default();
        let max_size = match object.optional::<u32>("max_size")? {
            Some(0) => return Err(FieldError::new("max_size", "is 0; it must be 1 or more, or null for no limit")),
            size => size.and_then(|size| NonZeroUsize::new(usize::try_from(size).unwrap_or(usize::MAX))),
        };
        if kind == BatchKind::Bulk && object.holds("max_wait") {
            return Err(FieldError::new("max_wait", "is for the kind stream; a bulk batch waits for nobody"));
        }
        let max_wait = object.optional("max_wait")?.unwrap_or(USUAL_WAIT);
        Ok(Batching { kind, max_size, max_wait })
    };
    match fields.object(FIELD, read)? {
        Some(_) if mode == Mode::Single => {
            Err(FieldError::new(FIELD, "means nothing where `mode` is single; set `mode` to batch, or leave it out"))
        }
        batching => Ok(batching.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    fn read(value: Value, mode: Mode) -> Result<Batching, String> {
        let mut fields = Fields::new(Map::from_iter([("batching".to_owned(), value)]));
        batching(&mut fields, mode).map_err(|error| error.to_string())
    }

    #[test]
    fn a_stream_has_a_size_and_a_wait() {
        let stream = json!({ "kind": "stream", "max_size": 20, "max_wait": "3s" });
        let (kind, max_size) = (BatchKind::Stream, NonZeroUsize::new(20));
        assert_eq!(read(stream, Mode::Batch), Ok(Batching { kind, max_size, max_wait: Duration::from_secs(3) }));
        assert_eq!(read(json!(null), Mode::Single), Ok(Batching::default()));
        assert_eq!(read(json!({ "kind": "stream" }), Mode::Batch).unwrap().max_wait, USUAL_WAIT);
    }

    #[test]
    fn a_mistake_says_where_it_is() {
        for (value, mode, words) in [
            (
                json!({ "kind": "trickle" }),
                Mode::Batch,
                "`batching.kind` is \"trickle\"; it must be one of bulk, stream",
            ),
            (json!({ "max_size": 0 }), Mode::Batch, "`batching.max_size` is 0"),
            (json!({ "max_wait": "1s" }), Mode::Batch, "`batching.max_wait` is for the kind stream"),
            (json!({ "kind": "bulk" }), Mode::Single, "`batching` means nothing where `mode` is single"),
            (json!(20), Mode::Batch, "`batching` is 20; it must be an object"),
        ] {
            let error = read(value, mode).unwrap_err();
            assert!(error.starts_with(words), "{error}");
        }
    }
}
