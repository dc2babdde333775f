//! One turn of the pipeline, seen from outside.
use std::cell::RefCell;
use std::sync::Arc;

use super::judge::Judge;
use super::passes::Passes;
use super::prepared::Prepared;
use super::verdict;
use crate::core::connection::Connection;
use crate::core::deduplication::TraitRead;
use crate::core::destinations::AuthScheme;
use crate::core::plan::Plan;
use crate::core::record::{EventRecord, Exchange, Outcome, TokenUse, Verdict};
use crate::core::world::World;

/// What one attempt is made of.
#[derive(Clone, Copy)]
pub struct Turn<'a> {
    /// Destination, action, rules, settings, mapping, subscription.
    pub plan: &'a Plan,
    /// The events that this attempt carries: one in single mode, those still undelivered in batch mode.
    pub events: &'a [Arc<EventRecord>],
    /// Tokens and state that all deliveries share.
    pub connection: &'a Connection,
}

/// What came of one attempt. The engine adds ids, times and the policy's limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempted {
    /// Every request in order.
    pub exchanges: Vec<Exchange>,
    /// What the framework returned or threw.
    pub outcome: Outcome,
    /// What the rules make of it; `next_attempt_at` is still empty.
    pub verdict: Verdict,
    /// Tokens before and after; only for OAuth destinations.
    pub token: Option<TokenUse>,
    /// Every look at a trait of a profile, in order.
    pub reads: Vec<TraitRead>,
}

/// Runs one attempt against the outside.
pub async fn attempt(turn: Turn<'_>, world: &dyn World) -> Attempted {
    attempt_prepared(&Prepared::of_plan(turn.plan), turn, world).await
}

/// The same for who makes many attempts of one plan, or has a destination of their own.
pub async fn attempt_prepared(prepared: &Prepared<'_>, turn: Turn<'_>, world: &dyn World) -> Attempted {
    let judge = Judge::new(prepared.rules, prepared.facts.clone());
    let exchanges = RefCell::default();
    let generation_before = turn.connection.token().generation;
    let passes = Passes::new(prepared, turn, world, &judge, &exchanges);
    let (ended, refresh) = passes.run().await;
    let generation_after = passes.last_generation().unwrap_or(generation_before);
    let reads = judge.take_reads();
    let (outcome, verdict) = verdict::conclude(judge, ended);
    let token = (prepared.destination.auth_scheme() == AuthScheme::Oauth2).then_some(TokenUse {
        generation_before,
        generation_after,
        refresh,
    });
    Attempted { exchanges: exchanges.into_inner(), outcome, verdict, token, reads }
}
