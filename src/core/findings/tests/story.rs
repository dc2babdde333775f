//! Sessions for tests, told in a few words: events, then attempts with what was sent, answered and concluded.
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::core::findings::{Finding, detect};
use crate::core::http::{Body, Fault, FaultKind, Headers, Request, Response};
use crate::core::names::{Decision, Purpose, Refresh, Trigger};
use crate::core::record::{
    Attempt, ErrorOutcome, EventRecord, Exchange, Item, Outcome, Record, SessionHeader, TokenUse, Verdict,
};
use crate::core::time::Timestamp;

/// 2026-11-22T00:00:00Z.
pub(super) const START: Timestamp = Timestamp::from_millis(1_795_305_600_000);

/// A session while it is told.
pub(super) struct Story {
    header: SessionHeader,
    destination: &'static str,
    action: &'static str,
    delivery: String,
    carried: Vec<String>,
    records: Vec<Record>,
    exchanges: Vec<Exchange>,
    number: u32,
    trigger: Trigger,
    token: Option<TokenUse>,
    now: Timestamp,
}

/// Events to Pendo.
pub(super) fn pendo() -> Story {
    Story::new("pendo-audiences", "syncAudience")
}

/// Events to LinkedIn's lists of people.
pub(super) fn users() -> Story {
    Story::new("linkedin-audiences", "updateAudience")
}

/// Events to LinkedIn's lists of companies.
pub(super) fn companies() -> Story {
    Story::new("linkedin-audiences", "updateCompanyAudience")
}

/// Events to LinkedIn's conversions.
pub(super) fn conversions() -> Story {
    Story::new("linkedin-conversions", "streamConversion")
}

/// Events to somebody's own endpoint.
pub(super) fn function() -> Story {
    Story::new("destination-function", "onEvent")
}

impl Story {
    pub(super) fn new(destination: &'static str, action: &'static str) -> Self {
        Self {
            header: SessionHeader::new("s", "story", START, "imported"),
            destination,
            action,
            delivery: "d1".to_owned(),
            carried: Vec::new(),
            records: Vec::new(),
            exchanges: Vec::new(),
            number: 0,
            trigger: Trigger::First,
            token: None,
            now: START,
        }
    }

    /// The plan of the header, as far as it matters; destination and action are the story's.
    pub(super) fn plan(mut self, rest: &Value) -> Self {
        let mut plan = json!({"destination": self.destination, "action": self.action});
        plan.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        self.header.plan = plan;
        self
    }

    /// One more event of the delivery; the first of the session is `e1`.
    pub(super) fn event(mut self, payload: Value) -> Self {
        let n_events = self.records.iter().filter(|record| matches!(record, Record::Event(_))).count();
        let id = format!("e{}", n_events + 1);
        let message_id = payload.get("messageId").and_then(Value::as_str).map(str::to_owned);
        let record =
            EventRecord { id: id.as_str().into(), received_at: self.now, message_id, payload, extra: Map::new() };
        self.records.push(Record::Event(Arc::new(record)));
        self.carried.push(id);
        self
    }

    /// Begins another delivery; its events follow.
    pub(super) fn delivery(mut self, id: &str) -> Self {
        self.delivery = id.to_owned();
        self.carried.clear();
        self.number = 0;
        self.trigger = Trigger::First;
        self
    }

    /// Goes back to an earlier delivery, of which so many attempts were made.
    pub(super) fn back_to(mut self, delivery: &str, events: &[&str], n_attempts: u32) -> Self {
        self.delivery = delivery.to_owned();
        self.carried = events.iter().map(|event| (*event).to_owned()).collect();
        self.number = n_attempts;
        self.trigger = Trigger::Retry;
        self
    }

    /// The attempts from here on carry only these events.
    pub(super) fn carrying(mut self, events: &[&str]) -> Self {
        self.carried = events.iter().map(|event| (*event).to_owned()).collect();
        self
    }

    /// The next attempt is fired by a person.
    pub(super) fn replayed(mut self) -> Self {
        self.trigger = Trigger::Replay;
        self
    }

    /// Time passes.
    pub(super) fn after(mut self, seconds: u64) -> Self {
        self.now = self.now.saturating_add(Duration::from_secs(seconds));
        self
    }

    /// A request that carries the events.
    pub(super) fn post(self, url: &str, body: Value) -> Self {
        self.request(Purpose::Deliver, "POST", url, Body::Json(body))
    }

