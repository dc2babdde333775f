//! What rows are grouped by, and what their groups are called.
use std::fmt;

use super::deliveries::{DeliveryShape, Fate};
use super::ids::DeliveryIdx;
use super::label::{Label, thousands};
use super::names::NameId;
use super::session::Session;

/// What the timeline's rows are grouped by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// No groups.
    None,
    /// Destination and action.
    #[default]
    Action,
    /// Name of the event.
    Event,
    /// What became of the delivery.
    Fate,
    /// How many events go together.
    BatchSize,
    /// Batches that carry the same events one after another.
    Thread,
}

impl Grouping {
    /// Every grouping, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Action, Self::Event, Self::Fate, Self::BatchSize, Self::Thread, Self::None];
}

impl fmt::Display for Grouping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Action => "action",
            Self::Event => "event",
            Self::Fate => "fate",
            Self::BatchSize => "batch size",
            Self::Thread => "thread",
        })
    }
}

/// A group of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// All of them.
    Whole,
    /// Destination and action.
    Action(NameId, NameId),
    /// Name of the event.
    Event(NameId),
    /// What became of the delivery.
    Fate(Fate),
    /// How many events go together.
    BatchSize(usize),
    /// A thread, by the delivery of it that became known first.
    Thread(DeliveryIdx),
    /// What is in no thread.
    Unthreaded,
    /// Deliveries of which no attempt has ended yet.
    Beginning,
}

impl GroupKey {
    pub(super) fn of(grouping: Grouping, delivery: &DeliveryShape, thread: Option<DeliveryIdx>) -> Self {
        match grouping {
            Grouping::None => Self::Whole,
            Grouping::Action => Self::Action(delivery.destination, delivery.action),
            Grouping::Event => Self::Event(delivery.event_name),
            Grouping::Fate => Self::Fate(delivery.fate),
            Grouping::BatchSize => Self::BatchSize(delivery.n_events),
            Grouping::Thread => thread.map_or(Self::Unthreaded, Self::Thread),
        }
    }

    pub(super) fn title(self, session: &Session) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Action(destination, action) => format!("{} · {}", session.name(destination), session.name(action)),
            Self::Event(NameId::EMPTY) => "(no event name)".to_owned(),
            Self::Event(name) => session.name(name).to_owned(),
            Self::Fate(fate) => fate.to_string(),
            Self::BatchSize(0 | 1) => "single events".to_owned(),
            Self::BatchSize(n_events) => format!("batches of {} events", thousands(n_events)),
            Self::Thread(first) => format!("thread of {}", Label::of(session, first).message_id),
            Self::Unthreaded => "in no thread".to_owned(),
            Self::Beginning => "first attempt under way".to_owned(),
        }
    }
}
