//! The capture listener over real sockets: the bytes that Segment's SDKs post, as they were recorded, and everything
//! that somebody else might send.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use delivery_inspector::net::capture::{Capture, CaptureNews, CaptureOptions, CapturedEvent};
use serde_json::{Value, json};

fn listen() -> Capture {
    let origins = vec!["https://shop.test".to_owned()];
    Capture::start(CaptureOptions { port: 0, origins }, Arc::new(|| {})).unwrap()
}

/// Sends bytes and reads the answer to its end: status, head, body.
fn exchange(address: SocketAddr, request: &[u8]) -> (u16, String, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    let body_at = loop {
        let n_read = stream.read(&mut buffer).unwrap();
        assert_ne!(n_read, 0, "closed after {}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&buffer[..n_read]);
        if let Some(head_end) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
            break head_end + 4;
        }
    };
    let head = String::from_utf8(answer[..body_at].to_vec()).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    while answer.len() < body_at + length {
        let n_read = stream.read(&mut buffer).unwrap();
        assert_ne!(n_read, 0, "closed in the body");
        answer.extend_from_slice(&buffer[..n_read]);
    }
    let status = head[9..12].parse().unwrap();
    (status, head, serde_json::from_slice(&answer[body_at..]).unwrap_or(Value::Null))
}

fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: localhost:1\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

