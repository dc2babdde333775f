//! Batches as a stream makes them: events wait in a queue, a batch takes what is due, and what of it is to be retried goes
//! back to the queue and joins another batch.
use std::collections::{BTreeMap, HashMap};
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::task::Poll;

use futures_util::StreamExt as _;
use futures_util::future::Abortable;
use futures_util::stream::FuturesUnordered;

use super::attempt::{Made, Try, Unsent};
use super::delivery::{is_retry, retry_after};
use super::run_state::RunState;
use crate::core::batching::{Batching, Members};
use crate::core::framework::{GivenUp, give_up, given_up_by_hand, tell_retry_after};
use crate::core::names::{AttemptId, Decision, DeliveryId, EventId, Trigger};
use crate::core::pending::{PendingEvent, Unfinished, number_of};
use crate::core::pipeline::{Limit, Next};
use crate::core::record::{EventRecord, Outcome};
use crate::core::time::Timestamp;
use crate::net::dice::Dice;

/// An event on its way through batches.
struct Member {
    event: Arc<EventRecord>,
    /// The how manieth event it is, from 1: its order in the queue, and its stream of the seed.
    number: u64,
    n_tried: u32,
    first_started_at: Option<Timestamp>,
    /// The latest attempt that carried it.
    last: Option<AttemptId>,
    /// The batch that this was; none for what another program sent.
    delivery: Option<DeliveryId>,
}

impl Member {
    /// One that was never in a batch. `place` is its number where its name is not one that this program gives: the number in
    /// the name draws the same waits when a session is gone on with.
    fn new(event: Arc<EventRecord>, place: u64) -> Self {
        let number = number_of(event.id.as_str()).unwrap_or(place);
        Self { event, number, n_tried: 0, first_started_at: None, last: None, delivery: None }
    }
}

/// What a stream has waited for.
enum News {
    /// A batch has ended, and these events are back.
    Back(Vec<(Timestamp, Member)>),
    /// The next batch goes out.
    Due,
    /// A person gave batches up whose events wait.
    GivenUp(Vec<DeliveryId>),
}

/// Events by when they are due.
#[derive(Default)]
pub(super) struct Queue(BTreeMap<(Timestamp, u64), Member>);

impl Queue {
    /// Events that were never in a batch.
    pub(super) fn of(events: impl IntoIterator<Item = Arc<EventRecord>>) -> Self {
        let mut queue = Self::default();
        for (place, event) in (1..).zip(events) {
            queue.put(event.received_at, Member::new(event, place));
        }
        queue
    }

    /// Events that waited when the program that had made the batches was closed.
    pub(super) fn going_on(unfinished: &Unfinished) -> Self {
        let mut queue = Self::of(unfinished.untried.iter().cloned());
        let n_untried = u64::try_from(unfinished.untried.len()).unwrap_or(u64::MAX);
        let batches: HashMap<&AttemptId, &DeliveryId> =
            unfinished.history.iter().map(|(attempt, _)| (&attempt.id, &attempt.delivery)).collect();
        for (place, pending) in (n_untried + 1..).zip(unfinished.queued.iter().cloned()) {
            let PendingEvent { event, n_attempts: n_tried, first_started_at, due_at, last } = pending;
            let (delivery, first_started_at) = (batches.get(&last).copied().cloned(), Some(first_started_at));
            let new = Member::new(event, place);
            queue.put(due_at, Member { n_tried, first_started_at, last: Some(last), delivery, ..new });
        }
        queue
    }

    /// Takes out what waits of a batch.
    fn take_of(&mut self, delivery: &DeliveryId) -> Vec<Member> {
        self.0
            .extract_if(.., |_, member| member.delivery.as_ref() == Some(delivery))
            .map(|(_, member)| member)
            .collect()
    }

    fn put(&mut self, due: Timestamp, member: Member) {
        self.0.insert((due, member.number), member);
    }

    /// When the next batch goes out: when it is full, or when its first event has waited long enough.
    fn next_batch_at(&self, batching: &Batching) -> Option<Timestamp> {
        let dues = || self.0.keys().map(|(due, _)| *due);
        let waited = dues().next()?.saturating_add(batching.max_wait);
        let full = batching.max_size.and_then(|size| dues().nth(size.get() - 1));
        Some(full.map_or(waited, |full| full.min(waited)))
    }

    /// What is due, up to a full batch.
    fn take(&mut self, batching: &Batching, now: Timestamp) -> Vec<Member> {
        let most = batching.max_size.map_or(usize::MAX, NonZeroUsize::get);
        let mut batch = Vec::new();
        while batch.len() < most
            && let Some(first) = self.0.first_entry().filter(|first| first.key().0 <= now)
        {
            batch.push(first.remove());
        }
        batch
    }
}

/// Runs a stream until its queue is empty and no batch is under way.
pub(super) async fn run(run: &RunState<'_>, mut queue: Queue, trigger: Trigger) {
    let batching = &run.plan.batching;
    let mut under_way = FuturesUnordered::new();
    loop {
        let next_batch_at = queue.next_batch_at(batching);
        if next_batch_at.is_none() && under_way.is_empty() {
            return;
        }
        let mut wait = next_batch_at.map(|at| Box::pin(run.wait_until(at, 0)));
        let news = poll_fn(|context| {
            let given_up = run.take_given_up_waiting(context.waker());
            if !given_up.is_empty() {
                return Poll::Ready(News::GivenUp(given_up));
            }
            if let Poll::Ready(Some(back)) = under_way.poll_next_unpin(context) {
                return Poll::Ready(News::Back(back));
            }
            wait.as_mut().map_or(Poll::Pending, |wait| wait.as_mut().poll(context).map(|()| News::Due))
        })
        .await;
        drop(wait);
        match news {
            News::Back(back) => back.into_iter().for_each(|(due, member)| queue.put(due, member)),
            News::GivenUp(deliveries) => deliveries.iter().for_each(|delivery| {
                let left = queue.take_of(delivery);
                if !left.is_empty() {
                    record_given_up(run, &left, run.next_batch(), GivenUp::Waiting, Trigger::Retry, run.clock.now());
                }
            }),
            News::Due => under_way.push(attempt(run, queue.take(batching, run.clock.now()), trigger)),
        }
    }
}

