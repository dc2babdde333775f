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
    Head,
    /// While its body was read.
    Body,
}

/// Which fault a failure of the HTTP client is, in the reference's words.
pub(super) fn fault_of(error: &reqwest::Error, stage: Stage, url: &str) -> Fault {
    let (kind, reason) = kind_of(error, stage);
    Fault { kind, message: reason.unwrap_or_else(|| fault_words(kind, url)) }
}

/// The kind, and the reason in words where the kind alone does not tell it.
fn kind_of(error: &reqwest::Error, stage: Stage) -> (FaultKind, Option<String>) {
    if error.is_timeout() {
        return (FaultKind::Timeout, None);
    }
    if error.is_dns() {
        return (FaultKind::Dns, None);
    }
    if let Some(tls) = cause::<rustls::Error>(error) {
        return (FaultKind::Tls, Some(tls.to_string()));
    }
    let socket = cause::<io::Error>(error).map(io::Error::kind);
    match (socket, stage) {
        (Some(io::ErrorKind::TimedOut), _) => return (FaultKind::Timeout, None),
        (Some(io::ErrorKind::ConnectionRefused), _) => return (FaultKind::ConnectRefused, None),
        (Some(io::ErrorKind::HostUnreachable), _) => {
            return (FaultKind::ConnectRefused, Some("connect EHOSTUNREACH".to_owned()));
        }
        (Some(io::ErrorKind::NetworkUnreachable), _) => {
            return (FaultKind::ConnectRefused, Some("connect ENETUNREACH".to_owned()));
        }
        (Some(io::ErrorKind::UnexpectedEof), Stage::Head) => {
            return (FaultKind::ConnectionReset, Some("socket hang up".to_owned()));
        }
        (Some(io::ErrorKind::UnexpectedEof), Stage::Body) => return (FaultKind::TruncatedBody, None),
        (Some(io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe), _) => {
            return (FaultKind::ConnectionReset, None);
        }
        _ => {}
    }
    let ended_early = cause::<hyper::Error>(error).is_some_and(hyper::Error::is_incomplete_message);
    match stage {
        Stage::Head if ended_early => (FaultKind::ConnectionReset, Some("socket hang up".to_owned())),
        Stage::Body if ended_early => (FaultKind::TruncatedBody, None),
        _ if error.is_connect() => (FaultKind::ConnectRefused, Some(innermost(error))),
        _ => (FaultKind::ConnectionReset, Some(innermost(error))),
    }
}

/// The first cause of that type. An `io::Error` hides the error that it was made of from `source`, so that one is
/// looked into as well.
fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let hidden = error.downcast_ref::<io::Error>().and_then(|io| io.get_ref());
        next = match hidden {
            Some(hidden) => Some(hidden),
            None => error.source(),
        };
    }
    None
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
