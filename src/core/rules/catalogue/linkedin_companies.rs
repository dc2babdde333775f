//! LinkedIn Audiences, companies: one table for the answers to its requests and for the element of a single delivery.
use crate::core::rules::fact::Fact;
use crate::core::rules::rule::{
    Citation, Decide, Rule, Stage, Test, Weight, between, missing, number, one_number_of, one_word_of, present, word,
};
use crate::core::rules::thrown::{StatusOf, Thrown};

const FUNCTIONS: Citation = Citation::Reference(
    "packages/destination-actions/src/destinations/linkedin-audiences/updateCompanyAudience/functions.ts",
);
const COMPANIES: Test = word(Fact::Action, "updateCompanyAudience");
const CALLS: Test = one_word_of(Fact::Call, &["lookup", "create", "companies"]);
const SINGLE: Test = word(Fact::Mode, "single");
const SUCCESS: Test = between(Fact::Status, 200, 299);
const TRANSIENT: Test = one_number_of(Fact::Status, &[408, 423, 429, 500, 502, 503, 504]);

const UNAUTHORIZED: Decide = Decide::Throw(Thrown::InvalidAuthentication {
    message: "Invalid LinkedIn OAuth access token. New authentication token will be requested.",
});
const CONFLICT: Decide = Decide::Throw(Thrown::Retryable {
    status: StatusOf::Given(429),
    message: "Conflict while syncing to the LinkedIn DMP Company Segment. This event will be retried.[ LinkedIn \
              returned: {detail}]",
});
const NOT_READY: Decide = Decide::Throw(Thrown::Retryable {
    status: StatusOf::Given(429),
    message: "LinkedIn DMP Company Segment is not available yet. It may have just been created. This event will be \
              retried.[ LinkedIn returned: {detail}]",
});
const PASSING: Decide = Decide::Throw(Thrown::Retryable {
    status: StatusOf::Answer,
    message: "Transient error while syncing to the LinkedIn DMP Company Segment. This event will be retried.[ LinkedIn \
              returned: {detail}]",
});
const REFUSED: Decide = Decide::Throw(Thrown::Api {
    message: "Failed to update LinkedIn DMP Company Segment. LinkedIn returned status {status}.[ LinkedIn returned: \
              {detail}]",
});

/// Answers to looking a segment up, creating it and filling it.
pub(in crate::core::rules) const ANSWERS: &[Rule] = &[
    Rule {
        id: "LINKEDIN-COMPANIES-ACCEPTED",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[COMPANIES, CALLS, SUCCESS],
        decides: Decide::Accept,
        says: "LinkedIn took the request ({status}).",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANIES-UNAUTHORIZED",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[COMPANIES, CALLS, number(Fact::Status, 401)],
        decides: UNAUTHORIZED,
        says: "LinkedIn rejected the access token (401).",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANIES-CONFLICT",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[COMPANIES, CALLS, number(Fact::Status, 409)],
        decides: CONFLICT,
        says: "LinkedIn is busy with the same company segment (409); it is retried as 429.",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANIES-NOT-READY",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[COMPANIES, CALLS, number(Fact::Status, 404)],
        decides: NOT_READY,
        says: "LinkedIn does not know the company segment yet (404), as it may have just been created; it is retried as \
               429.",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANIES-TRANSIENT",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[COMPANIES, CALLS, TRANSIENT],
        decides: PASSING,
        says: "LinkedIn answered {status}, a failure that passes; it is retried.",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANIES-REFUSED",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[COMPANIES, CALLS, present(Fact::Status)],
        decides: REFUSED,
        says: "LinkedIn refused the request with {status}.",
        cites: &[FUNCTIONS],
    },
];

/// The element of a single delivery, in an answer that was a success as a whole. In a batch an element keeps its
/// status.
pub(in crate::core::rules) const ELEMENT: &[Rule] = &[
    Rule {
        id: "LINKEDIN-COMPANY-ELEMENT-ACCEPTED",
        stage: Stage::Item,
        weight: Weight::Plain,
        when: &[COMPANIES, SINGLE, SUCCESS],
        decides: Decide::Accept,
        says: "LinkedIn took the company ({status}).",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANY-ELEMENT-WITHOUT-STATUS",
        stage: Stage::Item,
        weight: Weight::Telling,
        when: &[COMPANIES, SINGLE, missing(Fact::Status)],
        decides: Decide::Accept,
        says: "LinkedIn said nothing about the company; no number is neither too small nor too large, so the reference \
               takes it as a success.",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANY-ELEMENT-UNAUTHORIZED",
        stage: Stage::Item,
        weight: Weight::Telling,
        when: &[COMPANIES, SINGLE, number(Fact::Status, 401)],
        decides: UNAUTHORIZED,
        says: "LinkedIn answered 2xx, but the company's own status says that the access token was rejected (401).",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANY-ELEMENT-CONFLICT",
        stage: Stage::Item,
        weight: Weight::Telling,
        when: &[COMPANIES, SINGLE, number(Fact::Status, 409)],
        decides: CONFLICT,
        says: "LinkedIn answered 2xx, but the company's own status is 409; it is retried as 429.",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANY-ELEMENT-NOT-READY",
        stage: Stage::Item,
        weight: Weight::Telling,
        when: &[COMPANIES, SINGLE, number(Fact::Status, 404)],
        decides: NOT_READY,
        says: "LinkedIn answered 2xx, but the company's own status is 404; it is retried as 429.",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANY-ELEMENT-TRANSIENT",
        stage: Stage::Item,
        weight: Weight::Telling,
        when: &[COMPANIES, SINGLE, TRANSIENT],
        decides: PASSING,
        says: "LinkedIn answered 2xx, but the company's own status is {status}; it is retried.",
        cites: &[FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-COMPANY-ELEMENT-REFUSED",
        stage: Stage::Item,
        weight: Weight::Telling,
        when: &[COMPANIES, SINGLE],
        decides: REFUSED,
        says: "LinkedIn answered 2xx, but refused the company with {status}.",
        cites: &[FUNCTIONS],
    },
];
