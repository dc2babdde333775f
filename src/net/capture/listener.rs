//! The listener itself: a request in, events out.
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender, TryIter, sync_channel};

use serde_json::Value;

use super::answer::{Refusal, success};
use super::body::decoded;
use super::cors::{Origins, preflight, with_origin};
use super::envelope::Envelope;
use super::event::{CapturedEvent, Origin, sdk_of};
use super::normalise::normalise;
use super::route::Route;
use super::write_key::{self, Aliases};
use crate::core::http::Response;
use crate::core::time::Timestamp;
use crate::net::Wake;
use crate::net::loopback::{Limits, ListenError, Listening, Received, Reply};
use crate::net::random::random_name;

/// Where the listener is unless somebody says otherwise.
pub const DEFAULT_PORT: u16 = 8765;

const LIMITS: Limits = Limits { max_body_bytes: 1 << 20, max_connections: 64 };

/// How many requests may wait for whoever takes their events; those that find no room are asked to come again.
const CHANNEL_ROOM: usize = 1_024;

/// How to listen.
#[derive(Clone, Debug)]
pub struct CaptureOptions {
    /// Port on 127.0.0.1 and `[::1]`; 0 for any that is free.
    pub port: u16,
    /// Origins of web pages that may post (`https://shop.example`), besides pages that this machine serves.
    pub origins: Vec<String>,
}

impl Default for CaptureOptions {
    fn default() -> Self {
        Self { port: DEFAULT_PORT, origins: Vec::new() }
    }
}

/// What the listener tells.
#[derive(Clone, Debug, PartialEq)]
pub enum CaptureNews {
    /// The events of one request, in order.
    Arrived(Vec<CapturedEvent>),
    /// A request that was not taken, or not as a whole; for the person who wonders where their events are.
    Refused(Refusal),
}

/// A listener that is on. Dropping it switches it off.
#[derive(Debug)]
pub struct Capture {
    news: Receiver<CaptureNews>,
    listening: Listening,
}

impl Capture {
    /// Begins to listen, on a thread named `capture`. `wake` is called after each thing that was sent.
    ///
    /// # Errors
    /// [`ListenError`] if the port cannot be had.
    pub fn start(options: CaptureOptions, wake: Wake) -> Result<Self, ListenError> {
        let (sender, news) = sync_channel(CHANNEL_ROOM);
        let origins = Origins::new(options.origins);
        let listening = Listening::start(options.port, "capture", LIMITS, move || {
            let inbox = Rc::new(Inbox { sender, wake, origins, aliases: Aliases::default() });
            Rc::new(move |received| {
                let inbox = Rc::clone(&inbox);
                Box::pin(async move { Reply::Respond(inbox.answer(received, Timestamp::from_system_clock())) })
            })
        })?;
        Ok(Self { news, listening })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.listening.address()
    }

    /// What has arrived since the last call. Never waits.
    #[must_use]
    pub fn news(&self) -> TryIter<'_, CaptureNews> {
        self.news.try_iter()
    }

    /// Waits for the next thing to arrive; nothing once the listener is gone.
    #[must_use]
    pub fn wait(&self) -> Option<CaptureNews> {
        self.news.recv().ok()
    }

    /// Switches it off, and gives what had arrived and was not taken yet.
    #[must_use]
    pub fn stop(self) -> Vec<CaptureNews> {
        self.listening.stop();
        self.news.try_iter().collect()
    }
}

/// Everything that requests have in common.
struct Inbox {
    sender: SyncSender<CaptureNews>,
    wake: Wake,
    origins: Origins,
    aliases: Aliases,
}

impl Inbox {
    fn answer(&self, received: Received, now: Timestamp) -> Response {
        let origin = received.headers.get("origin").map(str::to_owned);
        if !self.origins.allow(origin.as_deref()) {
            let message =
                format!("pages of {} may not post here; add the origin to those that may", origin.unwrap_or_default());
            return self.refuse(Refusal::new(403, "forbidden_origin", message));
        }
        let response = self.take(received, now).unwrap_or_else(|refusal| self.refuse(refusal));
        with_origin(response, origin.as_deref())
    }

    fn take(&self, received: Received, now: Timestamp) -> Result<Response, Refusal> {
        let Some(route) = Route::of(&received.target) else {
            let message = format!("{} is no path of the Tracking API", received.target);
            return Err(Refusal::new(404, "not_found", message));
        };
        if received.method == "OPTIONS" {
            return Ok(preflight(received.headers.get("origin")));
        }
        if received.method != route.method() {
            let message = format!("{} takes {} only", received.target, route.method());
            return Err(Refusal::new(405, "method_not_allowed", message));
        }
        let Received { headers, target, body, .. } = received;
        let json = decoded(&headers, body)?;
        let mut envelope = Envelope::read(route, &json)?;
        let write_key = headers.get("authorization").and_then(write_key::from_header);
        let write_key = envelope.write_key.take().or(write_key);
        let origin = Origin {
            source: write_key.map(|key| self.aliases.alias(&key)),
            sdk: headers.get("user-agent").map(str::to_owned),
            path: target,
            retry_count: headers.get("x-retry-count").and_then(|count| count.parse().ok()),
        };
        let events = std::mem::take(&mut envelope.events);
        let captured: Vec<CapturedEvent> =
            events.into_iter().map(|event| captured(event, &envelope, &origin, now)).collect();
        self.hand_over(captured)?;
        if envelope.n_left_out > 0 {
            let message = format!("{} events more than a batch may have were left out", envelope.n_left_out);
            self.tell(CaptureNews::Refused(Refusal::new(200, "too_many_events", message)));
        }
        Ok(success())
    }

    fn hand_over(&self, events: Vec<CapturedEvent>) -> Result<(), Refusal> {
        if events.is_empty() || self.tell(CaptureNews::Arrived(events)) {
            return Ok(());
        }
        Err(Refusal::new(429, "busy", "events arrive faster than they are taken; send this again"))
    }

    fn refuse(&self, refusal: Refusal) -> Response {
        let response = refusal.to_response();
        self.tell(CaptureNews::Refused(refusal));
        response
    }

    /// Whether there was room for it.
    fn tell(&self, news: CaptureNews) -> bool {
        let had_room = self.sender.try_send(news).is_ok();
        (self.wake)();
        had_room
    }
}

fn captured(
    event: serde_json::Map<String, Value>,
    envelope: &Envelope,
    origin: &Origin,
    received_at: Timestamp,
) -> CapturedEvent {
    let sdk = sdk_of(&event).or_else(|| origin.sdk.clone());
    let payload = normalise(event, envelope, received_at, || format!("delivery-inspector-{}", random_name()));
    let message_id = payload.get("messageId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let origin = Origin { sdk, ..origin.clone() };
    CapturedEvent { received_at, message_id, payload: Value::Object(payload), origin }
}
