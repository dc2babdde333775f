//! Taking changes back: earlier states of something that people edit, quick changes counted as one.

/// Changes that follow each other faster than this, in seconds, are taken back together.
const ONE_CHANGE: f64 = 0.8;
/// So many changes can be taken back.
const MAX_UNDOS: usize = 200;

/// Earlier and later states of something.
#[derive(Clone, Debug)]
pub struct History<T> {
    earlier: Vec<T>,
    later: Vec<T>,
    now: T,
    changed_at: f64,
}

impl<T: Clone + PartialEq> History<T> {
    /// Begins with a state that nothing was done to yet.
    pub fn new(now: T) -> Self {
        Self { earlier: Vec::new(), later: Vec::new(), now, changed_at: f64::NEG_INFINITY }
    }

    /// Tells how the thing is at `time`, in seconds of any clock. Call it every frame.
    pub fn note(&mut self, time: f64, state: &T) {
        if *state == self.now {
            return;
        }
        let before = std::mem::replace(&mut self.now, state.clone());
        if time - self.changed_at > ONE_CHANGE || self.earlier.is_empty() {
            self.earlier.push(before);
            if self.earlier.len() > MAX_UNDOS {
                self.earlier.remove(0);
            }
        }
        self.later.clear();
        self.changed_at = time;
    }

    /// Whether a change can be taken back.
    pub fn can_undo(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// Whether one was taken back.
    pub fn can_redo(&self) -> bool {
        !self.later.is_empty()
    }

    /// The state before the last change.
    pub fn undo(&mut self) -> Option<T> {
        let before = self.earlier.pop()?;
        self.later.push(std::mem::replace(&mut self.now, before));
        self.changed_at = f64::NEG_INFINITY;
        Some(self.now.clone())
    }

    /// The state that was taken back last.
    pub fn redo(&mut self) -> Option<T> {
        let after = self.later.pop()?;
        self.earlier.push(std::mem::replace(&mut self.now, after));
        self.changed_at = f64::NEG_INFINITY;
        Some(self.now.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_changes_go_back_as_one_and_come_again() {
        let mut history = History::new("");
        for (time, state) in [(1.0, "a"), (1.3, "ab"), (1.6, "abc"), (9.0, "x"), (9.0, "x")] {
            history.note(time, &state);
        }
        assert_eq!(history.undo(), Some("abc"));
        assert_eq!(history.undo(), Some(""));
        assert_eq!(history.undo(), None);
        assert_eq!(history.redo(), Some("abc"));
        assert_eq!(history.redo(), Some("x"));
        assert_eq!(history.redo(), None);
    }

    #[test]
    fn a_new_change_forgets_what_was_taken_back() {
        let mut history = History::new(0);
        history.note(1.0, &1);
        history.note(5.0, &2);
        assert_eq!(history.undo(), Some(1));
        history.note(5.1, &7);
        assert!(!history.can_redo());
        assert_eq!(history.undo(), Some(1), "a change right after taking back is one of its own");
        assert_eq!(history.undo(), Some(0));
    }
}
