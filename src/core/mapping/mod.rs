//! Mappings: how an event becomes the payload of an action. A mapping is JSON in which objects with one `@` key are
//! directives; it is validated as a whole, then resolved for each event.
mod directives;
mod error;
mod liquid;
mod node;
mod resolved;
mod transform;
mod validate;

pub use error::{MappingError, MappingErrorKind};
pub use transform::{CompiledMapping, merge_over_default, transform, transform_batch};