/// The one attempt of a batch; gives those of its events that go back to the queue, with the instants at which they are
/// due.
async fn attempt(run: &RunState<'_>, mut batch: Vec<Member>, trigger: Trigger) -> Vec<(Timestamp, Member)> {
    let delivery = run.next_batch();
    let events: Vec<Arc<EventRecord>> = batch.iter().map(|member| Arc::clone(&member.event)).collect();
    let is_retry = batch.iter().any(|member| member.n_tried > 0);
    let trigger = if is_retry { Trigger::Retry } else { trigger };
    let attempt = Try { delivery: &delivery, number: 1, trigger, events: &events };
    let mut under_way_since = None;
    let making = attempt.make(run, &mut under_way_since);
    let made = match run.begin_delivery(&delivery) {
        None => Ok(making.await),
        Some(registration) => Abortable::new(making, registration).await,
    };
    run.end_delivery(&delivery);
    let Ok(mut made) = made else {
        let (when, since) = match under_way_since {
            Some(since) => (GivenUp::UnderWay, since),
            None => (GivenUp::Waiting, run.clock.now()),
        };
        record_given_up(run, &batch, delivery, when, trigger, since);
        return Vec::new();
    };
    for member in &mut batch {
        member.n_tried += 1;
        member.first_started_at.get_or_insert(made.started_at);
    }
    let goes_on = settle(run, &batch, &mut made);
    let id = attempt.record(run, made);
    let back = batch.into_iter().filter_map(|member| {
        let due = *goes_on.get(&member.event.id)?;
        Some((due, Member { last: Some(id.clone()), delivery: Some(delivery.clone()), ..member }))
    });
    back.collect()
}

/// Records, as a batch that sent nothing that is known, that a person ended it.
fn record_given_up(
    run: &RunState<'_>,
    batch: &[Member],
    delivery: DeliveryId,
    when: GivenUp,
    trigger: Trigger,
    started_at: Timestamp,
) {
    let n_attempts = batch.iter().map(|member| member.n_tried).max().unwrap_or_default();
    let (outcome, mut verdict) = given_up_by_hand(run.prepared.rules, run.prepared.facts.clone(), when, n_attempts);
    Members { came_from: came_from(batch), ..Members::default() }.tell(&mut verdict);
    let events: Vec<Arc<EventRecord>> = batch.iter().map(|member| Arc::clone(&member.event)).collect();
    Unsent { delivery, events: &events, number: 1, trigger, started_at, outcome, verdict, duplicate: None }.record(run);
    run.tell_progress();
}

/// The attempts that carried events of a batch before.
fn came_from(batch: &[Member]) -> BTreeMap<EventId, AttemptId> {
    batch.iter().filter_map(|member| Some((member.event.id.clone(), member.last.clone()?))).collect()
}

/// Asks the policy for each event that is worth another try, and writes down which of them go on.
fn settle(run: &RunState<'_>, batch: &[Member], made: &mut Made<'_>) -> BTreeMap<EventId, Timestamp> {
    let (plan, ended_at) = (run.plan, made.ended_at);
    let attempted = &mut made.attempted;
    let mut members = Members { came_from: came_from(batch), ..Members::default() };
    if attempted.verdict.decision == Decision::Retry {
        let asked = retry_after(&attempted.exchanges, ended_at);
        let mut over: Option<(Limit, u32, Timestamp, Timestamp)> = None;
        for (place, member) in batch.iter().enumerate() {
            let item = match &mut attempted.outcome {
                Outcome::Multistatus(items) => items.get_mut(place),
                _ => None,
            };
            if item.as_ref().is_some_and(|item| !is_retry(item)) {
                continue;
            }
            let first = member.first_started_at.unwrap_or(made.started_at);
            let random_unit = Dice::nth_unit(plan.seed, member.number, member.n_tried - 1);
            match plan.pipeline.next_attempt(member.n_tried, first, ended_at, random_unit, asked) {
                Next::At(due) => _ = members.goes_on.insert(member.event.id.clone(), due),
                Next::Over { limit, at } => {
                    over.get_or_insert((limit, member.n_tried, first, at));
                    match item {
                        Some(item) => item.decision = Decision::Discard,
                        None => members.given_up.push(member.event.id.clone()),
                    }
                }
            }
        }
        if let Some((limit, n_tried, first, at)) = over.filter(|_| members.goes_on.is_empty()) {
            attempted.verdict = give_up(plan, &attempted.verdict, limit, n_tried, at.since(first));
            members.given_up.clear();
        }
        if let Some((asked, member)) = asked.zip(batch.first()) {
            let random_unit = Dice::nth_unit(plan.seed, member.number, member.n_tried - 1);
            let own_wait = plan.pipeline.wait(member.n_tried, random_unit);
            tell_retry_after(&mut attempted.verdict, &plan.pipeline, asked, own_wait);
        }
    }
    members.tell(&mut attempted.verdict);
    members.goes_on
}
