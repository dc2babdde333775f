//! What a verdict stands on: the rule, the facts that it read, where the behaviour is written down, what else could have
//! been, what was thrown.
use egui::{Hyperlink, Label, RichText, Ui};
use serde_json::Value;

use super::section;
use super::state::InspectorView;
use crate::core::framework::RULES_FIRED;
use crate::core::names::{Decision, RuleSetName};
use crate::core::record::{Attempt, ErrorOutcome, Outcome, Verdict};
use crate::core::rules::{Citation, Consequence, Fact, Proof, Rule, RuleSet};
use crate::ui::mask::Mask;
use crate::ui::theme::{Theme, size};

/// Longer lists of rules that fired are cut: a batch can have one for each item.
const MAX_RULES: usize = 20;

/// Rule, facts, source, what else could have been, and the error, one below the other. `reason` is told above them.
pub(super) fn grounds_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    view: &mut InspectorView,
    reason: &str,
    mask: &Mask<'_>,
    theme: &Theme,
) {
    rule_ui(ui, &attempt.verdict, &mut view.shows_rules, theme);
    let proof = view.proof(attempt);
    let facts = facts(&attempt.verdict, proof);
    if !facts.is_empty() {
        section::row_ui(ui, "Facts", section::text(&mask.text(&facts)), theme);
    }
    source_ui(ui, &attempt.verdict, proof, theme);
    if let Some(proof) = proof {
        alternatives_ui(ui, proof, theme);
    }
    if let Outcome::Error(error) = &attempt.outcome {
        section::row_with(ui, "Thrown", theme, |ui| {
            ui.add(Label::new(section::text(&thrown(error))).wrap());
            if error.message != reason && !error.message.is_empty() {
                ui.add(Label::new(section::text(&mask.text(&error.message)).color(theme.weak)).truncate());
            }
        });
    }
}

/// The rule that decided, and on request all that fired before it.
fn rule_ui(ui: &mut Ui, verdict: &Verdict, shows_all: &mut bool, theme: &Theme) {
    if verdict.rule.is_empty() {
        section::row_ui(ui, "Rule", section::text("not recorded").color(theme.weak), theme);
        return;
    }
    section::row_with(ui, "Rule", theme, |ui| {
        ui.add(Label::new(section::text(&verdict.rule)).wrap());
        let fired: Vec<&str> = match verdict.facts.get(RULES_FIRED) {
            Some(Value::Array(fired)) => fired.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if fired.len() < 2 {
            return;
        }
        let words = if *shows_all {
            "the rules that fired, in order:".to_owned()
        } else {
            format!("one of {} that fired", fired.len())
        };
        if ui.link(RichText::new(words).size(size::TABLE_TEXT)).clicked() {
            *shows_all = !*shows_all;
        }
        if *shows_all {
            for rule in fired.iter().take(MAX_RULES) {
                ui.add(Label::new(section::text(rule).size(size::TABLE_TEXT).color(theme.weak)).truncate());
            }
        }
    });
}

fn source_ui(ui: &mut Ui, verdict: &Verdict, proof: Option<&Proof>, theme: &Theme) {
    if let Some(rule) = proof.map(|proof| proof.rule).or_else(|| known_rule(&verdict.rule)) {
        section::row_with(ui, "Source", theme, |ui| {
            rule.cites.iter().for_each(|citation| citation_ui(ui, citation));
        });
    } else if !verdict.rule.is_empty() {
        let words = "This program does not know that rule: another one judged here.";
        section::row_ui(ui, "Source", section::text(words).color(theme.weak), theme);
    }
}

/// What would have been without the rule, and the smallest change that leads to something else.
fn alternatives_ui(ui: &mut Ui, proof: &Proof, theme: &Theme) {
    if let Some(otherwise) = &proof.otherwise {
        let remark = consequence(otherwise.consequence);
        section::row_ui(ui, "Otherwise", section::with_remark(otherwise.rule.id, remark, theme), theme);
    }
    if let Some(flip) = &proof.flips_if {
        let fact = in_words(flip.fact.name());
        let change = match &flip.to {
            Some(value) => format!("{fact} were {value}"),
            None => format!("there were no {fact}"),
        };
        let remark = format!("then {}", consequence(flip.consequence));
        section::row_ui(ui, "Flips if", section::with_remark(&change, &remark, theme), theme);
    }
}

const fn consequence(consequence: Consequence) -> &'static str {
    match consequence {
        Consequence::Decided(Decision::Delivered) => "delivered",
        Consequence::Decided(Decision::Retry) => "try again later",
        Consequence::Decided(Decision::Discard) => "drop it",
        Consequence::Decided(Decision::Filtered) => "filter it out",
        Consequence::RunsAgain => "refresh the token and run again at once",
        Consequence::GoesOn => "go on with the next request",
    }
}

/// The rule of that name, in whichever rule set it is.
fn known_rule(id: &str) -> Option<&'static Rule> {
    RuleSetName::ALL.iter().find_map(|set| RuleSet::named(*set).rule(id))
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

/// `status 401 · service error code 65601`: of a verdict that is proved the facts that the rule read, else all that were
/// kept. Facts that only say where that was are left out where there are others.
fn facts(verdict: &Verdict, proof: Option<&Proof>) -> String {
    let read = |name: &str| proof.is_none_or(|proof| proof.facts_read.iter().any(|(fact, _)| fact.name() == name));
    let tells_what = |name: &str| name != RULES_FIRED && !Fact::from_name(name).is_some_and(tells_where);
    let kept = || verdict.facts.iter().filter(|(name, _)| *name != RULES_FIRED);
    let mut shown: Vec<_> = kept().filter(|(name, _)| read(name) && tells_what(name)).collect();
    if shown.is_empty() {
        shown = kept().filter(|(name, _)| tells_what(name)).collect();
    }
    if shown.is_empty() {
        shown = kept().collect();
    }
    let fact = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{} {text}", in_words(name)),
        value => format!("{} {value}", in_words(name)),
    };
    shown.into_iter().map(fact).collect::<Vec<_>>().join(" · ")
}

/// Whether a fact says what an answer belongs to, rather than what it says.
const fn tells_where(fact: Fact) -> bool {
    matches!(fact, Fact::Destination | Fact::Action | Fact::Mode | Fact::AuthScheme | Fact::Call | Fact::Pass)
}

fn in_words(name: &str) -> String {
    name.replace('_', " ")
}
