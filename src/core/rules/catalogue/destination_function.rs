//! Destination functions: what the errors that their authors throw mean. Which answer throws which error is the
//! author's to say; `core::destinations::destination_function` asks the list of outcome rules in the settings.
use crate::core::names::Decision;
use crate::core::rules::fact::Fact;
use crate::core::rules::rule::{Citation, Decide, Rule, Stage, Test, Weight, missing, one_word_of, present, word};
use crate::core::rules::thrown::Thrown;

const FUNCTION: Test = word(Fact::Destination, "destination-function");
const ENDPOINT: Test = word(Fact::Call, "endpoint");
const DOCS: Citation = Citation::Documentation("src/connections/functions/destination-functions.md");
const DISCARDS: Citation = Citation::Documentation("src/_includes/content/delivery-overview-discards.html");
const MESSAGE: &str = "[HTTP Status {status}][{network_code}]";

const fn throws(result: &'static str) -> Decide {
    Decide::Throw(Thrown::Bare { class: result, message: MESSAGE })
}

/// What the author's outcome rules made of an answer.
pub(in crate::core::rules) const RESULTS: &[Rule] = &[
    Rule {
        id: "FUNCTION-SUCCESS",
        stage: Stage::Response,
        weight: Weight::Plain,
        when: &[FUNCTION, ENDPOINT, word(Fact::FunctionResult, "success")],
        decides: Decide::Accept,
        says: "The function's outcome rules take the answer {status} as a success.",
        cites: &[DOCS],
    },
    Rule {
        id: "FUNCTION-RETRY-ERROR",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[FUNCTION, ENDPOINT, word(Fact::FunctionResult, "RetryError")],
        decides: throws("RetryError"),
        says: "Outcome rule {function_rule} of the function throws a RetryError[ on status {status}][ on {network_code}]: \
               retried.",
        cites: &[DOCS, DISCARDS],
    },
    Rule {
        id: "FUNCTION-TIMEOUT",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[FUNCTION, ENDPOINT, word(Fact::FunctionResult, "timeout")],
        decides: throws("FunctionTimeout"),
        says: "The function did not finish within its time limit, which counts as a gateway timeout: retried.",
        cites: &[DISCARDS, Citation::Documentation("src/connections/functions/source-functions.md")],
    },
    Rule {
        id: "FUNCTION-VALIDATION-ERROR",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[FUNCTION, ENDPOINT, word(Fact::FunctionResult, "ValidationError")],
        decides: throws("ValidationError"),
        says: "Outcome rule {function_rule} of the function throws a ValidationError[ on status {status}]: the data is \
               bad, and it is given up.",
        cites: &[DOCS, DISCARDS],
    },
    Rule {
        id: "FUNCTION-INVALID-EVENT-PAYLOAD",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[FUNCTION, ENDPOINT, word(Fact::FunctionResult, "InvalidEventPayload")],
        decides: throws("InvalidEventPayload"),
        says: "Outcome rule {function_rule} of the function throws InvalidEventPayload[ on status {status}]: the data is \
               bad, and it is given up.",
        cites: &[DOCS, DISCARDS],
    },
    Rule {
        id: "FUNCTION-EVENT-NOT-SUPPORTED",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[FUNCTION, ENDPOINT, word(Fact::FunctionResult, "EventNotSupported")],
        decides: throws("EventNotSupported"),
        says: "Outcome rule {function_rule} of the function throws EventNotSupported[ on status {status}]: it does not \
               apply, and is given up.",
        cites: &[DOCS, DISCARDS],
    },
    Rule {
        id: "FUNCTION-DROP-EVENT",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[FUNCTION, ENDPOINT, word(Fact::FunctionResult, "DropEvent")],
        decides: throws("DropEvent"),
        says: "Outcome rule {function_rule} of the function drops the event[ on status {status}], which is no error.",
        cites: &[DOCS],
    },
    Rule {
        id: "FUNCTION-ERROR",
        stage: Stage::Response,
        weight: Weight::Telling,
        when: &[FUNCTION, ENDPOINT, present(Fact::FunctionResult)],
        decides: throws("Error"),
        says: "No outcome rule of the function takes the answer[ {status}][ {network_code}]: an error of no special kind, \
               given up.",
        cites: &[DISCARDS],
    },
];

/// What the pipeline does with the errors of functions. They carry no status.
pub(in crate::core::rules) const DECISIONS: &[Rule] = &[
    Rule {
        id: "FUNCTION-RETRIED",
        stage: Stage::Pipeline,
        weight: Weight::Plain,
        when: &[FUNCTION, missing(Fact::Status), one_word_of(Fact::ErrorName, &["RetryError", "FunctionTimeout"])],
        decides: Decide::Conclude(Decision::Retry),
        says: "A function that throws {error_name} is retried.",
        cites: &[DISCARDS],
    },
    Rule {
        id: "FUNCTION-DROPPED",
        stage: Stage::Pipeline,
        weight: Weight::Plain,
        when: &[FUNCTION, missing(Fact::Status), word(Fact::ErrorName, "DropEvent")],
        decides: Decide::Conclude(Decision::Filtered),
        says: "The function dropped the event on purpose.",
        cites: &[DOCS],
    },
    Rule {
        id: "FUNCTION-DISCARDED",
        stage: Stage::Pipeline,
        weight: Weight::Plain,
        when: &[
            FUNCTION,
            missing(Fact::Status),
            one_word_of(Fact::ErrorName, &["ValidationError", "InvalidEventPayload", "EventNotSupported", "Error"]),
        ],
        decides: Decide::Conclude(Decision::Discard),
        says: "A function that throws {error_name} is not retried.",
        cites: &[DISCARDS],
    },
];
