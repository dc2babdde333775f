//! The recorded cases of the reference: every one of them must agree, request by request and word by word.
use std::error::Error;
use std::fs;

use delivery_inspector::core::conformance::{Agreement, Case, FIGURE, run};
use delivery_inspector::core::rules::{Consequence, RuleSet, prove};
use delivery_inspector::session::plan_file;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference-cases/cases.jsonl");

fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let text = fs::read_to_string(CASES)?;
    let read_plan = |source| plan_file::from_source(source, &|_| None).map_err(|error| error.to_string());
    text.lines().map(|line| Ok(Case::read(line, read_plan)?)).collect()
}

#[test]
fn every_recorded_case_agrees() {
    let mut agreement = Agreement::default();
    let mut differing = Vec::new();
    for case in cases().unwrap() {
        let report = run(&case);
        agreement.add(&report);
        if !report.differences.is_empty() {
            differing.push(report.to_string());
        }
    }
    println!("{agreement}");
    let (agreeing, all) = agreement.total();
    assert_eq!((agreeing, all), (FIGURE.n_agreeing as usize, FIGURE.n_cases as usize), "what About says");
    assert_eq!(agreeing, all, "{agreement}\n{}", differing[..differing.len().min(20)].join("\n"));
}

#[test]
fn every_verdict_on_a_recorded_case_can_be_proved_from_itself() {
    for case in cases().unwrap() {
        let verdict = run(&case).attempted.verdict;
        let proof = prove(RuleSet::named(case.plan.rules), &verdict);
        let proof =
            proof.unwrap_or_else(|| panic!("{}: {} does not fire on {:?}", case.id, verdict.rule, verdict.facts));
        let decided = Consequence::Decided(verdict.decision);
        assert_eq!(proof.consequence, decided, "{}: {} on {:?}", case.id, verdict.rule, verdict.facts);
        assert!(proof.flips_if.is_some(), "{}: nothing flips {}", case.id, verdict.rule);
        assert!(!verdict.reason.contains("undefined"), "{}: {}", case.id, verdict.reason);
    }
}
