//! Why a draft cannot be fired, and where in its texts that is.
use super::draft::{DraftField, DraftProblem};
use crate::ui::json_editor::Mark;

/// Why a draft could not be fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComposerProblem {
    /// The text that it is in, the line there and the column, from 1.
    pub at: Option<(DraftField, usize, Option<usize>)>,
    /// What is wrong, for people.
    pub message: String,
}

impl From<DraftProblem> for ComposerProblem {
    fn from(problem: DraftProblem) -> Self {
        Self { at: Some((problem.field, problem.line, problem.column)), message: problem.to_string() }
    }
}

/// The place in a text at which it stops being what it should be, if the problem is in that text.
pub(super) fn syntax_mark(problem: Option<&ComposerProblem>, field: DraftField, text: &str) -> Option<Mark> {
    let problem = problem?;
    let (_, line, column) = problem.at.filter(|(at, ..)| *at == field)?;
    Some(Mark::at(text, line, column, problem.message.clone()))
}
