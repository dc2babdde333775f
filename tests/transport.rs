//! What the network does to a request, each failure for real on loopback, and what a transport makes of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use delivery_inspector::core::http::{Body, FaultKind, Headers, Request};
use delivery_inspector::core::world::Reply;
use delivery_inspector::net::clock::WallClock;
use delivery_inspector::net::transport::{Connections, Hosts, Sending, Transport as _, TransportError};
use serde_json::json;

/// A server that does one thing to its first connection, and gives what it read of it.
struct Once {
    address: SocketAddr,
    thread: JoinHandle<String>,
}

impl Once {
    fn serve(act: impl FnOnce(&mut TcpStream) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let body = move || act(&mut listener.accept().unwrap().0);
        Self { address, thread: thread::Builder::new().name("once".to_owned()).spawn(body).unwrap() }
    }

    /// Reads the whole request, then answers with these bytes and closes.
    fn answering(answer: &'static str) -> Self {
        Self::serve(move |connection| {
            let request = read_request(connection);
            connection.write_all(answer.as_bytes()).unwrap();
            request
        })
    }
}

/// Head and body of a request that has a `content-length`, or none of both.
fn read_request(connection: &mut TcpStream) -> String {
    let (mut read, mut buffer) = (String::new(), [0; 1024]);
    loop {
        let n_read = connection.read(&mut buffer).unwrap();
        read.push_str(std::str::from_utf8(&buffer[..n_read]).unwrap());
        let Some(head_end) = read.find("\r\n\r\n") else { continue };
        let length = read.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if read.len() >= head_end + 4 + length.unwrap_or(0) {
            return read;
        }
    }
}

fn request(url: &str) -> Request {
    let headers: Headers =
        [("content-type", "application/json"), ("user-agent", "Segment (Actions)")].into_iter().collect();
    Request { method: "PATCH".into(), url: url.into(), headers, body: Body::Json(json!({ "a": 1 })) }
}

fn send_with(hosts: &Hosts, request: &Request) -> Result<Reply, TransportError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let delivery = "d1".into();
    let sending = Sending { request, delivery: &delivery, attempt: 1 };
    runtime.block_on(hosts.send(sending, &WallClock::start()))
}

/// What kind of fault, in which words, and whether the whole request had left.
fn fault(url: &str) -> (FaultKind, String, Option<bool>) {
    fault_of(&request(url))
}

fn fault_of(request: &Request) -> (FaultKind, String, Option<bool>) {
    let hosts = Hosts::new(None).unwrap();
    let fault = send_with(&hosts, request).unwrap().result.unwrap_err();
    (fault.kind, fault.message, fault.sent)
}

#[test]
fn a_connection_is_kept_for_the_next_request_only_where_that_is_asked_for() {
    for (connections, n_expected) in [(Connections::Closed, 2), (Connections::Kept, 1)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let server = move || {
            let (mut n_connections, mut n_answered) = (0, 0);
            while n_answered < 2 {
                let (mut connection, _) = listener.accept().unwrap();
                n_connections += 1;
                while n_answered < 2 && connection.peek(&mut [0]).unwrap() > 0 {
                    read_request(&mut connection);
                    connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
                    n_answered += 1;
                }
            }
            n_connections
        };
        let server = thread::Builder::new().name("two".to_owned()).spawn(server).unwrap();
        let hosts = Hosts::with_connections(None, connections).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for _ in 0..2 {
            let (request, delivery) = (request(&url), "d1".into());
            let sending = Sending { request: &request, delivery: &delivery, attempt: 1 };
            let clock = WallClock::start();
            let reply = runtime.block_on(async {
                let reply = hosts.send(sending, &clock).await;
                // The connection is given back behind the response.
                tokio::time::sleep(Duration::from_millis(20)).await;
                reply
            });
            assert_eq!(reply.unwrap().result.unwrap().status, 200);
        }
        assert_eq!(server.join().unwrap(), n_expected, "{connections:?}");
    }
}

#[test]
fn what_goes_over_the_wire_is_what_was_asked_for_and_no_redirect_is_followed() {
    let server = Once::answering(
        "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\
         Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"b\": 2} ",
    );
    let url = format!("http://{}/api/v1/segment/s%201/visitor?x=a+b", server.address);
    let response = send_with(&Hosts::new(None).unwrap(), &request(&url)).unwrap().result.unwrap();
    assert_eq!((response.status, response.body), (302, Body::Json(json!({ "b": 2 }))));
    let cookies: Vec<_> = response.headers.iter().filter(|(name, _)| *name == "set-cookie").collect();
    assert_eq!(cookies, [("set-cookie", "a=1"), ("set-cookie", "b=2")]);
    let received = server.thread.join().unwrap();
    assert!(received.starts_with("PATCH /api/v1/segment/s%201/visitor?x=a+b HTTP/1.1\r\n"), "{received}");
    assert!(received.contains("user-agent: Segment (Actions)\r\n") && received.ends_with("\r\n\r\n{\"a\":1}"));
    for unwanted in ["accept-encoding", "cookie", "referer"] {
        assert!(!received.contains(unwanted), "{received}");
    }
}

#[test]
fn nobody_listens() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(
        fault(&format!("http://{free}/")),
        (FaultKind::ConnectRefused, format!("connect ECONNREFUSED 127.0.0.1:{}", free.port()), Some(false))
    );
}

