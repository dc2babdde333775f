//! Conformance: recorded cases of the reference, run through our framework and compared. A case is a plan with one
//! delivery attempt and scripted answers, and what the reference did with it.
mod case;
mod compare;
mod figure;
mod run;
mod script;

pub use case::{Case, CaseError};
pub use compare::Difference;
pub use figure::{FIGURE, Figure};
pub use run::{Agreement, Report, run, run_under};
