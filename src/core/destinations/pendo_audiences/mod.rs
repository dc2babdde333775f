//! Pendo Audiences: keeps the visitors of Pendo segments in step with Segment audiences.
mod account;
mod fields;
mod perform;
mod requests;

pub(super) use account::PendoAudiences;
