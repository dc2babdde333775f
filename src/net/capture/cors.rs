//! Browsers: which pages may post here. A page from this machine may; any other page must be named, or every web site
//! that a person visits could put events into what they capture.
use crate::core::http::{Body, Headers, Response};
use crate::net::loopback::is_local_name;

/// The pages that may post, besides those that this machine serves.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins(Vec<String>);

impl Origins {
    pub(super) fn new(named: Vec<String>) -> Self {
        Self(named.into_iter().map(|origin| origin.trim_end_matches('/').to_ascii_lowercase()).collect())
    }

    /// Whether a page of that origin may post. No origin at all is no page.
    pub(super) fn allow(&self, origin: Option<&str>) -> bool {
        let Some(origin) = origin.map(str::to_ascii_lowercase) else { return true };
        let served_here =
            origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")).is_some_and(is_local_name);
        served_here || self.0.contains(&origin)
    }
}

/// The answer to a preflight.
pub(super) fn preflight(origin: Option<&str>) -> Response {
    let mut headers: Headers = [
        ("access-control-allow-methods", "POST, OPTIONS"),
        ("access-control-allow-headers", "authorization, content-type, x-retry-count"),
        ("access-control-max-age", "600"),
    ]
    .into_iter()
    .collect();
    headers.append("allow", "POST, OPTIONS");
    with_origin(Response { status: 204, headers, body: Body::Empty }, origin)
}

/// Lets the page of an allowed origin read the answer, and `Retry-After` in it.
pub(super) fn with_origin(mut response: Response, origin: Option<&str>) -> Response {
    if let Some(origin) = origin {
        response.headers.set("access-control-allow-origin", origin);
        response.headers.set("access-control-allow-credentials", "true");
        response.headers.set("access-control-expose-headers", "Retry-After");
        response.headers.set("vary", "Origin");
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_this_machine_and_named_ones_may_post() {
        let origins = Origins::new(vec!["https://Shop.test/".to_owned()]);
        for origin in [None, Some("http://localhost:3000"), Some("https://127.0.0.1"), Some("https://shop.test")] {
            assert!(origins.allow(origin), "{origin:?}");
        }
        for origin in ["https://evil.test", "null", "http://shop.test", "http://localhost.evil.test", "file://"] {
            assert!(!origins.allow(Some(origin)), "{origin}");
        }
    }
}
