//! `@transform`: a mapping of what another mapping made of the event.
use serde_json::Value;

use crate::core::js;
use crate::core::mapping::error::MappingError;
use crate::core::mapping::node::{Directive, Node, Root};
use crate::core::mapping::resolved::Resolved;
use crate::core::mapping::transform::{CompiledMapping, check_event};

#[derive(Debug)]
struct Transform {
    /// A mapping of its own, validated as such when it is used.
    apply: Result<CompiledMapping, MappingError>,
    mapping: Node,
}

pub(super) fn compile(options: &Value) -> Result<Node, String> {
    let options =
        options.as_object().ok_or("@transform requires an object with an \"apply\" key and a \"mapping\" key")?;
    let mapping = Node::truthy_option(options, "mapping").ok_or("@transform requires a \"mapping\" key")?;
    let apply = options.get("apply").filter(|apply| js::truthy(apply));
    let apply = apply.ok_or("@transform requires a \"apply\" key")?;
    let apply = apply.as_object().ok_or("@transform \"apply\" key should be an object")?;
    Ok(Node::Directive(Box::new(Transform { apply: CompiledMapping::new(apply), mapping })))
}

impl Directive for Transform {
    fn run<'a>(&'a self, root: Root<'a>) -> Result<Resolved<'a>, MappingError> {
        let nothing = Value::Object(serde_json::Map::new());
        let root = root.unwrap_or(&nothing);
        check_event(root)?;
        let applied = self.apply.as_ref().map_err(Clone::clone)?.resolve_defined(root)?;
        self.mapping.resolve(applied.as_ref()).map(Resolved::detach)
    }
}
