//! Beginning a run: on a thread of its own for the window, or right here for a caller who waits.
use std::cell::RefCell;
use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryIter, sync_channel};
use std::thread;

use serde_json::Value;

use super::cancel::Cancel;
use super::delivery::Delivery;
use super::error::RunError;
use super::header::{session_header, virtual_start};
use super::ingest;
use super::outlet::{Channel, Direct, Outlet, Pace, RunEvent};
use super::run_state::{RunState, Work};
use super::stepper::Stepper;
use super::stream::Queue;
use super::summary::RunSummary;
use crate::core::batching::BatchKind;
use crate::core::names::{ClockKind, DeliveryId, Mode, Trigger};
use crate::core::pending::{Unfinished, number_of};
use crate::core::plan::{Plan, Remote};
use crate::core::record::{EventRecord, Record};
use crate::core::time::Timestamp;
use crate::net::clock::WallClock;
use crate::net::transport::{Connections, Hosts, Script, Simulate, Transport};
use crate::net::virtual_time::VirtualClock;
use crate::net::wake::Wake;

/// What a plan does not say about its run.
#[derive(Clone)]
pub struct RunOptions {
    /// Makes the embedded remote: `sim::in_process`.
    pub simulate: Simulate,
    /// How many attempts may run at once in wall time. In virtual time there is no limit.
    pub concurrency: NonZeroUsize,
    /// What becomes of connections to real hosts.
    pub connections: Connections,
    /// What started the first attempts: `First`, or `Replay` where a person fires again what was fired before.
    pub trigger: Trigger,
    /// What a session has left to be done, for a run that goes on with it in place of the plan's events.
    pub going_on: Option<Arc<Unfinished>>,
    /// Stops the run.
    pub cancel: Cancel,
    /// Lets a run in virtual time go step by step; one that nobody will step through needs none.
    pub stepper: Option<Stepper>,
}

impl RunOptions {
    /// The usual: sixteen attempts at once.
    #[must_use]
    pub fn new(simulate: Simulate) -> Self {
        let concurrency = NonZeroUsize::MIN.saturating_add(15);
        Self {
            simulate,
            concurrency,
            connections: Connections::default(),
            trigger: Trigger::First,
            going_on: None,
            cancel: Cancel::default(),
            stepper: None,
        }
    }
}

/// A run that goes on by itself. Dropping it stops it.
#[derive(Debug)]
pub struct Run {
    events: Receiver<RunEvent>,
    cancel: Cancel,
    stepper: Option<Stepper>,
}

impl Run {
    /// What has become known since the last call. Never waits.
    #[must_use]
    pub fn news(&self) -> TryIter<'_, RunEvent> {
        self.events.try_iter()
    }

    /// Waits for the next thing that becomes known; nothing after the end.
    #[must_use]
    pub fn wait(&self) -> Option<RunEvent> {
        self.events.recv().ok()
    }

    /// Ends one delivery for good, see [`Cancel::give_up`].
    pub fn give_up(&self, delivery: DeliveryId) {
        self.cancel.give_up(delivery);
    }

    /// Lets it go step by step, if it is in virtual time and was begun for that.
    #[must_use]
    pub fn stepper(&self) -> Option<&Stepper> {
        self.stepper.as_ref()
    }

    /// Stops it, in the middle of waits and requests, or where it stands. Its end is told like any other.
    pub fn cancel(&self) {
        self.cancel.cancel();
        self.stepper.iter().for_each(Stepper::end);
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// How many batches may wait for the receiver.
const CHANNEL_ROOM: usize = 64;

/// Begins a run on a thread of its own, named `engine`. `wake` is called after each thing that was sent.
#[must_use]
pub fn start(plan: Plan, options: RunOptions, wake: Wake) -> Run {
    let (sender, events) = sync_channel(CHANNEL_ROOM);
    let cancel = options.cancel.clone();
    let stepper = options.stepper.clone().filter(|_| plan.clock == ClockKind::Virtual);
    let run = Run { events, cancel, stepper };
    let refused = (sender.clone(), Arc::clone(&wake));
    let body = move || {
        let pace = match plan.clock {
            ClockKind::Virtual => Pace::Blocking,
            ClockKind::Wall => Pace::Gathering,
        };
        let channel = Channel::new(sender, wake, pace);
        channel.send(RunEvent::Header(Box::new(session_header(&plan))));
        let end = catch_unwind(AssertUnwindSafe(|| run_on(plan, &options, &channel, Some(&channel))));
        channel.finish(end.unwrap_or_else(|panic| Err(RunError::Panicked(words_of(panic.as_ref())))));
    };
    if let Err(error) = thread::Builder::new().name("engine".to_owned()).spawn(body) {
        let (sender, wake) = refused;
        // The channel is new and has room; the receiver is in our hands.
        let _told = sender.try_send(RunEvent::Finished(Err(error.into()))).is_ok();
        wake();
    }
    run
}

/// Runs a plan on this thread to its end, handing over each record when it becomes known. Must not be called from inside
/// a tokio runtime.
///
/// # Errors
/// [`RunError`] if the run cannot begin or cannot go on; what was handed over stays true.
pub fn run_to_end(
    plan: Plan,
    options: &RunOptions,
    take_record: &mut dyn FnMut(Record),
) -> Result<RunSummary, RunError> {
    run_on(plan, options, &Direct(RefCell::new(take_record)), None)
}

fn run_on(
    mut plan: Plan,
    options: &RunOptions,
    outlet: &dyn Outlet,
    channel: Option<&Channel>,
) -> Result<RunSummary, RunError> {
    let begin = virtual_start(&plan);
    let events = std::mem::take(&mut plan.events);
    let transport = transport(&plan, options)?;
    match plan.clock {
        ClockKind::Virtual => {
            let clock = VirtualClock::starting_at(begin);
            let run = RunState::new(&plan, transport, &clock, outlet, &options.cancel, None);
            let run = new_run(run.held_by(options.stepper.as_ref()), options);
            clock.drive_watched(go(&run, events, options), |next_at| run.stand_if_due(Some(next_at)))?
        }
        ClockKind::Wall => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let clock = WallClock::start();
            let slots = Some(options.concurrency.get());
            let run = new_run(RunState::new(&plan, transport, &clock, outlet, &options.cancel, slots), options);
            let end = runtime.block_on(async {
                tokio::select! {
                    end = go(&run, events, options) => end,
                    never = keep_sending(channel) => match never {},
                    never = clock.watch_for_sleep() => match never {},
                }
            });
            // A look-up of a host that was cut off may hang for long; nobody waits for it.
            runtime.shutdown_background();
            end
        }
    }
}

