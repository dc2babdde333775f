//! The author's outcome rules: a list of conditions on an answer and of what follows, as the settings hold it.
use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::fields::{DEFAULT_RULES, RESULTS, RULE};
use crate::core::framework::answer;
use crate::core::http::{Fault, FaultKind, Response};
use crate::core::js;
use crate::core::rules::{Fact, Facts, network_code};
use crate::core::schema::Misfit;

/// The outcome rules of a function, in order.
#[derive(Debug)]
pub(super) struct OutcomeRules(Vec<OutcomeRule>);

/// All conditions that are there must hold.
#[derive(Debug, Default)]
struct OutcomeRule {
    status: Option<Vec<RangeInclusive<u16>>>,
    network: Option<String>,
    body_path: Option<Vec<String>>,
    body_is: Option<Value>,
    result: &'static str,
}

impl OutcomeRules {
    /// The rules in the settings, or the default ones.
    ///
    /// # Errors
    /// Which rule is wrong, and why.
    pub(super) fn of_settings(settings: &Map<String, Value>) -> Result<Self, String> {
        let default = || serde_json::from_str(DEFAULT_RULES).map_or_else(|error| Err(error.to_string()), Ok);
        let rules: Cow<'_, Value> = match settings.get("rules") {
            Some(rules) => Cow::Borrowed(rules),
            None => Cow::Owned(default()?),
        };
        let rules = rules.as_array().map(Vec::as_slice).unwrap_or_default();
        let read = |(rule_idx, rule)| {
            OutcomeRule::read(rule).map_err(|wrong| format!("outcome rule {} {}", rule_idx + 1, wrong.problem))
        };
        rules.iter().enumerate().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// What is wrong with each of the rules in the settings; places are those inside of the settings.
    pub(super) fn misfits(settings: &Map<String, Value>) -> Vec<Misfit> {
        let rules = settings.get("rules").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let wrong = |(rule_idx, rule)| {
            OutcomeRule::read(rule).err().map(|misfit: Misfit| misfit.within(&format!("rules[{rule_idx}]")))
        };
        rules.iter().enumerate().filter_map(wrong).collect()
    }

    /// What the first rule that matches says of an answer. A function that did not finish in time is not asked.
    pub(super) fn judge(&self, result: Result<&Response, &Fault>, in_time: bool) -> Facts {
        let facts = Facts::default();
        if !in_time || matches!(result, Err(fault) if fault.kind == FaultKind::Timeout) {
            return facts.with(Fact::FunctionResult, "timeout");
        }
        let matching = self.0.iter().position(|rule| rule.matches(result));
        let (number, what) = matching.map_or((0, "Error"), |rule_idx| (rule_idx + 1, self.0[rule_idx].result));
        facts.with(Fact::FunctionResult, what).with(Fact::FunctionRule, i64::try_from(number).unwrap_or_default())
    }
}

impl OutcomeRule {
    fn read(rule: &Value) -> Result<Self, Misfit> {
        let wrong = |place: &str, problem: String| Misfit::new(place, problem);
        let entries = rule.as_object().ok_or_else(|| wrong("", "is no object".to_owned()))?;
        let mut read = Self::default();
        for (key, value) in entries {
            match (key.as_str(), value) {
                ("status", Value::Array(several)) => {
                    let several: Result<_, _> = several.iter().map(statuses).collect();
                    read.status = Some(several.map_err(|problem| wrong("status", problem))?);
                }
                ("status", one) => read.status = Some(vec![statuses(one).map_err(|problem| wrong("status", problem))?]),
                ("network", Value::String(code)) => read.network = Some(code.clone()),
                ("body_path", Value::String(path)) => read.body_path = Some(js::keys(&path.replacen("$.", "", 1))),
                ("body_is", value) => read.body_is = Some(value.clone()),
                ("result", Value::String(name)) => {
                    let known = RESULTS.into_iter().find(|known| known == name);
                    read.result = known.ok_or_else(|| {
                        let known = RESULTS.join(", ");
                        wrong("result", format!("has the result \"{name}\"; it must be one of {known}"))
                    })?;
                }
                (key, _) => {
                    let keys: Vec<&str> = RULE.iter().map(|field| field.key).collect();
                    let problem =
                        format!("has a field \"{key}\" that means nothing there; there are {}", keys.join(", "));
                    return Err(Misfit::unknown(key, problem));
                }
            }
        }
        if read.result.is_empty() {
            return Err(wrong("", format!("has no `result`; it must be one of {}", RESULTS.join(", "))));
        }
        if read.network.is_some() && read.result == "success" {
            return Err(wrong("network", "takes no answer at all for a success".to_owned()));
        }
        if read.body_is.is_some() && read.body_path.is_none() {
            return Err(wrong("body_is", "has `body_is` but no `body_path`".to_owned()));
        }
        Ok(read)
    }

    /// A rule that asks for a network error never matches an answer, and one that asks for part of an answer never matches
    /// a network error. A success needs an answer.
    fn matches(&self, result: Result<&Response, &Fault>) -> bool {
        match result {
            Ok(response) => {
                let status =
                    self.status.as_ref().is_none_or(|all| all.iter().any(|one| one.contains(&response.status)));
                self.network.is_none() && status && self.body_matches(response)
            }
            Err(fault) => {
                let network = self.network.as_deref();
                let on_answer = self.status.is_some() || self.body_path.is_some() || self.result == "success";
                !on_answer && network.is_none_or(|code| code == "any" || code == network_code(fault.kind))
            }
        }
    }

