//! What becomes of secrets on the way out.
use std::borrow::Cow;

use serde_json::Value;

use super::Aliases;
use crate::core::record::{Record, SessionHeader};

/// Whether secrets are written.
#[derive(Clone, Debug)]
pub enum Secrets {
    /// Aliases stand in their place.
    Aliased(Box<Aliases>),
    /// They are written as they are.
    Kept,
    /// Whoever hands things over has put aliases in their place.
    AliasedBefore,
}

/// Nothing is written that need not be.
impl Default for Secrets {
    fn default() -> Self {
        Self::aliased(Aliases::new())
    }
}

impl Secrets {
    /// Aliases, some secrets perhaps known beforehand.
    #[must_use]
    pub fn aliased(aliases: Aliases) -> Self {
        Self::Aliased(Box::new(aliases))
    }

    /// What the header of a session says.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Aliased(_) | Self::AliasedBefore => "aliased",
            Self::Kept => "kept",
        }
    }

    /// The header as it is written. Secrets of its plan are known from here on.
    #[must_use]
    pub fn header<'a>(&mut self, header: &'a SessionHeader) -> Cow<'a, SessionHeader> {
        match self {
            Self::Aliased(aliases) => Cow::Owned(aliases.header(header)),
            Self::Kept | Self::AliasedBefore => Cow::Borrowed(header),
        }
    }

    /// The record as it is written.
    #[must_use]
    pub fn record<'a>(&mut self, record: &'a Record) -> Cow<'a, Record> {
        match self {
            Self::Aliased(aliases) => Cow::Owned(aliases.record(record)),
            Self::Kept | Self::AliasedBefore => Cow::Borrowed(record),
        }
    }

    /// The same of a record that nobody needs as it was.
    #[must_use]
    pub fn owned(&mut self, record: Record) -> Record {
        match self {
            Self::Aliased(aliases) => aliases.owned(record),
            Self::Kept | Self::AliasedBefore => record,
        }
    }

    /// Any JSON as it is written.
    #[must_use]
    pub fn json<'a>(&mut self, json: &'a Value) -> Cow<'a, Value> {
        match self {
            Self::Aliased(aliases) => {
                let mut json = json.clone();
                aliases.json(&mut json);
                Cow::Owned(json)
            }
            Self::Kept | Self::AliasedBefore => Cow::Borrowed(json),
        }
    }

    /// A message as it is written.
    #[must_use]
    pub fn text<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        match self {
            Self::Aliased(aliases) => Cow::Owned(aliases.text(text)),
            Self::Kept | Self::AliasedBefore => Cow::Borrowed(text),
        }
    }
}
