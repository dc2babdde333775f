//! Bodies compared as what they are: JSON value by value, forms by parameter, texts by line.
use std::collections::HashMap;

use serde_json::{Map, Value};

use super::align::{Step, align};
use super::change::{Change, Place};
use crate::core::http::Body;
use crate::core::secret_names::is_secret_key;

/// After so many changes nobody reads on.
const MAX_CHANGES: usize = 2_000;

/// What changed from one body to another.
pub(super) fn body_changes(before: &Body, after: &Body) -> Vec<Change> {
    match (before, after) {
        _ if before == after => Vec::new(),
        (Body::Json(before), Body::Json(after)) => {
            let mut walk = Walk::default();
            walk.value(&mut String::new(), before, after);
            walk.changes
        }
        (Body::Text(before), Body::Text(after)) => match (form(before), form(after)) {
            (Some(before), Some(after)) => named_changes(&before, &after, Place::Form),
            _ => line_changes(before, after),
        },
        _ => Change::between(Place::Named("body"), before.to_json(), after.to_json()).into_iter().collect(),
    }
}

/// What changed among things that have names. The second of a name is compared with the second.
pub(super) fn named_changes(
    before: &[(&str, &str)],
    after: &[(&str, &str)],
    place: impl Fn(String) -> Place,
) -> Vec<Change> {
    let (left, right) = (counted(before), counted(after));
    let values: HashMap<_, _> = right.iter().map(|(name, value)| (*name, *value)).collect();
    let known: HashMap<_, _> = left.iter().map(|(name, value)| (*name, *value)).collect();
    let gone_or_changed = left.iter().filter_map(|((name, nth), value)| {
        let after = values.get(&(*name, *nth)).copied();
        Change::between(place((*name).to_owned()), *value, after)
    });
    let come = right.iter().filter(|(name, _)| !known.contains_key(name));
    let come = come.filter_map(|((name, _), value)| Change::between(place((*name).to_owned()), None::<&str>, *value));
    gone_or_changed.chain(come).collect()
}

/// Each name with its place among those of the same name.
fn counted<'a>(named: &[(&'a str, &'a str)]) -> Vec<((&'a str, usize), &'a str)> {
    let mut n_seen = HashMap::new();
    let mut nth = |name| {
        let seen = n_seen.entry(name).or_insert(0);
        *seen += 1;
        *seen
    };
    named.iter().map(|(name, value)| ((*name, nth(*name)), *value)).collect()
}

/// The parameters of a query string or a form, as written.
pub(super) fn parameters(text: &str) -> Vec<(&str, &str)> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, ""))).collect()
}

/// The parameters of a text that is a form.
fn form(text: &str) -> Option<Vec<(&str, &str)>> {
    let is_form =
        text.contains('=') && !text.contains(|letter: char| letter.is_whitespace() || "{}<>".contains(letter));
    is_form.then(|| parameters(text))
}

fn line_changes(before: &str, after: &str) -> Vec<Change> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let change = |step| {
        let (line, left, right) = match step {
            Step::Same => return None,
            Step::Changed(at, to) => (to, before.get(at), after.get(to)),
            Step::Removed(at) => (at, before.get(at), None),
            Step::Added(to) => (to, None, after.get(to)),
        };
        let told = |line: Option<&&str>| line.map(|line| Value::from(*line));
        Some(Change { place: Place::Line(line + 1), before: told(left), after: told(right) })
    };
    align(&before, &after).into_iter().filter_map(change).take(MAX_CHANGES).collect()
}

/// Goes through two JSON documents at once.
#[derive(Default)]
struct Walk {
    changes: Vec<Change>,
}

impl Walk {
    fn value(&mut self, pointer: &mut String, before: &Value, after: &Value) {
        if before == after || self.changes.len() >= MAX_CHANGES {
            return;
        }
        match (before, after) {
            // What is below a secret has other names, by which nobody would know it for a secret.
            _ if is_secret_key(pointer.rsplit('/').next().unwrap_or_default()) => {
                self.tell(pointer, Some(before), Some(after));
            }
            (Value::Object(before), Value::Object(after)) => self.members(pointer, before, after),
            (Value::Array(before), Value::Array(after)) => self.elements(pointer, before, after),
            _ => self.tell(pointer, Some(before), Some(after)),
        }
    }

