//! The real thing: requests over the network, as bare as possible.
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::carry::{REQUEST_TIMEOUT, Sending, Transport, TransportError};
use super::endpoint::Endpoint;
use super::failure::{Stage, fault_of};
use super::noted_body::NotedBody;
use crate::core::http::{Body, Fault, FaultKind, Headers, Request, Response};
use crate::core::world::{LocalFuture, Reply};
use crate::net::clock::Clock;

/// The largest response body that is read.
const MAX_RESPONSE_BYTES: usize = 32 << 20;

/// Sends requests to the hosts that they name, or to an endpoint in their place.
///
/// HTTP/1.1, one connection a request (as the reference, whose client closes after each) unless connections are to be kept,
/// TLS by rustls with the system's certificates. No proxy, not even one that the environment names; no redirects, no retries, no cookies, no
/// decompression.
#[derive(Debug)]
pub struct Hosts {
    client: reqwest::Client,
    endpoint: Option<Endpoint>,
    timeout: Duration,
}

/// What becomes of a connection after a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connections {
    /// It is closed, and the next request makes its own.
    #[default]
    Closed,
    /// It is kept for the next request to the same host. A host that closes it just then is met as a fault that a
    /// connection of its own would not have had.
    Kept,
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("failed to set up the HTTP client")]
pub struct ClientError(#[from] reqwest::Error);

impl Hosts {
    /// A transport to the destination's own hosts, or to `endpoint`. Needs a tokio runtime to send.
    ///
    /// # Errors
    /// [`ClientError`] if the system has no working TLS.
    pub fn new(endpoint: Option<Endpoint>) -> Result<Self, ClientError> {
        Self::with_connections(endpoint, Connections::Closed)
    }

    /// The same, with the connections left to be said.
    ///
    /// # Errors
    /// [`ClientError`] if the system has no working TLS.
    pub fn with_connections(endpoint: Option<Endpoint>, connections: Connections) -> Result<Self, ClientError> {
        Ok(Self { client: client(connections)?, endpoint, timeout: REQUEST_TIMEOUT })
    }

    /// The same with another limit on each request than the reference's ten seconds.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn exchange(&self, request: &Request, url: &str) -> Result<Result<Response, Fault>, String> {
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| format!("\"{}\" is not an HTTP method", request.method))?;
        let url = reqwest::Url::parse(url).map_err(|error| format!("its URL is not valid ({error})"))?;
        let sending =
            self.client.request(method, url.clone()).headers(header_map(&request.headers)?).timeout(self.timeout);
        let (body, left) = NotedBody::new(request.body.to_bytes());
        let result = match sending.body(reqwest::Body::wrap(body)).send().await {
            Ok(response) => whole(response, url.as_str()).await,
            Err(error) => {
                Err(fault_of(&error, Stage::Head { request_left: left.map(|left| left.is_whole()) }, url.as_str()))
            }
        };
        Ok(result.map_err(|fault| self.with_our_limit(fault)))
    }

    /// A timeout names the limit that it ran into.
    fn with_our_limit(&self, fault: Fault) -> Fault {
        match fault.kind {
            FaultKind::Timeout => {
                Fault { message: format!("Request timed out after {}ms", self.timeout.as_millis()), ..fault }
            }
            _ => fault,
        }
    }
}

impl Transport for Hosts {
    fn send<'a>(
        &'a self,
        sending: Sending<'a>,
        _clock: &'a dyn Clock,
    ) -> LocalFuture<'a, Result<Reply, TransportError>> {
        Box::pin(async move {
            let sent_to = self.endpoint.as_ref().map(|endpoint| endpoint.redirect(&sending.request.url));
            let url = sent_to.as_deref().unwrap_or(&sending.request.url);
            match self.exchange(sending.request, url).await {
                Ok(result) => Ok(Reply { sent_to, result, acted: None }),
                Err(reason) => Err(TransportError::Unsendable {
                    request: format!("{} {url}", sending.request.method),
                    attempt: sending.attempt,
                    delivery: sending.delivery.clone(),
                    reason,
                }),
            }
        })
    }
}

fn client(connections: Connections) -> Result<reqwest::Client, ClientError> {
    // The first one to install it wins; that another run has done so is as good.
    let _already_installed = rustls::crypto::ring::default_provider().install_default().is_err();
    let most_idle = match connections {
        Connections::Closed => 0,
        Connections::Kept => usize::MAX,
    };
    let builder = || {
        reqwest::Client::builder()
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_max_idle_per_host(most_idle)
    };
    Ok(builder().build().or_else(|_| {
        // A system with no certificates at all can still send to http:// endpoints; https:// then fails as a fault.
        let trusting_nobody = rustls::ClientConfig::builder()
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        builder().tls_backend_preconfigured(trusting_nobody).build()
    })?)
}

fn header_map(headers: &Headers) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers.iter() {
        let field = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("\"{name}\" is not a header name; look at the plan's settings"))?;
        let value = HeaderValue::from_str(value).map_err(|_| {
            format!("the value of its header `{name}` has a character that HTTP does not allow; look for a line break in the plan's `auth` or `settings`")
        })?;
        map.append(field, value);
    }
    Ok(map)
}

async fn whole(mut response: reqwest::Response, url: &str) -> Result<Response, Fault> {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > MAX_RESPONSE_BYTES => {
                let message = format!("The response of {url} is larger than 32 MiB; the rest was not read");
                return Err(Fault { sent: Some(true), ..Fault::new(FaultKind::TruncatedBody, message) });
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(Response { status, headers, body: Body::from_bytes(bytes) }),
            Err(error) => return Err(fault_of(&error, Stage::Body, url)),
        }
    }
}
