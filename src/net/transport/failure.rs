//! Faults: what the reference's client would say of each kind, and which kind a failure of ours is.
use std::error::Error;
use std::io;

use crate::core::http::{Fault, FaultKind};

/// What Node's sockets, or the client's own clock, say when a request for `url` fails in that way. The reference's errors
/// quote it behind `request to … failed, reason:`.
#[must_use]
pub fn fault_words(kind: FaultKind, url: &str) -> String {
    let (host, port) = host_and_port(url);
    match kind {
        FaultKind::Timeout => "Request timed out after 10000ms".to_owned(),
        FaultKind::ConnectionReset => "read ECONNRESET".to_owned(),
        FaultKind::ConnectRefused => format!("connect ECONNREFUSED {host}:{port}"),
        FaultKind::Dns => format!("getaddrinfo ENOTFOUND {host}"),
        FaultKind::Tls => "unable to verify the first certificate".to_owned(),
        FaultKind::TruncatedBody => "Premature close".to_owned(),
    }
}

fn host_and_port(url: &str) -> (String, u16) {
    let url = reqwest::Url::parse(url).ok();
    let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or_default();
    (host.trim_matches(['[', ']']).to_owned(), url.as_ref().and_then(reqwest::Url::port_or_known_default).unwrap_or(0))
}

/// How far a request had come when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before the head of the response was there.
    Head {
        /// Whether the whole request had been handed to the connection; none for one without a body.
        request_left: Option<bool>,
    },
    /// While its body was read.
    Body,
}

/// Which fault a failure of the HTTP client is, in the reference's words.
pub(super) fn fault_of(error: &reqwest::Error, stage: Stage, url: &str) -> Fault {
    let sent = match stage {
        Stage::Body => Some(true),
        Stage::Head { .. } if never_began(error) => Some(false),
        Stage::Head { request_left } => request_left,
    };
    let (kind, reason) = kind_of(error, stage, sent);
    Fault { kind, message: reason.unwrap_or_else(|| fault_words(kind, url)), sent }
}

/// Whether there was no connection yet, or one that broke before the request was given to it.
fn never_began(error: &reqwest::Error) -> bool {
    error.is_connect() || cause::<hyper::Error>(error).is_some_and(hyper::Error::is_canceled)
}

/// What Node says when the other side leaves in the middle of the TLS handshake.
const LEFT_THE_HANDSHAKE: &str = "Client network socket disconnected before secure TLS connection was established";

/// The kind, and the reason in words where the kind alone does not tell it.
fn kind_of(error: &reqwest::Error, stage: Stage, sent: Option<bool>) -> (FaultKind, Option<String>) {
    if error.is_timeout() {
        return (FaultKind::Timeout, None);
    }
    if error.is_dns() {
        return (FaultKind::Dns, None);
    }
    if let Some(tls) = cause::<rustls::Error>(error) {
        return (FaultKind::Tls, Some(tls.to_string()));
    }
    let broken = |words: &str| (FaultKind::ConnectionReset, Some(words.to_owned()));
    let refused = |words: &str| (FaultKind::ConnectRefused, Some(words.to_owned()));
    match (socket_error(error), stage) {
        (Some(io::ErrorKind::TimedOut), _) => return (FaultKind::Timeout, None),
        (Some(io::ErrorKind::ConnectionRefused), _) => return (FaultKind::ConnectRefused, None),
        (Some(io::ErrorKind::HostUnreachable), _) => return refused("connect EHOSTUNREACH"),
        (Some(io::ErrorKind::NetworkUnreachable), _) => return refused("connect ENETUNREACH"),
        (Some(io::ErrorKind::UnexpectedEof), Stage::Body) => return (FaultKind::TruncatedBody, None),
        (Some(kind), _) if is_broken(kind) && error.is_connect() => return broken(LEFT_THE_HANDSHAKE),
        (Some(io::ErrorKind::UnexpectedEof), Stage::Head { .. }) => return broken("socket hang up"),
        (Some(io::ErrorKind::BrokenPipe), _) => return broken("write EPIPE"),
        (Some(kind), _) if is_broken(kind) && sent == Some(false) => return broken("write ECONNRESET"),
        (Some(kind), _) if is_broken(kind) => return (FaultKind::ConnectionReset, None),
        _ => {}
    }
    let ended_early = cause::<hyper::Error>(error).is_some_and(hyper::Error::is_incomplete_message);
    match stage {
        Stage::Head { .. } if ended_early => broken("socket hang up"),
        Stage::Body if ended_early => (FaultKind::TruncatedBody, None),
        _ if error.is_connect() => refused(&innermost(error)),
        _ => broken(&innermost(error)),
    }
}

fn is_broken(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, ConnectionReset | ConnectionAborted | BrokenPipe | UnexpectedEof)
}

/// The first cause of that type.
fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// What the socket said. One that wraps another error has no kind of its own.
fn socket_error(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let told = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    told.map(io::Error::kind).find(|kind| *kind != io::ErrorKind::Other)
}

/// An error and what it came of.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| below(*error))
}

/// What an error came of. An `io::Error` hides the error that it was made of from `source`, so that one is looked into.
fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(hidden) => Some(hidden),
        None => error.source(),
    }
}

fn innermost(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_in_the_words_of_node() {
        for (kind, words) in [
            (FaultKind::Timeout, "Request timed out after 10000ms"),
            (FaultKind::ConnectionReset, "read ECONNRESET"),
            (FaultKind::ConnectRefused, "connect ECONNREFUSED ::1:443"),
            (FaultKind::Dns, "getaddrinfo ENOTFOUND ::1"),
            (FaultKind::TruncatedBody, "Premature close"),
        ] {
            assert_eq!(fault_words(kind, "https://[::1]/a"), words);
        }
    }
}
