//! `conformance`: recorded cases against the core.
use std::io::Write as _;

use super::args::ConformanceArgs;
use super::failure::Failure;
use super::output;
use crate::core::conformance::{Agreement, Case, run};
use crate::session::plan_file;
use crate::session::sniff::Seems;

pub(super) fn conformance(args: &ConformanceArgs) -> Result<(), Failure> {
    let name = args.cases.display();
    let unreadable = |what: String| Failure::Input(format!("failed to read cases from {name}: {what}"));
    let text = output::read_text(&args.cases).map_err(|error| unreadable(error.to_string()))?;
    let environment = |name: &str| std::env::var(name).ok();
    let read_plan = |source| plan_file::from_source(source, &environment).map_err(|error| error.to_string());

    let mut out = output::stdout();
    let mut agreement = Agreement::default();
    let mut n_differing = 0;
    for (idx, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let case = Case::read(line, read_plan).map_err(|error| match Seems::from_head(text.as_bytes()) {
            Seems::Cases | Seems::Text => unreadable(format!("line {} {error}", idx + 1)),
            seems => unreadable(format!("it {seems}")),
        })?;
        let report = run(&case);
        agreement.add(&report);
        if !report.differences.is_empty() {
            n_differing += 1;
            if n_differing <= args.show {
                writeln!(out, "{report}\n")?;
            }
        }
    }
    writeln!(out, "{agreement}")?;
    out.flush()?;
    match agreement.total() {
        (_, 0) => Err(unreadable("there are none in it".to_owned())),
        (agreeing, all) if agreeing < all => {
            let n_hidden = n_differing - n_differing.min(args.show);
            let hidden = if n_hidden > 0 { format!("; {n_hidden} are not shown, see --show") } else { String::new() };
            Err(Failure::Expectation(format!("{n_differing} of {all} cases differ from what was recorded{hidden}")))
        }
        _ => Ok(()),
    }
}
