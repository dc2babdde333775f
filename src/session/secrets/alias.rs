//! What stands in place of a secret: `‹token#1›`.
use std::fmt;
use std::ops::Range;

/// What sort of secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Token,
    Key,
    Secret,
    Password,
    Cookie,
    /// Read from the environment, whatever it is.
    Variable,
}

impl Kind {
    pub(super) const N_KINDS: usize = 6;

    const fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Key => "key",
            Self::Secret => "secret",
            Self::Password => "password",
            Self::Cookie => "cookie",
            Self::Variable => "variable",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Token, Self::Key, Self::Secret, Self::Password, Self::Cookie, Self::Variable]
            .into_iter()
            .find(|kind| kind.word() == word)
    }

    /// What the secret of that name is.
    pub(super) fn of_name(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let is = |part: &str| name.contains(part);
        if is("token") || is("authorization") {
            Self::Token
        } else if is("secret") {
            Self::Secret
        } else if is("password") {
            Self::Password
        } else if is("cookie") {
            Self::Cookie
        } else {
            Self::Key
        }
    }
}

/// The n-th secret of its kind, counted from 1 in the order of appearance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Alias {
    pub(super) kind: Kind,
    pub(super) number: u32,
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{}#{}›", self.kind.word(), self.number)
    }
}

/// The aliases that stand in a text already, and where.
pub(super) fn aliases_in(text: &str) -> impl Iterator<Item = (Range<usize>, Alias)> {
    text.match_indices('‹').filter_map(|(start, open)| {
        let inside = &text[start + open.len()..];
        let end = inside.find('›')?;
        let (word, number) = inside[..end].split_once('#')?;
        let alias = Alias { kind: Kind::from_word(word)?, number: number.parse().ok()? };
        Some((start..start + open.len() + end + '›'.len_utf8(), alias))
    })
}

/// Whether a text is an alias such as `‹token#1›` and nothing else.
#[must_use]
pub fn is_alias(text: &str) -> bool {
    aliases_in(text).any(|(place, _)| place == (0..text.len()))
}
