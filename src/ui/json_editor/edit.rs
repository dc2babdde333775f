//! Edits of one member or item of a JSON text. Everything else stays as it was written: order, spaces and fields that nobody
//! here knows.
use serde_json::{Map, Value};

use super::outline::{Node, NodeKind, Outline, Step};

/// A value that takes more than so many letters is written in several lines.
const LONGEST_LINE: usize = 90;
/// What a level is indented by where the text does not show it.
const INDENT: &str = "  ";

/// The text with a member set, made where it is not there yet, and objects on the way to it with it. None if the text is
/// no JSON object. An empty text counts as an empty object.
#[must_use]
pub fn set_member(text: &str, path: &[&str], value: &Value) -> Option<String> {
    let text = object_text(text)?;
    let outline = Outline::of(text);
    let (at, n_steps) = outline.follow(path.iter().copied())?;
    let node = &outline.nodes()[at];
    let rest = &path[n_steps..];
    let Some((key, deeper)) = rest.split_first() else {
        return Some(replaced(text, node, value));
    };
    let value = deeper
        .iter()
        .rev()
        .fold(value.clone(), |inner, key| Value::Object(Map::from_iter([((*key).to_owned(), inner)])));
    if node.kind != NodeKind::Object {
        // What stands in the way is no object.
        let object = Value::Object(Map::from_iter([((*key).to_owned(), value)]));
        return Some(replaced(text, node, &object));
    }
    Some(inserted(text, &outline, at, Some(key), &value))
}

/// The text with something else at a place that is there, or a new member of an object that is there. None if neither is so.
#[must_use]
pub fn set_at(text: &str, way: &[Step], value: &Value) -> Option<String> {
    let text = object_text(text)?;
    let outline = Outline::of(text);
    if let Some(at) = outline.find(way) {
        return Some(replaced(text, &outline.nodes()[at], value));
    }
    let (Step::Key(key), around) = way.split_last()? else { return None };
    let object_idx = outline.find(around).filter(|at| outline.nodes()[*at].kind == NodeKind::Object)?;
    Some(inserted(text, &outline, object_idx, Some(key), value))
}

/// The text with one more item at the end of a list. None if there is no such list.
#[must_use]
pub fn push_item(text: &str, list: &[Step], value: &Value) -> Option<String> {
    let text = object_text(text)?;
    let outline = Outline::of(text);
    let list_idx = outline.find(list).filter(|at| outline.nodes()[*at].kind == NodeKind::Array)?;
    Some(inserted(text, &outline, list_idx, None, value))
}

/// The text with two items of a list in each other's places. None if they are not there.
#[must_use]
pub fn swap_items(text: &str, list: &[Step], one: usize, other: usize) -> Option<String> {
    let text = object_text(text)?;
    let outline = Outline::of(text);
    let list_idx = outline.find(list)?;
    let item = |idx: usize| outline.children(list_idx).nth(idx).map(|(_, node)| node.value.clone());
    let (first, second) = (item(one.min(other))?, item(one.max(other))?);
    let between = text.get(first.end..second.start)?;
    Some([&text[..first.start], &text[second.clone()], between, &text[first], &text[second.end..]].concat())
}

/// The text without a member; the same text if it is not there. None if the text is no JSON object.
#[must_use]
pub fn remove_member(text: &str, path: &[&str]) -> Option<String> {
    let way: Vec<Step> = path.iter().map(|key| Step::Key((*key).to_owned())).collect();
    remove_at(text, &way)
}

/// The text without a member or an item; the same text if it is not there. None if the text is no JSON object.
#[must_use]
pub fn remove_at(text: &str, way: &[Step]) -> Option<String> {
    let text = object_text(text)?;
    let outline = Outline::of(text);
    let Some(at) = outline.find(way) else { return Some(text.to_owned()) };
    let node = &outline.nodes()[at];
    let Some(parent_idx) = node.parent else { return Some(text.to_owned()) };
    let parent = &outline.nodes()[parent_idx];
    let before = outline.children(parent_idx).take_while(|(idx, _)| *idx < at).last();
    let after = outline.children(parent_idx).find(|(idx, _)| *idx > at);
    let range = match (before, after) {
        (Some((_, before)), _) => before.value.end..node.value.end,
        (None, Some((_, next))) => start_of(node)..start_of(next),
        (None, None) => parent.value.start + 1..parent.value.end - 1,
    };
    let mut text = text.to_owned();
    text.replace_range(range, "");
    Some(text)
}

