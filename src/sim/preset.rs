//! Ready-made configurations: the stories that this program is about.
use serde_json::{Value, json};

/// A configuration with a name. What stands beside `preset` in a plan is laid over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Nothing goes wrong.
    HappyPath,
    /// Pendo is busy with another write twice, then takes the third: 409, 409, 200.
    PendoBusyWindow,
    /// LinkedIn has revoked the plan's token, gives a new one, and knows it only some seconds later.
    LinkedinTokenPropagation,
    /// LinkedIn's refresh token has run out as well.
    LinkedinRefreshFails,
    /// Every third request meets a server that is down.
    Outage,
}

impl Preset {
    /// Every preset, in the order of the documentation.
    pub const ALL: [Self; 5] = [
        Self::HappyPath,
        Self::PendoBusyWindow,
        Self::LinkedinTokenPropagation,
        Self::LinkedinRefreshFails,
        Self::Outage,
    ];

    /// The name in plans.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HappyPath => "happy-path",
            Self::PendoBusyWindow => "pendo-busy-window",
            Self::LinkedinTokenPropagation => "linkedin-token-propagation",
            Self::LinkedinRefreshFails => "linkedin-refresh-fails",
            Self::Outage => "outage",
        }
    }

    /// The preset of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// One sentence for people.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::HappyPath => "Everything is accepted.",
            Self::PendoBusyWindow => "Each Pendo segment is busy for its first two writes: 409, 409, then 200.",
            Self::LinkedinTokenPropagation => {
                "The plan's LinkedIn token is revoked; a refreshed one is rejected with 65601 for 20 seconds more."
            }
            Self::LinkedinRefreshFails => "The plan's LinkedIn token has expired and its refresh token is invalid.",
            Self::Outage => "A third of all requests, by chance, is answered with 503.",
        }
    }

    /// The configuration, as a plan would write it.
    #[must_use]
    pub fn configuration(self) -> Value {
        match self {
            Self::HappyPath => json!({}),
            Self::PendoBusyWindow => json!({ "pendo": { "busy_first_writes": 2 } }),
            Self::LinkedinTokenPropagation => {
                json!({ "linkedin": { "access_token": "revoked", "propagation_ms": 20_000 } })
            }
            Self::LinkedinRefreshFails => {
                json!({ "linkedin": { "access_token": "expired", "refresh": "invalid_grant" } })
            }
            Self::Outage => json!({ "faults": [{ "chance": 0.33, "status": 503 }] }),
        }
    }
}
