//! Where a redirect leads, as node-fetch 2 follows it.
use super::wire_url;
use crate::core::http::{Body, Headers, Request, Response};

/// The same request again, at the place that the answer names. What proves who we are stays behind when the host
/// changes.
#[must_use]
pub(super) fn follow(request: &Request, response: &Response) -> Request {
    let mut next = request.clone();
    next.url = wire_url::joined(&request.url, response.headers.get("location").unwrap_or_default());
    if !wire_url::is_same_or_below(&request.url, &next.url) {
        next.headers = without(&next.headers, &["authorization", "www-authenticate", "cookie", "cookie2"]);
    }
    next
}

/// A `GET` without body at the place that the answer names.
#[must_use]
pub(super) fn follow_as_get(request: &Request, response: &Response) -> Request {
    let next = follow(request, response);
    let headers = without(&next.headers, &["content-length"]);
    Request { method: "GET".to_owned(), headers, body: Body::Empty, ..next }
}

fn without(headers: &Headers, names: &[&str]) -> Headers {
    headers.iter().filter(|(name, _)| !names.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_stay_behind_when_the_host_changes() {
        let request = Request {
            method: "POST".into(),
            url: "https://a.example/one".into(),
            headers: [("authorization", "Bearer t"), ("linkedin-version", "1")].into_iter().collect(),
            body: Body::Text("x".into()),
        };
        let to = |status, location: &str| Response {
            status,
            headers: [("location", location)].into_iter().collect(),
            body: Body::Empty,
        };
        let elsewhere = follow_as_get(&request, &to(302, "https://b.example/"));
        assert_eq!((elsewhere.method.as_str(), &elsewhere.body), ("GET", &Body::Empty));
        assert_eq!(elsewhere.headers.iter().collect::<Vec<_>>(), [("linkedin-version", "1")]);
        let same = follow(&request, &to(307, "/two"));
        assert_eq!((same.method.as_str(), same.url.as_str()), ("POST", "https://a.example/two"));
        assert_eq!(same.headers, request.headers);
    }
}