/// The text with another key for a member; everything else in it stays as it was written. None if there is no such member, or
/// another one has the key.
#[must_use]
pub fn rename_at(text: &str, way: &[Step], key: &str) -> Option<String> {
    let text = object_text(text)?;
    let outline = Outline::of(text);
    let node = outline.nodes().get(outline.find(way)?)?;
    let is_taken = outline.children(node.parent?).any(|(_, other)| other.step.key() == Some(key));
    let range = node.key.clone().filter(|_| !is_taken)?;
    Some([&text[..range.start], &Value::from(key).to_string(), &text[range.end..]].concat())
}

fn start_of(node: &Node) -> usize {
    node.key.as_ref().unwrap_or(&node.value).start
}

/// A value in one line, with a space after each colon and comma.
#[must_use]
pub fn one_line(value: &Value) -> String {
    let mut line = String::new();
    write_line(value, &mut line);
    line
}

fn write_line(value: &Value, line: &mut String) {
    match value {
        Value::Object(members) => {
            line.push('{');
            for (idx, (key, member)) in members.iter().enumerate() {
                line.push_str(if idx > 0 { ", " } else { "" });
                line.push_str(&Value::from(key.as_str()).to_string());
                line.push_str(": ");
                write_line(member, line);
            }
            line.push('}');
        }
        Value::Array(items) => {
            line.push('[');
            for (idx, item) in items.iter().enumerate() {
                line.push_str(if idx > 0 { ", " } else { "" });
                write_line(item, line);
            }
            line.push(']');
        }
        scalar => line.push_str(&scalar.to_string()),
    }
}

/// The text, or an empty object in place of an empty one; none if it is no JSON object.
fn object_text(text: &str) -> Option<&str> {
    if text.trim().is_empty() {
        return Some("{}");
    }
    serde_json::from_str::<Map<String, Value>>(text).ok().map(|_| text)
}

fn replaced(text: &str, node: &Node, value: &Value) -> String {
    let mut text = text.to_owned();
    let written = written(value, &indent_at(&text, start_of(node)));
    text.replace_range(node.value.clone(), &written);
    text
}

/// With one more member at the end of an object, or without a key, one more item at the end of a list.
fn inserted(text: &str, outline: &Outline, around_idx: usize, key: Option<&str>, value: &Value) -> String {
    let around = &outline.nodes()[around_idx];
    let name = key.map(|key| format!("{}: ", Value::from(key))).unwrap_or_default();
    let mut text = text.to_owned();
    let Some((_, last)) = outline.children(around_idx).next_back() else {
        let outer = indent_at(&text, start_of(around));
        let inner = format!("{outer}{INDENT}");
        let (open, close) = if key.is_some() { ('{', '}') } else { ('[', ']') };
        let all = format!("{open}\n{inner}{name}{}\n{outer}{close}", written(value, &inner));
        text.replace_range(around.value.clone(), &all);
        return text;
    };
    let last_start = start_of(last);
    let is_on_own_line = text[around.value.start..last_start].trim_end_matches([' ', '\t']).ends_with('\n');
    let indent = indent_at(&text, last_start);
    let written = written(value, &indent);
    let more = if is_on_own_line { format!(",\n{indent}{name}{written}") } else { format!(", {name}{written}") };
    text.insert_str(last.value.end, &more);
    text
}

/// A value in one line if that is short, else in several.
fn written(value: &Value, indent: &str) -> String {
    let line = one_line(value);
    if line.chars().count() <= LONGEST_LINE {
        return line;
    }
    format!("{value:#}").replace('\n', &format!("\n{indent}"))
}

