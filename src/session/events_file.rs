//! Segment events from a file: one on each line (NDJSON), or a JSON list, or the body of a `/v1/batch` request.
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::input;
use super::json_error::json_reason;

/// Why a file gives no events.
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    /// The system gives no bytes.
    #[error("failed to read events from {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line, or an element of a list, is no event.
    #[error("failed to read events from {}: {place} {problem}{}", path.display(), and_more(*.n_more))]
    NoEvent {
        /// The file.
        path: PathBuf,
        /// The first place: `line 3 (byte 120)` or `event 4 of the list`.
        place: String,
        /// What is wrong there.
        problem: String,
        /// How many more there are.
        n_more: usize,
    },
}

fn and_more(n_more: usize) -> String {
    if n_more == 0 { String::new() } else { format!(" (and {n_more} more like it)") }
}

/// Reads a file of events, gzip and zstd included.
///
/// # Errors
/// If it cannot be read, or if anything in it is no JSON object: half of a file is worse than none.
pub fn read_file(path: &Path) -> Result<Vec<Value>, EventsError> {
    let file = input::open(path).map_err(|source| EventsError::Read { path: path.to_owned(), source })?;
    read(file, path)
}

/// Reads events from a stream; `name` stands in errors.
///
/// # Errors
/// As [`read_file`].
pub fn read(stream: impl Read + Send, name: &Path) -> Result<Vec<Value>, EventsError> {
    const MAX_BYTES: u64 = 1 << 30;
    let read_error = |source| EventsError::Read { path: name.to_owned(), source };
    let mut bytes = Vec::new();
    let mut unpacked = input::unpacked(stream, MAX_BYTES).map_err(read_error)?.take(MAX_BYTES + 1);
    unpacked.read_to_end(&mut bytes).map_err(read_error)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(read_error(std::io::Error::other("it is larger than 1 GiB")));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let events = match serde_json::from_slice(text) {
        Ok(Value::Array(list)) => all_objects(list),
        Ok(Value::Object(mut body)) => match body.shift_remove("batch") {
            Some(Value::Array(list)) => all_objects(list),
            Some(batch) => {
                body.insert("batch".to_owned(), batch);
                Ok(vec![Value::Object(body)])
            }
            None => Ok(vec![Value::Object(body)]),
        },
        Ok(_) | Err(_) => lines(text),
    };
    events.map_err(|wrong| {
        let n_more = wrong.len().saturating_sub(1);
        let (place, problem) = wrong.into_iter().next().unwrap_or_default();
        EventsError::NoEvent { path: name.to_owned(), place, problem, n_more }
    })
}

/// Where something is wrong, and what.
type Wrong = Vec<(String, String)>;

fn all_objects(list: Vec<Value>) -> Result<Vec<Value>, Wrong> {
    let wrong: Wrong = list
        .iter()
        .enumerate()
        .filter(|(_, event)| !event.is_object())
        .map(|(idx, _)| (format!("event {} of the list", idx + 1), "is no JSON object".to_owned()))
        .collect();
    if wrong.is_empty() { Ok(list) } else { Err(wrong) }
}

fn lines(text: &[u8]) -> Result<Vec<Value>, Wrong> {
    let (mut events, mut wrong) = (Vec::new(), Wrong::new());
    let mut byte = 0;
    for (idx, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if !line.trim_ascii().is_empty() {
            match serde_json::from_slice(line) {
                Ok(event @ Value::Object(_)) => events.push(event),
                Ok(_) => wrong.push((format!("line {} (byte {byte})", idx + 1), "is no JSON object".to_owned())),
                Err(error) => {
                    let place = format!("line {} (byte {})", idx + 1, byte + error.column().saturating_sub(1));
                    wrong.push((place, format!("is not JSON: {}", json_reason(&error))));
                }
            }
        }
        byte += line.len() + 1;
    }
    if wrong.is_empty() { Ok(events) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_text(text: &str) -> Result<Vec<Value>, String> {
        read(text.as_bytes(), Path::new("events")).map_err(|error| error.to_string())
    }

    #[test]
    fn events_come_in_lines_lists_and_batches() {
        let both = vec![json!({"a": 1}), json!({"b": 2})];
        for text in [
            "{\"a\":1}\n{\"b\":2}\n",
            "\u{feff}{\"a\":1}\r\n\r\n{\"b\":2}",
            "[{\"a\":1},\n {\"b\":2}]",
            "{\"writeKey\": \"k\", \"batch\": [{\"a\":1}, {\"b\":2}]}",
        ] {
            assert_eq!(read_text(text), Ok(both.clone()), "{text}");
        }
        assert_eq!(read_text("{\"a\":\n1}"), Ok(vec![json!({"a": 1})]));
        assert_eq!(read_text(""), Ok(vec![]));
    }

    #[test]
    fn a_bad_line_is_an_error_with_its_number() {
        for (text, said) in [
            (
                "{\"a\":1}\n{\"b\":}\n",
                "failed to read events from events: line 2 (byte 13) is not JSON: expected value",
            ),
            ("{}\n\n7\n8", "failed to read events from events: line 3 (byte 4) is no JSON object (and 1 more like it)"),
            ("[{}, 1]", "failed to read events from events: event 2 of the list is no JSON object"),
            ("{\"batch\":[null]}", "failed to read events from events: event 1 of the list is no JSON object"),
        ] {
            assert_eq!(read_text(text), Err(said.to_owned()), "{text}");
        }
    }
}
