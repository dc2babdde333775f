//! Requests and responses as they are on the wire, and the faults that stand where a response should.
use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use serde_json::Value;

use super::time::Timestamp;

/// Header fields in the order they were written; names are lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Adds a field, keeping earlier ones of the same name.
    pub fn append(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_ascii_lowercase(), value.into()));
    }

    /// Sets a field: replaces the first of that name in place, drops the others, else appends.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        let Some(first) = self.0.iter().position(|(have, _)| have.eq_ignore_ascii_case(name)) else {
            return self.append(name, value);
        };
        self.0[first].1 = value;
        let mut field_idx = 0;
        self.0.retain(|(have, _)| {
            field_idx += 1;
            field_idx - 1 <= first || !have.eq_ignore_ascii_case(name)
        });
    }

    /// The same with fields of one name side by side, where the first of them was: the order that a session file keeps.
    #[must_use]
    pub fn grouped(mut self) -> Self {
        let mut first_idx: HashMap<String, usize> = HashMap::new();
        let places: Vec<usize> =
            (0..).zip(&self.0).map(|(idx, (name, _))| *first_idx.entry(name.clone()).or_insert(idx)).collect();
        let mut ordered: Vec<_> = places.into_iter().zip(std::mem::take(&mut self.0)).collect();
        ordered.sort_by_key(|(place, _)| *place);
        Self(ordered.into_iter().map(|(_, field)| field).collect())
    }

    /// The first value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All fields in order: lower-case name, value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All fields in order, their values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut String)> {
        self.0.iter_mut().map(|(name, value)| (name.as_str(), value))
    }

    /// How many fields there are, repeated names counted each time.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no field at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut headers = Self::default();
        for (name, value) in fields {
            headers.append(name.as_ref(), value);
        }
        headers
    }
}

/// What a request or response carried: JSON where the bytes were JSON, text where they were UTF-8, else bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Body {
    /// No body, or one of no bytes.
    #[default]
    Empty,
    /// A JSON document.
    Json(Value),
    /// UTF-8 text that is not JSON.
    Text(String),
    /// Anything else.
    Bytes(Vec<u8>),
}

impl Body {
    /// Tells what the bytes are: nothing, JSON, text or neither. JSON that nests deeper than any real body does is
    /// kept as text: inside a session line it would be too deep to be read again.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        const MAX_DEPTH: usize = 100;
        if bytes.is_empty() {
            return Self::Empty;
        }
        if let Ok(json) = serde_json::from_slice(&bytes)
            && !is_deeper_than(&json, MAX_DEPTH)
        {
            return Self::Json(json);
        }
        String::from_utf8(bytes).map_or_else(|not_text| Self::Bytes(not_text.into_bytes()), Self::Text)
    }

    /// The bytes that go on the wire.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Empty => Vec::new(),
            Self::Json(json) => json.to_string().into_bytes(),
            Self::Text(text) => text.clone().into_bytes(),
            Self::Bytes(bytes) => bytes.clone(),
        }
    }

    /// As it stands in a session file: JSON, a string, `{"base64": "…"}`, or null for nothing.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Empty => Value::Null,
            Self::Json(json) => json.clone(),
            Self::Text(text) => Value::String(text.clone()),
            Self::Bytes(bytes) => {
                serde_json::json!({ "base64": base64::engine::general_purpose::STANDARD.encode(bytes) })
            }
        }
    }
}

fn is_deeper_than(json: &Value, depth: usize) -> bool {
    let below = |value| depth == 0 || is_deeper_than(value, depth - 1);
    match json {
        Value::Array(list) => list.iter().any(below),
        Value::Object(object) => object.values().any(below),
        _ => false,
    }
}

/// A request as a destination asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Upper-case method.
    pub method: String,
    /// Absolute URL, query included.
    pub url: String,
    /// Fields that the destination and its framework set; the transport adds `host`, `content-length` and the like.
    pub headers: Headers,
    /// What is sent.
    pub body: Body,
}

