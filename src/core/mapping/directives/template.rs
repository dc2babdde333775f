//! `@template`: text with `{{path}}` and `{{{path}}}` in it.
use serde_json::Value;

use super::path;
use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

/// A template with double braces only: what they give is not looked at again, so it is cut up once.
#[derive(Debug)]
struct Cut {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Keys(Vec<String>),
}

/// A template with triple braces: they are replaced first, and the result is searched for double ones again.
#[derive(Debug)]
struct Twofold {
    template: String,
}

/// A template that another directive gives.
#[derive(Debug)]
struct Computed {
    template: Node,
}

pub(super) fn compile(options: &Value) -> Node {
    Node::Directive(match options {
        Value::String(template) if template.contains("{{{") => Box::new(Twofold { template: template.clone() }),
        Value::String(template) => Box::new(Cut { pieces: cut(template, 2) }),
        _ => Box::new(Computed { template: Node::compile(options) }),
    })
}

/// Cuts a template at its placeholders of so many braces: at least one letter that is no `}`, blanks around the path
/// taken off.
fn cut(template: &str, n_braces: usize) -> Vec<Piece> {
    let open = &"{{{"[..n_braces];
    let close = &"}}}"[..n_braces];
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut search = 0;
    while let Some(start) = template[search..].find(open).map(|offset| search + offset)
        && let Some(end) = template[start + n_braces..].find('}').map(|offset| start + n_braces + offset)
    {
        let path = &template[start + n_braces..end];
        if path.is_empty() || !template[end..].starts_with(close) {
            // Nothing that begins before this brace can end behind it, unless the path is what is missing.
            search = if path.is_empty() { start + 1 } else { end };
            continue;
        }
        pieces.push(Piece::Text(template[from..start].to_owned()));
        pieces.push(Piece::Keys(js::keys(js::trim(path))));
        from = end + n_braces;
        search = from;
    }
    pieces.push(Piece::Text(template[from..].to_owned()));
    pieces
}

fn fill(pieces: &[Piece], root: Root<'_>) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(part) => text.push_str(part),
            // Outside any event the reference reads from an empty object.
            Piece::Keys(keys) if keys.is_empty() && root.is_none() => text.push_str("[object Object]"),
            Piece::Keys(keys) => {
                if let Some(value) = path::find(root, keys).into_json().filter(|value| !value.is_null()) {
                    text.push_str(&js::text(&value));
                }
            }
        }
    }
    text
}

fn render(template: &str, root: Root<'_>) -> String {
    let once = fill(&cut(template, 3), root);
    fill(&cut(&once, 2), root)
}

impl Directive for Cut {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        Ok(Resolved::text(fill(&self.pieces, root)))
    }
}

impl Directive for Twofold {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        Ok(Resolved::text(render(&self.template, root)))
    }
}

impl Directive for Computed {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        Ok(Resolved::text(render(&path::argument("@template", &self.template, root)?, root)))
    }
}