fn new_run<'a>(run: RunState<'a>, options: &RunOptions) -> RunState<'a> {
    match &options.going_on {
        Some(unfinished) => run.going_on(unfinished),
        None => run,
    }
}

async fn go(run: &RunState<'_>, events: Vec<Value>, options: &RunOptions) -> Result<RunSummary, RunError> {
    let is_stream = run.plan.mode == Mode::Batch && run.plan.batching.kind == BatchKind::Stream;
    let trigger = options.trigger;
    if let Some(unfinished) = &options.going_on {
        let work = if is_stream {
            Work::Stream(Queue::going_on(unfinished))
        } else {
            Work::Deliveries(deliveries_going_on(run.plan, unfinished, trigger))
        };
        let n_events = u64::try_from(unfinished.n_events()).unwrap_or(u64::MAX);
        return run.work_off(n_events, work, Vec::new(), trigger).await;
    }
    let events = event_records(events, run.clock.now(), is_stream);
    let (through, dropped) = ingest::sift(run.plan.deduplication.as_ref(), &events);
    let work = if is_stream {
        Work::Stream(Queue::of(through))
    } else {
        Work::Deliveries(Delivery::of(run.plan, &through, trigger, 0))
    };
    run.run(&events, work, dropped, trigger).await
}

/// The deliveries that wait, and those of events that were never tried.
fn deliveries_going_on(plan: &Plan, unfinished: &Unfinished, trigger: Trigger) -> Vec<Delivery> {
    let n_before = unfinished.recorded.n_deliveries;
    let waiting = (1..).zip(&unfinished.deliveries).map(|(place, pending)| {
        let number = number_of(pending.delivery.as_str()).unwrap_or(n_before + place);
        Delivery::going_on(pending, number)
    });
    waiting.chain(Delivery::of(plan, &unfinished.untried, trigger, n_before)).collect()
}

async fn keep_sending(channel: Option<&Channel>) -> Infallible {
    match channel {
        Some(channel) => channel.keep_sending().await,
        None => std::future::pending().await,
    }
}

fn transport(plan: &Plan, options: &RunOptions) -> Result<Box<dyn Transport>, RunError> {
    let n_answered = options.going_on.as_ref().map_or(0, |unfinished| unfinished.recorded.n_exchanges);
    match &plan.remote {
        Remote::Script(replies) => Ok(Box::new(Script::new(replies.clone()).after(n_answered))),
        Remote::Simulator(config) => (options.simulate)(config, plan.seed).map_err(RunError::Simulator),
        Remote::Real { .. } if plan.clock == ClockKind::Virtual => Err(RunError::NobodyInVirtualTime),
        Remote::Real { endpoint } => {
            let endpoint = endpoint.as_deref().map(str::parse).transpose()?;
            Ok(Box::new(Hosts::with_connections(endpoint, options.connections)?))
        }
    }
}

/// The records of a plan's events. They are all there when the run begins, but for those of a stream that say of themselves
/// that they are received later.
fn event_records(events: Vec<Value>, begin: Timestamp, is_stream: bool) -> Vec<Arc<EventRecord>> {
    let arrives = |payload: &Value| payload.get("receivedAt")?.as_str()?.parse().ok();
    let record = |(number, payload): (u64, Value)| {
        Arc::new(EventRecord {
            id: format!("e{number}").into(),
            received_at: arrives(&payload).filter(|_| is_stream).map_or(begin, |at: Timestamp| at.max(begin)),
            message_id: payload.get("messageId").and_then(Value::as_str).map(str::to_owned),
            payload,
            extra: serde_json::Map::new(),
        })
    };
    (1..).zip(events).map(record).collect()
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
