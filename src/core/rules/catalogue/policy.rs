//! May the pipeline try once more? The policy says which limit is used up; these say what follows.
use crate::core::names::Decision;
use crate::core::rules::fact::Fact;
use crate::core::rules::rule::{Citation, Decide, Rule, Stage, Weight, word};

/// Limits of the retry policy. The last one always fires.
pub(in crate::core::rules) const LIMITS: &[Rule] = &[
    Rule {
        id: "POLICY-ATTEMPTS-USED-UP",
        stage: Stage::Policy,
        weight: Weight::Telling,
        when: &[word(Fact::Limit, "attempts")],
        decides: Decide::Conclude(Decision::Discard),
        says: "It was tried {attempts} times, and the retry policy allows {max_attempts}: given up.",
        cites: &[Citation::Documentation("src/connections/functions/source-functions.md")],
    },
    Rule {
        id: "POLICY-WINDOW-OVER",
        stage: Stage::Policy,
        weight: Weight::Telling,
        when: &[word(Fact::Limit, "window")],
        decides: Decide::Conclude(Decision::Discard),
        says: "The next attempt would start {elapsed_seconds} s after the first one, and the retry policy ends at \
               {max_elapsed_seconds} s: given up after {attempts} attempts.",
        cites: &[Citation::Documentation("src/connections/destinations/index.md")],
    },
    Rule {
        id: "POLICY-GIVEN-UP-BY-HAND",
        stage: Stage::Policy,
        weight: Weight::Telling,
        when: &[word(Fact::Limit, "person")],
        decides: Decide::Conclude(Decision::Discard),
        says: "A person gave it up. Attempts until then: {attempts}.",
        cites: &[Citation::Inferred("what a person does not want any more is not sent")],
    },
    Rule {
        id: "POLICY-GIVEN-UP-UNDER-WAY",
        stage: Stage::Policy,
        weight: Weight::Telling,
        when: &[word(Fact::Limit, "person-under-way")],
        decides: Decide::Conclude(Decision::Discard),
        says: "A person gave it up in the middle of an attempt, and the receiver may have acted on it. Attempts before \
               that one: {attempts}.",
        cites: &[Citation::Inferred("what a person does not want any more is not sent")],
    },
    Rule {
        id: "POLICY-RETRY",
        stage: Stage::Policy,
        weight: Weight::Plain,
        when: &[],
        decides: Decide::Conclude(Decision::Retry),
        says: "The retry policy allows another attempt.",
        cites: &[Citation::Documentation("src/connections/destinations/index.md")],
    },
];
