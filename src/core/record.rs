//! What happened: the records that a session is a list of. Everything that shows, stores or exports a delivery
//! reads these; `session::wire` holds their shape on disk.
use std::sync::Arc;

use serde_json::{Map, Value};

use super::http::{Fault, Request, Response};
use super::names::{
    AttemptId, Decision, DeliveryId, DuplicateOutcome, EventId, Purpose, Refresh, RuleSetName, Trigger,
};
use super::time::Timestamp;

/// One thing that became known. An attempt refers only to events that were recorded before it.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// An event was seen.
    Event(Arc<EventRecord>),
    /// An attempt ended.
    Attempt(Arc<Attempt>),
}

/// An event as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRecord {
    /// Its name in this session.
    pub id: EventId,
    /// When this program got it.
    pub received_at: Timestamp,
    /// `messageId` of the payload, if it has one.
    pub message_id: Option<String>,
    /// The Segment event.
    pub payload: Value,
    /// Fields that this version does not know, kept for writing.
    pub extra: Map<String, Value>,
}

/// One turn of the outer pipeline. What the framework does again inside it, after a refresh, is in the same record.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Its name in this session.
    pub id: AttemptId,
    /// The delivery that it belongs to.
    pub delivery: DeliveryId,
    /// What it carried, in order.
    pub events: Vec<EventId>,
    /// Destination as the file names it; a file may know more destinations than this program.
    pub destination: Arc<str>,
    /// Action of the destination.
    pub action: Arc<str>,
    /// 1 for the first attempt of the delivery.
    pub number: u32,
    /// What started it.
    pub trigger: Trigger,
    /// When its first step began.
    pub started_at: Timestamp,
    /// When its verdict was known.
    pub ended_at: Timestamp,
    /// Name of the rule set that judged it.
    pub rules: Arc<str>,
    /// Every request in order, token requests included.
    pub exchanges: Vec<Exchange>,
    /// What the framework returned or threw.
    pub outcome: Outcome,
    /// What the pipeline made of it.
    pub verdict: Verdict,
    /// Which token it used; only for OAuth destinations.
    pub token: Option<TokenUse>,
    /// What duplicate detection found; only where a strategy is on or a twin was seen.
    pub duplicate: Option<DuplicateMark>,
    /// Fields that this version does not know, kept for writing.
    pub extra: Map<String, Value>,
}

/// One request and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Why it was sent.
    pub purpose: Purpose,
    /// Which pass of the framework loop it belongs to: 1, or 2 after an in-process refresh.
    pub pass: u8,
    /// When sending began.
    pub started_at: Timestamp,
    /// When the response was whole, or the fault was noticed.
    pub ended_at: Timestamp,
    /// Generation of the access token that it carried; absent where no token is used.
    pub token_generation: Option<u32>,
    /// What the destination asked for.
    pub request: Request,
    /// Where it really went, if an `endpoint` replaced the destination's own host.
    pub sent_to: Option<String>,
    /// The response, or why there is none.
    pub result: Result<Response, Fault>,
}

/// What the framework returned or threw, in the shape of the reference cases.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A single delivery that went through.
    Delivered,
    /// The event is not for this action.
    NotSubscribed,
    /// The plan cannot deliver anything: its subscription is missing or invalid.
    Rejected {
        /// What the framework answers.
        message: String,
    },
    /// The framework threw: the whole event or batch failed.
    Error(ErrorOutcome),
    /// A batch, judged item by item.
    Multistatus(Vec<Item>),
}

impl Outcome {
    /// The name in session files.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::NotSubscribed => "not_subscribed",
            Self::Rejected { .. } => "rejected",
            Self::Error(_) => "error",
            Self::Multistatus(_) => "multistatus",
        }
    }
}

/// A thrown error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorOutcome {
    /// Class name, `RetryableError` for instance.
    pub name: String,
    /// The status that it carries; without one the pipeline counts it as 500.
    pub status: Option<u16>,
    /// Machine-readable code, `RETRYABLE_ERROR` for instance.
    pub code: Option<String>,
    /// For people.
    pub message: String,
}

/// One event of a batch: `items[i]` belongs to `events[i]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Status of this event.
    pub status: u16,
    /// Name of the error, if it is one.
    pub errortype: Option<String>,
    /// The error for people.
    pub errormessage: Option<String>,
    /// `INTEGRATIONS` or `DESTINATION`.
    pub errorreporter: Option<String>,
    /// What was sent for this event.
    pub sent: Option<Value>,
    /// What the receiver said of this event. An answer that speaks for a whole batch is held once and shared by its items.
    pub body: Option<Arc<Value>>,
    /// What the pipeline makes of this item.
    pub decision: Decision,
}

/// What the pipeline decided, and by which rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What happens next.
    pub decision: Decision,
    /// Id of the rule that decided, see `core::rules`.
    pub rule: Arc<str>,
    /// The rule's sentence, for people.
    pub reason: String,
    /// The facts that the rule read, by name.
    pub facts: Map<String, Value>,
    /// When the next attempt starts; only for a retry that the policy still allows.
    pub next_attempt_at: Option<Timestamp>,
}

/// Which token an attempt began and ended with. Generation 1 is the token that the plan gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenUse {
    /// Generation in force when the attempt began.
    pub generation_before: u32,
    /// Generation that it fetched or carried last.
    pub generation_after: u32,
    /// What became of the refresh, if one was tried.
    pub refresh: Refresh,
}

/// What duplicate detection found out about an attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct DuplicateMark {
    /// Name of the strategy.
    pub strategy: String,
    /// What it found.
    pub outcome: DuplicateOutcome,
    /// The attempt that was there first.
    pub of: Option<AttemptId>,
    /// What it rests on.
    pub evidence: Map<String, Value>,
}

/// First line of a session: where the records come from.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionHeader {
    /// Names the session for good; in virtual time it follows from plan and seed.
    pub id: String,
    /// Title for people.
    pub name: String,
    /// When it was begun; in virtual time the start of the virtual clock.
    pub created_at: Timestamp,
    /// Program and version.
    pub created_by: String,
    /// `fired`, `simulated`, `captured` or `imported`.
    pub origin: String,
    /// `wall` or `virtual`.
    pub clock: String,
    /// Name of the rule set.
    pub rules: String,
    /// The plan that was run, as JSON, with secrets aliased or named by environment variable.
    pub plan: Value,
    /// Fields that this version does not know, kept for writing.
    pub extra: Map<String, Value>,
}

impl SessionHeader {
    /// A header for a session that this build begins.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>, created_at: Timestamp, origin: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            created_at,
            created_by: concat!("delivery-inspector ", env!("CARGO_PKG_VERSION")).to_owned(),
            origin: origin.to_owned(),
            clock: "wall".to_owned(),
            rules: RuleSetName::default().name().to_owned(),
            plan: Value::Null,
            extra: Map::new(),
        }
    }
}
