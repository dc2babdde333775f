//! `@replace`: literal text for literal text, at most twice.
use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;
use crate::core::mapping::validate::LONGEST_REPLACE;

#[derive(Debug)]
struct Replace {
    value: Option<Node>,
    /// What is replaced, or why that fails; absent where options have types that make the result empty text.
    passes: Option<Result<Vec<Pass>, String>>,
}

/// One pattern and what stands for it.
#[derive(Debug)]
struct Pass {
    pattern: String,
    replacement: String,
    letters: Letters,
    reach: Reach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letters {
    Exact,
    AnyCase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    First,
    All,
}

pub(super) fn compile(options: &Value) -> Result<Node, String> {
    let options = options.as_object().ok_or("@replace requires an object with a \"pattern\" key")?;
    if !options.get("pattern").is_some_and(js::truthy) {
        return Err("@replace requires a \"pattern\" key".to_owned());
    }
    Ok(Node::Directive(Box::new(Replace { value: Node::truthy_option(options, "value"), passes: passes(options) })))
}

fn passes(options: &Map<String, Value>) -> Option<Result<Vec<Pass>, String>> {
    let flag = |key, default| options.get(key).filter(|value| !value.is_null()).map_or(Some(default), Value::as_bool);
    let replacement = |key| options.get(key).filter(|value| !value.is_null()).map_or(Some(""), Value::as_str);
    let letters = if flag("ignorecase", false)? { Letters::AnyCase } else { Letters::Exact };
    let reach = if flag("global", true)? { Reach::All } else { Reach::First };
    let pass = |pattern: &str, replacement: &str| {
        for (name, text) in [("pattern", pattern), ("replacement", replacement)] {
            if js::utf16_len(text) > LONGEST_REPLACE {
                return Err(format!("@replace requires a \"{name}\" less than {LONGEST_REPLACE} characters"));
            }
        }
        Ok(Pass { pattern: pattern.to_owned(), replacement: replacement.to_owned(), letters, reach })
    };
    let mut passes = vec![pass(options.get("pattern")?.as_str()?, replacement("replacement")?)];
    let second = options.get("pattern2").and_then(Value::as_str).filter(|pattern| !pattern.is_empty());
    if let (Some(pattern), Some(replacement)) = (second, replacement("replacement2")) {
        passes.push(pass(pattern, replacement));
    }
    Some(passes.into_iter().collect())
}

impl Directive for Replace {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        let Some(value) = &self.value else { return Ok(Resolved::Undefined) };
        let value = value.resolve(root)?.into_json();
        let text = match value.as_deref() {
            Some(scalar @ (Value::Bool(_) | Value::Number(_) | Value::String(_))) => js::text(scalar),
            _ => return Ok(Resolved::text("")),
        };
        match &self.passes {
            None => Ok(Resolved::text("")),
            Some(Err(message)) => Err(MappingError::runtime(message)),
            Some(Ok(passes)) => {
                let replaced = passes.iter().fold(text, |text, pass| Cow::Owned(pass.apply(&text)));
                Ok(Resolved::text(replaced))
            }
        }
    }
}

impl Pass {
    fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        while let Some((start, end)) = self.find(text, from) {
            out.push_str(&text[from..start]);
            self.write_replacement(text, start, end, &mut out);
            from = end;
            if self.reach == Reach::First {
                break;
            }
        }
        out.push_str(&text[from..]);
        out
    }

    /// Where the pattern stands next, as bytes from and to.
    fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        if self.letters == Letters::Exact {
            return text[from..].find(&self.pattern).map(|offset| (from + offset, from + offset + self.pattern.len()));
        }
        text[from..].char_indices().map(|(offset, _)| from + offset).find_map(|start| {
            let mut rest = text[start..].chars();
            let is_here = self.pattern.chars().all(|letter| rest.next().is_some_and(|next| fold(next) == fold(letter)));
            is_here.then(|| (start, text.len() - rest.as_str().len()))
        })
    }

    /// The replacement with `$$`, `$&`, `` $` `` and `$'` filled in. There are no groups, so `$1` stays as it is.
    fn write_replacement(&self, text: &str, start: usize, end: usize, out: &mut String) {
        let mut rest = self.replacement.as_str();
        while let Some(position) = rest.find('$') {
            out.push_str(&rest[..position]);
            let part = match rest[position + 1..].chars().next() {
                Some('$') => "$",
                Some('&') => &text[start..end],
                Some('`') => &text[..start],
                Some('\'') => &text[end..],
                _ => {
                    out.push('$');
                    rest = &rest[position + 1..];
                    continue;
                }
            };
            out.push_str(part);
            rest = &rest[position + 2..];
        }
        out.push_str(rest);
    }
}

/// How JavaScript's `i` flag compares letters: by their upper case, where that is one UTF-16 unit and does not turn a
/// foreign letter into an ASCII one.
fn fold(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) if upper.len_utf16() == 1 && (letter.is_ascii() || !upper.is_ascii()) => upper,
        _ => letter,
    }
}
