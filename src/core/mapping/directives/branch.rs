//! `@if`: one of two values, by whether a third is there.
use serde_json::Value;

use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

#[derive(Debug)]
struct Branch {
    test: Test,
    /// Absent means undefined.
    then: Option<Node>,
    /// Absent also where it is written but falsy: `else: ''` gives undefined.
    otherwise: Option<Node>,
}

#[derive(Debug)]
enum Test {
    /// True for everything but undefined and null.
    Exists(Node),
    /// Named the wrong way round: true for what is there and not loosely equal to empty text.
    Blank(Node),
}

pub(super) fn compile(options: &Value) -> Result<Node, String> {
    let options = options.as_object().ok_or("@if requires an object with an \"exists\" key")?;
    let has_one = ["exists", "blank"].iter().any(|key| options.get(*key).is_some_and(js::truthy));
    let test = match (options.get("exists"), options.get("blank")) {
        (Some(value), _) if has_one => Test::Exists(Node::compile(value)),
        (None, Some(value)) if has_one => Test::Blank(Node::compile(value)),
        _ => return Err("@if requires an \"exists\" key or a \"blank\" key".to_owned()),
    };
    let then = options.get("then").map(Node::compile);
    Ok(Node::Directive(Box::new(Branch { test, then, otherwise: Node::truthy_option(options, "else") })))
}

impl Directive for Branch {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        let holds = match &self.test {
            Test::Exists(value) => !value.resolve(root)?.is_nullish(),
            Test::Blank(value) => {
                let value = value.resolve(root)?.into_json();
                value.is_some_and(|value| !value.is_null() && js::differs_from_empty_text(&value))
            }
        };
        let chosen = if holds { &self.then } else { &self.otherwise };
        chosen.as_ref().map_or(Ok(Resolved::Undefined), |node| node.resolve(root))
    }
}
