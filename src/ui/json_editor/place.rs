//! What a byte of a half-written JSON text belongs to: a key that is being typed, or a value.
use std::ops::Range;

use super::outline::{Node, NodeKind, Outline, Step};

/// What may be typed at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The key of a member; the way leads to the object.
    Key,
    /// A value; the way leads to the value.
    Value,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What may be typed.
    pub role: Role,
    /// The way to it.
    pub path: Vec<Step>,
    /// What is typed so far, quotes included; empty between two values.
    pub typed: Range<usize>,
    /// Whether a colon follows: then only the key itself is to be written.
    pub has_value: bool,
}

impl Place {
    /// The place of a byte, if anything may be typed there.
    #[must_use]
    pub fn at(outline: &Outline, text: &str, offset: usize) -> Option<Self> {
        Self::inside(outline, offset).or_else(|| Self::between(outline, text, offset))
    }

    /// Inside a key or a value that is no object and no list.
    fn inside(outline: &Outline, offset: usize) -> Option<Self> {
        let touches = |range: &Range<usize>, is_closed: bool| {
            range.start < offset && (offset < range.end || (offset == range.end && !is_closed))
        };
        outline.nodes().iter().enumerate().find_map(|(idx, node)| {
            let mut path = outline.path(idx);
            if let Some(key) = node.key.clone().filter(|key| touches(key, node.kind != NodeKind::Missing)) {
                path.pop();
                let has_value = node.kind != NodeKind::Missing || node.value.start > key.end;
                return Some(Self { role: Role::Key, path, typed: key, has_value });
            }
            let is_scalar = matches!(node.kind, NodeKind::Text | NodeKind::Other);
            // A number or a word goes on where its last letter ends.
            let is_closed = node.is_closed && node.kind == NodeKind::Text;
            (is_scalar && touches(&node.value, is_closed)).then(|| Self {
                role: Role::Value,
                path,
                typed: node.value.clone(),
                has_value: true,
            })
        })
    }

    /// Where something new may begin: after a bracket, a comma or a colon.
    fn between(outline: &Outline, text: &str, offset: usize) -> Option<Self> {
        let holds = |node: &Node| {
            let is_container = matches!(node.kind, NodeKind::Object | NodeKind::Array);
            is_container && node.value.start < offset && (offset < node.value.end || !node.is_closed)
        };
        let (container_idx, container) = outline.nodes().iter().enumerate().rfind(|(_, node)| holds(node))?;
        let before = text.get(..offset)?.trim_end().chars().next_back()?;
        let nothing = offset..offset;
        match (container.kind, before) {
            (NodeKind::Object, '{' | ',') => {
                let path = outline.path(container_idx);
                Some(Self { role: Role::Key, path, typed: nothing, has_value: false })
            }
            (NodeKind::Object, ':') => {
                let key_before = |node: &Node| node.key.as_ref().is_some_and(|key| key.end <= offset);
                let (child_idx, child) = outline.children(container_idx).rfind(|(_, node)| key_before(node))?;
                let path = outline.path(child_idx);
                let is_free = child.kind == NodeKind::Missing || child.value.start >= offset;
                is_free.then_some(Self { role: Role::Value, path, typed: nothing, has_value: false })
            }
            (NodeKind::Array, '[' | ',') => {
                let n_before = outline.children(container_idx).filter(|(_, node)| node.value.end <= offset).count();
                let mut path = outline.path(container_idx);
                path.push(Step::Item(n_before));
                Some(Self { role: Role::Value, path, typed: nothing, has_value: false })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the bar in a text.
    fn at(marked: &str) -> Option<(Role, String, String)> {
        let offset = marked.find('|').unwrap_or_else(|| panic!("no bar in {marked}"));
        let text = marked.replacen('|', "", 1);
        let place = Place::at(&Outline::of(&text), &text, offset)?;
        let step = |step: &Step| match step {
            Step::Key(key) => format!("/{key}"),
            Step::Item(idx) => format!("/{idx}"),
        };
        let path = place.path.iter().map(step).collect();
        Some((place.role, path, text[place.typed].to_owned()))
    }

    #[test]
    fn keys_and_values_are_told_apart() {
        for (marked, role, path, typed) in [
            ("{|}", Role::Key, "", ""),
            ("{\"em|\"}", Role::Key, "", "\"em\""),
            ("{\"em|", Role::Key, "", "\"em"),
            ("{em|}", Role::Key, "", "em"),
            ("{\"a\": 1, |}", Role::Key, "", ""),
            ("{\"a\": |}", Role::Value, "/a", ""),
            ("{\"a\": \"x|\", \"b\": 1}", Role::Value, "/a", "\"x\""),
            ("{\"a\": tr|}", Role::Value, "/a", "tr"),
            ("{\"a\": {\"@pa|\": 1}}", Role::Key, "/a", "\"@pa\""),
            ("{\"a\": {\"@path\": \"$.|\"}}", Role::Value, "/a/@path", "\"$.\""),
            ("{\"a\": [1, |]}", Role::Value, "/a/1", ""),
            ("[{\"ty|\": 1}]", Role::Key, "/0", "\"ty\""),
        ] {
            assert_eq!(at(marked), Some((role, path.to_owned(), typed.to_owned())), "{marked}");
        }
    }

    #[test]
    fn nothing_is_typed_behind_a_value_or_outside() {
        for marked in ["|{}", "{}|", "{\"a\": 1 |}", "{\"a\"| : 1}"] {
            assert_eq!(at(marked), None, "{marked}");
        }
    }
}
