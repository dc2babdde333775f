//! `@liquid`: a template of the Liquid language.
use serde_json::Value;

use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::liquid::Template;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

/// Longest template, in UTF-16 units.
const LONGEST: usize = 1000;

#[derive(Debug)]
struct Liquid {
    template: Template,
}

pub(super) fn compile(options: &Value) -> Result<Node, String> {
    let template = options.as_str().ok_or("liquid template value must be a string")?;
    if template.is_empty() {
        return Ok(Node::Constant("".into()));
    }
    if js::utf16_len(template) > LONGEST {
        return Err(format!("liquid template values are limited to {LONGEST} characters"));
    }
    let template = Template::parse(template).map_err(|error| error.to_string())?;
    Ok(Node::Directive(Box::new(Liquid { template })))
}

impl Directive for Liquid {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        let text = self.template.render(root).map_err(|error| MappingError::runtime(error.to_string()))?;
        Ok(Resolved::text(text))
    }
}
