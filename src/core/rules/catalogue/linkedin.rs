//! LinkedIn Audiences and LinkedIn Conversions: token propagation, refresh, people and credentials.
use crate::core::rules::fact::Fact;
use crate::core::rules::rule::{
    Citation, Decide, Rule, Stage, Test, Weight, between, number, one_number_of, one_word_of, present, word,
};
use crate::core::rules::thrown::{StatusOf, Thrown};

const LINKEDIN: Test = one_word_of(Fact::Destination, &["linkedin-audiences", "linkedin-conversions"]);
const AUDIENCES_INDEX: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/linkedin-audiences/index.ts");
const CONVERSIONS_INDEX: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/linkedin-conversions/index.ts");
const USER_FUNCTIONS: Citation =
    Citation::Reference("packages/destination-actions/src/destinations/linkedin-audiences/updateAudience/functions.ts");

/// Answers of the token endpoint.
pub(in crate::core::rules) const TOKEN: &[Rule] = &[
    Rule {
        id: "LINKEDIN-TOKEN-ISSUED",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[LINKEDIN, word(Fact::Call, "token"), between(Fact::Status, 200, 299)],
        decides: Decide::Accept,
        says: "LinkedIn issued a new access token.",
        cites: &[AUDIENCES_INDEX, CONVERSIONS_INDEX],
    },
    Rule {
        id: "LINKEDIN-REFRESH-TOKEN-EXPIRED",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[LINKEDIN, word(Fact::Call, "token"), word(Fact::OauthError, "invalid_grant")],
        decides: Decide::Throw(Thrown::Integration {
            status: StatusOf::Given(401),
            code: Some("REFRESH_TOKEN_EXPIRED"),
            message: "Invalid Authentication: Your refresh token is invalid or expired. Please re-authenticate to fetch \
                      a new refresh token.",
        }),
        says: "LinkedIn says that the refresh token is invalid or expired (invalid_grant), so there is no new access \
               token; somebody has to authenticate again.",
        cites: &[AUDIENCES_INDEX, CONVERSIONS_INDEX],
    },
    Rule {
        id: "LINKEDIN-REFRESH-FAILED",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[LINKEDIN, word(Fact::Call, "token")],
        decides: Decide::Throw(Thrown::Integration {
            status: StatusOf::Given(401),
            code: Some("OAUTH_REFRESH_FAILED"),
            message: "Failed to fetch a new access token. Reason: {oauth_error}",
        }),
        says: "The token endpoint gave no new token[ but {status}][ ({network_code})][, {oauth_error}]; the reference \
               throws a 401 for that, whether or not the failure would have passed.",
        cites: &[AUDIENCES_INDEX, CONVERSIONS_INDEX],
    },
];

/// A new token takes a while until all of LinkedIn knows it.
pub(in crate::core::rules) const PROPAGATION: &[Rule] = &[Rule {
    id: "LINKEDIN-TOKEN-PROPAGATION",
    stage: Stage::Response,
    weight: Weight::Telling,
    when: &[LINKEDIN, number(Fact::Status, 401), one_number_of(Fact::ServiceErrorCode, &[65601, 65602])],
    decides: Decide::Throw(Thrown::TokenPropagation {
        message: "LinkedIn eventual consistency: token not yet propagated (serviceErrorCode {service_error_code})",
    }),
    says: "LinkedIn rejected a token[ that was {token_age_seconds} s old] with service error {service_error_code}, as it \
           does for a while after a token was issued; the event is retried later as 503.",
    cites: &[Citation::PullRequest(3708)],
}];

/// Answers to `POST /dmpSegments/{id}/users`.
pub(in crate::core::rules) const USERS: &[Rule] = &[
    Rule {
        id: "LINKEDIN-USERS-ACCEPTED",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[LINKEDIN, word(Fact::Call, "users"), number(Fact::Status, 200)],
        decides: Decide::Accept,
        says: "LinkedIn took the list of people.",
        cites: &[USER_FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-USERS-UNAUTHORIZED",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[LINKEDIN, word(Fact::Call, "users"), number(Fact::Status, 401)],
        decides: Decide::Throw(Thrown::InvalidAuthentication {
            message: "Invalid LinkedIn OAuth access token. Please reauthenticate to retrieve a valid access token.",
        }),
        says: "LinkedIn rejected the access token (401).",
        cites: &[USER_FUNCTIONS],
    },
    Rule {
        id: "LINKEDIN-USERS-MASKED-AS-500",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[LINKEDIN, word(Fact::Call, "users"), present(Fact::Status)],
        decides: Decide::Throw(Thrown::Retryable {
            status: StatusOf::Given(500),
            message: "Error while attempting to update LinkedIn DMP Segment. This batch will be retried.",
        }),
        says: "LinkedIn answered {status}; the reference turns every answer but 200 and 401 into a 500, so it is retried \
               whatever {status} meant.",
        cites: &[USER_FUNCTIONS],
    },
];

/// Answers to the questions that testing the credentials asks.
pub(in crate::core::rules) const CREDENTIALS: &[Rule] = &[
    Rule {
        id: "LINKEDIN-AUDIENCES-PROFILE-401",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[word(Fact::Destination, "linkedin-audiences"), word(Fact::Call, "profile"), number(Fact::Status, 401)],
        decides: Decide::Throw(Thrown::Bare {
            class: "Error",
            message: "Invalid LinkedIn Oauth access token. Please reauthenticate to retrieve a valid access token before \
                      updating other settings and/or enabling the destination.",
        }),
        says: "LinkedIn does not know the access token (401).",
        cites: &[AUDIENCES_INDEX],
    },
    Rule {
        id: "LINKEDIN-AUDIENCES-AD-ACCOUNT-404",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[
            word(Fact::Destination, "linkedin-audiences"),
            word(Fact::Call, "ad_account_user"),
            number(Fact::Status, 404),
        ],
        decides: Decide::Throw(Thrown::Bare {
            class: "Error",
            message: "Invalid LinkedIn Ad Account id. Please verify that the LinkedIn Ad Account exists and that you have \
                      access to it.",
        }),
        says: "LinkedIn knows no such ad account, or this person has no access to it (404).",
        cites: &[AUDIENCES_INDEX],
    },
    Rule {
        id: "LINKEDIN-CONVERSIONS-PROFILE-401",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[
            word(Fact::Destination, "linkedin-conversions"),
            word(Fact::Call, "profile"),
            number(Fact::Status, 401),
        ],
        decides: Decide::Throw(Thrown::Bare {
            class: "Error",
            message: "Invalid LinkedIn Oauth access token. Please reauthenticate to retrieve a valid access token before \
                      enabling the destination.",
        }),
        says: "LinkedIn does not know the access token (401).",
        cites: &[CONVERSIONS_INDEX],
    },
];
