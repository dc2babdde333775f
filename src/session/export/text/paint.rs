//! Colours on a terminal. They repeat what a word says and are never the only sign of it.
use std::fmt;

use crate::core::names::Decision;

/// Whether there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paint {
    /// Text alone: for files, pipes and people who set `NO_COLOR`.
    #[default]
    Plain,
    /// ANSI colours.
    Colours,
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Decision(Decision),
    Failure,
    Aside,
}

impl Role {
    const fn code(self) -> &'static str {
        match self {
            Self::Title => "1",
            Self::Decision(Decision::Delivered) => "32",
            Self::Decision(Decision::Retry) => "33",
            Self::Decision(Decision::Discard) | Self::Failure => "31",
            Self::Decision(Decision::Filtered) | Self::Aside => "2",
        }
    }
}

impl Paint {
    /// The text in the colour of its role.
    pub(super) fn of<T: fmt::Display>(self, role: Role, text: T) -> Painted<T> {
        Painted { paint: self, role, text }
    }
}

pub(super) struct Painted<T> {
    paint: Paint,
    role: Role,
    text: T,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.paint {
            Paint::Plain => write!(f, "{}", self.text),
            Paint::Colours => write!(f, "\u{1b}[{}m{}\u{1b}[0m", self.role.code(), self.text),
        }
    }
}
