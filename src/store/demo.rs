//! A session with every story that the timeline must tell, for tests: a refresh that others share, one that fails, a
//! batch that is partly delivered, a busy remote, an event that arrives twice, one still pending, and half an hour in
//! which nothing happens.
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::session::Session;
use crate::core::http::{Body, Headers, Request, Response};
use crate::core::names::{Decision, DuplicateOutcome, Purpose, Refresh, Trigger};
use crate::core::record::{
    Attempt, DuplicateMark, ErrorOutcome, EventRecord, Exchange, Item, Outcome, Record, SessionHeader, TokenUse,
    Verdict,
};
use crate::core::time::Timestamp;

/// 07:31:02.114 UTC on a day in autumn.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_764_055_862_114);

/// The instant so many milliseconds after the start.
pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(START.as_millis() + millis)
}

/// A session with the stories.
pub(crate) fn session() -> Session {
    filled(stories())
}

/// A session of so many deliveries of one attempt each, ten milliseconds apart, every hundredth one dropped.
pub(crate) fn many(n_deliveries: usize) -> Session {
    let records = (0..n_deliveries).flat_map(|number| {
        let event = Event::track(number, &format!("user-{number}@example.com"), "Audience Entered");
        let millis = i64::try_from(number).unwrap_or(0) * 10;
        let attempt = Story::new(&format!("d{number}"), "linkedin-audiences", "updateAudience", &[event.id()]);
        let attempt = if number % 100 == 99 {
            attempt.discard(millis, 40, 400, "HTTP-4XX", "the remote refuses the request")
        } else {
            attempt.deliver(millis, 40, 200)
        };
        std::iter::once(event.record()).chain(attempt.records())
    });
    filled(records)
}

fn filled(records: impl IntoIterator<Item = Record>) -> Session {
    let mut session = Session::new(SessionHeader::new("demo", "token propagation", START, "simulated"));
    records.into_iter().for_each(|record| session.push(record));
    session
}

/// An event to deliver.
pub(crate) struct Event {
    number: usize,
    payload: Value,
}

impl Event {
    /// A track call about somebody.
    pub(crate) fn track(number: usize, who: &str, event: &str) -> Self {
        let key = if who.contains('@') { "email" } else { "id" };
        let payload = json!({
            "type": "track", "event": event, "userId": who, "messageId": format!("m-{number:04x}"),
            "properties": {"audience_key": "buyers"}, "context": {"traits": {key: who}},
        });
        Self { number, payload }
    }

    /// Puts so many of them about the same person into a session; gives their names there.
    pub(crate) fn push_tracks(session: &mut Session, n_events: usize) -> Vec<String> {
        let tracks = (1..=n_events).map(|number| Self::track(number, "ada@example.com", "Audience Entered"));
        let push = |event: Self| {
            let id = event.id();
            session.push(event.record());
            id
        };
        tracks.map(push).collect()
    }

    /// Its name in the session.
    pub(crate) fn id(&self) -> String {
        format!("e{}", self.number)
    }

    /// Its record.
    pub(crate) fn record(self) -> Record {
        let message_id = self.payload["messageId"].as_str().map(str::to_owned);
        Record::Event(Arc::new(EventRecord {
            id: self.id().into(),
            received_at: START,
            message_id,
            payload: self.payload,
            extra: Map::new(),
        }))
    }
}

/// A delivery, told attempt by attempt.
pub(crate) struct Story {
    delivery: String,
    destination: &'static str,
    action: &'static str,
    events: Vec<String>,
    attempts: Vec<Attempt>,
    generation: Option<u32>,
}

impl Story {
    /// A delivery with no attempts yet.
    pub(crate) fn new(delivery: &str, destination: &'static str, action: &'static str, events: &[String]) -> Self {
        let generation = destination.starts_with("linkedin").then_some(1);
        Self { delivery: delivery.into(), destination, action, events: events.to_vec(), attempts: vec![], generation }
    }

