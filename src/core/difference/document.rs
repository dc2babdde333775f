//! Bodies compared as what they are: JSON value by value, forms by parameter, texts by line.
use std::collections::HashMap;

use serde_json::{Map, Value};

use super::align::{Step, align};
use super::change::{Change, Place};
use super::pace::{Pace, Share, piece};
use crate::core::http::Body;
use crate::core::secret_names::is_secret_key;

/// After so many changes nobody reads on.
const MAX_CHANGES: usize = 2_000;

/// About how much there is to compare in a body.
pub(super) fn n_values(body: &Body) -> usize {
    fn count(json: &Value) -> usize {
        1 + match json {
            Value::Array(items) => items.iter().map(count).sum::<usize>(),
            Value::Object(members) => members.values().map(count).sum(),
            _ => 0,
        }
    }
    match body {
        Body::Json(json) => count(json),
        Body::Text(text) => text.lines().count(),
        Body::Empty | Body::Bytes(_) => 1,
    }
}

/// What changed from one body to another. What is found before it is stopped is not all.
pub(super) fn body_changes(before: &Body, after: &Body, pace: &mut Pace<'_, '_>, share: &Share) -> Vec<Change> {
    match (before, after) {
        _ if !pace.goes_on(share.start) || before == after => Vec::new(),
        (Body::Json(before), Body::Json(after)) => {
            let mut walk = Walk { pace, changes: Vec::new() };
            walk.value(&mut String::new(), before, after, share);
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
struct Walk<'p, 'a, 'w> {
    pace: &'p mut Pace<'a, 'w>,
    changes: Vec<Change>,
}

impl Walk<'_, '_, '_> {
    fn value(&mut self, pointer: &mut String, before: &Value, after: &Value, share: &Share) {
        if !self.pace.goes_on(share.start) || before == after || self.changes.len() >= MAX_CHANGES {
            return;
        }
        match (before, after) {
            // What is below a secret has other names, by which nobody would know it for a secret.
            _ if is_secret_key(pointer.rsplit('/').next().unwrap_or_default()) => {
                self.tell(pointer, Some(before), Some(after));
            }
            (Value::Object(before), Value::Object(after)) => self.members(pointer, before, after, share),
            (Value::Array(before), Value::Array(after)) => self.elements(pointer, before, after, share),
            _ => self.tell(pointer, Some(before), Some(after)),
        }
    }

    fn members(
        &mut self,
        pointer: &mut String,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
        share: &Share,
    ) {
        for (place, (key, value)) in before.iter().enumerate() {
            let share = piece(share, place, before.len());
            below(pointer, &escaped(key), |pointer| match after.get(key) {
                Some(other) => self.value(pointer, value, other, &share),
                None => self.tell(pointer, Some(value), None),
            });
        }
        for (key, value) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            below(pointer, &escaped(key), |pointer| self.tell(pointer, None, Some(value)));
        }
    }

    fn elements(&mut self, pointer: &mut String, before: &[Value], after: &[Value], share: &Share) {
        let at = |idx: usize| idx.to_string();
        let steps = align(before, after);
        let n_steps = steps.len();
        for (place, step) in steps.into_iter().enumerate() {
            match step {
                Step::Same => (),
                Step::Changed(from, to) => {
                    if let (Some(before), Some(after)) = (before.get(from), after.get(to)) {
                        let share = piece(share, place, n_steps);
                        below(pointer, &at(to), |pointer| self.value(pointer, before, after, &share));
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
    use std::ops::ControlFlow;

    fn told(before: &Body, after: &Body) -> Vec<String> {
        let side = |value: Option<Value>| value.map_or("∅".to_owned(), |value| value.to_string());
        let line = |change: Change| format!("{} {} {}", change.place, side(change.before), side(change.after));
        body_changes(before, after, &mut Pace::unwatched(), &(0.0..1.0)).into_iter().map(line).collect()
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
    fn a_long_comparison_tells_how_far_it_is_and_stops_when_it_is_asked_to() {
        let body = |salt: usize| {
            let row = |number: usize| json!({ "id": number, "tags": [number + salt, "x"], "more": { "deep": salt } });
            Body::Json(json!({ "rows": (0..400).map(row).collect::<Vec<_>>(), "salt": salt }))
        };
        let (before, after) = (body(1), body(2));
        let whole = body_changes(&before, &after, &mut Pace::unwatched(), &(0.0..1.0));
        let mut told = Vec::new();
        let mut watch = |done| {
            told.push(done);
            ControlFlow::Continue(())
        };
        assert_eq!(body_changes(&before, &after, &mut Pace::watched(&mut watch), &(0.0..1.0)), whole);
        assert!(told.is_sorted() && told.len() > 400, "{} looks", told.len());
        assert!(told.first().is_some_and(|done| *done < 0.01) && told.last().is_some_and(|done| *done <= 1.0));
        let mut n_looks = 0;
        let mut stop = |_| {
            n_looks += 1;
            if n_looks > 50 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut pace = Pace::watched(&mut stop);
        let part = body_changes(&before, &after, &mut pace, &(0.0..1.0));
        assert!(pace.is_stopped() && part.len() < whole.len() / 2, "{} of {}", part.len(), whole.len());
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
