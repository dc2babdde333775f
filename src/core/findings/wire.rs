//! What was on the wire: which of a destination's requests an exchange is, and quick looks into bodies, forms and URLs.
//! Requests are told by what they say, not by who recorded them, so that a captured or imported session is read as well
//! as our own.
use std::borrow::Cow;

use serde_json::Value;

use super::finding::At;
use super::status;
use crate::core::http::{Body, Fault, Request, Response};
use crate::core::names::{DestinationName, Purpose};
use crate::core::record::{Attempt, Exchange};
use crate::core::rules::Call;

/// One exchange of an attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent<'a> {
    pub(super) exchange_idx: usize,
    pub(super) exchange: &'a Exchange,
    pub(super) call: Option<Call>,
}

impl<'a> Sent<'a> {
    pub(super) fn new(attempt: &'a Attempt, exchange_idx: usize, exchange: &'a Exchange) -> Self {
        Self { exchange_idx, exchange, call: call_of(exchange, &attempt.destination) }
    }

    pub(super) fn is(&self, call: Call) -> bool {
        self.call == Some(call)
    }

    pub(super) fn url(&self) -> &'a str {
        &self.exchange.request.url
    }

    pub(super) fn response(&self) -> Option<&'a Response> {
        self.exchange.result.as_ref().ok()
    }

    pub(super) fn fault(&self) -> Option<&'a Fault> {
        self.exchange.result.as_ref().err()
    }

    pub(super) fn status(&self) -> Option<u16> {
        self.response().map(|response| response.status)
    }

    pub(super) fn is_success(&self) -> bool {
        self.status().is_some_and(status::is_success)
    }

    /// The member of the answer's JSON that a pointer leads to.
    pub(super) fn answer(&self, pointer: &str) -> Option<&'a Value> {
        json_of(&self.response()?.body)?.pointer(pointer)
    }

    /// The list in the answer's JSON that a pointer leads to; empty if there is none.
    pub(super) fn answered_list(&self, pointer: &str) -> &'a [Value] {
        self.answer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// The member of the request's JSON that a pointer leads to.
    pub(super) fn asked(&self, pointer: &str) -> Option<&'a Value> {
        json_of(&self.exchange.request.body)?.pointer(pointer)
    }

    /// The elements of a LinkedIn batch request, or the one conversion of a single request.
    pub(super) fn elements(&self) -> &'a [Value] {
        match self.asked("/elements") {
            Some(elements) => elements.as_array().map(Vec::as_slice).unwrap_or_default(),
            None if self.is(Call::Conversions) => self.asked("").map(std::slice::from_ref).unwrap_or_default(),
            None => &[],
        }
    }

    /// Where an element of [`Self::elements`] stands in the request.
    pub(super) fn element_path(&self, element_idx: usize) -> String {
        if self.asked("/elements").is_some() { format!("/body/elements/{element_idx}") } else { "/body".to_owned() }
    }

    /// A field of a form, as it was written.
    pub(super) fn form_field(&self, name: &str) -> Option<Cow<'a, str>> {
        match &self.exchange.request.body {
            Body::Text(form) => parameter(form, name),
            Body::Json(json) => json.get(name).and_then(Value::as_str).map(Cow::Borrowed),
            Body::Empty | Body::Bytes(_) => None,
        }
    }

    pub(super) fn request_header(&self, name: &str) -> Option<&'a str> {
        self.exchange.request.headers.get(name)
    }

    pub(super) fn response_header(&self, name: &str) -> Option<&'a str> {
        self.response()?.headers.get(name)
    }

    pub(super) const fn at_request(&self) -> At {
        At::Request(self.exchange_idx)
    }

    pub(super) const fn at_response(&self) -> At {
        At::Response(self.exchange_idx)
    }
}

fn json_of(body: &Body) -> Option<&Value> {
    match body {
        Body::Json(json) => Some(json),
        Body::Empty | Body::Text(_) | Body::Bytes(_) => None,
    }
}