    /// The delivery begins with a later token than the plan's.
    pub(crate) fn with_generation(mut self, generation: u32) -> Self {
        self.generation = Some(generation);
        self
    }

    /// An attempt that the receiver answered with success.
    pub(crate) fn deliver(self, millis: i64, took: i64, status: u16) -> Self {
        self.attempt(millis, took, Some(status), Outcome::Delivered, (Decision::Delivered, "HTTP-2XX", "accepted"))
    }

    /// An attempt that failed and is tried again after `wait` milliseconds.
    pub(crate) fn retry(self, millis: i64, took: i64, status: u16, wait: i64, rule: &str, reason: &str) -> Self {
        let outcome = error("RetryableError", status);
        let mut story = self.attempt(millis, took, Some(status), outcome, (Decision::Retry, rule, reason));
        story.last().verdict.next_attempt_at = Some(at(millis + took + wait));
        story
    }

    /// An attempt that failed for good.
    pub(crate) fn discard(self, millis: i64, took: i64, status: u16, rule: &str, reason: &str) -> Self {
        let outcome = error("IntegrationError", status);
        self.attempt(millis, took, Some(status), outcome, (Decision::Discard, rule, reason))
    }

    /// Nothing was sent: the event itself is at fault.
    pub(crate) fn refuse(self, millis: i64, rule: &str, reason: &str) -> Self {
        self.attempt(millis, 0, None, error("PayloadValidationError", 400), (Decision::Discard, rule, reason))
    }

    /// The last attempt refreshed the token, which took so long.
    pub(crate) fn refreshed(mut self, took: i64) -> Self {
        let before = self.generation.unwrap_or(1);
        self.generation = Some(before + 1);
        let started_at = self.last().ended_at;
        let ended_at = started_at.saturating_add(Duration::from_millis(u64::try_from(took).unwrap_or(0)));
        let mut refresh = exchange(Purpose::Refresh, started_at, ended_at, 200);
        refresh.request.url = "https://www.linkedin.com/oauth/v2/accessToken".into();
        let attempt = self.last();
        attempt.exchanges.push(refresh);
        attempt.ended_at = ended_at;
        attempt.token =
            Some(TokenUse { generation_before: before, generation_after: before + 1, refresh: Refresh::Succeeded });
        self
    }

    /// The last attempt tried to refresh the token and failed.
    pub(crate) fn refresh_failed(mut self) -> Self {
        let before = self.generation.unwrap_or(1);
        let token = TokenUse { generation_before: before, generation_after: before, refresh: Refresh::Failed };
        self.last().token = Some(token);
        self
    }

    /// Another delivery refreshed the token while the last attempt ran.
    pub(crate) fn refresh_shared(mut self) -> Self {
        let before = self.generation.unwrap_or(1);
        self.generation = Some(before + 1);
        let token = TokenUse { generation_before: before, generation_after: before + 1, refresh: Refresh::None };
        self.last().token = Some(token);
        self
    }

    /// The last attempt answered item by item: so many delivered, then so many given up.
    pub(crate) fn items(mut self, n_delivered: usize, n_dropped: usize) -> Self {
        let item = |status, decision| Item {
            status,
            errortype: None,
            errormessage: None,
            errorreporter: None,
            sent: None,
            body: None,
            decision,
        };
        let mut items = vec![item(200, Decision::Delivered); n_delivered];
        items.extend(vec![item(409, Decision::Discard); n_dropped]);
        self.last().outcome = Outcome::Multistatus(items);
        self
    }

    /// What duplicate detection says of the last attempt.
    pub(crate) fn duplicate(mut self, outcome: DuplicateOutcome, of: &str) -> Self {
        self.last().duplicate = Some(DuplicateMark {
            strategy: "profile-trait".into(),
            outcome,
            of: Some(of.into()),
            evidence: Map::new(),
        });
        self
    }

