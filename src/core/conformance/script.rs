//! A world that answers from a plan's script and whose clock moves only with its delays.
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::ready;

use crate::core::http::{Fault, FaultKind, Request};
use crate::core::names::Purpose;
use crate::core::plan::{Plan, Remote, ScriptedReply};
use crate::core::time::Timestamp;
use crate::core::world::{LocalFuture, Reply, World};

/// Answers in order, at once.
pub(super) struct Script {
    now: Cell<Timestamp>,
    replies: RefCell<VecDeque<ScriptedReply>>,
}

impl Script {
    /// The script of a plan, at the time at which the plan starts.
    pub(super) fn of(plan: &Plan) -> Self {
        let replies = match &plan.remote {
            Remote::Script(replies) => replies.iter().cloned().collect(),
            Remote::Real { .. } | Remote::Simulator(_) => VecDeque::new(),
        };
        Self { now: Cell::new(plan.start_at.unwrap_or_default()), replies: RefCell::new(replies) }
    }
}

impl World for Script {
    fn now(&self) -> Timestamp {
        self.now.get()
    }

    fn send<'a>(&'a self, request: &'a Request, _purpose: Purpose) -> LocalFuture<'a, Reply> {
        let reply = self.replies.borrow_mut().pop_front();
        let result = if let Some(reply) = reply {
            self.now.set(self.now.get().saturating_add(reply.delay));
            reply.result
        } else {
            let message = format!("the script has no answer left for {} {}", request.method, request.url);
            Err(Fault::new(FaultKind::ConnectRefused, message))
        };
        Box::pin(ready(result.into()))
    }
}
