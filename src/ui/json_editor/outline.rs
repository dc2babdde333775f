//! Where the parts of a JSON text stand, whole or half-written. Never fails: what is no JSON is passed over.
use std::ops::Range;

/// One step on the way from the root to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The member of an object.
    Key(String),
    /// The element of a list.
    Item(usize),
}

impl Step {
    /// The key, if it is one.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        if let Self::Key(key) = self { Some(key) } else { None }
    }
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// An object.
    Object,
    /// A list.
    Array,
    /// A text.
    Text,
    /// A number or a word.
    Other,
    /// A key that has no value yet.
    Missing,
}

/// A value with its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The object or list that it is in; absent of the root.
    pub parent: Option<usize>,
    /// How it is called there.
    pub step: Step,
    /// Bytes of its key, quotes included; absent in lists.
    pub key: Option<Range<usize>>,
    /// Bytes of its value, quotes and brackets included.
    pub value: Range<usize>,
    /// What it is.
    pub kind: NodeKind,
    /// Whether its last quote or bracket is there.
    pub is_closed: bool,
}

/// The values of a text, each before those that are in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    nodes: Vec<Node>,
}

impl Outline {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut reader = Reader { text, nodes: Vec::new(), open: Vec::new(), pending: None };
        reader.read();
        Self { nodes: reader.nodes }
    }

    /// Every value.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// What stands directly in an object or a list.
    #[must_use]
    pub fn children(&self, parent_idx: usize) -> impl DoubleEndedIterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.parent == Some(parent_idx))
    }

    /// The way to a value.
    #[must_use]
    pub fn path(&self, node_idx: usize) -> Vec<Step> {
        let mut path = Vec::new();
        let mut at = self.nodes.get(node_idx);
        while let Some(node) = at {
            let Some(parent_idx) = node.parent else { break };
            path.push(node.step.clone());
            at = self.nodes.get(parent_idx);
        }
        path.reverse();
        path
    }

    /// The value that a way leads to. Of two members with one name the last one counts, as it does to a parser.
    #[must_use]
    pub fn find(&self, path: &[Step]) -> Option<usize> {
        path.iter()
            .try_fold(0, |at, step| Some(self.children(at).rfind(|(_, node)| node.step == *step)?.0))
            .filter(|found| *found < self.nodes.len())
    }

    /// How far a way of keys can be followed: the last value on it, and how many steps lead there.
    #[must_use]
    pub fn follow<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> Option<(usize, usize)> {
        let mut at = 0;
        let mut n_steps = 0;
        self.nodes.first()?;
        for key in keys {
            let Some((child, _)) = self.children(at).rfind(|(_, node)| node.step.key() == Some(key)) else { break };
            (at, n_steps) = (child, n_steps + 1);
        }
        Some((at, n_steps))
    }
}

impl Outline {
    /// How far a place such as `faults[1].status` can be followed: the last value on the way, and whether that is the whole
    /// way. A key may hold points and brackets itself.
    #[must_use]
    pub fn follow_place(&self, place: &str) -> Option<(usize, bool)> {
        self.nodes.first()?;
        let (mut at, mut rest) = (0, place);
        while !rest.is_empty() {
            let bare = rest.strip_prefix('.').unwrap_or(rest);
            let stepped = self.children(at).filter_map(|(child, node)| {
                let after = match &node.step {
                    Step::Key(key) => bare.strip_prefix(key.as_str())?,
                    Step::Item(idx) => rest.strip_prefix(&format!("[{idx}]"))?,
                };
                (after.is_empty() || after.starts_with(['.', '['])).then_some((child, after))
            });
            // Of two ways on, the one with the longer key.
            let Some((child, after)) = stepped.min_by_key(|(child, after)| (after.len(), usize::MAX - child)) else {
                return Some((at, false));
            };
            (at, rest) = (child, after);
        }
        Some((at, true))
    }
}

/// A key whose value has not come yet.
struct Pending {
    text: String,
    range: Range<usize>,
    has_colon: bool,
    /// Where the value would stand.
    end: usize,
}

