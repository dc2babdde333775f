//! Pendo Audiences.
use crate::core::rules::fact::Fact;
use crate::core::rules::rule::{Citation, Decide, Rule, Stage, Weight, between, number, word};
use crate::core::rules::thrown::{StatusOf, Thrown};

const FUNCTIONS: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/pendo-audiences/syncAudience/functions.ts");

/// A busy segment is a reason to wait.
pub(in crate::core::rules) const CONFLICT: &[Rule] = &[Rule {
    id: "PENDO-409-CONFLICT",
    stage: Stage::Response,
    weight: Weight::Telling,
    when: &[word(Fact::Destination, "pendo-audiences"), word(Fact::Call, "visitors"), number(Fact::Status, 409)],
    decides: Decide::Throw(Thrown::Retryable {
        status: StatusOf::Given(429),
        message: "Pendo returned a 409. Segment is returning a 429 to trigger a retry.",
    }),
    says: "Pendo is busy with another write to this segment (409); it refused the whole request, which is retried as 429.",
    cites: &[Citation::PullRequest(3845), FUNCTIONS],
}];

/// Items of Pendo's `multistatus`.
pub(in crate::core::rules) const ITEMS: &[Rule] = &[
    Rule {
        id: "PENDO-ITEM-APPLIED",
        stage: Stage::Item,
        weight: Weight::Plain,
        when: &[word(Fact::Destination, "pendo-audiences"), between(Fact::Status, 200, 299)],
        decides: Decide::Accept,
        says: "Pendo applied {operation} with status {status}.",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "PENDO-ITEM-MASKED-AS-500",
        stage: Stage::Item,
        weight: Weight::Telling,
        when: &[word(Fact::Destination, "pendo-audiences"), word(Fact::Mode, "single")],
        decides: Decide::Throw(Thrown::Integration { status: StatusOf::Given(500), code: None, message: "{detail}" }),
        says: "Pendo answered 200 but refused {operation} with {status}; in single mode the reference's own catch turns \
               that into a 500, so it is retried whatever {status} meant.",
        cites: &[FUNCTIONS],
    },
];
