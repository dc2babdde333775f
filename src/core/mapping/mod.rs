//! Mappings: how an event becomes the payload of an action. A mapping is JSON in which objects with one `@` key are
//! directives; it is validated as a whole, then resolved for each event.
mod directives;
mod error;
mod event_paths;
mod liquid;
mod node;
mod resolved;
mod transform;
mod validate;

pub use directives::{DIRECTIVES, DirectiveAbout, Takes, directive_about};
pub use error::{MappingError, MappingErrorKind};
pub use event_paths::{EventPath, event_paths};
pub use transform::{CompiledMapping, ROOT_DIRECTIVE, merge_over_default, transform, transform_batch};
pub use validate::{MappingProblem, problems};