    /// A request of any kind, answered with 200 and nothing until told otherwise.
    pub(super) fn request(mut self, purpose: Purpose, method: &str, url: &str, body: Body) -> Self {
        let request = Request { method: method.into(), url: url.into(), headers: Headers::default(), body };
        self.exchanges.push(Exchange {
            purpose,
            pass: 1,
            started_at: self.now,
            ended_at: self.now,
            token_generation: None,
            request,
            sent_to: None,
            result: Ok(Response { status: 200, headers: Headers::default(), body: Body::Empty }),
        });
        self
    }

    /// A request for a new token.
    pub(super) fn refresh(self) -> Self {
        let form = Body::Text("refresh_token=r1&client_id=c&client_secret=s&grant_type=refresh_token".into());
        self.request(Purpose::Refresh, "POST", "https://www.linkedin.com/oauth/v2/accessToken", form)
    }

    /// A refresh that brought a new token.
    pub(super) fn refreshed(self) -> Self {
        self.refresh().answer(200, json!({"access_token": "t2", "expires_in": 5_184_000}))
    }

    /// A header of the last request.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.exchanges.last_mut().unwrap().request.headers.append(name, value);
        self
    }

    /// The generation of the token that the last request carried.
    pub(super) fn bearing(mut self, generation: u32) -> Self {
        self.exchanges.last_mut().unwrap().token_generation = Some(generation);
        self
    }

    /// The attempt begins and ends with tokens of these generations; another one is one that it fetched.
    pub(super) fn tokens(mut self, generation_before: u32, generation_after: u32) -> Self {
        let refresh = if generation_before == generation_after { Refresh::None } else { Refresh::Succeeded };
        self.token = Some(TokenUse { generation_before, generation_after, refresh });
        self
    }

    /// The last request takes so long, and time passes with it.
    pub(super) fn taking(mut self, millis: u64) -> Self {
        self.now = self.now.saturating_add(Duration::from_millis(millis));
        self.exchanges.last_mut().unwrap().ended_at = self.now;
        self
    }

    /// Time goes back to an instant after the start: what comes now ran beside what was told.
    pub(super) fn meanwhile_at(mut self, millis: u64) -> Self {
        self.now = START.saturating_add(Duration::from_millis(millis));
        self
    }

    /// The answer to the last request.
    pub(super) fn answer(mut self, status: u16, body: Value) -> Self {
        let body = if body.is_null() { Body::Empty } else { Body::Json(body) };
        self.exchanges.last_mut().unwrap().result = Ok(Response { status, headers: Headers::default(), body });
        self
    }

    /// A header of the answer to the last request.
    pub(super) fn saying(mut self, name: &str, value: &str) -> Self {
        self.exchanges.last_mut().unwrap().result.as_mut().unwrap().headers.append(name, value);
        self
    }

    /// No answer came to the last request.
    pub(super) fn fault(mut self, kind: FaultKind) -> Self {
        self.exchanges.last_mut().unwrap().result = Err(Fault::new(kind, kind.name()));
        self
    }

    /// The attempt ends well.
    pub(super) fn delivered(self) -> Self {
        self.end(Outcome::Delivered, Decision::Delivered)
    }

    /// The attempt ends with an error of that class, status, code and message.
    pub(super) fn failed(self, name: &str, status: impl Into<Option<u16>>, code: &str, message: &str) -> Self {
        let status = status.into();
        let decision = match status {
            Some(status) if crate::core::findings::status::is_permanent(status) => Decision::Discard,
            _ => Decision::Retry,
        };
        self.failed_and(decision, name, status, code, message)
    }

    /// The same with a decision of its own.
    pub(super) fn failed_and(
        self,
        decision: Decision,
        name: &str,
        status: impl Into<Option<u16>>,
        code: &str,
        message: &str,
    ) -> Self {
        let code = (!code.is_empty()).then(|| code.to_owned());
        let error = ErrorOutcome { name: name.into(), status: status.into(), code, message: message.into() };
        self.end(Outcome::Error(error), decision)
    }

    /// The batch ends item by item.
    pub(super) fn items(self, items: Vec<Item>) -> Self {
        let of = |decision| items.iter().any(|item| item.decision == decision);
        let decision = [Decision::Retry, Decision::Discard].into_iter().find(|decision| of(*decision));
        self.end(Outcome::Multistatus(items), decision.unwrap_or(Decision::Delivered))
    }

    /// The attempt ends.
    pub(super) fn end(mut self, outcome: Outcome, decision: Decision) -> Self {
        self.number += 1;
        let n_attempts = self.records.iter().filter(|record| matches!(record, Record::Attempt(_))).count();
        let started_at = self.exchanges.first().map_or(self.now, |exchange| exchange.started_at);
        let attempt = Attempt {
            id: format!("a{}", n_attempts + 1).into(),
            delivery: self.delivery.as_str().into(),
            events: self.carried.iter().map(|event| event.as_str().into()).collect(),
            destination: self.destination.into(),
            action: self.action.into(),
            number: self.number,
            trigger: self.trigger,
            started_at,
            ended_at: self.now,
            rules: "segment-main".into(),
            exchanges: std::mem::take(&mut self.exchanges),
            outcome,
            verdict: Verdict {
                decision,
                rule: "".into(),
                reason: String::new(),
                facts: Map::new(),
                next_attempt_at: None,
            },
            token: self.token.take(),
            duplicate: None,
            extra: Map::new(),
        };
        self.records.push(Record::Attempt(Arc::new(attempt)));
        self.trigger = Trigger::Retry;
        self
    }

    /// The last attempt's verdict says when the next one starts.
    pub(super) fn next_in(mut self, seconds: u64) -> Self {
        let at = self.now.saturating_add(Duration::from_secs(seconds));
        let Some(Record::Attempt(attempt)) = self.records.last_mut() else { panic!("no attempt has ended yet") };
        Arc::make_mut(attempt).verdict.next_attempt_at = Some(at);
        self
    }

    /// Everything that is found in it.
    pub(super) fn findings(&self) -> Vec<Finding> {
        detect(&self.header, &self.records)
    }

    /// The findings of one kind.
    pub(super) fn of(&self, id: &str) -> Vec<Finding> {
        self.findings().into_iter().filter(|finding| finding.id.as_str() == id).collect()
    }

    /// What the one finding of that kind saw.
    #[track_caller]
    pub(super) fn seen(&self, id: &str) -> String {
        let found = self.of(id);
        let [finding] = found.as_slice() else {
            panic!("{id} was found {} times: {:#?}", found.len(), self.findings())
        };
        finding.seen.clone()
    }

    /// The kinds of all findings, in order.
    pub(super) fn ids(&self) -> Vec<&'static str> {
        self.findings().iter().map(|finding| finding.id.as_str()).collect()
    }

    pub(super) fn header(&self) -> &SessionHeader {
        &self.header
    }

    pub(super) fn records(&self) -> &[Record] {
        &self.records
    }
}

