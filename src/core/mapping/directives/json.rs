//! `@json`: a value as JSON text, or JSON text as a value.
use serde_json::Value;

use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;

#[derive(Debug)]
struct Json {
    mode: Mode,
    value: Node,
}

#[derive(Debug)]
enum Mode {
    Encode,
    Decode,
    /// Validation takes any case, the directive knows lower case only: the result is undefined.
    Unknown,
}

pub(super) fn compile(options: &Value) -> Result<Node, String> {
    let options = options.as_object().ok_or("@json requires an object with a \"value\" key")?;
    let mode = options.get("mode").filter(|mode| js::truthy(mode));
    let mode = match mode.ok_or("@json requires a \"mode\" key")?.as_str() {
        Some("encode") => Mode::Encode,
        Some("decode") => Mode::Decode,
        _ => Mode::Unknown,
    };
    let value = Node::truthy_option(options, "value").ok_or("@json requires a \"value\" key")?;
    Ok(Node::Directive(Box::new(Json { mode, value })))
}

impl Directive for Json {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        let value = self.value.resolve(root)?;
        Ok(match self.mode {
            Mode::Encode => value.into_json().map_or(Resolved::Undefined, |json| Resolved::text(js::json_text(&json))),
            Mode::Decode => match &value {
                Resolved::Json(json) => match json.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok()) {
                    Some(decoded) => decoded.into(),
                    // Text that is no JSON stays as it is, and so does what is no text.
                    None => value,
                },
                _ => value,
            },
            Mode::Unknown => Resolved::Undefined,
        })
    }
}
