//! What the attempts so far have done with access tokens: a few words for each generation of each destination.
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::scene::Scene;
use crate::core::lineage::{Step, asked};
use crate::core::names::{AttemptId, DeliveryId, Purpose};
use crate::core::time::Timestamp;

/// The memory of tokens.
#[derive(Debug, Default)]
pub(super) struct Tokens(HashMap<Arc<str>, OfDestination>);

#[derive(Debug, Default)]
struct OfDestination {
    known: HashMap<u32, Known>,
    asked: VecDeque<Asked>,
}

/// One generation.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The attempt that fetched it, and when; none for the plan's own.
    pub(super) fetched: Option<(AttemptId, Timestamp)>,
    /// Whether a request was accepted with it.
    pub(super) was_accepted: bool,
    /// When a request was rejected with it first.
    pub(super) rejected_since: Option<Timestamp>,
    /// How many requests carried it.
    pub(super) n_uses: usize,
}

/// A request for a new token.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) attempt: AttemptId,
    delivery: DeliveryId,
    rejected: u32,
    pub(super) brought: Option<u32>,
    pub(super) sent_at: Timestamp,
    pub(super) answered_at: Timestamp,
}

/// How many of the last requests for tokens are kept, to find those that clash.
const MOST_ASKED: usize = 64;

impl Tokens {
    /// A generation of the scene's destination.
    pub(super) fn known(&self, scene: &Scene<'_>, generation: u32) -> Option<&Known> {
        self.0.get(&scene.attempt.destination)?.known.get(&generation)
    }

    /// What other deliveries asked for because that generation was rejected.
    pub(super) fn asked_over(&self, scene: &Scene<'_>, rejected: u32) -> impl Iterator<Item = &Asked> {
        let asked = self.0.get(&scene.attempt.destination).map(|of| &of.asked).into_iter().flatten();
        let delivery = scene.attempt.delivery.clone();
        asked.filter(move |asked| asked.rejected == rejected && asked.delivery != delivery)
    }

    /// Takes an attempt in.
    pub(super) fn learn(&mut self, scene: &Scene<'_>) {
        let attempt = scene.attempt;
        if attempt.token.is_none() {
            return;
        }
        let of = self.0.entry(Arc::clone(&attempt.destination)).or_default();
        for request in asked(attempt) {
            let exchange = &attempt.exchanges[request.exchange_idx];
            let (sent_at, answered_at) = (exchange.started_at, exchange.ended_at);
            if let Some(generation) = request.brought {
                of.known.entry(generation).or_default().fetched = Some((attempt.id.clone(), answered_at));
            }
            of.asked.push_back(Asked {
                attempt: attempt.id.clone(),
                delivery: attempt.delivery.clone(),
                rejected: request.rejected,
                brought: request.brought,
                sent_at,
                answered_at,
            });
            if of.asked.len() > MOST_ASKED {
                of.asked.pop_front();
            }
        }
        for exchange in attempt.exchanges.iter().filter(|exchange| exchange.purpose != Purpose::Refresh) {
            let (step, Some(generation)) = (Step::of(exchange), exchange.token_generation) else { continue };
            let known = of.known.entry(generation).or_default();
            known.n_uses += 1;
            known.was_accepted |= step.is_accepted();
            if step.is_rejected() {
                let since = known.rejected_since.get_or_insert(exchange.started_at);
                *since = exchange.started_at.min(*since);
            }
        }
    }
}
