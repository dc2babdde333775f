//! The fields of the `simulator` value of a plan, section by section. What stands above a field here is what the
//! composer tells of it.
use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde_json::Value;

use super::described::{choices, described, described_names};
use super::faults::{FaultFields, PartialFailureFields};
use super::millis::Millis;
use super::preset::Preset;

described_names!(Preset);

described! {
    /// `simulator`.
    #[serde(default)]
    #[derive(Default)]
    pub(super) struct Top {
        /// A ready-made story; what stands beside it is laid over it.
        pub(super) preset: Option<Preset>,
        /// How long an answer takes, in milliseconds: one number, or [least, most].
        pub(super) latency_ms: Option<Millis>,
        /// What goes wrong. The first fault that hits a request decides its answer.
        pub(super) faults: Vec<FaultFields>,
        /// How Pendo stands.
        pub(super) pendo: Option<PendoFields>,
        /// How LinkedIn and its token endpoint stand.
        pub(super) linkedin: Option<LinkedinFields>,
        /// How the receiver of everything else answers.
        pub(super) receiver: Option<ReceiverConfig>,
    }
}

described! {
    /// `simulator.pendo`.
    #[serde(default)]
    #[derive(Default)]
    pub(super) struct PendoFields {
        /// The only key that is accepted; any key if absent.
        pub(super) integration_key: Option<String>,
        /// The only segments that exist besides those made during the run; any if absent.
        pub(super) segments: Option<Vec<String>>,
        /// How many writes to a segment, the first ones, meet "Operation in progress".
        pub(super) busy_first_writes: u32,
        /// For how many milliseconds after the first write to a segment writes meet "Operation in progress".
        pub(super) busy_ms: u64,
        /// How many milliseconds an accepted write goes on, and keeps others out.
        pub(super) write_ms: u64,
        /// Operations that fail inside an answer of 200.
        pub(super) operation_failures: Vec<PartialFailureFields>,
    }
}

described! {
    /// `simulator.linkedin`.
    #[serde(default)]
    #[derive(Default)]
    pub(super) struct LinkedinFields {
        /// How the plan's own token stands.
        pub(super) access_token: TokenState,
        /// How many milliseconds it takes until a token that was just issued is known everywhere: one number, or
        /// [least, most].
        pub(super) propagation_ms: Millis,
        /// How many milliseconds a token lives; for ever if absent. The plan's own counts from the first request.
        pub(super) token_lifetime_ms: Option<u64>,
        /// What the token endpoint answers.
        pub(super) refresh: RefreshAnswer,
        /// How many nodes answer, each of which learns of a new token by itself; one if absent.
        pub(super) nodes: Option<NonZeroU32>,
        /// After how many milliseconds from the first request the owner takes the consent back; never if absent.
        pub(super) consent_ms: Option<u64>,
        /// Whether a refresh ends the life of the access tokens before it.
        pub(super) refresh_revokes: bool,
        /// Whether a refresh brings a new refresh token, and ends the life of the one that it was asked with.
        pub(super) rotate_refresh_token: bool,
        /// How many requests there may be in a time; any number if absent.
        pub(super) rate_limit: Option<RateLimit>,
        /// Segments that exist before the run.
        pub(super) segments: Vec<SegmentFields>,
        /// What happens to a second segment for the same key.
        pub(super) second_create: SecondCreate,
        /// Which headers name a new segment; both if absent.
        pub(super) id_headers: Option<Vec<IdHeader>>,
        /// Role of the token's owner in the ad account; `ACCOUNT_MANAGER` if absent.
        pub(super) role: Option<String>,
        /// Elements of a batch that fail inside an answer of 200.
        pub(super) element_failures: Vec<PartialFailureFields>,
    }
}

choices! {
    /// How the token that the plan brought stands with LinkedIn.
    #[derive(Default)]
    pub(super) enum TokenState {
        #[default]
        Valid = "valid",
        Invalid = "invalid",
        Revoked = "revoked",
        Expired = "expired",
        NotYetPropagated = "not_yet_propagated",
    }
}

choices! {
    /// What the token endpoint answers.
    #[derive(Default)]
    pub(super) enum RefreshAnswer {
        #[default]
        Succeeds = "succeeds",
        InvalidGrant = "invalid_grant",
        ServerError = "server_error",
    }
}

described! {
    /// So many requests in a time.
    #[derive(Copy)]
    pub(super) struct RateLimit {
        /// How many requests there may be.
        pub(super) requests: u32,
        /// In how many milliseconds.
        pub(super) per_ms: u64,
    }
}

described! {
    /// A segment that exists before the run.
    pub(super) struct SegmentFields {
        /// What Segment calls it: the key that it is found by.
        pub(super) source_segment_id: String,
        /// What LinkedIn calls it.
        pub(super) id: String,
        /// Who is in it.
        #[serde(default)]
        pub(super) r#type: SegmentType,
    }
}

choices! {
    /// Who is in a segment.
    #[derive(Default)]
    pub(super) enum SegmentType {
        #[default]
        User = "USER",
        Company = "COMPANY",
    }
}

choices! {
    /// What happens to a second segment for the same key.
    #[derive(Default)]
    pub(super) enum SecondCreate {
        #[default]
        Allowed = "allowed",
        Conflict = "conflict",
    }
}

choices! {
    /// A header that names a new segment.
    pub(super) enum IdHeader {
        Restli = "x-restli-id",
        Linkedin = "x-linkedin-id",
    }
}

described! {
    /// `simulator.receiver`.
    #[serde(default)]
    #[derive(Default)]
    pub(super) struct ReceiverConfig {
        /// Status of an answer to a request that was acted on; 200 if absent.
        pub(super) status: Option<u16>,
        /// Header fields of that answer.
        pub(super) headers: BTreeMap<String, String>,
        /// The body of that answer.
        pub(super) body: Option<Value>,
        /// What it makes of `Idempotency-Key`.
        pub(super) idempotency_key: IdempotencyKey,
        /// Whether it acts on each `messageId` once, and answers the same whenever it comes again.
        pub(super) unique: bool,
        /// How many milliseconds acting takes; the same key meanwhile is a conflict.
        pub(super) acting_ms: u64,
    }
}

choices! {
    /// What the receiver makes of `Idempotency-Key`.
    #[derive(Default)]
    pub(super) enum IdempotencyKey {
        #[default]
        Ignored = "ignored",
        Honoured = "honoured",
        Required = "required",
    }
}
