//! The ways in which people keep duplicates out, each with what it rests on.
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::core::js;
use crate::core::names::DestinationName;

/// How duplicates are kept out. What each can and cannot stop is in docs/duplicates.md.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Not at all.
    None,
    /// Ingest drops a message whose `messageId` came within a window. A retry of a delivery never passes there.
    MessageId {
        /// How long an id is remembered.
        window: Duration,
    },
    /// A destination function looks at a trait of the profile, calls its endpoint, and sets the trait. Traits are read late.
    ProfileTrait {
        /// Name of the trait.
        name: String,
        /// How long after it was written a trait is read.
        staleness: Duration,
        /// How long a profile counts as processed.
        remembers: Duration,
    },
    /// A destination function sends a key that its receiver knows again.
    IdempotencyKey {
        /// Name of the header, lower case.
        header: String,
        /// What the key is made of.
        of: KeyOf,
    },
    /// LinkedIn counts conversions with the same `eventId` once.
    LinkedinEventId,
    /// The receiver takes each `messageId` once.
    ReceiverUniqueKey,
}

/// What an idempotency key is made of. The key of a batch is the hash of its members' keys, so that a batch that is put
/// together anew has another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyOf {
    /// The `messageId`: one key for every call that a function makes for an event.
    #[default]
    MessageId,
    /// The `messageId` and the name of the call.
    MessageIdAndCall,
}

impl KeyOf {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 2] = [Self::MessageId, Self::MessageIdAndCall];

    /// The name in plan files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MessageId => "message-id",
            Self::MessageIdAndCall => "message-id-and-call",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.name() == name)
    }

    /// The key of a call for these events; none where one of them has no `messageId`.
    #[must_use]
    pub fn key(self, events: &[&Value], call: &str) -> Option<String> {
        let key = |event: &&Value| {
            let id = event.get("messageId").filter(|id| js::truthy(id)).map(js::text)?;
            Some(match self {
                Self::MessageId => id.into_owned(),
                Self::MessageIdAndCall => format!("{id}:{call}"),
            })
        };
        let mut keys = events.iter().map(key).collect::<Option<Vec<_>>>()?;
        if keys.len() < 2 {
            return keys.pop();
        }
        keys.sort_unstable();
        let hash = Sha256::digest(keys.join("\n"));
        Some(hash.iter().take(16).fold("batch-".to_owned(), |hex, byte| format!("{hex}{byte:02x}")))
    }
}

impl Strategy {
    /// Every name, in the order of the documentation.
    pub const NAMES: [&str; 6] =
        ["none", "message-id", "profile-trait", "idempotency-key", "linkedin-event-id", "receiver-unique-key"];

    /// The only destination that has the strategy of that name, if not all do.
    #[must_use]
    pub fn only_of(name: &str) -> Option<DestinationName> {
        match name {
            "profile-trait" | "idempotency-key" | "receiver-unique-key" => Some(DestinationName::DestinationFunction),
            "linkedin-event-id" => Some(DestinationName::LinkedinConversions),
            _ => None,
        }
    }

    /// The name in plan and session files.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::None => Self::NAMES[0],
            Self::MessageId { .. } => Self::NAMES[1],
            Self::ProfileTrait { .. } => Self::NAMES[2],
            Self::IdempotencyKey { .. } => Self::NAMES[3],
            Self::LinkedinEventId => Self::NAMES[4],
            Self::ReceiverUniqueKey => Self::NAMES[5],
        }
    }

    /// Whether a receiver that knows what it did before is relied on: a repeated success then means that it did not act again.
    #[must_use]
    pub const fn is_at_receiver(&self) -> bool {
        matches!(self, Self::IdempotencyKey { .. } | Self::LinkedinEventId | Self::ReceiverUniqueKey)
    }
}

/// A text as a Structured Field string, which is how the header has it: in quotes, what is no printable ASCII left out.
#[must_use]
pub(in crate::core) fn structured_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars().filter(|char| matches!(char, ' '..='~')) {
        if matches!(char, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(char);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_key_of_a_batch_is_that_of_its_members_in_any_order() {
        let [one, two, none] = [json!({"messageId": "m1"}), json!({"messageId": "m2"}), json!({})];
        let of = KeyOf::MessageId;
        assert_eq!(of.key(&[&one], "onEvent").as_deref(), Some("m1"));
        assert_eq!(KeyOf::MessageIdAndCall.key(&[&one], "onEvent").as_deref(), Some("m1:onEvent"));
        let both = of.key(&[&one, &two], "onEvent").unwrap();
        assert_eq!(both.len(), "batch-".len() + 32);
        assert_eq!(of.key(&[&two, &one], "onEvent"), Some(both.clone()));
        assert_ne!(of.key(&[&one], "onEvent"), Some(both));
        assert_eq!(of.key(&[&one, &none], "onEvent"), None);
    }

    #[test]
    fn a_key_stands_in_quotes() {
        assert_eq!(structured_string("m-1"), "\"m-1\"");
        assert_eq!(structured_string("a\"b\\c\r\nü"), "\"a\\\"b\\\\c\"");
    }
}