/// A response, whatever its status.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Fields as received.
    pub headers: Headers,
    /// What was received.
    pub body: Body,
}

impl Response {
    /// Whether the status is 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// How long `Retry-After` asks to wait from `now` on, whether it counts seconds or names a date.
    #[must_use]
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let written = self.headers.get("retry-after")?.trim();
        match written.parse() {
            Ok(seconds) => Some(Duration::from_secs(seconds)),
            Err(_) => Timestamp::from_http_date(written).map(|at| at.since(now)),
        }
    }
}

/// Why no response came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of failure it was.
    pub kind: FaultKind,
    /// The words of whoever noticed it.
    pub message: String,
    /// Whether the whole request had left this machine by then; none where nobody noticed.
    pub sent: Option<bool>,
}

impl Fault {
    /// A failure of which nobody noticed how far the request had come.
    #[must_use]
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), sent: None }
    }

    /// Whether the receiver may have done what it was asked to: the whole request may have reached it.
    #[must_use]
    pub const fn may_have_acted(&self) -> bool {
        match self.kind {
            FaultKind::Timeout | FaultKind::ConnectionReset => !matches!(self.sent, Some(false)),
            FaultKind::TruncatedBody => true,
            FaultKind::ConnectRefused | FaultKind::Dns | FaultKind::Tls => false,
        }
    }
}

/// The kinds of failure between sending a request and having its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// No whole response within the time limit. The receiver may have acted, unless the request had not left.
    Timeout,
    /// The connection broke after it stood. The receiver may have acted, unless the request had not left.
    ConnectionReset,
    /// Nobody listened.
    ConnectRefused,
    /// The host name has no address.
    Dns,
    /// The encrypted channel could not be set up.
    Tls,
    /// The response ended before its announced length. The receiver has acted.
    TruncatedBody,
}

impl FaultKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Timeout, Self::ConnectionReset, Self::ConnectRefused, Self::Dns, Self::Tls, Self::TruncatedBody];

    /// The name in plan and session files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::ConnectionReset => "connection-reset",
            Self::ConnectRefused => "connect-refused",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::TruncatedBody => "truncated-body",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The code that Node's sockets give this failure, if they give one.
    #[must_use]
    pub const fn node_code(self) -> Option<&'static str> {
        match self {
            Self::Timeout => Some("ETIMEDOUT"),
            Self::ConnectionReset => Some("ECONNRESET"),
            Self::ConnectRefused => Some("ECONNREFUSED"),
            Self::Dns => Some("ENOTFOUND"),
            Self::Tls | Self::TruncatedBody => None,
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn setting_a_header_leaves_one_of_that_name() {
        let mut headers: Headers = [("A", "1"), ("b", "2"), ("a", "3")].into_iter().collect();
        headers.set("a", "4");
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("a", "4"), ("b", "2")]);
    }

    #[test]
    fn a_body_is_what_its_bytes_are() {
        for (bytes, file) in [
            (&b""[..], Value::Null),
            (b"{\"a\":1}", json!({"a": 1})),
            (b"not json", json!("not json")),
            (b"\xff\x00", json!({"base64": "/wA="})),
        ] {
            let body = Body::from_bytes(bytes.to_vec());
            assert_eq!(body.to_json(), file);
            assert_eq!(body.to_bytes(), bytes);
        }
    }

    #[test]
    fn json_too_deep_for_a_session_line_is_text() {
        for (depth, is_json) in [(100, true), (102, false), (100_000, false)] {
            let bytes = ["[".repeat(depth), "]".repeat(depth)].concat().into_bytes();
            assert_eq!(matches!(Body::from_bytes(bytes.clone()), Body::Json(_)), is_json, "{depth}");
            assert_eq!(Body::from_bytes(bytes.clone()).to_bytes(), bytes);
        }
    }
}
