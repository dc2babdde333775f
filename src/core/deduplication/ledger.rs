//! The account of every message with every receiver: how often it was sent, acted on and acknowledged.
use std::collections::BTreeMap;
use std::sync::Arc;

use super::acts::Acts;
use super::evidence::{Finding, Heard, mark_of};
use super::profiles::{TraitRead, user_of};
use super::strategy::Strategy;
use crate::core::http::Request;
use crate::core::names::{AttemptId, DestinationName, DuplicateOutcome, Purpose};
use crate::core::record::{Attempt, DuplicateMark, EventRecord, Exchange, Outcome};

/// What was observed of one attempt besides its record.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    /// The attempt, its mark still missing.
    pub attempt: &'a Attempt,
    /// Its events.
    pub events: &'a [Arc<EventRecord>],
    /// What the receiver did with each exchange, in order; none where it cannot be asked.
    pub acts: &'a [Option<Acts>],
    /// Every look at a trait.
    pub reads: &'a [TraitRead],
}

/// The ledger of one run. Only receivers for which a repetition means something are in it: to Pendo's segments and LinkedIn's
/// audiences, which are sets, the same change may come any number of times.
#[derive(Debug)]
pub struct Ledger {
    strategy: Option<Strategy>,
    is_kept: bool,
    accounts: BTreeMap<(String, String), Account>,
}

/// One message and one receiver.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    pub(super) n_sent: u32,
    pub(super) n_acted: u32,
    /// Sent, and no answer told whether it was acted on.
    pub(super) n_unknown: u32,
    /// Of those acts, how many an answer told the sender of; never more than there were.
    pub(super) n_acknowledged: u32,
    /// The key that it was sent under first.
    pub(super) first_key: Option<String>,
    /// Requests that were sent and whose attempt has not been entered yet.
    pub(super) n_under_way: u32,
    /// The first attempt that acted, or may have.
    pub(super) first: Option<AttemptId>,
}

/// What one attempt adds to an account.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) n_sent: u32,
    pub(super) n_acted: u32,
    pub(super) n_unknown: u32,
    pub(super) n_acknowledged: u32,
    /// What came back last.
    pub(super) heard: Option<Heard>,
    /// The key that the request carried.
    pub(super) key: Option<String>,
    /// Whether the receiver itself told what it did.
    pub(super) is_told: bool,
}

impl Ledger {
    /// An empty ledger for a run.
    #[must_use]
    pub fn new(destination: DestinationName, strategy: Option<Strategy>) -> Self {
        let is_kept =
            matches!(destination, DestinationName::DestinationFunction | DestinationName::LinkedinConversions);
        Self { strategy, is_kept, accounts: BTreeMap::new() }
    }

    /// Notes that a request leaves which carries events. Attempts are entered when they end, and one that overlaps with
    /// another may meet what the receiver has done for it already.
    pub fn note_sending(&mut self, request: &Request, events: &[Arc<EventRecord>]) {
        if self.is_kept {
            let target = target_of_url(&request.url);
            for event in events {
                self.accounts.entry((target.to_owned(), message_of(event))).or_default().n_under_way += 1;
            }
        }
    }

