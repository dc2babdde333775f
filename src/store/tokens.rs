//! Token generations: which access token of a destination was in force when, who made it, who used it first, and how
//! long some of the remote's nodes still turned it down.
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
    /// By their numbers.
    generations: Vec<Generation>,
    /// How many of them came into force before the one with the next lower number, as sessions from elsewhere may say.
    n_out_of_order: usize,
}

impl TokenLane {
    fn new(destination: NameId) -> Self {
        Self { destination, generations: Vec::new(), n_out_of_order: 0 }
    }

    /// The generations, oldest first.
    #[must_use]
    pub fn generations(&self) -> &[Generation] {
        &self.generations
    }

    /// One generation.
    #[must_use]
    pub fn generation(&self, number: u32) -> Option<&Generation> {
        self.place_of(number).ok().and_then(|place| self.generations.get(place))
    }

    /// The place of the first generation at `from` or behind it that came into force when `is_reached` holds, which holds
    /// for every instant after one for which it holds. Their number if there is none.
    pub fn first_since(&self, from: usize, is_reached: impl Fn(Timestamp) -> bool) -> usize {
        let behind = self.generations.get(from..).unwrap_or_default();
        let n_before = if self.n_out_of_order == 0 {
            behind.partition_point(|generation| !is_reached(generation.since))
        } else {
            behind.iter().position(|generation| is_reached(generation.since)).unwrap_or(behind.len())
        };
        from + n_before
    }

    /// The last generation that had come into force at an instant.
    #[must_use]
    pub fn in_force(&self, at: Timestamp) -> Option<&Generation> {
        if self.n_out_of_order == 0 {
            let behind = self.first_since(0, |since| since > at);
            return behind.checked_sub(1).and_then(|last| self.generations.get(last));
        }
        self.generations.iter().rfind(|generation| generation.since <= at)
    }

    /// Generations from 1 on that came into force then.
    #[cfg(all(test, feature = "gui"))]
    pub(crate) fn beginning_at(instants: impl IntoIterator<Item = Timestamp>) -> Self {
        let mut lane = Self::new(NameId::EMPTY);
        (1..).zip(instants).for_each(|(number, since)| lane.change(number, since, |_| ()));
        lane
    }

    fn place_of(&self, number: u32) -> Result<usize, usize> {
        match self.generations.last() {
            Some(last) if last.number < number => Err(self.generations.len()),
            _ => self.generations.binary_search_by_key(&number, |generation| generation.number),
        }
    }

    /// Changes a generation, which begins at `since` unless it is there already.
    fn change(&mut self, number: u32, since: Timestamp, change: impl FnOnce(&mut Generation)) {
        let found = self.place_of(number);
        let (Ok(place) | Err(place)) = found;
        let n_before = self.n_out_of_order_between(place.saturating_sub(1), place + usize::from(found.is_ok()));
        if found.is_err() {
            self.generations.insert(place, Generation::new(number, since));
        }
        if let Some(generation) = self.generations.get_mut(place) {
            change(generation);
        }
        let n_after = self.n_out_of_order_between(place.saturating_sub(1), place + 1);
        self.n_out_of_order = self.n_out_of_order + n_after - n_before;
    }

    fn n_out_of_order_between(&self, first: usize, last: usize) -> usize {
        let part = self.generations.get(first..self.generations.len().min(last + 1)).unwrap_or_default();
        part.windows(2).filter(|pair| pair[1].since < pair[0].since).count()
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
            self.0.push(TokenLane::new(destination));
            self.0.len() - 1
        });
        let lane = &mut self.0[lane_idx];
        if token.refresh != Refresh::None {
            let steps: Vec<Step> = attempt.exchanges.iter().map(step_of).collect();
            for asked in asked_in(token, &steps) {
                let Some(number) = asked.brought else { continue };
                let made_at = attempt.exchanges[asked.exchange_idx].ended_at;
                lane.change(number, made_at, |generation| {
                    generation.made_by = Some(attempt_idx);
                    generation.since = made_at;
                });
            }
        }
        for exchange in attempt.exchanges.iter().filter(|exchange| exchange.purpose != Purpose::Refresh) {
            if let Some(number) = exchange.token_generation {
                lane.change(number, exchange.started_at, |generation| generation.add_use(attempt_idx, exchange));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo::at;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_in_force_is_found_whatever_the_order_in_which_generations_become_known(
            changes in prop::collection::vec((1..40_u32, 0..100_i64), 0..120),
            instants in prop::collection::vec(-5..105_i64, 8),
        ) {
            let mut lane = TokenLane::new(NameId::EMPTY);
            for (number, millis) in changes {
                lane.change(number, at(millis), |generation| generation.since = at(millis));
            }
            let all = lane.generations();
            prop_assert!(all.windows(2).all(|pair| pair[0].number < pair[1].number));
            prop_assert_eq!(lane.n_out_of_order, all.windows(2).filter(|pair| pair[1].since < pair[0].since).count());
            for millis in instants {
                let in_force = all.iter().rfind(|generation| generation.since <= at(millis));
                prop_assert_eq!(lane.in_force(at(millis)), in_force);
                for from in [0, 1, all.len() / 2, all.len()] {
                    let from = from.min(all.len());
                    let reached = all[from..].iter().position(|generation| generation.since >= at(millis));
                    let reached = reached.map_or(all.len(), |place| from + place);
                    prop_assert_eq!(lane.first_since(from, |since| since >= at(millis)), reached);
                }
            }
        }
    }
}