/// The white space that the line of a byte begins with.
fn indent_at(text: &str, at: usize) -> String {
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[line_start..at].chars().take_while(|letter| matches!(letter, ' ' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_is_set_and_the_rest_stays_as_it_was_written() {
        let written = "{\n    \"later\":  [1,2],\n    \"a\" : 1\n}";
        for (text, path, value, expected) in [
            (written, &["a"][..], json!("x"), "{\n    \"later\":  [1,2],\n    \"a\" : \"x\"\n}"),
            (written, &["b"], json!(2), "{\n    \"later\":  [1,2],\n    \"a\" : 1,\n    \"b\": 2\n}"),
            (written, &["later"], json!({"c": 1}), "{\n    \"later\":  {\"c\": 1},\n    \"a\" : 1\n}"),
            ("", &["a"], json!(null), "{\n  \"a\": null\n}"),
            ("{}", &["a", "b"], json!(1), "{\n  \"a\": {\"b\": 1}\n}"),
            ("{\"a\": 1}", &["a", "b"], json!(1), "{\"a\": {\"b\": 1}}"),
            ("{\"a\": {\"b\": 1}}", &["a", "c"], json!(2), "{\"a\": {\"b\": 1, \"c\": 2}}"),
        ] {
            assert_eq!(set_member(text, path, &value).as_deref(), Some(expected), "{text} {path:?}");
        }
        assert_eq!(set_member("{\"a\": ", &["a"], &json!(1)), None, "half-written text is left alone");
        assert_eq!(set_member("[]", &["a"], &json!(1)), None);
    }

    #[test]
    fn a_member_is_taken_out_with_its_comma() {
        let written = "{\n  \"a\": 1,\n  \"b\": {\"c\": 2, \"d\": 3}\n}";
        for (path, expected) in [
            (&["a"][..], "{\n  \"b\": {\"c\": 2, \"d\": 3}\n}"),
            (&["b"], "{\n  \"a\": 1\n}"),
            (&["b", "c"], "{\n  \"a\": 1,\n  \"b\": {\"d\": 3}\n}"),
            (&["nobody"], written),
        ] {
            assert_eq!(remove_member(written, path).as_deref(), Some(expected), "{path:?}");
        }
        assert_eq!(remove_member("{ \"a\": 1 }", &["a"]).as_deref(), Some("{}"));
    }

    #[test]
    fn items_come_go_and_change_places_and_the_rest_stays_as_it_was_written() {
        let way = |steps: &[usize]| -> Vec<Step> {
            [Step::Key("a".to_owned())].into_iter().chain(steps.iter().map(|idx| Step::Item(*idx))).collect()
        };
        let written = "{\"a\":  [ {\"b\" : 1},  2, \"x\" ], \"c\":3}";
        let swapped = "{\"a\":  [ \"x\",  2, {\"b\" : 1} ], \"c\":3}";
        assert_eq!(swap_items(written, &way(&[]), 2, 0).as_deref(), Some(swapped));
        assert_eq!(swap_items(written, &way(&[]), 2, 3), None);
        let pushed = "{\"a\":  [ {\"b\" : 1},  2, \"x\", null ], \"c\":3}";
        assert_eq!(push_item(written, &way(&[]), &json!(null)).as_deref(), Some(pushed));
        assert_eq!(push_item(written, &[Step::Key("c".to_owned())], &json!(1)), None, "3 is no list");
        assert_eq!(push_item("{\"a\": []}", &way(&[]), &json!(1)).as_deref(), Some("{\"a\": [\n  1\n]}"));
        let removed = "{\"a\":  [ 2, \"x\" ], \"c\":3}";
        assert_eq!(remove_at(written, &way(&[0])).as_deref(), Some(removed));
        let deep = [way(&[0]), vec![Step::Key("d".to_owned())]].concat();
        let set = "{\"a\":  [ {\"b\" : 1, \"d\": true},  2, \"x\" ], \"c\":3}";
        assert_eq!(set_at(written, &deep, &json!(true)).as_deref(), Some(set));
        assert_eq!(set_at(written, &way(&[1]), &json!("y")).as_deref(), Some(written.replace('2', "\"y\"").as_str()));
        assert_eq!(set_at(written, &way(&[7]), &json!("y")), None, "a list has no holes");
    }

    #[test]
    fn a_long_value_takes_several_lines() {
        let value = json!({"@if": {"exists": {"@path": "$.properties.audience_key"}, "then": "x".repeat(60)}});
        let text = set_member("{\n  \"a\": 1\n}", &["b"], &value).unwrap_or_default();
        assert!(text.contains("\n  \"b\": {\n    \"@if\": {\n      \"exists\""), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(json!({"a": 1, "b": value})));
    }

    proptest! {
        /// What is written is what a parser would have made of it, whatever stood there.
        #[test]
        fn setting_and_removing_mean_what_they_say(
            keys in proptest::collection::vec("[a-c]", 0..4),
            key in "[a-d]",
            number in any::<u8>(),
            is_pretty in any::<bool>(),
        ) {
            let mut object: Map<String, Value> = keys.iter().map(|key| (key.clone(), json!({"in": key}))).collect();
            let whole = Value::Object(object.clone());
            let text = if is_pretty { format!("{whole:#}") } else { whole.to_string() };
            let set = set_member(&text, &[&key], &json!(number)).unwrap_or_default();
            object.insert(key.clone(), json!(number));
            prop_assert_eq!(serde_json::from_str::<Map<String, Value>>(&set).ok(), Some(object.clone()));
            let removed = remove_member(&set, &[&key]).unwrap_or_default();
            object.shift_remove(&key);
            prop_assert_eq!(serde_json::from_str::<Map<String, Value>>(&removed).ok(), Some(object));
        }
    }
}