struct Reader<'a> {
    text: &'a str,
    nodes: Vec<Node>,
    /// Objects and lists that are not closed, each with how many elements it has.
    open: Vec<(usize, usize)>,
    pending: Option<Pending>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let start = at;
            at += 1;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => (),
                b'{' | b'[' => {
                    let kind = if *byte == b'{' { NodeKind::Object } else { NodeKind::Array };
                    let node_idx = self.value(kind, start..at, false);
                    self.open.push((node_idx, 0));
                }
                b'}' | b']' => self.close(if *byte == b'}' { NodeKind::Object } else { NodeKind::Array }, at),
                b',' => self.give_up_key(),
                b':' => {
                    if let Some(pending) = &mut self.pending {
                        (pending.has_colon, pending.end) = (true, at);
                    }
                }
                b'"' => {
                    let (end, is_closed) = end_of_text(bytes, at);
                    at = end;
                    self.scalar(NodeKind::Text, start..end, is_closed);
                }
                _ => {
                    let is_word = |byte: &u8| {
                        !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"')
                    };
                    at += bytes[at..].iter().take_while(|byte| is_word(byte)).count();
                    self.scalar(NodeKind::Other, start..at, true);
                }
            }
        }
        self.give_up_key();
        for (node_idx, _) in std::mem::take(&mut self.open) {
            self.nodes[node_idx].value.end = self.text.len();
        }
    }

    fn is_in_object(&self) -> bool {
        self.open.last().is_some_and(|(node_idx, _)| self.nodes[*node_idx].kind == NodeKind::Object)
    }

    /// A text, number or word: a key where one may stand, else a value.
    fn scalar(&mut self, kind: NodeKind, range: Range<usize>, is_closed: bool) {
        let awaits_value = self.pending.as_ref().is_some_and(|pending| pending.has_colon);
        if self.is_in_object() && !awaits_value {
            self.give_up_key();
            let raw = &self.text[range.clone()];
            let text = serde_json::from_str(raw).unwrap_or_else(|_| raw.trim_matches('"').to_owned());
            self.pending = Some(Pending { text, has_colon: false, end: range.end, range });
        } else {
            self.value(kind, range, is_closed);
        }
    }

    fn value(&mut self, kind: NodeKind, range: Range<usize>, is_closed: bool) -> usize {
        let in_object = self.is_in_object();
        let (step, key) = match self.pending.take() {
            Some(pending) => (Step::Key(pending.text), Some(pending.range)),
            // A value without a key, which only half-written text has.
            None if in_object => (Step::Key(String::new()), None),
            None => {
                let n_items = self.open.last_mut().map(|(_, n_items)| {
                    *n_items += 1;
                    *n_items - 1
                });
                (Step::Item(n_items.unwrap_or_default()), None)
            }
        };
        let parent = self.open.last().map(|(node_idx, _)| *node_idx);
        self.nodes.push(Node { parent, step, key, value: range, kind, is_closed });
        self.nodes.len() - 1
    }

    /// A key that gets no value.
    fn give_up_key(&mut self) {
        if let Some(pending) = &self.pending {
            let end = pending.end;
            self.value(NodeKind::Missing, end..end, false);
        }
    }

    fn close(&mut self, kind: NodeKind, end: usize) {
        self.give_up_key();
        let Some(place) = self.open.iter().rposition(|(node_idx, _)| self.nodes[*node_idx].kind == kind) else {
            return;
        };
        for (node_idx, _) in self.open.drain(place + 1..) {
            self.nodes[node_idx].value.end = end - 1;
        }
        if let Some((node_idx, _)) = self.open.pop() {
            let node = &mut self.nodes[node_idx];
            (node.value.end, node.is_closed) = (end, true);
        }
    }
}