    fn members(&mut self, pointer: &mut String, before: &Map<String, Value>, after: &Map<String, Value>) {
        for (key, value) in before {
            below(pointer, &escaped(key), |pointer| match after.get(key) {
                Some(other) => self.value(pointer, value, other),
                None => self.tell(pointer, Some(value), None),
            });
        }
        for (key, value) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            below(pointer, &escaped(key), |pointer| self.tell(pointer, None, Some(value)));
        }
    }

    fn elements(&mut self, pointer: &mut String, before: &[Value], after: &[Value]) {
        let at = |idx: usize| idx.to_string();
        for step in align(before, after) {
            match step {
                Step::Same => (),
                Step::Changed(from, to) => {
                    if let (Some(before), Some(after)) = (before.get(from), after.get(to)) {
                        below(pointer, &at(to), |pointer| self.value(pointer, before, after));
                    }
                }
                Step::Removed(from) => below(pointer, &at(from), |pointer| self.tell(pointer, before.get(from), None)),
                Step::Added(to) => below(pointer, &at(to), |pointer| self.tell(pointer, None, after.get(to))),
            }
        }
    }

    fn tell(&mut self, pointer: &str, before: Option<&Value>, after: Option<&Value>) {
        if self.changes.len() < MAX_CHANGES {
            let pointer = if pointer.is_empty() { "/" } else { pointer };
            let place = Place::Json(pointer.to_owned());
            self.changes.push(Change { place, before: before.cloned(), after: after.cloned() });
        }
    }
}

/// Does something one step further down.
fn below(pointer: &mut String, step: &str, visit: impl FnOnce(&mut String)) {
    let length = pointer.len();
    pointer.push('/');
    pointer.push_str(step);
    visit(pointer);
    pointer.truncate(length);
}

/// A member's name as it stands in a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(before: &Body, after: &Body) -> Vec<String> {
        let side = |value: Option<Value>| value.map_or("∅".to_owned(), |value| value.to_string());
        let line = |change: Change| format!("{} {} {}", change.place, side(change.before), side(change.after));
        body_changes(before, after).into_iter().map(line).collect()
    }

    #[test]
    fn json_is_compared_value_by_value() {
        for (before, after, expected) in [
            (json!({"a": 1, "b": {"c": [1, 2]}}), json!({"b": {"c": [1, 2]}, "a": 1}), vec![]),
            (json!({"a": 1}), json!({"a": "1"}), vec![r#"body /a 1 "1""#]),
            (json!({"a/b": 1}), json!({"c~d": 1}), vec!["body /a~1b 1 ∅", "body /c~0d ∅ 1"]),
            (
                json!({"l": [{"x": 1}, {"y": 2}, {"z": 3}]}),
                json!({"l": [{"y": 2}, {"z": 4}]}),
                vec![r#"body /l/0 {"x":1} ∅"#, "body /l/1/z 3 4"],
            ),
            (json!(1), json!([1]), vec!["body / 1 [1]"]),
            (json!({"a": null}), json!({}), vec!["body /a null ∅"]),
        ] {
            assert_eq!(told(&Body::Json(before), &Body::Json(after)), expected);
        }
    }

    #[test]
    fn nothing_below_a_secret_is_told_by_another_name() {
        let secret = |value: &str| Body::Json(json!({"access_token": {"value": value}}));
        assert_eq!(told(&secret("a"), &secret("b")), [r#"body /access_token {"value":"a"} {"value":"b"}"#]);
    }

    #[test]
    fn forms_are_compared_by_parameter_and_texts_by_line() {
        for (before, after, expected) in [
            ("a=1&b=2&a=3", "a=1&a=4&c=5", vec![r#"form b "2" ∅"#, r#"form a "3" "4""#, r#"form c ∅ "5""#]),
            ("one\ntwo\nthree", "one\n2\nthree\nfour", vec![r#"line 2 "two" "2""#, r#"line 4 ∅ "four""#]),
            ("same", "same", vec![]),
        ] {
            assert_eq!(told(&Body::Text(before.into()), &Body::Text(after.into())), expected);
        }
        assert_eq!(told(&Body::Empty, &Body::Json(json!({"a": 1}))), [r#"body ∅ {"a":1}"#]);
    }
}
