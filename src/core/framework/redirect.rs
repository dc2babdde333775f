//! Where a redirect leads, as node-fetch 2 follows it.
use crate::core::http::{Body, Headers, Request, Response};

/// The same request again, at the place that the answer names. What proves who we are stays behind when the host
/// changes.
#[must_use]
pub(super) fn follow(request: &Request, response: &Response) -> Request {
    let mut next = request.clone();
    next.url = resolve(&request.url, response.headers.get("location").unwrap_or_default());
    if authority(&next.url) != authority(&request.url) {
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

/// Scheme with colon and slashes, and authority, of an absolute URL.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |scheme_end| scheme_end + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |length| start + length);
    &url[..end]
}

fn authority(url: &str) -> &str {
    origin(url).split_once("://").map_or("", |(_, authority)| authority)
}

/// A `Location`, absolute or relative to the URL that was asked.
fn resolve(base: &str, location: &str) -> String {
    if location.contains("://") {
        return location.to_owned();
    }
    let origin = origin(base);
    if let Some(rest) = location.strip_prefix("//") {
        return format!("{}://{rest}", origin.split("://").next().unwrap_or("https"));
    }
    if location.starts_with('/') {
        return format!("{origin}{location}");
    }
    let path = base[origin.len()..].split(['?', '#']).next().unwrap_or_default();
    let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
    format!("{origin}{folder}{location}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_resolved_against_the_url_that_was_asked() {
        for (location, expected) in [
            ("https://b.example/x", "https://b.example/x"),
            ("//b.example/x", "https://b.example/x"),
            ("/x?y=1", "https://a.example/x?y=1"),
            ("x", "https://a.example/one/x"),
        ] {
            assert_eq!(resolve("https://a.example/one/two?q", location), expected);
        }
        assert_eq!(resolve("https://a.example", "x"), "https://a.example/x");
    }

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
