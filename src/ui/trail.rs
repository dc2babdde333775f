//! The way that a person came, so that it can be gone back.
use super::view_state::Step;
use crate::store::AttemptIdx;

/// Attempts that were selected before, as a browser keeps pages. Walking from row to row leaves no trace; jumps do.
#[derive(Debug, Default)]
pub struct Trail {
    /// Oldest first.
    behind: Vec<AttemptIdx>,
    /// What was left by going back, the nearest last.
    ahead: Vec<AttemptIdx>,
}

/// So many are kept.
const MOST: usize = 200;

impl Trail {
    /// Notes an attempt that is left for another one, or for none.
    pub(super) fn leave(&mut self, attempt: AttemptIdx) {
        self.ahead.clear();
        if self.behind.len() == MOST {
            self.behind.remove(0);
        }
        self.behind.push(attempt);
    }

    /// Whether there is anything in that direction.
    #[must_use]
    pub fn can_go(&self, step: Step) -> bool {
        match step {
            Step::Previous => !self.behind.is_empty(),
            Step::Next => !self.ahead.is_empty(),
        }
    }

    /// The attempt to go to from `here`.
    pub(super) fn go(&mut self, step: Step, here: Option<AttemptIdx>) -> Option<AttemptIdx> {
        let (from, to) = match step {
            Step::Previous => (&mut self.behind, &mut self.ahead),
            Step::Next => (&mut self.ahead, &mut self.behind),
        };
        let there = from.pop()?;
        to.extend(here);
        Some(there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_gone_back_and_forth_until_another_one_is_taken() {
        let [a, b, c, d] = [0, 1, 2, 3].map(AttemptIdx::new);
        let mut trail = Trail::default();
        assert_eq!(trail.go(Step::Previous, Some(a)), None);
        trail.leave(a);
        trail.leave(b);
        assert_eq!(trail.go(Step::Previous, Some(c)), Some(b));
        assert_eq!(trail.go(Step::Previous, Some(b)), Some(a));
        assert_eq!(trail.go(Step::Next, Some(a)), Some(b));
        assert!(trail.can_go(Step::Next) && trail.can_go(Step::Previous));
        trail.leave(b);
        assert!(!trail.can_go(Step::Next), "another way was taken");
        assert_eq!(trail.go(Step::Previous, Some(d)), Some(b));
    }

    #[test]
    fn nobody_goes_back_for_ever() {
        let mut trail = Trail::default();
        (0..1_000).map(AttemptIdx::new).for_each(|attempt| trail.leave(attempt));
        let way: Vec<AttemptIdx> = std::iter::from_fn(|| trail.go(Step::Previous, None)).collect();
        assert_eq!((way.len(), way[0]), (MOST, AttemptIdx::new(999)));
    }
}
