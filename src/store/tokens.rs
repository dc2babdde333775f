//! Token generations: which access token of a destination was in force when, who made it, who used it first, and how
//! long some of the remote's nodes still turned it down.
use std::collections::BTreeMap;

use super::brief::{AttemptBrief, ExchangeBrief};
use super::ids::AttemptIdx;
use super::names::NameId;
use crate::core::lineage::{Rejection, Step, asked_in, rejection};
use crate::core::names::{Purpose, Refresh};
use crate::core::time::Timestamp;

/// One access token of a destination.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Generation {
    /// 1 for the token that the plan gave.
    pub number: u32,
    /// When it came into force: the end of the refresh that made it, else its first known use.
    pub since: Timestamp,
    /// The attempt whose refresh made it; absent for the plan's token.
    pub made_by: Option<AttemptIdx>,
    /// The attempt that sent the first request with it, and when.
    pub first_use: Option<(AttemptIdx, Timestamp)>,
    /// How many requests carried it.
    pub n_uses: u32,
    /// Until when some node of the remote is known not to have accepted it: the latest 401 to a request that carried
    /// it, as long as another request with the same token was accepted afterwards.
    pub unsettled_until: Option<Timestamp>,
    /// What its last rejection says of it, by its history: too new, or too old.
    pub rejection: Option<Rejection>,
    last_rejection: Option<Timestamp>,
    was_accepted: bool,
}

impl Generation {
    fn new(number: u32, since: Timestamp) -> Self {
        Self {
            number,
            since,
            made_by: None,
            first_use: None,
            n_uses: 0,
            unsettled_until: None,
            rejection: None,
            last_rejection: None,
            was_accepted: false,
        }
    }

    fn add_use(&mut self, attempt_idx: AttemptIdx, exchange: &ExchangeBrief) {
        self.n_uses += 1;
        if self.first_use.is_none_or(|(_, first)| exchange.started_at < first) {
            self.first_use = Some((attempt_idx, exchange.started_at));
        }
        if self.made_by.is_none() {
            self.since = self.since.min(exchange.started_at);
        }
        let step = step_of(exchange);
        if step.is_rejected() {
            let issued_at = self.made_by.map(|_| self.since);
            self.rejection = Some(rejection(exchange.started_at, None, issued_at, self.was_accepted));
            self.last_rejection = self.last_rejection.max(Some(exchange.ended_at));
        } else if step.is_accepted() {
            self.was_accepted = true;
            if self.last_rejection <= Some(exchange.ended_at) {
                self.unsettled_until = self.unsettled_until.max(self.last_rejection);
            }
        }
    }
}

fn step_of(exchange: &ExchangeBrief) -> Step {
    let ExchangeBrief { purpose, token_generation, .. } = *exchange;
    Step { purpose, token_generation, status: exchange.result.ok() }
}

/// The tokens of one destination.
#[derive(Clone, Debug)]
pub struct TokenLane {
    /// Whose tokens they are.
    pub destination: NameId,
    generations: BTreeMap<u32, Generation>,
}

impl TokenLane {
    /// The generations, oldest first.
    pub fn generations(&self) -> impl Iterator<Item = &Generation> {
        self.generations.values()
    }

    /// One generation.
    #[must_use]
    pub fn generation(&self, number: u32) -> Option<&Generation> {
        self.generations.get(&number)
    }

    fn entry(&mut self, number: u32, since: Timestamp) -> &mut Generation {
        self.generations.entry(number).or_insert_with(|| Generation::new(number, since))
    }
}

/// The tokens of all destinations that use any.
#[derive(Clone, Debug, Default)]
pub struct TokenLanes(Vec<TokenLane>);

impl TokenLanes {
    /// The lanes, in the order in which their destinations became known.
    pub fn iter(&self) -> impl Iterator<Item = &TokenLane> {
        self.0.iter()
    }

    /// The lane of a destination.
    #[must_use]
    pub fn lane(&self, destination: NameId) -> Option<&TokenLane> {
        self.0.iter().find(|lane| lane.destination == destination)
    }

    /// Takes in what an attempt says about tokens.
    pub(super) fn push(&mut self, destination: NameId, attempt: &AttemptBrief<'_>, attempt_idx: AttemptIdx) {
        let Some(token) = attempt.token else { return };
        let lane_idx = self.0.iter().position(|lane| lane.destination == destination).unwrap_or_else(|| {
            self.0.push(TokenLane { destination, generations: BTreeMap::new() });
            self.0.len() - 1
        });
        let lane = &mut self.0[lane_idx];
        if token.refresh != Refresh::None {
            let steps: Vec<Step> = attempt.exchanges.iter().map(step_of).collect();
            for asked in asked_in(token, &steps) {
                let Some(number) = asked.brought else { continue };
                let made_at = attempt.exchanges[asked.exchange_idx].ended_at;
                let generation = lane.entry(number, made_at);
                generation.made_by = Some(attempt_idx);
                generation.since = made_at;
            }
        }
        for exchange in attempt.exchanges.iter().filter(|exchange| exchange.purpose != Purpose::Refresh) {
            if let Some(number) = exchange.token_generation {
                lane.entry(number, exchange.started_at).add_use(attempt_idx, exchange);
            }
        }
    }
}
