//! Judges an answer that some other program saw: the rules alone, without running anything.
use super::client::answer_facts;
use super::judge::Judge;
use super::passes::error_facts;
use super::run::Ran;
use super::verdict::conclude;
use crate::core::destinations::destination;
use crate::core::error::DeliveryError;
use crate::core::http::{Fault, Request, Response};
use crate::core::names::{DestinationName, RuleSetName};
use crate::core::record::{Outcome, Verdict};
use crate::core::rules::{Call, Decide, Fact, Facts, RuleSet, Stage};

/// The outcome and the verdict of an attempt whose last answer was this one. `facts` say what is known of the attempt:
/// destination, action, mode. A refresh that the rules ask for is not made: whoever saw the answer saw what came next.
#[must_use]
pub fn judge_answer(
    rules: RuleSetName,
    facts: Facts,
    call: Option<Call>,
    request: &Request,
    result: &Result<Response, Fault>,
) -> (Outcome, Verdict) {
    let known = facts.text(Fact::Destination).and_then(DestinationName::from_name);
    let facts = facts.with_some(Fact::AuthScheme, known.map(|name| destination(name).auth_scheme().name()));
    let judge = Judge::new(RuleSet::named(rules), facts);
    let facts = answer_facts(judge.facts(), call, &request.method, 0, result);
    let rule = judge.ask(Stage::Response, facts.clone());
    let error = match (rule.decides, result) {
        (Decide::Throw(thrown), Ok(response)) => Some(thrown.over_answer(&facts, response)),
        (Decide::Throw(thrown), Err(fault)) => Some(thrown.over_fault(&facts, &request.url, fault)),
        _ => None,
    };
    let ended = match error {
        Some(error) => Err(handled(&judge, error)),
        None => Ok(Ran::Delivered),
    };
    conclude(judge, ended)
}

/// The error as the framework hands it on.
fn handled(judge: &Judge, error: DeliveryError) -> DeliveryError {
    match judge.ask(Stage::Framework, error_facts(judge.facts(), &error)).decides {
        Decide::RefreshAndRetryLater(status) | Decide::RetryLater(status) => {
            DeliveryError::retryable(error.message, status)
        }
        _ => error,
    }
}
