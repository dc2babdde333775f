//! What is wrong with a payload, in the reference's words.
use serde_json::Value;

use crate::core::error::DeliveryError;
use crate::core::js;

/// Everything that is wrong with a payload or with settings: the reference's `AggregateAjvError`, to which the framework
/// gives status 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", messages.join(" "))]
pub struct SchemaError {
    messages: Vec<String>,
}

impl SchemaError {
    /// One problem alone.
    pub(super) fn of(title: &str, place: Place<'_>, what: &str) -> Self {
        let mut problems = Problems::default();
        problems.add(title, place, what);
        Self { messages: problems.messages }
    }

    /// The sentences, one for each problem, in the order in which the reference finds them.
    #[must_use]
    pub fn messages(&self) -> &[String] {
        &self.messages
    }
}

/// Named as the reference cases name it.
impl From<SchemaError> for DeliveryError {
    fn from(error: SchemaError) -> Self {
        Self::new("ValidationError", error.to_string()).with_status(400)
    }
}

/// Where something stands: a JSON pointer that is built downwards.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    parent: Option<&'a Self>,
    key: Key<'a>,
}

#[derive(Clone, Copy)]
enum Key<'a> {
    Field(&'a str),
    Index(usize),
}

impl Place<'_> {
    pub(super) const ROOT: Place<'static> = Place { parent: None, key: Key::Index(0) };

    pub(super) fn field<'a>(&'a self, key: &'a str) -> Place<'a> {
        Place { parent: Some(self), key: Key::Field(key) }
    }

    pub(super) fn item(&self, index: usize) -> Place<'_> {
        Place { parent: Some(self), key: Key::Index(index) }
    }

    pub(super) fn is_root(&self) -> bool {
        self.parent.is_none()
    }

    fn pointer(&self) -> String {
        let Some(parent) = self.parent else { return String::new() };
        match self.key {
            Key::Field(key) => format!("{}/{}", parent.pointer(), key.replace('~', "~0").replace('/', "~1")),
            Key::Index(index) => format!("{}/{index}", parent.pointer()),
        }
    }
}

/// Problems as they are found.
#[derive(Default)]
pub(super) struct Problems {
    messages: Vec<String>,
}

impl Problems {
    /// Adds a sentence that begins with the field's title, or with where the value stands if it has none.
    pub(super) fn add(&mut self, title: &str, place: Place<'_>, what: &str) {
        let message = match (title, place.pointer()) {
            ("", pointer) if pointer.is_empty() => format!("The root value {what}."),
            ("", pointer) => format!("The value at {pointer} {what}."),
            (title, _) => format!("{} {what}.", capitalized(title)),
        };
        self.messages.push(message);
    }

    pub(super) fn into_result(self) -> Result<(), SchemaError> {
        if self.messages.is_empty() { Ok(()) } else { Err(SchemaError { messages: self.messages }) }
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `"A", "B", or "C"`.
pub(super) fn list(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first, second] => format!("{first} or {second}"),
        [first @ .., last] => format!("{}, or {last}", first.join(", ")),
    }
}

/// `a string`, `an object`, `null`.
pub(super) fn kind_of(value: &Value) -> String {
    match js::real_type_of(Some(value)) {
        "null" => "null".to_owned(),
        name => format!("{} {name}", js::article(name)),
    }
}
