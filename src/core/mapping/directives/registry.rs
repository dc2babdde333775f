//! Which directives there are.
use serde_json::Value;

use super::{array_path, branch, case, flatten, json, liquid, literal, merge, path, replace, template, transform};
use crate::core::js;
use crate::core::mapping::node::Node;

/// Makes a directive ready.
///
/// # Errors
/// What it throws on every event.
pub(in crate::core::mapping) fn compile(name: &str, options: &Value) -> Result<Node, String> {
    match name {
        "@path" => Ok(path::compile(options)),
        "@template" => Ok(template::compile(options)),
        "@literal" => Ok(literal::compile(options)),
        "@excludeWhenNull" => Ok(literal::compile_exclude_when_null(options)),
        "@if" => branch::compile(options),
        "@case" => case::compile(options),
        "@replace" => replace::compile(options),
        "@arrayPath" => array_path::compile(options),
        "@flatten" => flatten::compile(options),
        "@json" => json::compile(options),
        "@liquid" => liquid::compile(options),
        "@merge" => merge::compile(options),
        "@transform" => transform::compile(options),
        _ => Err(format!("{name} is not a valid directive, got {}", js::real_type_of(None))),
    }
}