/// An event that says that its person entered or left the audience `buyers`, whose id at Pendo is `seg_1`.
pub(super) fn audience(who: &str, is_in: bool) -> Value {
    json!({
        "type": "track", "event": if is_in { "Audience Entered" } else { "Audience Exited" },
        "messageId": format!("m-{who}-{is_in}"), "userId": who, "timestamp": "2026-11-21T10:00:00Z",
        "properties": {"buyers": is_in, "audience_key": "buyers"}, "traits": {},
        "context": {
            "personas": {
                "computation_class": "audience", "computation_key": "buyers", "external_audience_id": "seg_1",
            },
            "traits": {"email": format!("{who}@example.com")},
        },
    })
}

/// The same event with another value at a JSON pointer that is there.
pub(super) fn but(mut event: Value, pointer: &str, value: Value) -> Value {
    *event.pointer_mut(pointer).unwrap() = value;
    event
}

/// An item that went through.
pub(super) fn accepted(sent: Value) -> Item {
    Item { sent: Some(sent), ..item(200, Decision::Delivered) }
}

/// An item that failed.
pub(super) fn refused(status: u16, errortype: &str, message: &str) -> Item {
    let permanent = crate::core::findings::status::is_permanent(status);
    let decision = if permanent { Decision::Discard } else { Decision::Retry };
    Item { errortype: Some(errortype.into()), errormessage: Some(message.into()), ..item(status, decision) }
}

fn item(status: u16, decision: Decision) -> Item {
    Item { status, errortype: None, errormessage: None, errorreporter: None, sent: None, body: None, decision }
}