    /// The last attempt read a trait that had been written so many milliseconds before, and was to be seen so many later.
    pub(crate) fn stale_read(mut self, age: i64, until: i64) -> Self {
        let read_at = self.last().started_at.as_millis();
        let instant = |millis: i64| Timestamp::from_millis(read_at + millis).to_string();
        let evidence = json!({
            "trait_read_at": instant(0), "trait_written_at": instant(-age), "trait_visible_at": instant(until),
        });
        if let (Some(mark), Value::Object(evidence)) = (&mut self.last().duplicate, evidence) {
            mark.evidence = evidence;
        }
        self
    }

    /// The records, oldest first.
    pub(crate) fn records(self) -> impl Iterator<Item = Record> {
        self.attempts.into_iter().map(|attempt| Record::Attempt(Arc::new(attempt)))
    }

    fn last(&mut self) -> &mut Attempt {
        self.attempts.last_mut().unwrap()
    }

    fn attempt(
        mut self,
        millis: i64,
        took: i64,
        sent: Option<u16>,
        outcome: Outcome,
        (decision, rule, reason): (Decision, &str, &str),
    ) -> Self {
        let number = u32::try_from(self.attempts.len()).unwrap_or(0) + 1;
        let (started_at, ended_at) = (at(millis), at(millis + took));
        let exchanges = sent.map(|status| {
            let mut sent = exchange(Purpose::Deliver, started_at, ended_at, status);
            sent.token_generation = self.generation;
            sent
        });
        self.attempts.push(Attempt {
            id: format!("{}-a{number}", self.delivery).into(),
            delivery: self.delivery.clone().into(),
            events: self.events.iter().map(|id| id.as_str().into()).collect(),
            destination: self.destination.into(),
            action: self.action.into(),
            number,
            trigger: if number == 1 { Trigger::First } else { Trigger::Retry },
            started_at,
            ended_at,
            rules: "token-propagation-refresh".into(),
            exchanges: exchanges.into_iter().collect(),
            outcome,
            verdict: Verdict {
                decision,
                rule: rule.into(),
                reason: reason.into(),
                facts: Map::new(),
                next_attempt_at: None,
            },
            token: self.generation.map(|generation| TokenUse {
                generation_before: generation,
                generation_after: generation,
                refresh: Refresh::None,
            }),
            duplicate: None,
            extra: Map::new(),
        });
        self
    }
}

fn error(name: &str, status: u16) -> Outcome {
    Outcome::Error(ErrorOutcome { name: name.into(), status: Some(status), code: None, message: "failed".into() })
}

fn exchange(purpose: Purpose, started_at: Timestamp, ended_at: Timestamp, status: u16) -> Exchange {
    Exchange {
        purpose,
        pass: 1,
        started_at,
        ended_at,
        token_generation: None,
        request: Request {
            method: "POST".into(),
            url: "https://api.linkedin.com/rest/dmpSegments".into(),
            headers: Headers::default(),
            body: Body::Empty,
        },
        sent_to: None,
        result: Ok(Response { status, headers: Headers::default(), body: Body::Empty }),
    }
}

const PROPAGATION: (&str, &str) = ("LINKEDIN-TOKEN-PROPAGATION", "may still propagate");
const BUSY: (&str, &str) = ("PENDO-BUSY-409", "the segment is busy");

