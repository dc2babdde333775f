//! What to send, to whom, under which rules: a delivery plan after reading. `session::plan_file` reads and writes it.
use std::time::Duration;

use serde_json::{Map, Value};

use super::batching::Batching;
use super::deduplication::Strategy;
use super::http::{Fault, Response};
use super::names::{ClockKind, DestinationName, Mode, RefreshHook, RuleSetName};
use super::pipeline::Policy;
use super::time::Timestamp;

/// The fields of a plan file, each of which [`Plan`] holds in one form or another.
pub const FIELDS: &[&str] = &[
    "format",
    "version",
    "name",
    "start_at",
    "clock",
    "seed",
    "destination",
    "action",
    "mode",
    "rules",
    "settings",
    "auth",
    "refresh_hook",
    "subscription",
    "mapping",
    "events",
    "spread",
    "pipeline",
    "batching",
    "deduplication",
    "responses",
    "simulator",
    "endpoint",
];

/// A plan with every default filled in and every `$env:` reference resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Title for people.
    pub name: Option<String>,
    /// Where the virtual clock starts, and "now" of the first attempt.
    pub start_at: Option<Timestamp>,
    /// Which clock the run lives by.
    pub clock: ClockKind,
    /// Where jitter and the simulator's randomness come from.
    pub seed: u64,
    /// Who gets the events.
    pub destination: DestinationName,
    /// Which of its actions.
    pub action: String,
    /// One delivery an event, or one for all.
    pub mode: Mode,
    /// How the events of a batch are put together; for batch mode.
    pub batching: Batching,
    /// Who judges the responses.
    pub rules: RuleSetName,
    /// The destination's settings.
    pub settings: Map<String, Value>,
    /// OAuth tokens and client, for destinations that use them.
    pub auth: Option<Auth>,
    /// Whether deliveries take turns in refreshing the token.
    pub refresh_hook: RefreshHook,
    /// Each delivery begins at some instant within this time after the start of the run; zero for all at once.
    pub spread: Duration,
    /// FQL; absent means the action's default.
    pub subscription: Option<String>,
    /// Merged over the action's default mapping; a null removes a key.
    pub mapping: Map<String, Value>,
    /// Segment events.
    pub events: Vec<Value>,
    /// The outer retry policy.
    pub pipeline: Policy,
    /// How duplicates are kept out, if the plan says so.
    pub deduplication: Option<Strategy>,
    /// Who answers.
    pub remote: Remote,
    /// The plan as it was read, `$env:` references unresolved: what the session header and "Save plan" write.
    pub source: Map<String, Value>,
}

/// OAuth credentials. Never printed: `Debug` shows only which are there.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Auth {
    /// Generation 1 of the access token.
    pub access_token: Option<String>,
    /// What a new access token is asked for with.
    pub refresh_token: Option<String>,
    /// OAuth client.
    pub client_id: Option<String>,
    /// Its secret.
    pub client_secret: Option<String>,
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let there = |secret: &Option<String>| secret.as_ref().map(|_| "‹secret›");
        f.debug_struct("Auth")
            .field("access_token", &there(&self.access_token))
            .field("refresh_token", &there(&self.refresh_token))
            .field("client_id", &self.client_id)
            .field("client_secret", &there(&self.client_secret))
            .finish()
    }
}

/// Who answers the requests of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Remote {
    /// The destination's own hosts, or `endpoint` in their place. Needs the wall clock.
    Real {
        /// Base URL that replaces scheme, host and port of every request.
        endpoint: Option<String>,
    },
    /// The n-th request of the run, token requests included, gets the n-th answer.
    Script(Vec<ScriptedReply>),
    /// The embedded remote; its configuration as written, see `sim`.
    Simulator(Value),
}

/// One answer of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptedReply {
    /// How long the request takes.
    pub delay: Duration,
    /// What comes back.
    pub result: Result<Response, Fault>,
}
