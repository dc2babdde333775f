//! Tells what a file that is no session seems to be, from its beginning, so that the message can name the way in.
use std::fmt;

use memchr::memmem;

/// What a file seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seems {
    /// A session.
    Session,
    /// A delivery plan.
    Plan,
    /// A HAR file.
    Har,
    /// Attempts that a webhook service lists.
    Attempts,
    /// Segment events.
    Events,
    /// Cases for the `conformance` verb.
    Cases,
    /// UTF-16 text.
    Utf16,
    /// Something with NUL bytes in it.
    Binary,
    /// Text of some kind.
    Text,
}

impl Seems {
    /// Looks at the first bytes of a file, a few thousand are enough.
    #[must_use]
    pub fn from_head(head: &[u8]) -> Self {
        let has = |needle: &str| memmem::find(head, needle.as_bytes()).is_some();
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            Self::Utf16
        } else if memchr::memchr(0, head).is_some() {
            Self::Binary
        } else if head.len() > SESSION_HEAD.len() && begins_like_a_session(head) {
            Self::Session
        } else if has("\"expect\"") && has("\"plan\"") {
            Self::Cases
        } else if has("\"delivery-plan\"") {
            Self::Plan
        } else if has("\"log\"") && has("\"entries\"") {
            Self::Har
        } else if (has("\"msgId\"") && has("\"endpointId\""))
            || (has("\"event_id\"") && has("\"response_status\""))
            || (has("\"msg_id\"") && has("\"endpoint_id\""))
        {
            Self::Attempts
        } else if has("\"messageId\"") || (has("\"type\"") && (has("\"userId\"") || has("\"anonymousId\""))) {
            Self::Events
        } else {
            Self::Text
        }
    }
}

impl Seems {
    /// Whether it is something to import.
    #[must_use]
    pub const fn is_imported(self) -> bool {
        matches!(self, Self::Har | Self::Attempts | Self::Events)
    }
}

const SESSION_HEAD: &[u8] = b"{\"type\":\"session\"";

/// Whether the first bytes are those of a session header, or as much of one as is there.
pub(crate) fn begins_like_a_session(head: &[u8]) -> bool {
    let letters = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
    let compact: Vec<u8> = letters.take(SESSION_HEAD.len()).collect();
    SESSION_HEAD.starts_with(&compact) && !compact.is_empty()
}

/// Reads on from "it": what it seems to be and what takes it.
impl fmt::Display for Seems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Session => "seems to be a session, which `delivery-inspector check` and `export` take",
            Self::Plan => "seems to be a delivery plan, which `delivery-inspector run` takes",
            Self::Har => "seems to be a HAR file, which `delivery-inspector import` takes",
            Self::Attempts => "seems to hold attempts of a webhook service, which `delivery-inspector import` takes",
            Self::Events => {
                "seems to hold Segment events, which `delivery-inspector import` and `run PLAN --events` take"
            }
            Self::Cases => "seems to hold conformance cases, which `delivery-inspector conformance` takes",
            Self::Utf16 => "seems to be UTF-16 text; sessions are UTF-8",
            Self::Binary => "seems to be no text at all",
            Self::Text => "has no line that is a session record",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_content() {
        for (head, seems) in [
            ("{\n  \"format\": \"delivery-plan\",\n  \"events\": [{\"messageId\": \"m\"}]", Seems::Plan),
            ("{\"id\":\"pendo-1\",\"plan\":{\"format\":\"delivery-plan\"},\"expect\":{}}", Seems::Cases),
            ("{\"type\": \"session\", \"plan\": {\"format\": \"delivery-plan\"}}", Seems::Session),
            ("{\"log\":{\"version\":\"1.2\",\"entries\":[", Seems::Har),
            ("{\"data\":[{\"id\":\"atmpt_1\",\"msgId\":\"msg_1\",\"endpointId\":\"ep_1\"}]}", Seems::Attempts),
            ("{\"type\":\"track\",\"messageId\":\"m\"}\n", Seems::Events),
            ("\u{feff}hello", Seems::Text),
            ("\0\0\0", Seems::Binary),
        ] {
            assert_eq!(Seems::from_head(head.as_bytes()), seems, "{head}");
        }
        assert_eq!(Seems::from_head(b"\xff\xfeh\0i\0"), Seems::Utf16);
    }
}
