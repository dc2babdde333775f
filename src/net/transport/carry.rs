//! What every transport does: carry one request and bring what came of it.
use std::error::Error;
use std::time::Duration;

use serde_json::Value;

use super::failure::fault_words;
use crate::core::http::{Fault, FaultKind, Request, Response};
use crate::core::names::DeliveryId;
use crate::core::world::{LocalFuture, Reply};
use crate::net::clock::Clock;

/// How long the reference's client waits for a whole response before it gives up.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Carries requests to whoever answers them.
pub trait Transport {
    /// Sends one request, once, and waits for what comes of it. A failure of the network is a reply.
    ///
    /// # Errors
    /// [`TransportError`] where there is no sense in going on with the run at all.
    fn send<'a>(&'a self, sending: Sending<'a>, clock: &'a dyn Clock)
    -> LocalFuture<'a, Result<Reply, TransportError>>;
}

/// Makes the transport that a plan's `simulator` value and seed describe. It is handed in, since this room does not know
/// the simulator.
pub type Simulate = fn(&Value, u64) -> Result<Box<dyn Transport>, Box<dyn Error + Send + Sync>>;

/// A request and who sends it, for messages.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// What is sent.
    pub request: &'a Request,
    /// The delivery that it belongs to.
    pub delivery: &'a DeliveryId,
    /// The attempt of that delivery, 1 for the first.
    pub attempt: u32,
}

/// Why a run cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// More requests were sent than the script has answers for.
    #[error(
        "the script has {}, but the run sent a {} request: {request} (attempt {attempt} of delivery {delivery}); add a \
         response to `responses`, or use the simulator",
        counted(*n_responses), ordinal(*n_responses + 1)
    )]
    ScriptUsedUp {
        /// How many answers the script has.
        n_responses: usize,
        /// Method and URL of the request that has none.
        request: String,
        /// The attempt that sent it.
        attempt: u32,
        /// The delivery that sent it.
        delivery: DeliveryId,
    },
    /// The request is none that HTTP can carry; every other one of the plan would fail in the same way.
    #[error("{request} (attempt {attempt} of delivery {delivery}) cannot be sent: {reason}")]
    Unsendable {
        /// Method and URL.
        request: String,
        /// The attempt that asked for it.
        attempt: u32,
        /// The delivery that asked for it.
        delivery: DeliveryId,
        /// What is wrong with it, and where to mend it.
        reason: String,
    },
}

fn counted(n_responses: usize) -> String {
    match n_responses {
        0 => "no responses".to_owned(),
        1 => "1 response".to_owned(),
        n => format!("{n} responses"),
    }
}

fn ordinal(n: usize) -> String {
    let ending = match (n % 100, n % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// Lets an answer that is known beforehand arrive after its latency, as the client would see it: whatever takes as long
/// as [`REQUEST_TIMEOUT`] is a timeout by then. A latency of zero does not yield.
///
/// # Errors
/// The fault that the answer is, or the timeout.
pub async fn arrive(
    answer: Result<Response, Fault>,
    latency: Duration,
    request: &Request,
    clock: &dyn Clock,
) -> Result<Response, Fault> {
    clock.sleep_until(clock.now().saturating_add(latency.min(REQUEST_TIMEOUT))).await;
    if latency >= REQUEST_TIMEOUT && answer.is_ok() {
        return Err(Fault::new(FaultKind::Timeout, fault_words(FaultKind::Timeout, &request.url)));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::{Body, Headers};
    use crate::core::time::Timestamp;
    use crate::net::virtual_time::VirtualClock;

    #[test]
    fn a_script_that_is_used_up_names_the_request() {
        let used_up = |n_responses| {
            let request = "POST https://api.linkedin.com/rest/dmpSegments".to_owned();
            TransportError::ScriptUsedUp { n_responses, request, attempt: 2, delivery: "d1".into() }.to_string()
        };
        assert!(used_up(3).starts_with(
            "the script has 3 responses, but the run sent a 4th request: POST \
             https://api.linkedin.com/rest/dmpSegments (attempt 2 of delivery d1)"
        ));
        assert!(used_up(0).starts_with("the script has no responses, but the run sent a 1st request"));
        for (n, text) in [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (112, "112th")] {
            assert_eq!(ordinal(n), text);
        }
    }

    #[test]
    fn an_answer_that_takes_ten_seconds_is_a_timeout() {
        let clock = VirtualClock::starting_at(Timestamp::EPOCH);
        let request =
            Request { method: "GET".into(), url: "https://x/".into(), headers: Headers::default(), body: Body::Empty };
        let response = Response { status: 200, headers: Headers::default(), body: Body::Empty };
        let ask = |latency| {
            let answer = clock.drive(arrive(Ok(response.clone()), latency, &request, &clock));
            (answer.unwrap().map(|response| response.status).map_err(|fault| fault.kind), clock.now().as_millis())
        };
        assert_eq!(ask(Duration::from_millis(9_999)), (Ok(200), 9_999));
        assert_eq!(ask(Duration::from_mins(1)), (Err(FaultKind::Timeout), 19_999));
    }
}
