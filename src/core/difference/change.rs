//! One difference: where it is, and what stood and stands there.
use std::fmt;

use serde_json::Value;

/// What two attempts or exchanges are compared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// What was decided, and why.
    Verdict,
    /// What was sent.
    Request,
    /// What came back.
    Response,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Verdict => "Verdict",
            Self::Request => "Request",
            Self::Response => "Response",
        })
    }
}

/// Where a difference is. Whoever shows it must know whether a secret may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A thing that every part has one of: its method, its status.
    Named(&'static str),
    /// A header field of this name.
    Header(String),
    /// A parameter of the URL.
    Query(String),
    /// A parameter of a form.
    Form(String),
    /// A value of a JSON document, by its JSON pointer.
    Json(String),
    /// A fact that a rule read.
    Fact(String),
    /// A line of a text, counted from 1.
    Line(usize),
}

impl Place {
    /// The name that the value has there, which tells whether it may be a secret.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Header(name) | Self::Query(name) | Self::Form(name) | Self::Fact(name) => name,
            Self::Json(pointer) => pointer.rsplit('/').next().unwrap_or_default(),
            Self::Line(_) => "",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Header(name) => write!(f, "header {name}"),
            Self::Query(name) => write!(f, "query {name}"),
            Self::Form(name) => write!(f, "form {name}"),
            Self::Json(pointer) => write!(f, "body {pointer}"),
            Self::Fact(name) => f.write_str(&name.replace('_', " ")),
            Self::Line(number) => write!(f, "line {number}"),
        }
    }
}

/// Something that is different. At least one side has a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Where.
    pub place: Place,
    /// What stood there; none where it is new.
    pub before: Option<Value>,
    /// What stands there now; none where it is gone.
    pub after: Option<Value>,
}

impl Change {
    /// A change of something that both sides have, if it is one.
    pub(super) fn between(place: Place, before: impl Into<Value>, after: impl Into<Value>) -> Option<Self> {
        let (before, after) = (before.into(), after.into());
        let told = |value: Value| Some(value).filter(|value| !value.is_null());
        (before != after).then(|| Self { place, before: told(before), after: told(after) })
    }
}

/// All differences in one part, in reading order; none where it is the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Which part.
    pub part: Part,
    /// What is different in it.
    pub changes: Vec<Change>,
}
