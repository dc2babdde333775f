//! Findings: looking for them in a session that stays in its file, and what `check` says of them: by kind, the worst first,
//! each with its first places.
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use clap::builder::PossibleValue;

use super::output::counted;
use super::progress::{Progress, unless_over};
use crate::core::findings::{Finding, FindingId, Severity, entry};
use crate::core::record::Attempt;
use crate::session::export::text::visible;
use crate::store::look::Look;
use crate::store::{AttemptIdx, Session};

/// How many places of each kind are named.
const MOST_PLACES: usize = 3;

impl clap::ValueEnum for Severity {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Looks through all of a session whose records stay in their file, and gives it what is found. `visit` is given each attempt
/// besides.
///
/// # Errors
/// When the work is to end.
pub(super) fn look_for_findings(
    session: &mut Session,
    progress: &mut Progress,
    visit: &mut dyn FnMut(AttemptIdx, &Attempt),
) -> io::Result<()> {
    let (records, n_attempts) = (session.snapshot(), session.attempts().len() as u64);
    let looked = Look::new(records.header()).go_on(&records, &mut |attempt_idx, attempt, found| {
        session.add_findings(attempt_idx, found);
        if let Some(attempt) = attempt {
            visit(attempt_idx, attempt);
        }
        progress.tell("looking for findings", attempt_idx.index() as u64, Some(n_attempts))
    });
    unless_over(looked)
}

/// How many findings are at least so severe.
pub(super) fn n_at_least(findings: &[&Finding], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity <= severity).count()
}

/// Writes the findings, grouped.
pub(super) fn write_findings(out: &mut impl Write, findings: &[&Finding]) -> io::Result<()> {
    let groups = groups(findings);
    if groups.is_empty() {
        return writeln!(out, "findings    none");
    }
    writeln!(out, "findings    {} of {}", findings.len(), counted(groups.len(), "kind"))?;
    groups.iter().try_for_each(|group| write_group(out, group))
}

/// The findings of each kind; kinds by their worst finding, then in the order of the catalogue.
fn groups<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let mut by_kind: BTreeMap<FindingId, Vec<&'a Finding>> = BTreeMap::new();
    for finding in findings {
        by_kind.entry(finding.id).or_default().push(finding);
    }
    let mut groups: Vec<_> = by_kind.into_values().collect();
    groups.sort_by_key(|group| worst(group));
    groups
}

fn worst(group: &[&Finding]) -> Option<Severity> {
    group.iter().map(|finding| finding.severity).min()
}

fn write_group(out: &mut impl Write, group: &[&Finding]) -> io::Result<()> {
    let (Some(first), Some(worst)) = (group.iter().min_by_key(|finding| finding.severity), worst(group)) else {
        return Ok(());
    };
    let title = entry(first.id).map_or(first.title, |kind| kind.title);
    writeln!(out, "  {:<8} {} {title}{}", worst.name(), first.id, extent(group))?;
    let mut of_worst = group.iter().filter(|finding| finding.severity == worst);
    for finding in of_worst.by_ref().take(MOST_PLACES) {
        writeln!(out, "           {}: {}", place(finding), visible(&finding.seen))?;
    }
    let n_more = group.len() - group.iter().filter(|finding| finding.severity == worst).take(MOST_PLACES).count();
    if n_more > 0 {
        writeln!(out, "           and {n_more} more")?;
    }
    writeln!(out, "           What to do: {}", first.advice)
}

/// In how many attempts and deliveries; nothing for a finding about the plan.
fn extent(group: &[&Finding]) -> String {
    let attempts: BTreeSet<_> = group.iter().filter_map(|finding| finding.attempt.as_ref()).collect();
    let deliveries: BTreeSet<_> = group.iter().filter_map(|finding| finding.delivery.as_ref()).collect();
    if attempts.is_empty() {
        return String::new();
    }
    let deliveries =
        if deliveries.len() == 1 { "1 delivery".to_owned() } else { format!("{} deliveries", deliveries.len()) };
    format!(", {} of {deliveries}", counted(attempts.len(), "attempt"))
}

/// Where to look: the attempt, and the first place in it.
fn place(finding: &Finding) -> String {
    let at = finding.evidence.first().map(|evidence| visible(&evidence.to_string()).into_owned());
    match (&finding.attempt, at) {
        (Some(attempt), Some(at)) => format!("{} {at}", visible(attempt.as_str())),
        (Some(attempt), None) => visible(attempt.as_str()).into_owned(),
        (None, Some(at)) => at,
        (None, None) => "plan".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::findings::{At, Evidence, catalogue};

    fn finding(id: &str, severity: Severity, attempt: Option<(&str, &str)>) -> Finding {
        let kind = catalogue().iter().find(|kind| kind.id.as_str() == id).unwrap();
        Finding {
            id: kind.id,
            title: kind.title,
            severity,
            delivery: attempt.map(|(delivery, _)| delivery.into()),
            attempt: attempt.map(|(_, attempt)| attempt.into()),
            event: None,
            seen: "Seen.".to_owned(),
            why: kind.why,
            advice: kind.advice,
            evidence: vec![Evidence { at: At::Response(0), path: "/status".to_owned() }],
        }
    }

    fn written(findings: &[Finding]) -> String {
        let mut out = Vec::new();
        write_findings(&mut out, &findings.iter().collect::<Vec<_>>()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn kinds_come_worst_first_with_their_first_places() {
        let mut findings = vec![finding("Q-16", Severity::Note, Some(("d1", "a1")))];
        findings.push(finding("Q-03", Severity::Note, Some(("d1", "a1"))));
        findings.extend(["a2", "a3", "a4", "a5"].map(|id| finding("Q-03", Severity::Severe, Some(("d2", id)))));
        let text = written(&findings);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "findings    6 of 2 kinds");
        assert_eq!(lines[1], "  severe   Q-03 Permanent error masked as 500, 5 attempts of 2 deliveries");
        assert_eq!(lines[2], "           a2 exchanges/0/response/status: Seen.");
        assert_eq!(lines[5], "           and 2 more");
        assert!(lines[6].starts_with("           What to do: "));
        assert_eq!(lines[7], "  note     Q-16 Token request says Bearer undefined, 1 attempt of 1 delivery");
        assert_eq!(lines.len(), 10);
    }

    #[test]
    fn a_finding_about_the_plan_has_no_attempts() {
        let mut found = finding("Q-30", Severity::Warning, None);
        found.evidence = vec![Evidence { at: At::Plan, path: "/subscription".to_owned() }];
        assert!(written(&[found]).contains("than it says\n           plan/subscription: Seen.\n"));
        assert_eq!(written(&[]), "findings    none\n");
    }

    #[test]
    fn what_is_denied_depends_on_how_bad_it_is() {
        let findings = [finding("Q-16", Severity::Note, None), finding("Q-30", Severity::Warning, None)];
        let findings: Vec<&Finding> = findings.iter().collect();
        let counts = [Severity::Severe, Severity::Warning, Severity::Note].map(|least| n_at_least(&findings, least));
        assert_eq!(counts, [0, 1, 2]);
    }
}