fn arrived(capture: &Capture) -> Vec<CapturedEvent> {
    match capture.wait() {
        Some(CaptureNews::Arrived(events)) => events,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_official_sdks_post_arrives_as_events() {
    let capture = listen();
    for (bytes, sdk) in [
        (&include_bytes!("capture/analytics-python-2.3.4.http")[..], "analytics-python/2.3.4"),
        (include_bytes!("capture/analytics-python-2.4.0-gzip.http"), "analytics-python/2.4.0"),
        (include_bytes!("capture/analytics-node-3.1.0.http"), "@segment/analytics-node/3.1.0"),
    ] {
        let (status, _, body) = exchange(capture.address(), bytes);
        assert_eq!((status, body), (200, json!({ "success": true })), "{sdk}");
        let events = arrived(&capture);
        let types: Vec<&Value> = events.iter().map(|event| &event.payload["type"]).collect();
        assert_eq!(types, ["identify", "track"], "{sdk}");
        let identify = &events[0];
        assert_eq!(identify.payload["traits"]["first_time_shopper"], true);
        assert_eq!(identify.payload["context"]["personas"]["external_audience_id"], "seg-abc123");
        assert_eq!(identify.payload["messageId"], identify.message_id.as_str());
        assert_eq!(identify.payload.get("writeKey"), None);
        assert_eq!(identify.origin.source.as_deref(), Some("‹key#1›"), "all three use one write key");
        assert_eq!((identify.origin.sdk.as_deref(), identify.origin.path.as_str()), (Some(sdk), "/v1/batch"));
        let record = identify.clone().into_record("e1".into());
        assert_eq!(record.extra["capture"]["sdk"], sdk);
    }
}

#[test]
fn single_events_come_by_every_path_and_with_every_kind_of_key() {
    let capture = listen();
    for (path, headers, body, kind, has_key) in [
        (
            "/v1/track",
            "Content-Type: application/json\r\nAuthorization: Basic d2s6\r\n",
            r#"{"event":"E"}"#,
            "track",
            true,
        ),
        ("/v1/identify", "Authorization: Basic d2s=\r\n", "{}", "identify", true),
        ("/v1/page", "Authorization: Bearer abc\r\n", r#"{"writeKey":"wk"}"#, "page", true),
        ("/v1/t", "Content-Type: text/plain\r\nX-Retry-Count: 2\r\n", r#"{"writeKey":"wk"}"#, "track", true),
        ("/g", "Content-Type: text/plain\r\n", "{}", "group", false),
    ] {
        assert_eq!(exchange(capture.address(), &post(path, headers, body)).0, 200, "{path}");
        let events = arrived(&capture);
        assert_eq!((events.len(), &events[0].payload["type"]), (1, &json!(kind)));
        assert_eq!(events[0].origin.source.is_some(), has_key, "{path}");
        assert_eq!(events[0].origin.retry_count, (path == "/v1/t").then_some(2));
    }
}

#[test]
fn refusals_say_code_and_message_so_that_python_gives_up() {
    let capture = listen();
    let mut rebound = post("/v1/track", "", "{}");
    let host_at = rebound.windows(9).position(|window| window == b"localhost").unwrap();
    rebound[host_at..host_at + 9].copy_from_slice(b"evil.test");
    let wrong_host = String::from_utf8(rebound).unwrap();
    let too_large = "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n".to_owned();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    for (request, status, code) in [
        (text(post("/v1/track", "", "not json")), 400, "invalid_json"),
        (text(post("/v1/nowhere", "", "{}")), 404, "not_found"),
        ("GET /v1/track HTTP/1.1\r\nHost: [::1]\r\n\r\n".to_owned(), 405, "method_not_allowed"),
        (text(post("/v1/track", "Content-Encoding: br\r\n", "{}")), 415, "unsupported_encoding"),
        (text(post("/v1/track", "Content-Encoding: gzip\r\n", "{}")), 400, "bad_gzip"),
        (text(post("/v1/t", "Origin: https://evil.test\r\n", "{}")), 403, "forbidden_origin"),
        (wrong_host, 403, "forbidden_host"),
        ("POST /v1/track HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}".to_owned(), 403, "forbidden_host"),
        ("POST http://evil.test/v1/track HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), 403, "forbidden_host"),
        (too_large, 413, "too_large"),
    ] {
        let (answered, _, body) = exchange(capture.address(), request.as_bytes());
        assert_eq!((answered, &body["code"]), (status, &json!(code)), "{request}");
        assert!(body["message"].is_string() && body["success"] == false, "{body}");
    }
    assert!(capture.stop().iter().all(|news| matches!(news, CaptureNews::Refused(_))));
}

#[test]
fn a_page_that_may_post_gets_its_preflight_and_can_read_the_answer() {
    let capture = listen();
    let preflight = "OPTIONS /v1/t HTTP/1.1\r\nHost: localhost\r\nOrigin: https://shop.test\r\n\
                     Access-Control-Request-Method: POST\r\n\r\n";
    let (status, head, _) = exchange(capture.address(), preflight.as_bytes());
    assert_eq!(status, 204);
    assert!(head.contains("access-control-allow-origin: https://shop.test\r\n"), "{head}");
    assert!(head.contains("access-control-allow-headers: authorization, content-type, x-retry-count\r\n"), "{head}");
    let (status, head, _) = exchange(capture.address(), &post("/v1/t", "Origin: http://localhost:3000\r\n", "{}"));
    assert_eq!(status, 200);
    assert!(head.contains("access-control-allow-origin: http://localhost:3000\r\n"), "{head}");
    assert!(head.contains("access-control-expose-headers: retry-after\r\n"), "{head}");
}

#[test]
fn it_says_that_it_is_there_and_takes_the_browsers_metrics_without_a_word() {
    let capture = listen();
    let (status, _, body) = exchange(capture.address(), b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    assert_eq!((status, body), (200, json!({ "success": true })));
    assert_eq!(exchange(capture.address(), &post("/v1/m", "", "{\"series\":[]}")).0, 200);
    assert_eq!(capture.stop(), []);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let capture = listen();
    let port = capture.address().port();
    let options = CaptureOptions { port, ..CaptureOptions::default() };
    let error = Capture::start(options, Arc::new(|| {})).unwrap_err();
    assert!(error.to_string().starts_with(&format!("port {port} on 127.0.0.1 is taken")), "{error}");
}

#[test]
fn after_it_was_switched_off_nobody_answers() {
    let capture = listen();
    let address = capture.address();
    assert_eq!(capture.stop(), []);
    assert!(TcpStream::connect(address).is_err());
}