/// Where a text ends whose first quote stands before `at`: behind its last quote, or at the end of its line.
fn end_of_text(bytes: &[u8], at: usize) -> (usize, bool) {
    let mut is_escaped = false;
    for (offset, byte) in bytes[at..].iter().enumerate() {
        match byte {
            b'\n' => return (at + offset, false),
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return (at + offset + 1, true),
            _ => (),
        }
    }
    (bytes.len(), false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn told(text: &str) -> Vec<(String, &str, NodeKind)> {
        let outline = Outline::of(text);
        let step = |step: &Step| match step {
            Step::Key(key) => format!("/{key}"),
            Step::Item(idx) => format!("/{idx}"),
        };
        let nodes = outline.nodes().iter().enumerate();
        nodes
            .map(|(idx, node)| {
                let path = outline.path(idx).iter().map(step).collect::<String>();
                (path, &text[node.value.clone()], node.kind)
            })
            .collect()
    }

    #[test]
    fn every_value_has_its_way_and_its_bytes() {
        let text = r#"{"a": [1, {"b\"": "x}"}], "c": null}"#;
        assert_eq!(
            told(text),
            [
                (String::new(), text, NodeKind::Object),
                ("/a".into(), r#"[1, {"b\"": "x}"}]"#, NodeKind::Array),
                ("/a/0".into(), "1", NodeKind::Other),
                ("/a/1".into(), r#"{"b\"": "x}"}"#, NodeKind::Object),
                ("/a/1/b\"".into(), "\"x}\"", NodeKind::Text),
                ("/c".into(), "null", NodeKind::Other),
            ]
        );
    }

    #[test]
    fn a_place_in_words_is_followed_as_far_as_it_leads() {
        let text = r#"{"a": [{"b.c": 1, "b": {"c": 2}}, 3], "d": 4, "d": 5}"#;
        let outline = Outline::of(text);
        for (place, value, is_whole) in [
            ("", text, true),
            ("a[0].b.c", "1", true),
            ("a[1]", "3", true),
            ("a[0].b.x", r#"{"c": 2}"#, false),
            ("a[7].b", r#"[{"b.c": 1, "b": {"c": 2}}, 3]"#, false),
            ("d", "5", true),
            ("nobody", text, false),
        ] {
            let found =
                outline.follow_place(place).map(|(at, is_whole)| (&text[outline.nodes()[at].value.clone()], is_whole));
            assert_eq!(found, Some((value, is_whole)), "{place}");
        }
        assert_eq!(Outline::of("").follow_place("a"), None);
    }

    #[test]
    fn half_written_text_is_read_as_far_as_it_goes() {
        for (text, path, value, kind) in [
            ("{\"a\": ", "/a", "", NodeKind::Missing),
            ("{\"a\"", "/a", "", NodeKind::Missing),
            ("{\"a\": \"tex\n}", "/a", "\"tex", NodeKind::Text),
            ("{em", "/em", "", NodeKind::Missing),
            ("{\"a\": {\"b\": 1}, \"c\" }", "/c", "", NodeKind::Missing),
            ("{\"a\": [1, 2", "/a/1", "2", NodeKind::Other),
        ] {
            let told = told(text);
            assert_eq!(told.last(), Some(&(path.to_owned(), value, kind)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "[{}\\[\\]:,\"a1 \\n\\\\é]*") {
            for node in Outline::of(&text).nodes() {
                prop_assert!(text.get(node.value.clone()).is_some());
                prop_assert!(node.key.clone().is_none_or(|key| text.get(key).is_some()));
            }
        }

        #[test]
        fn what_a_parser_finds_stands_where_it_is_said_to(seed in any::<u16>()) {
            let value = serde_json::json!({"s": seed, "list": [seed, {"deep": [null, "x"]}], "é": {"": "\n"}});
            let text = format!("{value:#}");
            let outline = Outline::of(&text);
            for (idx, node) in outline.nodes().iter().enumerate() {
                let found = outline.path(idx).iter().try_fold(&value, |at, step| match step {
                    Step::Key(key) => at.get(key),
                    Step::Item(idx) => at.get(idx),
                });
                let there: Option<Value> = serde_json::from_str(&text[node.value.clone()]).ok();
                prop_assert_eq!(there.as_ref(), found);
                prop_assert_eq!(outline.find(&outline.path(idx)), Some(idx));
            }
        }
    }
}
