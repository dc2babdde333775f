//! Whether an event is one that a subscription asks for.
use std::borrow::Cow;

use serde_json::Value;

use super::condition::{Condition, Connective, Expected, Leaf, Operator, Subject};
use crate::core::js::{self, Found, TypeError};

impl Condition {
    /// Whether the event matches. Children are looked at in order, and only as far as needed.
    ///
    /// # Errors
    /// The exception that the reference throws: for an empty group that is reached, for an event that is null, and for a
    /// path made of nothing but dots and brackets.
    pub fn matches(&self, event: &Value) -> Result<bool, TypeError> {
        match self {
            Self::Nothing => Err(TypeError::reading("type", "undefined")),
            Self::Leaf(leaf) => leaf.matches(event),
            Self::Group { connective, children } => {
                let decides = *connective == Connective::Or;
                for child in children {
                    if child.matches(event)? == decides {
                        return Ok(decides);
                    }
                }
                Ok(!decides)
            }
        }
    }
}

impl Leaf {
    fn matches(&self, event: &Value) -> Result<bool, TypeError> {
        let found = self.subject.find(event)?;
        Ok(holds(&self.operator, found.as_deref(), self.expected.as_ref()))
    }
}

impl Subject {
    fn find<'a>(&self, event: &'a Value) -> Result<Found<'a>, TypeError> {
        let (field, path) = match self {
            Self::Type => ("type", None),
            Self::Event => ("event", None),
            Self::Name => ("name", None),
            Self::UserId => ("userId", None),
            Self::Property(path) => ("properties", Some(path)),
            Self::Trait(path) => ("traits", Some(path)),
            Self::Context(path) => ("context", Some(path)),
        };
        if event.is_null() {
            return Err(TypeError::reading(field, "null"));
        }
        let container = js::member(event, field);
        match path {
            None => Ok(container),
            Some(path) => below(container, path),
        }
    }
}

/// What stands at a path below a container that may be missing. Unlike paths of mappings these split at every dot and
/// bracket.
fn below<'a>(container: Found<'a>, path: &str) -> Result<Found<'a>, TypeError> {
    if path.is_empty() {
        return Ok(None);
    }
    let mut keys = path.split(['[', '.', ']']).filter(|key| !key.is_empty()).peekable();
    if keys.peek().is_none() {
        return Err(TypeError::reading("reduce", "null"));
    }
    Ok(match container {
        None => None,
        Some(Cow::Borrowed(value)) => js::lookup(value, keys),
        Some(Cow::Owned(value)) => js::lookup(&value, keys).map(|found| Cow::Owned(found.into_owned())),
    })
}

fn holds(operator: &Operator, actual: Option<&Value>, expected: Option<&Expected>) -> bool {
    let text = || expected.map_or_else(|| "undefined".to_owned(), Expected::to_text);
    let number = || expected.map_or(f64::NAN, Expected::to_number);
    let actual_text = actual.and_then(Value::as_str);
    let actual_number = actual.and_then(Value::as_f64);
    match operator {
        Operator::Equals => actual_text.is_some_and(|actual| actual == text()),
        Operator::NotEquals => actual_text.is_none_or(|actual| actual != text()),
        Operator::Less => actual_number.is_some_and(|actual| actual < number()),
        Operator::LessOrEqual => actual_number.is_some_and(|actual| actual <= number()),
        Operator::Greater => actual_number.is_some_and(|actual| actual > number()),
        Operator::GreaterOrEqual => actual_number.is_some_and(|actual| actual >= number()),
        Operator::Contains => actual_text.is_some_and(|actual| actual.contains(&text())),
        Operator::NotContains => actual_text.is_some_and(|actual| !actual.contains(&text())),
        Operator::StartsWith => actual_text.is_some_and(|actual| actual.starts_with(&text())),
        Operator::NotStartsWith => actual_text.is_some_and(|actual| !actual.starts_with(&text())),
        Operator::EndsWith => actual_text.is_some_and(|actual| actual.ends_with(&text())),
        Operator::NotEndsWith => actual_text.is_some_and(|actual| !actual.ends_with(&text())),
        Operator::Exists => actual.is_some_and(|actual| !actual.is_null()),
        Operator::NotExists => actual.is_none_or(Value::is_null),
        Operator::IsTrue => actual == Some(&Value::Bool(true)),
        Operator::IsFalse => actual == Some(&Value::Bool(false)),
        Operator::NumberEquals => actual_number.is_some_and(|actual| same(actual, number())),
        Operator::NumberNotEquals => actual_number.is_some_and(|actual| !same(actual, number())),
        Operator::Unknown(_) => false,
    }
}

