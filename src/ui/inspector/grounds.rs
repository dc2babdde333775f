//! What a verdict stands on: the rule, the facts that it read, where the behaviour is written down, what was thrown.
use egui::{Hyperlink, Label, RichText, Ui};
use serde_json::Value;

use super::section;
use crate::core::names::RuleSetName;
use crate::core::record::{Attempt, ErrorOutcome, Outcome, Verdict};
use crate::core::rules::{Citation, Rule, RuleSet};
use crate::ui::mask::Mask;
use crate::ui::theme::Theme;

/// Rule, facts, source and error, one below the other. `reason` is told above them already.
pub(super) fn grounds_ui(ui: &mut Ui, attempt: &Attempt, reason: &str, mask: &Mask<'_>, theme: &Theme) {
    let verdict = &attempt.verdict;
    let weak = |words: &str| RichText::new(words.to_owned()).color(theme.weak);
    let rule = rule(attempt);
    if verdict.rule.is_empty() {
        section::row_ui(ui, "Rule", weak("not recorded"), theme);
    } else {
        section::row_ui(ui, "Rule", section::text(&verdict.rule), theme);
    }
    if !verdict.facts.is_empty() {
        section::row_ui(ui, "Facts", section::text(&mask.text(&facts(verdict))), theme);
    }
    if let Some(rule) = rule {
        section::row_with(ui, "Source", theme, |ui| {
            for citation in rule.cites {
                citation_ui(ui, citation);
            }
        });
    } else if !verdict.rule.is_empty() {
        let words = "This program does not know that rule: another one judged here.";
        section::row_ui(ui, "Source", weak(words), theme);
    }
    if let Outcome::Error(error) = &attempt.outcome {
        section::row_ui(ui, "Thrown", section::text(&thrown(error)), theme);
        if error.message != reason && !error.message.is_empty() {
            section::row_ui(ui, "", section::text(&mask.text(&error.message)).color(theme.weak), theme);
        }
    }
}

/// The rule that decided, as the catalogue has it: in the rule set that judged, else in any.
fn rule(attempt: &Attempt) -> Option<&'static Rule> {
    let judged_by = RuleSetName::from_name(&attempt.rules);
    judged_by
        .into_iter()
        .chain(RuleSetName::ALL.iter().copied())
        .find_map(|set| RuleSet::named(set).rule(&attempt.verdict.rule))
}

fn citation_ui(ui: &mut Ui, citation: &Citation) {
    let words = words(citation);
    match address(citation) {
        Some(address) => {
            ui.add(Hyperlink::from_label_and_url(words, &address)).on_hover_text(address);
        }
        None => {
            ui.add(Label::new(words).wrap()).on_hover_text(citation.to_string());
        }
    }
}

/// Short enough for the panel; the whole citation is the tooltip.
fn words(citation: &Citation) -> String {
    match citation {
        Citation::PullRequest(number) => format!("pull request {number}"),
        Citation::Reference(path) | Citation::Documentation(path) => {
            let start = path.rmatch_indices('/').nth(1).map_or(0, |(slash, _)| slash + 1);
            path[start..].to_owned()
        }
        Citation::Standard(_) | Citation::Library(_) | Citation::Inferred(_) => citation.to_string(),
    }
}

/// Where it can be read, for the sources that have a public page of their own.
fn address(citation: &Citation) -> Option<String> {
    match citation {
        Citation::PullRequest(number) => {
            Some(format!("https://github.com/segmentio/action-destinations/pull/{number}"))
        }
        Citation::Reference(path) => {
            let file = path.split(',').next().unwrap_or(path);
            Some(format!("https://github.com/segmentio/action-destinations/blob/970a17ee8d/{file}"))
        }
        _ => None,
    }
}

/// `RetryableError 503`, and the code where it says more than the name.
fn thrown(error: &ErrorOutcome) -> String {
    let status = error.status.map(|status| format!(" {status}")).unwrap_or_default();
    let letters = |text: &str| text.replace('_', "").to_ascii_lowercase();
    let code = error.code.as_deref().filter(|code| letters(code) != letters(&error.name));
    let code = code.map(|code| format!(" · {code}")).unwrap_or_default();
    format!("{}{status}{code}", error.name)
}

/// `status 401 · service error code 65601`.
fn facts(verdict: &Verdict) -> String {
    let fact = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{} {text}", name.replace('_', " ")),
        value => format!("{} {value}", name.replace('_', " ")),
    };
    verdict.facts.iter().map(fact).collect::<Vec<_>>().join(" · ")
}
