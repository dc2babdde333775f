//! What the framework does after a pass: hand over, or refresh the token and run once more. It never waits.
use crate::core::rules::fact::Fact;
use crate::core::rules::rule::{
    Citation, Decide, Rule, Stage, Test, Weight, between, number, one_word_of, present, word,
};
use crate::core::rules::thrown::TOKEN_PROPAGATION_ERROR;

const KIT: Citation = Citation::Reference("packages/core/src/destination-kit/index.ts");
const RETRY: Citation = Citation::Reference("packages/core/src/retry.ts");
const OAUTH: Test = one_word_of(Fact::AuthScheme, &["oauth2", "oauth-managed"]);
const THROWN: Test = word(Fact::Outcome, "error");
const NOT_PROPAGATED: Test = word(Fact::ErrorName, TOKEN_PROPAGATION_ERROR);
const UNAUTHORIZED: Test = number(Fact::Status, 401);
const UNAUTHORIZED_ITEMS: Test = between(Fact::UnauthorizedItems, 1, i64::MAX);

/// A refresh that failed ends the attempt, whatever it was meant to cure.
pub(in crate::core::rules) const REFRESH_FAILED: &[Rule] = &[Rule {
    id: "FRAMEWORK-REFRESH-FAILED",
    stage: Stage::Framework,
    weight: Weight::Telling,
    when: &[word(Fact::Refresh, "failed"), THROWN],
    decides: Decide::Rethrow,
    says: "The token could not be refreshed, and that error[, with status {status},] is the one that counts.",
    cites: &[KIT, Citation::PullRequest(3708)],
}];

/// Token propagation as pull request #3708 ends: refresh, then leave it to the pipeline.
pub(in crate::core::rules) const PROPAGATION_REFRESH: &[Rule] = &[Rule {
    id: "FRAMEWORK-TOKEN-PROPAGATION-REFRESH",
    stage: Stage::Framework,
    weight: Weight::Telling,
    when: &[THROWN, NOT_PROPAGATED, OAUTH],
    decides: Decide::RefreshAndRetryLater(503),
    says: "The token is not known everywhere yet: it is refreshed once, in case it was really revoked, and the event is \
           retried later as 503.",
    cites: &[Citation::PullRequest(3708)],
}];

/// Token propagation as the middle of pull request #3708 had it, and for destinations without a token.
pub(in crate::core::rules) const PROPAGATION_NO_REFRESH: &[Rule] = &[Rule {
    id: "FRAMEWORK-TOKEN-PROPAGATION",
    stage: Stage::Framework,
    weight: Weight::Telling,
    when: &[THROWN, NOT_PROPAGATED],
    decides: Decide::RetryLater(503),
    says: "The token is not known everywhere yet: the event is retried later as 503, with the same token.",
    cites: &[Citation::PullRequest(3708)],
}];

/// The loop of at most two passes. The last one always fires.
pub(in crate::core::rules) const LOOP: &[Rule] = &[
    Rule {
        id: "FRAMEWORK-401-REFRESH",
        stage: Stage::Framework,
        weight: Weight::Telling,
        when: &[THROWN, OAUTH, UNAUTHORIZED, number(Fact::Pass, 1)],
        decides: Decide::RefreshAndRunAgain,
        says: "The access token was rejected (401): it is refreshed, and everything runs again at once.",
        cites: &[KIT, RETRY],
    },
    Rule {
        id: "FRAMEWORK-401-AGAIN",
        stage: Stage::Framework,
        weight: Weight::Telling,
        when: &[THROWN, OAUTH, UNAUTHORIZED],
        decides: Decide::RefreshAndStop,
        says: "The access token was rejected (401) again after a refresh. It is refreshed once more, for nothing, and the \
               attempt ends with the 401.",
        cites: &[KIT, RETRY],
    },
    Rule {
        id: "FRAMEWORK-ITEMS-401-REFRESH",
        stage: Stage::Framework,
        weight: Weight::Telling,
        when: &[word(Fact::Outcome, "multistatus"), OAUTH, UNAUTHORIZED_ITEMS, number(Fact::Pass, 1)],
        decides: Decide::RefreshAndRunAgain,
        says: "{unauthorized_items} of the items came back with 401: the token is refreshed and the whole batch is sent \
               again, those that had succeeded included.",
        cites: &[KIT, RETRY],
    },
    Rule {
        id: "FRAMEWORK-ITEMS-401-AGAIN",
        stage: Stage::Framework,
        weight: Weight::Telling,
        when: &[word(Fact::Outcome, "multistatus"), OAUTH, UNAUTHORIZED_ITEMS],
        decides: Decide::RefreshAndStop,
        says: "{unauthorized_items} of the items came back with 401 after a refresh. The token is refreshed once more, for \
               nothing, and the items keep what they have.",
        cites: &[KIT, RETRY],
    },
    Rule {
        id: "FRAMEWORK-UNKNOWN-ACTION",
        stage: Stage::Framework,
        weight: Weight::Telling,
        when: &[word(Fact::Outcome, "delivered"), present(Fact::UnknownAction)],
        decides: Decide::Return,
        says: "The destination has no action called {unknown_action}: nothing was sent, and the framework says nothing of it.",
        cites: &[KIT],
    },
    Rule {
        id: "FRAMEWORK-CURED-BY-REFRESH",
        stage: Stage::Framework,
        weight: Weight::Telling,
        when: &[word(Fact::Outcome, "delivered"), number(Fact::Pass, 2)],
        decides: Decide::Return,
        says: "The first pass ended with 401; with a new token the second one went through.",
        cites: &[KIT, RETRY],
    },
    Rule {
        id: "FRAMEWORK-RETHROW",
        stage: Stage::Framework,
        weight: Weight::Plain,
        when: &[THROWN],
        decides: Decide::Rethrow,
        says: "The framework lets the error go: only a 401 of an OAuth destination is tried again in the same attempt.",
        cites: &[KIT, RETRY],
    },
    Rule {
        id: "FRAMEWORK-RETURN",
        stage: Stage::Framework,
        weight: Weight::Plain,
        when: &[],
        decides: Decide::Return,
        says: "The framework hands the result over.",
        cites: &[KIT],
    },
];