    fn body_matches(&self, response: &Response) -> bool {
        let Some(path) = &self.body_path else { return true };
        let data = answer::data(response);
        let found = data.as_deref().and_then(|data| js::lookup(data, path));
        match &self.body_is {
            Some(expected) => found.as_deref() == Some(expected),
            None => found.is_some_and(|value| !value.is_null()),
        }
    }
}

/// `503`, `"5xx"` or `"500-504"`.
fn statuses(value: &Value) -> Result<RangeInclusive<u16>, String> {
    let wrong = || format!("has the status {value}; it must be a number, \"5xx\" or \"500-504\", or a list of these");
    let number = |text: &str| text.parse::<u16>().ok();
    let range = match value {
        Value::Number(number) => number.as_u64().and_then(|status| u16::try_from(status).ok()).map(|one| one..=one),
        Value::String(text) => match (text.strip_suffix("xx"), text.split_once('-')) {
            (Some(hundreds), _) => number(hundreds).filter(|hundreds| *hundreds < 10).map(|h| h * 100..=h * 100 + 99),
            (None, Some((first, last))) => number(first).zip(number(last)).map(|(first, last)| first..=last),
            (None, None) => number(text).map(|one| one..=one),
        },
        _ => None,
    };
    range.ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fields::NETWORKS;
    use super::*;
    use crate::core::http::{Body, Headers};

    fn rules(rules: Value) -> Result<OutcomeRules, String> {
        OutcomeRules::of_settings(&Map::from_iter([("rules".to_owned(), rules)]))
    }

    fn result(rules: &OutcomeRules, answer: Result<(u16, Value), FaultKind>) -> (String, i64) {
        let facts = match answer {
            Ok((status, body)) => {
                let response = Response { status, headers: Headers::default(), body: Body::Json(body) };
                rules.judge(Ok(&response), true)
            }
            Err(kind) => rules.judge(Err(&Fault::new(kind, "")), true),
        };
        let number = facts.get(Fact::FunctionRule).and_then(|number| number.to_json().as_i64());
        (facts.text(Fact::FunctionResult).unwrap_or_default().to_owned(), number.unwrap_or(-1))
    }

    #[test]
    fn without_rules_of_their_own_functions_retry_what_passes() {
        let rules = OutcomeRules::of_settings(&Map::new()).unwrap();
        for (answer, expected) in [
            (Ok((204, json!(null))), ("success", 1)),
            (Ok((429, json!(null))), ("RetryError", 2)),
            (Ok((503, json!(null))), ("RetryError", 2)),
            (Ok((400, json!(null))), ("Error", 0)),
            (Err(FaultKind::ConnectionReset), ("RetryError", 3)),
            (Err(FaultKind::Timeout), ("timeout", -1)),
        ] {
            assert_eq!(result(&rules, answer.clone()), (expected.0.to_owned(), expected.1), "{answer:?}");
        }
    }

    #[test]
    fn the_first_rule_whose_conditions_all_hold_decides() {
        let rules = rules(json!([
            {"status": "200-299", "body_path": "$.error.code", "body_is": "duplicate", "result": "DropEvent"},
            {"body_path": "error", "result": "ValidationError"},
            {"status": [200, "404"], "result": "success"},
            {"network": "ENOTFOUND", "result": "EventNotSupported"},
        ]));
        let rules = rules.unwrap();
        for (answer, expected) in [
            (Ok((202, json!({"error": {"code": "duplicate"}}))), ("DropEvent", 1)),
            (Ok((500, json!({"error": {"code": "duplicate"}}))), ("ValidationError", 2)),
            (Ok((404, json!({}))), ("success", 3)),
            (Ok((500, json!({}))), ("Error", 0)),
            (Err(FaultKind::Dns), ("EventNotSupported", 4)),
            (Err(FaultKind::Tls), ("Error", 0)),
        ] {
            assert_eq!(result(&rules, answer.clone()), (expected.0.to_owned(), expected.1), "{answer:?}");
        }
    }

    #[test]
    fn every_field_of_a_rule_is_read_and_every_network_code_can_come() {
        let values = [json!(200), json!("any"), json!("$.a"), json!(1), json!("DropEvent")];
        let rule: Map<String, Value> = RULE.iter().map(|field| field.key.to_owned()).zip(values).collect();
        assert!(OutcomeRule::read(&Value::Object(rule)).is_ok());
        let codes: Vec<&str> = FaultKind::ALL.into_iter().map(network_code).collect();
        assert!(NETWORKS[1..].iter().all(|network| codes.contains(network)), "{codes:?}");
    }

    #[test]
    fn a_wrong_rule_is_named_with_what_it_may_hold() {
        for (rule, part) in [
            (json!({"status": 200}), "outcome rule 1 has no `result`"),
            (json!({"status": "many", "result": "success"}), "has the status \"many\""),
            (json!({"result": "Retry"}), "must be one of success, RetryError"),
            (json!({"satus": 200, "result": "success"}), "a field \"satus\" that means nothing"),
            (json!({"body_is": 1, "result": "success"}), "no `body_path`"),
            (json!({"network": "any", "result": "success"}), "no answer at all"),
        ] {
            let error = rules(json!([rule])).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
