//! One connection after the other: reads whole requests within limits, and writes what the handler answers.
use std::convert::Infallible;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited, StreamBody};
use hyper::body::{Body as _, Bytes, Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::TcpStream;

use super::guard::is_local_name;
use crate::core::http::{Body, Headers, Response};
use crate::core::world::LocalFuture;

/// What a server agrees to hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body that is read, in bytes as they come over the wire.
    pub max_body_bytes: usize,
    /// How many connections may be open at once; the next one waits.
    pub max_connections: usize,
}

/// How long a client may take to send the head of a request, or to be silent between two.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long it may take to send the body.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a request may go unanswered on purpose.
const SILENCE: Duration = Duration::from_mins(2);
/// How long half an answer gets to leave before the connection closes.
const FLUSH: Duration = Duration::from_millis(50);
const MAX_HEAD_BYTES: usize = 64 << 10;
const MAX_HEADERS: usize = 100;

/// A request that arrived whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Upper-case method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Fields as they came.
    pub headers: Headers,
    /// The bytes of the body as they came, compressed or not.
    pub body: Vec<u8>,
}

/// What a server does with a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Answers.
    Respond(Response),
    /// Announces a body and closes the connection before it is whole.
    Truncate(Response),
    /// Closes the connection without an answer.
    Close,
    /// Keeps the connection and says nothing.
    Silence,
}

/// Answers requests, each on the server's own thread.
pub type Handler = Rc<dyn Fn(Received) -> LocalFuture<'static, Reply>>;

type Sent = UnsyncBoxBody<Bytes, io::Error>;

/// Serves one connection to its end. What goes wrong on it is the client's business.
pub(super) async fn serve(stream: TcpStream, limits: Limits, handler: Handler) {
    let service = service_fn(|request| answer(request, limits, Rc::clone(&handler)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let _the_client_is_gone = connection.await.is_err();
}

async fn answer(
    request: hyper::Request<Incoming>,
    limits: Limits,
    handler: Handler,
) -> Result<hyper::Response<Sent>, io::Error> {
    let reply = match receive(request, limits).await {
        Ok(received) => handler(received).await,
        Err(refusal) => Reply::Respond(refusal),
    };
    match reply {
        Reply::Respond(response) => Ok(whole(&response)),
        Reply::Truncate(response) => Ok(cut_short(&response)),
        Reply::Close => Err(closed()),
        Reply::Silence => {
            tokio::time::sleep(SILENCE).await;
            Err(closed())
        }
    }
}

fn closed() -> io::Error {
    io::Error::other("closed on purpose")
}

/// Reads the whole request, or gives the answer that refuses it.
async fn receive(request: hyper::Request<Incoming>, limits: Limits) -> Result<Received, Response> {
    let (head, body) = request.into_parts();
    let named = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let absolute = head.uri.authority().map(hyper::http::uri::Authority::as_str);
    if !named.is_some_and(is_local_name) || !absolute.is_none_or(is_local_name) {
        return Err(refusal(403, "forbidden_host", "this server answers to localhost, 127.0.0.1 and [::1] only"));
    }
    let too_large = || refusal(413, "too_large", &format!("the body is larger than {} bytes", limits.max_body_bytes));
    if body.size_hint().lower() > u64::try_from(limits.max_body_bytes).unwrap_or(u64::MAX) {
        return Err(too_large());
    }
    let collecting = tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, limits.max_body_bytes).collect());
    let body = match collecting.await {
        Ok(Ok(body)) => body.to_bytes().to_vec(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Err(too_large()),
        Ok(Err(_)) => return Err(refusal(400, "bad_body", "the body could not be read to its end")),
        Err(_) => return Err(refusal(408, "timeout", "the body took too long to arrive")),
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(Received {
        method: head.method.as_str().to_owned(),
        target: head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        headers: head.headers.iter().map(|(name, value)| (name.as_str(), text(value))).collect(),
        body,
    })
}

/// An answer that says what is wrong, in the form that Segment's Python SDK needs to understand it as final.
pub(in crate::net) fn refusal(status: u16, code: &str, message: &str) -> Response {
    let headers = [("content-type", "application/json")].into_iter().collect();
    Response { status, headers, body: Body::Json(json!({ "code": code, "message": message, "success": false })) }
}

fn whole(response: &Response) -> hyper::Response<Sent> {
    let body = Full::new(Bytes::from(response.body.to_bytes()));
    head(response, body.map_err(|never: Infallible| match never {}).boxed_unsync())
}

fn cut_short(response: &Response) -> hyper::Response<Sent> {
    let bytes = response.body.to_bytes();
    let half = Bytes::copy_from_slice(&bytes[..bytes.len() / 2]);
    let sent = stream::iter([Ok(Frame::data(half))]);
    let broken = stream::once(async {
        // What was sent has to be on its way, or the connection would close without a word.
        tokio::time::sleep(FLUSH).await;
        Err(closed())
    });
    let body = StreamBody::new(sent.chain(broken)).boxed_unsync();
    let mut cut = head(response, body);
    cut.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(bytes.len().max(1)));
    cut
}

/// Fields that say how the message itself is carried; hyper writes those.
const CARRIAGE: [&str; 3] = ["content-length", "transfer-encoding", "connection"];

fn head(response: &Response, body: Sent) -> hyper::Response<Sent> {
    let mut head = hyper::Response::new(body);
    *head.status_mut() = hyper::StatusCode::from_u16(response.status).unwrap_or(hyper::StatusCode::OK);
    for (name, value) in response.headers.iter().filter(|(name, _)| !CARRIAGE.contains(name)) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            head.headers_mut().append(name, value);
        }
    }
    head
}
