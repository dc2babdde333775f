//! Changes to a filter that come from clicks: a value is put in or taken out, the rest stays as it was typed.
use std::ops::Range;

use super::field::{Field, Operator};
use super::lexer::written;
use super::parser::{Node, Term};

/// A comparison that is to be in a filter or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) field: Field,
    pub(super) operator: Operator,
    pub(super) values: Vec<String>,
}

/// The term that makes a comparison, and which of its values make it, outside of any `or` and `not`.
pub(super) fn find<'n>(node: &'n Node, wanted: &Wanted) -> Option<(&'n Term, Vec<usize>)> {
    terms(node).filter(|term| term.about == Some((wanted.field, wanted.operator))).find_map(|term| {
        let place = |value: &String| term.values.iter().position(|(have, _)| have.eq_ignore_ascii_case(value));
        Some((term, wanted.values.iter().map(place).collect::<Option<Vec<_>>>()?))
    })
}

/// The terms that all have to hold.
fn terms(node: &Node) -> impl Iterator<Item = &Term> {
    let nodes = match node {
        Node::All(nodes) => nodes.as_slice(),
        node => std::slice::from_ref(node),
    };
    nodes.iter().filter_map(|node| match node {
        Node::Term(term) => Some(term),
        _ => None,
    })
}

/// The text with a comparison more, or less.
pub(super) fn toggled(text: &str, node: &Node, wanted: &Wanted) -> String {
    if let Some((term, value_idxs)) = find(node, wanted) {
        return without(text, term, &value_idxs);
    }
    let values: Vec<String> = wanted.values.iter().map(|value| written(value)).collect();
    let values = values.join(",");
    if let Some(term) = terms(node).find(|term| term.about == Some((wanted.field, wanted.operator))) {
        let (before, behind) = text.split_at(term.span.end);
        return format!("{before},{values}{behind}");
    }
    let added = format!("{}{}{values}", wanted.field, wanted.operator);
    match node {
        _ if text.trim().is_empty() => added,
        Node::Any(_) => format!("({}) {added}", text.trim()),
        _ => format!("{} {added}", text.trim_end()),
    }
}

fn without(text: &str, term: &Term, value_idxs: &[usize]) -> String {
    let kept: Vec<&str> = term
        .values
        .iter()
        .enumerate()
        .filter(|(value_idx, _)| !value_idxs.contains(value_idx))
        .map(|(_, (_, span))| &text[span.clone()])
        .collect();
    let (first, last) = (&term.values[0].1, term.span.end);
    if kept.is_empty() {
        return cut(text, &term.span);
    }
    format!("{}{}{}", &text[..first.start], kept.join(","), &text[last..])
}

/// The text without a term, and without an `and` beside it.
fn cut(text: &str, span: &Range<usize>) -> String {
    let (before, behind) = (text[..span.start].trim_end(), text[span.end..].trim_start());
    let is_and = |word: Option<&str>| word.is_some_and(|word| word.eq_ignore_ascii_case("and"));
    let (before, behind) = if is_and(behind.split_whitespace().next()) {
        (before, behind[3..].trim_start())
    } else if is_and(before.split_whitespace().next_back()) {
        (before[..before.len() - 3].trim_end(), behind)
    } else {
        (before, behind)
    };
    let between = if before.is_empty() || behind.is_empty() { "" } else { " " };
    format!("{before}{between}{behind}")
}
