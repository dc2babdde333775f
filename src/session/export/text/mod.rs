//! A session as text for people: what happened to each delivery, attempt by attempt.
mod timeline;

pub use paint::Paint;
pub use timeline::{Order, TextExport, event_title};
pub use visible::visible;

mod lines;
mod paint;
mod visible;
