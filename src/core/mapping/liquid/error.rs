//! What is wrong with a template, and where.

/// A message, with the line and the column once they are known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(in crate::core::mapping) struct LiquidError {
    message: String,
    is_placed: bool,
}

impl LiquidError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_placed: false }
    }

    /// Something of liquidjs that this program does not do.
    pub(super) fn unsupported(what: &str) -> Self {
        Self::new(format!("{what} is not supported by this program"))
    }

    /// The same with a place in a template, unless it has one already.
    pub(super) fn at(self, source: &[char], offset: usize) -> Self {
        if self.is_placed {
            return self;
        }
        let before = &source[..offset.min(source.len())];
        let line = before.iter().filter(|letter| **letter == '\n').count() + 1;
        let column = before.iter().rev().take_while(|letter| **letter != '\n').count() + 1;
        Self { message: format!("{}, line:{line}, col:{column}", self.message), is_placed: true }
    }
}