fn stories() -> Vec<Record> {
    let mut events = Vec::new();
    let mut event = |who: &str, what: &str| {
        let event = Event::track(0x7f21 + events.len(), who, what);
        let id = event.id();
        events.push(event.record());
        id
    };
    let linkedin = |delivery, events: &[String]| Story::new(delivery, "linkedin-audiences", "updateAudience", events);
    let linkedin_later = |delivery, events: &[String]| linkedin(delivery, events).with_generation(2);
    let pendo = |delivery, events: &[String]| Story::new(delivery, "pendo-audiences", "syncAudience", events);
    let function = |delivery, events: &[String]| Story::new(delivery, "destination-function", "onEvent", events);

    let ada = linkedin("d1", &[event("ada@example.com", "Audience Entered")])
        .retry(0, 182, 401, 18_000, PROPAGATION.0, PROPAGATION.1)
        .refreshed(240)
        .deliver(18_422, 1_100, 200);
    let grace = linkedin("d2", &[event("grace@example.com", "Audience Entered")])
        .retry(366, 2_000, 401, 15_000, PROPAGATION.0, "shares refresh gen 2")
        .refresh_shared()
        .deliver(17_366, 900, 200);
    let radia = linkedin("d10", &[event("radia@example.com", "Audience Entered")])
        .with_generation(2)
        .retry(3_200, 160, 401, 11_000, PROPAGATION.0, PROPAGATION.1)
        .deliver(14_360, 700, 200);
    let linus = linkedin_later("d3", &[event("linus@example.com", "Audience Exited")])
        .discard(5_186, 2_400, 401, "REFRESH-FAILED", "refresh failed: invalid_grant")
        .refresh_failed();
    let crowd: Vec<String> =
        (0..4).map(|number| event(&format!("buyer-{number}@example.com"), "Audience Entered")).collect();
    let crowd = linkedin_later("b-12", &crowd)
        .retry(8_000, 700, 503, 8_200, "RETRYABLE-STATUS", "unavailable")
        .retry(16_900, 600, 429, 1_800_000, "RETRY-AFTER", "Retry-After 30 m")
        .deliver(1_817_500, 800, 200);
    let margaret =
        linkedin_later("d4", &[event("margaret@example.com", "Audience Entered")]).deliver(1_814_000, 500, 200);
    let visitor = pendo("d5", &[event("v-1041", "Audience Entered")])
        .retry(906, 300, 409, 7_000, BUSY.0, BUSY.1)
        .retry(8_206, 300, 409, 8_000, BUSY.0, BUSY.1)
        .deliver(16_506, 300, 200);
    let thousand: Vec<String> = (0..6).map(|number| event(&format!("v-{number}"), "Audience Entered")).collect();
    let thousand = pendo("b-13", &thousand)
        .retry(3_000, 400, 409, 3_800, BUSY.0, BUSY.1)
        .discard(14_000, 900, 207, "ITEMS-JUDGED", "item 409 dropped")
        .items(4, 2);
    let nobody = pendo("d6", &[event("v-1043", "Audience Entered")]).refuse(
        11_892,
        "MEMBERSHIP-UNKNOWN",
        "membership can't be told",
    );
    let twice = function("d7", &[event("u-77", "signup")])
        .retry(2_003, 1_500, 500, 3_000, "FN-RETRY-ERROR", "the function failed")
        .deliver(7_400, 800, 200)
        .duplicate(DuplicateOutcome::DeliveredTwice, "d7-a1")
        .stale_read(2_400, 1_100);
    let suppressed = function("d8", &[event("u-78", "signup")])
        .retry(4_003, 1_500, 500, 3_000, "FN-RETRY-ERROR", "the function failed")
        .deliver(9_400, 800, 200)
        .duplicate(DuplicateOutcome::Suppressed, "d8-a1");
    let pending = function("d9", &[event("u-79", "signup")]).retry(
        1_818_000,
        1_400,
        500,
        72_000,
        "FN-RETRY-ERROR",
        "the function failed",
    );

    let mut attempts: Vec<Record> =
        [ada, grace, radia, linus, crowd, margaret, visitor, thousand, nobody, twice, suppressed, pending]
            .into_iter()
            .flat_map(Story::records)
            .collect();
    attempts.sort_by_key(|record| match record {
        Record::Attempt(attempt) => attempt.ended_at,
        Record::Event(event) => event.received_at,
    });
    events.extend(attempts);
    events
}
