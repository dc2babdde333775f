//! Identifiers and the closed sets of names that plans and sessions use.
use std::sync::Arc;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text as it stands in files.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<T: Into<Arc<str>>> From<T> for $name {
            fn from(text: T) -> Self {
                Self(text.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// Names one event record of a session (`e1`). Opaque: foreign files choose their own.
    EventId
}
text_id! {
    /// Names one attempt record of a session (`a7`).
    AttemptId
}
text_id! {
    /// Names a delivery of a session (`d3`): all attempts to bring the same events to the same action.
    DeliveryId
}

macro_rules! closed_names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in plan and session files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The value of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

pub(crate) use closed_names;

closed_names! {
    /// A destination that this program can deliver to.
    DestinationName {
        /// Pendo segments, custom authentication.
        PendoAudiences = "pendo-audiences",
        /// LinkedIn matched audiences, OAuth 2.
        LinkedinAudiences = "linkedin-audiences",
        /// LinkedIn Conversions API, OAuth 2.
        LinkedinConversions = "linkedin-conversions",
        /// People's own endpoint.
        DestinationFunction = "destination-function",
    }
}

closed_names! {
    /// How the events of a plan become deliveries.
    Mode {
        /// Each event is its own delivery.
        Single = "single",
        /// All events are one delivery.
        Batch = "batch",
    }
}

closed_names! {
    /// Which clock a run lives by.
    ClockKind {
        /// Waits cost nothing; same plan and seed, same session.
        Virtual = "virtual",
        /// The real one.
        Wall = "wall",
    }
}

closed_names! {
    /// The rule sets that can judge responses, see `core::rules`.
    RuleSetName {
        /// Pendo 409 is a retry; LinkedIn 65601 and 65602 refresh the token, then retry later. The default.
        TokenPropagationRefresh = "token-propagation-refresh",
        /// As above, without the refresh.
        TokenPropagationNoRefresh = "token-propagation-no-refresh",
        /// Pendo 409 is a retry; LinkedIn 65601 and 65602 are plain 401s.
        SegmentMain = "segment-main",
        /// `segment-main` without the Pendo rule.
        BeforePendo409 = "before-pendo-409",
    }
}

closed_names! {
    /// What an attempt was started by.
    Trigger {
        /// The event arrived.
        First = "first",
        /// The pipeline's backoff ran out.
        Retry = "retry",
        /// A person fired it again.
        Replay = "replay",
    }
}

closed_names! {
    /// Why a request was sent.
    Purpose {
        /// Finds the remote's audience.
        Lookup = "lookup",
        /// Makes the remote's audience.
        Create = "create",
        /// Carries the events.
        Deliver = "deliver",
        /// Asks for a new access token.
        Refresh = "refresh",
        /// Asks whether the credentials work.
        Authenticate = "authenticate",
    }
}

closed_names! {
    /// What the pipeline does next.
    Decision {
        /// The receiver has it.
        Delivered = "delivered",
        /// Try again later.
        Retry = "retry",
        /// Give up.
        Discard = "discard",
        /// Never meant for this destination.
        Filtered = "filtered",
    }
}

closed_names! {
    /// What became of the token refresh of an attempt.
    Refresh {
        /// None was needed.
        None = "none",
        /// The remote gave a new token.
        Succeeded = "succeeded",
        /// It did not.
        Failed = "failed",
    }
}

closed_names! {
    /// What the platform's hook does before a delivery refreshes the token that all share.
    RefreshHook {
        /// Nothing: who meets a 401 refreshes.
        None = "none",
        /// One refresh at a time; who had to wait then refreshes as well.
        Lock = "lock",
        /// One refresh at a time; who had to wait, or comes with a token that was replaced, takes the new one.
        Share = "share",
    }
}

closed_names! {
    /// What duplicate detection found out about an attempt.
    DuplicateOutcome {
        /// The first time that the receiver saw it.
        First = "first",
        /// Seen before, and not acted on again.
        Suppressed = "suppressed",
        /// The receiver acted on it once more.
        DeliveredTwice = "delivered-twice",
        /// Held back although the receiver had never acted on it.
        WronglySuppressed = "wrongly-suppressed",
        /// Nobody can tell: no answer came after the receiver may have acted.
        Ambiguous = "ambiguous",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that declares the names has no place for a default mark")]
impl Default for RuleSetName {
    fn default() -> Self {
        Self::TokenPropagationRefresh
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that declares the names has no place for a default mark")]
impl Default for RefreshHook {
    fn default() -> Self {
        Self::None
    }
}
