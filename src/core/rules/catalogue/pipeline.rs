//! What the outer pipeline does with an event or an item: delivered, retried with backoff, given up or filtered.
use crate::core::names::Decision;
use crate::core::rules::fact::Fact;
use crate::core::rules::rule::{
    Citation, Decide, Rule, Stage, Test, Weight, between, missing, number, one_number_of, one_word_of, present, word,
};

const ERRORS: Citation = Citation::Reference("packages/core/src/errors.ts, comment on retried statuses");
const KIT: Citation = Citation::Reference("packages/core/src/destination-kit/index.ts");
const DISCARDS: Citation = Citation::Documentation("src/_includes/content/delivery-overview-discards.html");
const CODES: Citation = Citation::Documentation("src/connections/integration_error_codes.md");
const FAQ: Citation = Citation::Documentation("src/partners/faqs.md");

const MULTISTATUS: Citation = Citation::Reference("docs/multistatus.md");
const BATCH: Test = word(Fact::Outcome, "multistatus");
const FAILED: Test = one_word_of(Fact::Outcome, &["error", "item"]);
const RETRY: Decide = Decide::Conclude(Decision::Retry);
const DISCARD: Decide = Decide::Conclude(Decision::Discard);
const FILTERED: Decide = Decide::Conclude(Decision::Filtered);
const DELIVERED: Decide = Decide::Conclude(Decision::Delivered);

const fn plain(
    id: &'static str,
    when: &'static [Test],
    decides: Decide,
    says: &'static str,
    cites: &'static [Citation],
) -> Rule {
    Rule { id, stage: Stage::Pipeline, weight: Weight::Plain, when, decides, says, cites }
}

/// What never reaches a destination.
pub(in crate::core::rules) const INGEST: &[Rule] = &[plain(
    "INGEST-DUPLICATE",
    &[present(Fact::SeenBefore)],
    FILTERED,
    "Ingest had got a message with this messageId {seen_before_seconds} s before, and drops it. It looks at the id only, never \
     at the content.",
    &[Citation::Documentation("src/guides/duplicate-data.md")],
)];

/// What never was meant to be delivered.
pub(in crate::core::rules) const FILTERS: &[Rule] = &[
    plain(
        "PIPELINE-NOT-SUBSCRIBED",
        &[word(Fact::Outcome, "not_subscribed")],
        FILTERED,
        "The event does not match the subscription.",
        &[KIT],
    ),
    plain(
        "PIPELINE-SUBSCRIPTION-INVALID",
        &[word(Fact::Outcome, "rejected")],
        FILTERED,
        "The subscription is missing or invalid, so nothing is sent.",
        &[KIT],
    ),
];

