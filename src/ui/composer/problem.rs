//! Why a draft cannot be fired, and where in its texts that is.
use super::draft::{DraftField, DraftProblem};
use crate::core::schema::{Misfit, MisfitPart};
use crate::ui::json_editor::{Mark, Node, NodeKind, Outline};

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

/// Where in a text a misfit is marked: at the key or the value that it is about, or where that is missing, at the bracket of
/// what lacks it.
pub(super) fn misfit_mark(outline: &Outline, misfit: &Misfit) -> Option<Mark> {
    let (node_idx, is_whole) = outline.follow_place(&misfit.place)?;
    let node = outline.nodes().get(node_idx)?;
    let range = match (misfit.part, &node.key) {
        _ if !is_whole => opening(node),
        (MisfitPart::Key, Some(key)) => key.clone(),
        _ if matches!(node.kind, NodeKind::Object | NodeKind::Array) => opening(node),
        _ => node.value.clone(),
    };
    Some(Mark { range, message: misfit.to_string() })
}

/// The bracket of an object or a list: the whole of it would be too much.
fn opening(node: &Node) -> std::ops::Range<usize> {
    node.value.start..(node.value.start + 1).min(node.value.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misfit_is_marked_at_the_letters_that_make_it() {
        let text = r#"{"faults": [{"status": 5, "on": "x"}]}"#;
        let outline = Outline::of(text);
        for (misfit, marked) in [
            (Misfit::new("faults[0].status", "is 5"), "5"),
            (Misfit::unknown("faults[0].on", "means nothing"), "\"on\""),
            (Misfit::new("faults[0]", "is no fault"), "{"),
            (Misfit::new("faults[0].chance", "is missing"), "{"),
        ] {
            let mark = misfit_mark(&outline, &misfit).unwrap_or_else(|| panic!("{misfit}"));
            assert_eq!(&text[mark.range], marked, "{misfit}");
        }
    }
}
