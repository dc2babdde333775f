//! A filter as it was typed, with what it means.
use std::sync::Arc;

use super::bound::Bound;
use super::edit;
use super::error::FilterError;
use super::facet::Facet;
use super::parser::{Node, parse};
use crate::store::session::Session;

/// Which deliveries are shown. Cheap to copy.
#[derive(Clone, Debug)]
pub struct Filter {
    text: Arc<str>,
    pub(super) node: Arc<Node>,
}

impl Default for Filter {
    fn default() -> Self {
        Self { text: "".into(), node: Arc::new(Node::All(Vec::new())) }
    }
}

/// Filters are equal where they were typed the same.
impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Filter {}

impl Filter {
    /// Understands a filter. An empty one admits everything.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let node = Arc::new(parse(text)?);
        Ok(Self { text: text.into(), node })
    }

    /// As it was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it admits everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(&*self.node, Node::All(nodes) if nodes.is_empty())
    }

    /// Whether it asks for what stands in records, which may have to be read for it.
    #[must_use]
    pub fn looks_into_records(&self) -> bool {
        self.node.looks_into_records()
    }

    /// Ready to be asked about the deliveries of a session.
    #[must_use]
    pub fn bind<'a>(&'a self, session: &'a Session) -> Bound<'a> {
        Bound::new(&self.node, session)
    }

    /// Whether it asks for a facet outside of any `or` and `not`.
    #[must_use]
    pub fn has(&self, facet: Facet, session: &Session) -> bool {
        edit::find(&self.node, &facet.wanted(session)).is_some()
    }

    /// The filter that asks for a facet as well, or no longer. Facets of one kind widen, those of another narrow.
    #[must_use]
    pub fn toggled(&self, facet: Facet, session: &Session) -> Self {
        let text = edit::toggled(&self.text, &self.node, &facet.wanted(session));
        Self::parse(&text).unwrap_or_default()
    }
}
