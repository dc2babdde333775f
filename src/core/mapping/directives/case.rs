//! `@case`: text in lower or upper case.
use serde_json::Value;

use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

#[derive(Debug)]
struct Case {
    operator: Operator,
    value: Option<Node>,
}

#[derive(Debug)]
enum Operator {
    Lower,
    Upper,
    Unknown,
}

pub(super) fn compile(options: &Value) -> Result<Node, String> {
    let options = options.as_object().ok_or("@case requires an object with a \"operator\" key")?;
    let operator = options.get("operator").filter(|operator| js::truthy(operator));
    let operator = match operator.ok_or("@case requires a \"operator\" key")?.as_str() {
        Some("lower") => Operator::Lower,
        Some("upper") => Operator::Upper,
        _ => Operator::Unknown,
    };
    Ok(Node::Directive(Box::new(Case { operator, value: Node::truthy_option(options, "value") })))
}

impl Directive for Case {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        let Some(value) = &self.value else { return Ok(Resolved::Undefined) };
        let resolved = value.resolve(root)?;
        let Resolved::Json(json) = &resolved else { return Ok(resolved) };
        let Value::String(text) = json.as_ref() else { return Ok(resolved) };
        match self.operator {
            Operator::Lower => Ok(Resolved::text(text.to_lowercase())),
            Operator::Upper => Ok(Resolved::text(text.to_uppercase())),
            Operator::Unknown => {
                Err(MappingError::runtime("operator key should have a value of \"lower\" or \"upper\""))
            }
        }
    }
}
