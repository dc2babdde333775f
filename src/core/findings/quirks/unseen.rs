//! Quirks that no session shows.
use super::sources::{CLIENT, KIT, PENDO, PENDO_CONFLICT, PROPAGATION, SETTINGS};
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{FindingId, Severity};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("Q-33"),
        title: "Sibling subscription runs again",
        severity: Severity::Severe,
        why: "All subscriptions of a destination run at the same time and fail together. If one of them meets a 401, the \
              others run again with it, though they had succeeded.",
        advice: "Give actions that must not run twice a destination of their own. Look for F-03, which shows what it does.",
        cites: &[KIT],
        detect: Detect::NotInSessions {
            reason: "an attempt holds one action: those that ran beside it are deliveries of their own, and nothing says \
                     that they ran together",
        },
    },
    Entry {
        id: FindingId("Q-34"),
        title: "Settings leak and a timeout that is not read",
        severity: Severity::Note,
        why: "The reference removes a misspelt key from the settings, so the subscription reaches the action; and it \
              reads DEFAULT_REQUEST_TIMEOUT without using it, so every request waits 10 s.",
        advice: "Do not count on the variable: requests end after 10 s whatever it says.",
        cites: &[SETTINGS, CLIENT],
        detect: Detect::NotInSessions { reason: "both happen inside the reference and leave nothing on the wire" },
    },
    Entry {
        id: FindingId("Q-38"),
        title: "Pull requests say something else than the code",
        severity: Severity::Note,
        why: "The description of #3845 swaps sent and body of a Pendo item, and the one of #3708 says that no refresh is \
              made. The code does otherwise, and so does this program.",
        advice: "Read the code, or the rule that a verdict names, not the description.",
        cites: &[PENDO_CONFLICT, PROPAGATION, PENDO],
        detect: Detect::NotInSessions { reason: "it is about what people wrote, not about what happened" },
    },
];
