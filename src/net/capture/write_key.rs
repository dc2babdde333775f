//! Which source an event came from: its write key, which is never kept, only told apart from others.
use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The write key of an `Authorization` header: the user name of Basic, with or without the colon behind it. A Bearer
/// token is no write key; such clients send theirs in the body.
pub(super) fn from_header(authorization: &str) -> Option<String> {
    let (scheme, credentials) = authorization.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let key = decoded.split(':').next().unwrap_or_default();
    (!key.is_empty()).then(|| key.to_owned())
}

/// The write keys that were seen, in the order in which they first came.
#[derive(Debug, Default)]
pub(super) struct Aliases(RefCell<Vec<String>>);

/// More sources than this are not told apart.
const MAX_ALIASES: usize = 1_000;

impl Aliases {
    /// What stands for a write key: equal for equal keys.
    pub(super) fn alias(&self, write_key: &str) -> String {
        let mut seen = self.0.borrow_mut();
        let known = seen.iter().position(|key| key == write_key);
        let alias_idx = known.unwrap_or_else(|| {
            if seen.len() < MAX_ALIASES {
                seen.push(write_key.to_owned());
            }
            seen.len() - 1
        });
        format!("‹key#{}›", alias_idx + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_read_with_and_without_its_colon_and_bearer_is_no_key() {
        for (header, key) in [
            ("Basic d2tfMTo=", Some("wk_1")),
            ("basic d2tfMQ==", Some("wk_1")),
            ("Basic d2tfMTpwYXNz", Some("wk_1")),
            ("Basic Og==", None),
            ("Basic !!!", None),
            ("Bearer d2tfMTo=", None),
            ("d2tfMTo=", None),
        ] {
            assert_eq!(from_header(header).as_deref(), key, "{header}");
        }
    }

    #[test]
    fn equal_keys_have_equal_aliases() {
        let aliases = Aliases::default();
        assert_eq!(["a", "b", "a"].map(|key| aliases.alias(key)), ["‹key#1›", "‹key#2›", "‹key#1›"]);
    }
}