#[expect(clippy::float_cmp, reason = "the reference compares doubles with ===")]
fn same(left: f64, right: f64) -> bool {
    left == right
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::parse;
    use super::*;

    /// What a subscription makes of an event: whether it matches, or the message.
    fn outcome(text: &str, event: &Value) -> Result<bool, String> {
        let condition = parse(text).map_err(|error| error.to_string())?;
        condition.matches(event).map_err(|error| error.to_string())
    }

    const UNREADABLE: &str = "Cannot read properties of undefined (reading 'type')";

    #[test]
    fn edge_cases_give_what_the_reference_gives() {
        for (text, event, expected) in [
            (r#"type = "a" or type = "b" and event = "c""#, json!({"type": "a"}), false),
            (r#"type = "a" and type = "b" or event = "c""#, json!({"type": "a"}), true),
            (r#"type = "track" OR type = "identify""#, json!({"type": "track"}), false),
            (r#"(type = "identify") or (type = "track" and event = "A")"#, json!({"type": "identify"}), true),
            (r#"(event = "x" or event = "y") and type = "track""#, json!({"type": "identify", "event": "x"}), false),
            (
                r#"type = "track" and (contains(event,"x") or event = "y")"#,
                json!({"type": "identify", "event": "y"}),
                true,
            ),
            (r#"!(type = "track")"#, json!({"type": "track"}), true),
            ("event = 'Order'", json!({"event": "Order"}), false),
            ("event = 'Order'", json!({"event": "'Order'"}), true),
            ("event = Order", json!({"event": "Order"}), true),
            (r#"event = "say \"hi\"""#, json!({"event": "say \"hi\""}), false),
            ("type = \"track\"\r\nand event = \"x\"", json!({"type": "track", "event": "y"}), true),
            (r#"properties.a="x"and event="y""#, json!({"properties": {"a": "x"}, "event": "z"}), true),
            ("properties.price >5", json!({"properties": {"price": 6}}), true),
            ("properties.price >=5", json!({"properties": {"price": 6}}), false),
            ("properties.price >= 5", json!({"properties": {"price": 5}}), true),
            (r#"properties.price >= "5""#, json!({"properties": {"price": 5}}), true),
            ("properties.price > 5", json!({"properties": {"price": "6"}}), false),
            (r#"type == "track""#, json!({"type": "track"}), false),
            (r#"type in ["track"]"#, json!({"type": "track"}), false),
            (r#"type = "track" and messageId = "x""#, json!({"type": "track", "messageId": "other"}), true),
            (r#"groupId = "x" or type = "group""#, json!({"type": "track"}), false),
            ("type = ", json!({"type": "eos"}), true),
            ("type = an", json!({"type": "a"}), true),
            ("type = \"track\")", json!({"type": "track"}), true),
            (r#"event = "x" and or type = "track""#, json!({"event": "x", "type": "identify"}), true),
            (r#"match(event,"*")"#, json!({"event": "any"}), true),
            (r#"match(event,"*")"#, json!({}), false),
            (r#"match(event,"abc")"#, json!({"event": "xbc"}), true),
            (r#"contains(event "x")"#, json!({"event": "a)b"}), true),
            ("properties.flag != false", json!({"properties": {"flag": false}}), true),
            ("properties.a = null", json!({"properties": {}}), true),
            ("properties.a = null", json!({"properties": {"a": null}}), true),
            ("properties.a = null", json!({}), true),
            (r#"contains(properties.tags,"x")"#, json!({"properties": {"tags": ["x"]}}), false),
            (r#"traits = "x""#, json!({"traits": {"traits": "x"}}), true),
            ("event = null", json!({"event": "null"}), true),
            ("type != null", json!({}), true),
            ("name = null", json!({}), true),
            ("name = true", json!({"name": "true"}), true),
            ("userId = true", json!({"userId": true}), true),
            ("userId = true", json!({"userId": "true"}), false),
            ("properties.a = 5", json!({"properties": {"a": 5.0}}), true),
            ("properties.a = 5", json!({"properties": {"a": "5"}}), false),
            ("properties.a = \"5\"", json!({"properties": {"a": 5}}), false),
            ("properties.a != 5", json!({"properties": {}}), false),
            ("properties.a != 5", json!({"properties": {"a": "5"}}), false),
            ("properties.a != 5", json!({"properties": {"a": 6}}), true),
            ("userId = 5.50", json!({"userId": "5.5"}), true),
            ("userId = -", json!({"userId": "NaN"}), true),
            ("properties.a = 1e3", json!({"properties": {"a": 1}}), true),
            (r"traits.first\ name = x", json!({"traits": {"first name": "x"}}), true),
            (r"properties.orders\.0.id = x", json!({"properties": {"orders": [{"id": "x"}]}}), true),
            ("properties.orders.0.id = x", json!({"properties": {"orders": [{"id": "x"}]}}), false),
            (r#"event starts_with "Audience""#, json!({"event": "Audience Exited"}), true),
            (r#"event !contains "Exited""#, json!({"event": "Audience Entered"}), false),
            (r#"!contains(event, "x")"#, json!({"event": "y"}), true),
            (r#"!contains(event, "x")"#, json!({}), false),
            (r#"!match(userId, "a*")"#, json!({"userId": "bcd"}), true),
            (r#"contains(propertiesx, "a")"#, json!({"properties": {"propertiesx": "abc"}}), true),
            (r#"type = "track" or"#, json!({"type": "track"}), true),
            ("event exists x", json!({"event": "y"}), true),
            (r#"constructor = or type = "track""#, json!({"type": "track"}), true),
        ] {
            assert_eq!(outcome(text, &event), Ok(expected), "{text} on {event}");
        }
    }

    #[test]
    fn texts_that_make_no_filter_are_refused_with_the_reference_s_message() {
        for text in [
            "",
            "typo",
            "((type = \"identify\"))",
            "type = \"a\" and (event = \"b\" or (event = \"c\" and event = \"d\"))",
            "type = \"track\"\r\n",
            "event!=\"x\"",
            "event !=\"x\"",
            "properties.price>5",
            "type = \"track\" && event = \"x\"",
            "groupId = \"x\"",
            "(type = \"track\"",
            "! contains(event,\"x\")",
            "properties.products[0].name = \"x\"",
            "contains(type, \"x\")",
            "properties.a = 5.",
            "properties.a = 5.5.5",
            "caf\u{e9} = \"x\"",
            "event = \"open",
            "event = x\\",
            "()",
        ] {
            assert_eq!(outcome(text, &json!({})), Err(UNREADABLE.to_owned()), "{text}");
        }
        for (text, message) in [
            ("type", "Value token is missing"),
            ("contains", "contains() is missing a 1st argument"),
            ("match(", "match() is missing a 2nd argument"),
        ] {
            assert_eq!(outcome(text, &json!({})), Err(message.to_owned()), "{text}");
        }
    }

    #[test]
    fn an_empty_group_throws_only_where_it_is_reached() {
        let text = "type = \"track\" and ()";
        assert_eq!(outcome(text, &json!({"type": "track"})), Err(UNREADABLE.to_owned()));
        assert_eq!(outcome(text, &json!({"type": "page"})), Ok(false));
    }

    #[test]
    fn null_events_and_empty_paths_throw() {
        let cases = [
            ("type = x", json!(null), "Cannot read properties of null (reading 'type')"),
            (r"traits.\. = x", json!({"traits": {}}), "Cannot read properties of null (reading 'reduce')"),
        ];
        for (text, event, message) in cases {
            assert_eq!(outcome(text, &event), Err(message.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_or_the_evaluation_panic(text in ".{0,60}", key in "[a-z]{1,4}") {
            if let Ok(condition) = parse(&text) {
                _ = condition.matches(&json!({"type": "track", "properties": {key: 1}}));
                _ = condition.to_string();
                _ = parse(&condition.generate());
            }
        }

        #[test]
        fn words_of_the_language_in_any_order_do_not_panic(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "type", "event", "properties.a", "traits", "contains", "match", "(", ")", ",", "=", "!=", "!", "<", ">=",
                    "and", "or", "null", "true", "\"x*\"", "'y'", "5", "-1.5", ".", "[", "]", "()",
                ]),
                0..12,
            ),
        ) {
            if let Ok(condition) = parse(&words.join(" ")) {
                _ = condition.matches(&json!({"type": "track", "properties": {"a": 1}}));
            }
        }
    }
}