    /// Enters an attempt, and tells what that makes of it. Without a strategy only what went wrong or was stopped is told.
    pub fn enter(&mut self, observed: Observed<'_>) -> Option<DuplicateMark> {
        if !self.is_kept {
            return None;
        }
        let attempt = observed.attempt;
        let deliveries = || attempt.exchanges.iter().zip(observed.acts).filter(|(exchange, _)| is_delivery(exchange));
        let mut targets: Vec<&str> = deliveries().map(|(exchange, _)| target_of(exchange)).collect();
        targets.dedup();
        targets.sort_unstable();
        targets.dedup();
        for (exchange, _) in deliveries() {
            for event in observed.events {
                let key = (target_of(exchange).to_owned(), message_of(event));
                let account = self.accounts.entry(key).or_default();
                account.n_under_way = account.n_under_way.saturating_sub(1);
            }
        }
        let sent = sent(attempt, observed.events.len());
        let mut findings = Vec::new();
        for (event_idx, event) in observed.events.iter().enumerate() {
            let message = message_of(event);
            let read = read_for(observed.reads, event);
            if let Ok(position) = sent.binary_search(&event_idx) {
                for target in &targets {
                    let of_target = deliveries().filter(|(exchange, _)| target_of(exchange) == *target);
                    let place = Place { position, n_elements: sent.len(), item: item_status(attempt, event_idx) };
                    let entry = self.entry(&message, of_target, place);
                    findings.push(self.settle(event, &message, target, entry, read, attempt));
                }
            }
            if let Some(read) = read.filter(|read| read.is_processed) {
                findings.push(self.held_back(event, &message, read));
            }
        }
        let worth_telling = |finding: &Finding<'_>| {
            let is_repetition =
                matches!(finding.outcome, DuplicateOutcome::DeliveredTwice | DuplicateOutcome::Suppressed);
            finding.is_telling && is_repetition
        };
        if self.strategy.is_none() && !findings.iter().any(worth_telling) {
            return None;
        }
        mark_of(self.strategy.as_ref(), &findings)
    }

    /// What the exchanges of one attempt with one receiver come to for one element of theirs.
    fn entry<'a>(
        &self,
        message: &str,
        exchanges: impl Iterator<Item = (&'a Exchange, &'a Option<Acts>)>,
        place: Place,
    ) -> Entry {
        let Place { position, n_elements, item } = place;
        let mut entry = Entry::default();
        for (exchange, told) in exchanges {
            let before = self.accounts.get(&(target_of(exchange).to_owned(), message.to_owned()));
            let is_known = entry.n_acted > 0 || before.is_some_and(|account| account.n_acted > 0);
            entry.key = self.key_of(exchange).map(str::to_owned);
            entry.n_sent += 1;
            entry.is_told = told.is_some();
            let heard = Heard::of(&exchange.result, position, n_elements, item);
            entry.heard = Some(heard);
            entry.n_acknowledged += u32::from(matches!(heard, Heard::Success(_)));
            match told.clone().or_else(|| Acts::supposed(&exchange.result)) {
                None => entry.n_unknown += 1,
                // An answer that refuses this element while it takes others.
                Some(_) if told.is_none() && matches!(heard, Heard::Refusal(_)) => {}
                // Nobody but the receiver knows: it is trusted to know the request again.
                Some(_) if told.is_none() && is_known && self.is_trusted(exchange) => {}
                Some(acts) => entry.n_acted += u32::from(acts.on(position, n_elements)),
            }
        }
        entry
    }

    fn settle<'a>(
        &mut self,
        event: &'a EventRecord,
        message: &str,
        target: &str,
        entry: Entry,
        read: Option<&'a TraitRead>,
        attempt: &Attempt,
    ) -> Finding<'a> {
        let account = self.accounts.entry((target.to_owned(), message.to_owned())).or_default();
        let before = account.clone();
        account.n_sent += entry.n_sent;
        account.n_acted += entry.n_acted;
        account.n_unknown += entry.n_unknown;
        // An answer acknowledges an act. One that comes again for the same act acknowledges nothing more.
        account.n_acknowledged = account.n_acted.min(account.n_acknowledged + entry.n_acknowledged);
        if account.first.is_none() && (entry.n_acted > 0 || entry.n_unknown > 0) {
            account.first = Some(attempt.id.clone());
        }
        if account.first_key.is_none() {
            account.first_key.clone_from(&entry.key);
        }
        let after = account.clone();
        Finding::of_request(self.strategy.as_ref(), event, target, &before, after, entry, read)
    }

    /// A function that found the profile processed and sent nothing.
    fn held_back<'a>(&self, event: &'a EventRecord, message: &str, read: &'a TraitRead) -> Finding<'a> {
        let accounts = self.accounts.iter().filter(|((_, other), _)| other == message);
        let worst = accounts.max_by_key(|(_, account)| account.n_acted);
        let (target, account) =
            worst.map_or(("", Account::default()), |((target, _), account)| (target, account.clone()));
        Finding::of_trait(event, target, account, read)
    }

    /// Whether the receiver was given what it knows the request by.
    fn is_trusted(&self, exchange: &Exchange) -> bool {
        match &self.strategy {
            Some(Strategy::IdempotencyKey { .. }) => self.key_of(exchange).is_some(),
            Some(strategy) => strategy.is_at_receiver(),
            None => false,
        }
    }

    fn key_of<'a>(&self, exchange: &'a Exchange) -> Option<&'a str> {
        match &self.strategy {
            Some(Strategy::IdempotencyKey { header, .. }) => exchange.request.headers.get(header),
            _ => None,
        }
    }
}

/// Which element of a request an event is, of how many, and the status that the destination's code gave it.
#[derive(Clone, Copy, Debug)]
struct Place {
    position: usize,
    n_elements: usize,
    item: Option<u16>,
}

/// The status of an event in a batch, where the code that gives it is the customer's own and reads the answer for it.
fn item_status(attempt: &Attempt, event_idx: usize) -> Option<u16> {
    match &attempt.outcome {
        Outcome::Multistatus(items) if &*attempt.destination == DestinationName::DestinationFunction.name() => {
            items.get(event_idx).map(|item| item.status)
        }
        _ => None,
    }
}

fn is_delivery(exchange: &Exchange) -> bool {
    exchange.purpose == Purpose::Deliver
}

fn target_of(exchange: &Exchange) -> &str {
    target_of_url(&exchange.request.url)
}

fn target_of_url(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// What a receiver knows an event by.
fn message_of(event: &EventRecord) -> String {
    match event.message_id.as_deref() {
        Some(id) if !id.is_empty() => id.to_owned(),
        _ => format!("event {}", event.id),
    }
}

/// The look at the trait of the event's profile; the last one if there were several.
fn read_for<'a>(reads: &'a [TraitRead], event: &EventRecord) -> Option<&'a TraitRead> {
    let user = user_of(&event.payload)?;
    reads.iter().rev().find(|read| read.user == user)
}

/// The indexes of the events that the requests carried, in order: those that were valid, where items tell them apart.
fn sent(attempt: &Attempt, n_events: usize) -> Vec<usize> {
    match &attempt.outcome {
        Outcome::Multistatus(items) => {
            (0..n_events).filter(|idx| items.get(*idx).is_some_and(|item| item.sent.is_some())).collect()
        }
        _ => (0..n_events).collect(),
    }
}