/// Everything else. The last one always fires.
pub(in crate::core::rules) const DECISIONS: &[Rule] = &[
    plain(
        "PIPELINE-DELIVERED",
        &[word(Fact::Outcome, "delivered")],
        DELIVERED,
        "The destination's code came to its end without an error.",
        &[KIT],
    ),
    plain(
        "PIPELINE-BATCH-RETRY",
        &[BATCH, between(Fact::ItemsRetry, 1, i64::MAX)],
        RETRY,
        "{items_retry} of the items are to be retried; only those are sent again.",
        &[MULTISTATUS],
    ),
    plain(
        "PIPELINE-BATCH-DISCARD",
        &[BATCH, between(Fact::ItemsDiscard, 1, i64::MAX)],
        DISCARD,
        "{items_discard} of the items are given up, and none is left to be retried.",
        &[MULTISTATUS],
    ),
    plain(
        "PIPELINE-BATCH-DELIVERED",
        &[BATCH, between(Fact::ItemsDelivered, 1, i64::MAX)],
        DELIVERED,
        "{items_delivered} of the items are delivered, and none failed.",
        &[MULTISTATUS],
    ),
    plain("PIPELINE-BATCH-FILTERED", &[BATCH], FILTERED, "None of the items was meant to be sent.", &[MULTISTATUS]),
    plain(
        "PIPELINE-ITEM-DELIVERED",
        &[word(Fact::Outcome, "item"), between(Fact::Status, 200, 299)],
        DELIVERED,
        "The item has status {status}.",
        &[MULTISTATUS],
    ),
    plain(
        "PIPELINE-NOBODY-RETRIES",
        &[FAILED, one_word_of(Fact::Action, &["createAudience", "getAudience", "testAuthentication"])],
        DISCARD,
        "A person asked for this once; the failure is shown to that person and nobody retries it.[ The error says \"{detail}\".]",
        &[KIT],
    ),
    plain(
        "PIPELINE-PAYLOAD-INVALID",
        &[
            FAILED,
            number(Fact::Status, 400),
            one_word_of(Fact::ErrorName, &["ValidationError", "PAYLOAD_VALIDATION_FAILED"]),
        ],
        DISCARD,
        "What the mapping made of the event does not fit the fields of the action or of the settings; sending it again \
         would change nothing.[ The error says \"{detail}\".]",
        &[Citation::Reference("packages/core/src/schema-validation.ts"), Citation::Reference("docs/error-handling.md")],
    ),
    plain(
        "PIPELINE-4XX-RETRY",
        &[FAILED, one_number_of(Fact::Status, &[408, 423, 429])],
        RETRY,
        "{status} is one of the 4xx that pass (408, 423, 429): retried.",
        &[ERRORS, DISCARDS],
    ),
    plain(
        "PIPELINE-501-DISCARD",
        &[FAILED, number(Fact::Status, 501)],
        DISCARD,
        "501 is the only 5xx that is not retried: the remote cannot do this at all.",
        &[ERRORS],
    ),
    plain(
        "PIPELINE-5XX-RETRY",
        &[FAILED, between(Fact::Status, 500, 599)],
        RETRY,
        "{status} is a 5xx: retried.",
        &[ERRORS, FAQ],
    ),
    plain(
        "PIPELINE-401-DISCARD",
        &[FAILED, number(Fact::Status, 401)],
        DISCARD,
        "The remote does not accept the credentials (401); a later attempt would bring the same ones.[ The error says \"{detail}\".]",
        &[ERRORS, CODES],
    ),
    plain(
        "PIPELINE-4XX-DISCARD",
        &[FAILED, between(Fact::Status, 400, 499)],
        DISCARD,
        "{status} is a 4xx that does not pass: given up.[ The error says \"{detail}\".]",
        &[ERRORS, CODES],
    ),
    plain(
        "PIPELINE-HOST-UNKNOWN",
        &[FAILED, missing(Fact::Status), word(Fact::NetworkCode, "ENOTFOUND")],
        RETRY,
        "The host name has no address (ENOTFOUND): retried, though a wrong URL will not mend itself.",
        &[CODES],
    ),
    plain(
        "PIPELINE-NETWORK-RETRY",
        &[
            FAILED,
            missing(Fact::Status),
            one_word_of(
                Fact::NetworkCode,
                &["ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EHOSTUNREACH", "EAI_AGAIN", "EREFUSED"],
            ),
        ],
        RETRY,
        "No answer came ({network_code}): retried. The remote may have acted all the same.",
        &[CODES, DISCARDS],
    ),
    plain(
        "PIPELINE-NO-STATUS",
        &[FAILED, missing(Fact::Status)],
        RETRY,
        "The error[, {error_name},] has no status, so it counts as 500: retried.[ The error says \"{detail}\".]",
        &[
            KIT,
            Citation::Inferred(
                "the framework's default of 500, and \"INTERNAL\" being retried in the delivery overview",
            ),
        ],
    ),
    plain(
        "PIPELINE-OTHER-DISCARD",
        &[],
        DISCARD,
        "[{status} is no status that is retried: ]given up.",
        &[Citation::Inferred("errors.ts names every status that is retried, and this is none of them")],
    ),
];
