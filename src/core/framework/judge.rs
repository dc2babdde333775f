//! The rules of one attempt: asks the rule set, and remembers every rule that fired with the facts that it fired on.
use std::cell::{Cell, RefCell};

use crate::core::deduplication::TraitRead;
use crate::core::rules::{Fact, Facts, Rule, RuleSet, Stage};

/// One rule that fired.
#[derive(Clone, Debug)]
pub struct Link {
    /// The rule.
    pub rule: &'static Rule,
    /// All facts that were known then.
    pub facts: Facts,
    /// Pass of the framework loop, 1 or 2.
    pub pass: u8,
}

/// Asks the rules of one attempt.
#[derive(Debug)]
pub struct Judge {
    rules: &'static RuleSet,
    attempt: Facts,
    pass: Cell<u8>,
    chain: RefCell<Vec<Link>>,
    reads: RefCell<Vec<TraitRead>>,
}

impl Judge {
    /// A judge by these rules, who knows what every question of the attempt has in common: destination, action, mode, authentication.
    #[must_use]
    pub fn new(rules: &'static RuleSet, attempt: Facts) -> Self {
        Self { rules, attempt, pass: Cell::new(1), chain: RefCell::default(), reads: RefCell::default() }
    }

    /// The rule set.
    #[must_use]
    pub fn rules(&self) -> &'static RuleSet {
        self.rules
    }

    /// The pass of the framework loop that is running.
    #[must_use]
    pub fn pass(&self) -> u8 {
        self.pass.get()
    }

    /// Begins the next pass.
    pub fn begin_pass(&self) {
        self.pass.set(self.pass.get().saturating_add(1));
    }

    /// What all questions of this attempt have in common, with the pass that is running.
    #[must_use]
    pub fn facts(&self) -> Facts {
        self.attempt.clone().with(Fact::Pass, i64::from(self.pass.get()))
    }

    /// Asks a stage, and remembers what fired.
    pub fn ask(&self, stage: Stage, facts: Facts) -> &'static Rule {
        let rule = self.rules.first(stage, &facts);
        self.chain.borrow_mut().push(Link { rule, facts, pass: self.pass.get() });
        rule
    }

    /// Remembers a look at a trait of a profile.
    pub fn note(&self, read: TraitRead) {
        self.reads.borrow_mut().push(read);
    }

    /// Every look at a trait so far; leaves none.
    pub fn take_reads(&self) -> Vec<TraitRead> {
        self.reads.take()
    }

    /// Every rule that fired, in order.
    #[must_use]
    pub fn into_chain(self) -> Vec<Link> {
        self.chain.into_inner()
    }
}
