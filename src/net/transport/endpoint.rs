//! `endpoint`: the base URL that stands in for the destination's own hosts, token requests included.
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A base URL: scheme, host, perhaps a port, perhaps a path that goes before that of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(String);

/// What is wrong with a plan's `endpoint`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`endpoint` is \"{text}\": {reason}; write a base URL such as http://127.0.0.1:8080 or https://proxy.test/pendo"
)]
pub struct EndpointError {
    text: String,
    reason: String,
}

impl Endpoint {
    /// Where a request for `url` goes instead: this scheme, host and port, this path before that of the request.
    #[must_use]
    pub fn redirect(&self, url: &str) -> String {
        let after_scheme = url.find("://").map_or(0, |at| at + 3);
        let rest = url[after_scheme..].find(['/', '?', '#']).map_or("", |at| &url[after_scheme + at..]);
        let slash = if rest.starts_with('/') { "" } else { "/" };
        format!("{}{slash}{rest}", self.0)
    }

    /// The host that requests leave this machine for; none if they stay on loopback.
    #[must_use]
    pub fn outside_host(&self) -> Option<String> {
        let url = reqwest::Url::parse(&self.0).ok()?;
        let host = url.host_str()?;
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let stays = address.map_or(host == "localhost" || host.ends_with(".localhost"), |ip| ip.is_loopback());
        (!stays).then(|| host.to_owned())
    }
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |reason: &str| Err(EndpointError { text: text.to_owned(), reason: reason.to_owned() });
        match reqwest::Url::parse(text) {
            Err(error) => refuse(&error.to_string()),
            Ok(url) if !matches!(url.scheme(), "http" | "https") => refuse("it is neither http:// nor https://"),
            Ok(url) if url.query().is_some() || url.fragment().is_some() => refuse("it has a query or a fragment"),
            Ok(url) => Ok(Self(url.as_str().trim_end_matches('/').to_owned())),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_takes_the_place_of_scheme_host_and_port() {
        for (endpoint, url, sent_to) in [
            (
                "http://127.0.0.1:8080",
                "https://app.pendo.io/api/v1/segment/s1/visitor",
                "http://127.0.0.1:8080/api/v1/segment/s1/visitor",
            ),
            (
                "http://127.0.0.1:8080/",
                "https://www.linkedin.com/oauth/v2/accessToken",
                "http://127.0.0.1:8080/oauth/v2/accessToken",
            ),
            (
                "https://proxy.test/pendo/",
                "https://app.pendo.io:444/api?a=%2F&b=c#d",
                "https://proxy.test/pendo/api?a=%2F&b=c#d",
            ),
            ("http://[::1]:9", "https://hooks.test?x=/y", "http://[::1]:9/?x=/y"),
            ("http://[::1]:9", "https://hooks.test", "http://[::1]:9/"),
        ] {
            let endpoint: Endpoint = endpoint.parse().unwrap();
            assert_eq!(endpoint.redirect(url), sent_to);
        }
    }

    #[test]
    fn requests_to_loopback_stay_on_this_machine() {
        for (endpoint, outside) in [
            ("http://127.0.0.1:8080", None),
            ("http://127.9.9.9", None),
            ("http://[::1]:9", None),
            ("http://localhost:9/x", None),
            ("http://192.168.0.7", Some("192.168.0.7")),
            ("https://localhost.test", Some("localhost.test")),
            ("https://127.0.0.1.test", Some("127.0.0.1.test")),
        ] {
            assert_eq!(endpoint.parse::<Endpoint>().unwrap().outside_host().as_deref(), outside, "{endpoint}");
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused_with_an_example() {
        for (text, reason) in [
            ("127.0.0.1:8080", "relative URL without a base"),
            ("localhost:8080", "neither http:// nor https://"),
            ("ftp://host/", "neither http:// nor https://"),
            ("http://host/?q=1", "a query"),
            ("http://", "empty host"),
        ] {
            let error = text.parse::<Endpoint>().unwrap_err().to_string();
            assert!(error.contains(reason) && error.contains("http://127.0.0.1:8080"), "{error}");
        }
    }
}
