//! The shortest way from one list to another: which elements stay, which go, which come.

/// More pairs than this are not compared each with each: the lists are then taken to differ as they stand.
const MAX_PAIRS: usize = 250_000;

/// One step on the way, with positions in the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The element stays.
    Same,
    /// An element becomes another one.
    Changed(usize, usize),
    /// An element goes.
    Removed(usize),
    /// An element comes.
    Added(usize),
}

/// The steps from `before` to `after`. What goes and what comes at the same place is a change of one into the other.
pub(super) fn align<T: PartialEq>(before: &[T], after: &[T]) -> Vec<Step> {
    let n_first = before.iter().zip(after).take_while(|(left, right)| left == right).count();
    let (rest_before, rest_after) = (&before[n_first..], &after[n_first..]);
    let ends = rest_before.iter().rev().zip(rest_after.iter().rev());
    let n_last = ends.take_while(|(left, right)| left == right).count();
    let middle_before = &rest_before[..rest_before.len() - n_last];
    let middle_after = &rest_after[..rest_after.len() - n_last];
    let mut steps = vec![Step::Same; n_first];
    let kept = longest_common(middle_before, middle_after);
    let (mut left, mut right) = (0, 0);
    for (next_left, next_right) in kept.into_iter().chain([(middle_before.len(), middle_after.len())]) {
        let (gone, come) = (next_left - left, next_right - right);
        let both = gone.min(come);
        steps.extend((0..both).map(|at| Step::Changed(n_first + left + at, n_first + right + at)));
        steps.extend((both..gone).map(|at| Step::Removed(n_first + left + at)));
        steps.extend((both..come).map(|at| Step::Added(n_first + right + at)));
        if next_left < middle_before.len() && next_right < middle_after.len() {
            steps.push(Step::Same);
        }
        (left, right) = (next_left + 1, next_right + 1);
    }
    steps.extend(vec![Step::Same; n_last]);
    steps
}

/// Positions of a longest common subsequence; empty where the lists are too long to look for it.
fn longest_common<T: PartialEq>(before: &[T], after: &[T]) -> Vec<(usize, usize)> {
    let (n_rows, n_columns) = (before.len(), after.len());
    if n_rows == 0 || n_columns == 0 || n_rows.saturating_mul(n_columns) > MAX_PAIRS {
        return Vec::new();
    }
    // lengths[row][column]: of the longest common subsequence of what begins there.
    let width = n_columns + 1;
    let mut lengths = vec![0_u32; (n_rows + 1) * width];
    for row in (0..n_rows).rev() {
        for column in (0..n_columns).rev() {
            lengths[row * width + column] = if before[row] == after[column] {
                lengths[(row + 1) * width + column + 1] + 1
            } else {
                lengths[(row + 1) * width + column].max(lengths[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut kept = Vec::new();
    while row < n_rows && column < n_columns {
        if before[row] == after[column] {
            kept.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steps(before: &str, after: &str) -> Vec<Step> {
        align(before.as_bytes(), after.as_bytes())
    }

    #[test]
    fn what_stays_is_found_between_what_goes_and_comes() {
        use Step::{Added, Changed, Removed, Same};
        for (before, after, expected) in [
            ("", "", vec![]),
            ("abc", "abc", vec![Same; 3]),
            ("abc", "ac", vec![Same, Removed(1), Same]),
            ("ac", "abc", vec![Same, Added(1), Same]),
            ("abc", "axc", vec![Same, Changed(1, 1), Same]),
            ("abcde", "bxd", vec![Removed(0), Same, Changed(2, 1), Same, Removed(4)]),
            ("", "ab", vec![Added(0), Added(1)]),
        ] {
            assert_eq!(steps(before, after), expected, "{before} to {after}");
        }
    }

    #[test]
    fn lists_too_long_to_compare_are_paired_as_they_stand() {
        let (before, after): (Vec<u32>, Vec<u32>) = ((0..600).collect(), (1_000..1_600).collect());
        assert_eq!(align(&before, &after).len(), 600);
    }

    proptest! {
        #[test]
        fn the_steps_lead_from_one_list_to_the_other(before in "[a-d]{0,12}", after in "[a-d]{0,12}") {
            let (mut left, mut right) = (0, 0);
            for step in steps(&before, &after) {
                match step {
                    Step::Same => {
                        prop_assert_eq!(before.as_bytes()[left], after.as_bytes()[right]);
                        (left, right) = (left + 1, right + 1);
                    }
                    Step::Changed(at, to) => {
                        prop_assert_eq!((at, to), (left, right));
                        (left, right) = (left + 1, right + 1);
                    }
                    Step::Removed(at) => {
                        prop_assert_eq!(at, left);
                        left += 1;
                    }
                    Step::Added(to) => {
                        prop_assert_eq!(to, right);
                        right += 1;
                    }
                }
            }
            prop_assert_eq!((left, right), (before.len(), after.len()));
        }
    }
}