/// Which of the known destinations' requests an exchange is.
fn call_of(exchange: &Exchange, destination: &str) -> Option<Call> {
    if exchange.purpose == Purpose::Refresh {
        return Some(Call::Token);
    }
    let is_function = destination == DestinationName::DestinationFunction.name();
    call_of_request(&exchange.request, destination)
        .or_else(|| (is_function && exchange.purpose == Purpose::Deliver).then_some(Call::Endpoint))
}

/// Which request of Pendo or LinkedIn a request is, told by its host, or by the destination that made it.
#[must_use]
pub fn call_of_request(request: &Request, destination: &str) -> Option<Call> {
    let (host, path) = host_and_path(&request.url);
    let is_of = |domain: &str, name: &str| destination.starts_with(name) || host.ends_with(domain);
    let method = request.method.as_str();
    if is_of(".pendo.io", DestinationName::PendoAudiences.name()) {
        return match method {
            "PATCH" if path.contains(PENDO_SEGMENT) => Some(Call::Visitors),
            "POST" if path.ends_with("/segment/upload") => Some(Call::Create),
            "GET" if path.contains(PENDO_SEGMENT) => Some(Call::Lookup),
            _ => None,
        };
    }
    if is_of(".linkedin.com", "linkedin-") {
        let mut parts = path.rsplit('/');
        return match (method, parts.next()?, parts.nth(1)) {
            ("GET", "dmpSegments", _) => Some(Call::Lookup),
            ("POST", "dmpSegments", _) => Some(Call::Create),
            ("POST", "users", Some("dmpSegments")) => Some(Call::Users),
            ("POST", "companies", Some("dmpSegments")) => Some(Call::Companies),
            ("POST", "conversionEvents", _) => Some(Call::Conversions),
            ("POST", "accessToken", _) => Some(Call::Token),
            _ => None,
        };
    }
    None
}

/// What stands before a segment's id in Pendo's URLs.
pub(super) const PENDO_SEGMENT: &str = "/api/v1/segment/";

/// Host and path of a URL, without scheme, port, query and fragment.
#[must_use]
pub fn host_and_path(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    (host.split(':').next().unwrap_or(host), path)
}

/// What comes behind the question mark of a URL.
pub(super) fn query(url: &str) -> &str {
    let end = url.find('#').unwrap_or(url.len());
    url[..end].split_once('?').map_or("", |(_, query)| query)
}

/// A parameter of a query or form, decoded.
pub(super) fn parameter<'a>(form: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let value = form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Some(decoded(value))
}

fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (first, hex.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = behind;
            }
            (other, _) => {
                bytes.push(*other);
                rest = behind;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// What the remote says of a failure, cut to a line.
pub(super) fn message_of(json: &Value) -> Option<&str> {
    let places = ["/message", "/error/message", "/error_description", "/error"];
    let texts = places.iter().filter_map(|place| json.pointer(place)?.as_str());
    texts.into_iter().find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart_without_their_frills() {
        for (url, host, path) in [
            ("https://app.pendo.io/api/v1/segment/s/visitor?x=/y", "app.pendo.io", "/api/v1/segment/s/visitor"),
            ("http://me:pw@127.0.0.1:8080/a#b/c", "127.0.0.1", "/a"),
            ("https://host", "host", ""),
            ("host/a", "host", "/a"),
            ("", "", ""),
        ] {
            assert_eq!(host_and_path(url), (host, path), "{url}");
        }
        assert_eq!((query("https://h/p?a=1#?b"), query("https://h/p#?b")), ("a=1", ""));
    }

    #[test]
    fn parameters_are_decoded() {
        let form = "q=account&account=urn%3Ali%3A5&name=a+b&odd=100%&refresh_token=r";
        for (name, value) in [
            ("q", Some("account")),
            ("account", Some("urn:li:5")),
            ("name", Some("a b")),
            ("odd", Some("100%")),
            ("token", None),
        ] {
            assert_eq!(parameter(form, name).as_deref(), value, "{name}");
        }
    }
}
