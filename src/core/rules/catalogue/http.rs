//! What the reference's HTTP client makes of an answer where the destination does not look at it itself.
use crate::core::rules::fact::Fact;
use crate::core::rules::rule::{
    Citation, Decide, Rule, Stage, Test, Weight, between, number, one_number_of, present, word,
};
use crate::core::rules::thrown::Thrown;

const NODE_FETCH: Citation = Citation::Library("node-fetch 2, src/index.js");
const REDIRECT: Test = one_number_of(Fact::Status, &[301, 302, 303, 307, 308]);
const BELOW_LIMIT: Test = between(Fact::Redirects, 0, 19);

/// Answers and faults, for every destination. The last one always fires.
pub(in crate::core::rules) const CLIENT: &[Rule] = &[
    Rule {
        id: "HTTP-SUCCESS",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[between(Fact::Status, 200, 299)],
        decides: Decide::Accept,
        says: "The answer {status} is a success.",
        cites: &[
            Citation::Reference("packages/core/src/request-client.ts"),
            Citation::Standard("RFC 9110, section 15.3"),
        ],
    },
    Rule {
        id: "HTTP-REDIRECT-SEE-OTHER",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[number(Fact::Status, 303), present(Fact::Location), BELOW_LIMIT],
        decides: Decide::FollowAsGet,
        says: "The answer 303 points to {location}, which is asked with a GET.",
        cites: &[NODE_FETCH, Citation::Standard("RFC 9110, section 15.4.4")],
    },
    Rule {
        id: "HTTP-REDIRECT-OF-POST",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[
            one_number_of(Fact::Status, &[301, 302]),
            word(Fact::Method, "POST"),
            present(Fact::Location),
            BELOW_LIMIT,
        ],
        decides: Decide::FollowAsGet,
        says: "The answer {status} to a POST points to {location}, which is asked with a GET.",
        cites: &[NODE_FETCH, Citation::Standard("RFC 9110, section 15.4.3")],
    },
    Rule {
        id: "HTTP-REDIRECT",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[REDIRECT, present(Fact::Location), BELOW_LIMIT],
        decides: Decide::Follow,
        says: "The answer {status} points to {location}, where the request goes next.",
        cites: &[NODE_FETCH, Citation::Documentation("src/_includes/content/delivery-overview-discards.html")],
    },
    Rule {
        id: "HTTP-REDIRECT-LIMIT",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[REDIRECT, present(Fact::Location)],
        decides: Decide::Throw(Thrown::Bare {
            class: "FetchError",
            message: "maximum redirect reached at: {location}",
        }),
        says: "The request was redirected {redirects} times; the client gives up at 20, with an error that has no status.",
        cites: &[NODE_FETCH],
    },
    Rule {
        id: "HTTP-ERROR",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[present(Fact::Status)],
        decides: Decide::Throw(Thrown::Http),
        says: "The answer {status} is no success and is thrown as an HTTPError.",
        cites: &[Citation::Reference("packages/core/src/request-client.ts")],
    },
    Rule {
        id: "NETWORK-ERROR",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[],
        decides: Decide::Throw(Thrown::Network),
        says: "No answer came[: {network_code}].",
        cites: &[Citation::Reference("packages/core/src/request-client.ts"), NODE_FETCH],
    },
];

/// Items of an answer that no destination has a rule for. The last one always fires.
pub(in crate::core::rules) const ITEMS: &[Rule] = &[
    Rule {
        id: "ITEM-SUCCESS",
        stage: Stage::Item,
        weight: Weight::Plain,
        when: &[between(Fact::Status, 200, 299)],
        decides: Decide::Accept,
        says: "The item has status {status}, a success.",
        cites: &[
            Citation::Reference(
                "packages/destination-actions/src/destinations/pendo-audiences/syncAudience/functions.ts",
            ),
            Citation::Reference(
                "packages/destination-actions/src/destinations/linkedin-audiences/updateCompanyAudience/functions.ts",
            ),
        ],
    },
    Rule {
        id: "ITEM-FAILED",
        stage: Stage::Item,
        weight: Weight::Plain,
        when: &[],
        decides: Decide::Fail,
        says: "The item failed with status {status}.",
        cites: &[
            Citation::Reference(
                "packages/destination-actions/src/destinations/pendo-audiences/syncAudience/functions.ts",
            ),
            Citation::Reference(
                "packages/destination-actions/src/destinations/linkedin-audiences/updateCompanyAudience/functions.ts",
            ),
        ],
    },
];