#[test]
fn a_host_without_an_address() {
    // Too long for a label, so that no resolver is asked.
    let host = "a".repeat(64);
    assert_eq!(
        fault(&format!("http://{host}/")),
        (FaultKind::Dns, format!("getaddrinfo ENOTFOUND {host}"), Some(false))
    );
}

#[test]
fn the_connection_is_reset_after_the_request_was_sent() {
    // Closing with bytes of the request unread makes the system send a reset.
    let server = Once::serve(|connection| {
        connection.peek(&mut [0]).unwrap();
        String::new()
    });
    assert_eq!(
        fault(&format!("http://{}/", server.address)),
        (FaultKind::ConnectionReset, "read ECONNRESET".to_owned(), Some(true))
    );
}

#[test]
fn the_connection_is_reset_before_the_request_was_sent() {
    // Far more than the system holds between two sockets of which one is not read from.
    let mut large = request("");
    large.body = Body::Text("x".repeat(64 << 20));
    let server = Once::serve(|connection| {
        connection.read_exact(&mut [0; 100]).unwrap();
        String::new()
    });
    large.url = format!("http://{}/", server.address);
    let (kind, message, sent) = fault_of(&large);
    assert_eq!((kind, sent), (FaultKind::ConnectionReset, Some(false)));
    assert!(matches!(message.as_str(), "write ECONNRESET" | "write EPIPE"), "{message}");
}

#[test]
fn the_connection_is_closed_in_the_middle_of_the_handshake() {
    let server = Once::serve(|connection| {
        connection.peek(&mut [0]).unwrap();
        String::new()
    });
    let words = "Client network socket disconnected before secure TLS connection was established";
    assert_eq!(
        fault(&format!("https://{}/", server.address)),
        (FaultKind::ConnectionReset, words.to_owned(), Some(false))
    );
}

#[test]
fn the_connection_is_closed_without_an_answer() {
    let server = Once::answering("");
    assert_eq!(
        fault(&format!("http://{}/", server.address)),
        (FaultKind::ConnectionReset, "socket hang up".to_owned(), Some(true))
    );
}

#[test]
fn the_answer_ends_before_its_announced_length() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"multistatus\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ] {
        let server = Once::answering(answer);
        assert_eq!(
            fault(&format!("http://{}/", server.address)),
            (FaultKind::TruncatedBody, "Premature close".to_owned(), Some(true))
        );
    }
}

#[test]
fn the_other_side_does_not_speak_tls() {
    let server = Once::serve(|connection| {
        connection.peek(&mut [0]).unwrap();
        connection.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").unwrap();
        String::new()
    });
    let (kind, message, sent) = fault(&format!("https://{}/", server.address));
    assert_eq!((kind, sent), (FaultKind::Tls, Some(false)), "{message}");
    assert!(!message.is_empty());
}

#[test]
fn no_answer_and_half_an_answer_are_timeouts() {
    for half in ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"] {
        let server = Once::serve(move |connection| {
            let request = read_request(connection);
            connection.write_all(half.as_bytes()).unwrap();
            // Until the client gives up.
            assert_eq!(connection.read(&mut [0]).unwrap_or(0), 0);
            request
        });
        let hosts = Hosts::new(None).unwrap().with_timeout(Duration::from_millis(200));
        let url = format!("http://{}/", server.address);
        let fault = send_with(&hosts, &request(&url)).unwrap().result.unwrap_err();
        assert_eq!((fault.kind, fault.message.as_str()), (FaultKind::Timeout, "Request timed out after 200ms"));
        assert!(fault.may_have_acted(), "{half}");
        server.thread.join().unwrap();
    }
}

#[test]
fn a_server_that_says_nothing_of_the_handshake_cannot_have_acted() {
    let server = Once::serve(|connection| {
        while connection.read(&mut [0; 1024]).is_ok_and(|n_read| n_read > 0) {}
        String::new()
    });
    let hosts = Hosts::new(None).unwrap().with_timeout(Duration::from_millis(200));
    let url = format!("https://{}/", server.address);
    let fault = send_with(&hosts, &request(&url)).unwrap().result.unwrap_err();
    assert_eq!((fault.kind, fault.sent, fault.may_have_acted()), (FaultKind::Timeout, Some(false), false));
}

#[test]
fn what_is_no_http_answer_counts_as_a_broken_connection_and_says_why() {
    let server = Once::answering("SSH-2.0-OpenSSH_9.9\r\n");
    let (kind, message, sent) = fault(&format!("http://{}/", server.address));
    let seen = (kind, message.as_str(), sent);
    assert_eq!(seen, (FaultKind::ConnectionReset, "invalid HTTP version parsed", Some(true)));
}

#[test]
fn a_token_with_a_line_break_stops_the_run_before_anything_is_sent() {
    let mut request = request("http://127.0.0.1:9/");
    request.headers.set("authorization", "Bearer a\nb");
    let error = send_with(&Hosts::new(None).unwrap(), &request).unwrap_err().to_string();
    assert!(error.contains("the value of its header `authorization`") && error.contains("line break"), "{error}");
    assert!(!error.contains("Bearer"), "{error}");
}
