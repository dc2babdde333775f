//! "Copy as cURL" gives a command that a real shell takes apart into exactly the request, whatever is in it.
#![cfg(unix)]
use std::process::Command;

use delivery_inspector::core::http::{Body, Headers, Request, Response};
use delivery_inspector::core::names::Purpose;
use delivery_inspector::core::record::Exchange;
use delivery_inspector::core::time::Timestamp;
use delivery_inspector::session::export::curl;
use proptest::prelude::*;
use serde_json::json;

fn exchange(method: &str, url: &str, headers: &[(&str, &str)], body: Body) -> Exchange {
    let mut fields = Headers::default();
    for (name, value) in headers {
        fields.append(name, *value);
    }
    let at = Timestamp::from_millis(0);
    let request = Request { method: method.to_owned(), url: url.to_owned(), headers: fields, body };
    let response = Response { status: 200, headers: Headers::default(), body: Body::Empty };
    Exchange {
        purpose: Purpose::Deliver,
        pass: 1,
        started_at: at,
        ended_at: at,
        token_generation: None,
        request,
        sent_to: None,
        result: Ok(response),
    }
}

/// What a shell would give to curl: its arguments, and behind them what comes through the pipe.
fn run(command: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let script = format!("curl() {{ printf '%s\\0' \"$@\"; case \"$*\" in *@-*) cat;; esac; }}\n{command}");
    // In a file: the script is longer than an argument may be.
    let file = tempfile::NamedTempFile::new().unwrap_or_else(|error| panic!("{error}"));
    std::fs::write(file.path(), script).unwrap_or_else(|error| panic!("{error}"));
    let mut shell = Command::new("sh");
    let output = shell.arg(file.path()).envs(variables.iter().copied()).output();
    let output = output.unwrap_or_else(|error| panic!("sh: {error}"));
    assert!(output.status.success() && output.stderr.is_empty(), "{command}\n{output:?}");
    String::from_utf8_lossy(&output.stdout).split('\0').map(str::to_owned).collect()
}

#[test]
fn a_request_is_a_command_with_its_secrets_as_variables() {
    let headers = [
        ("authorization", "Bearer ‹token#1›"),
        ("content-type", "application/json"),
        ("content-length", "99"),
        ("accept-encoding", "gzip"),
    ];
    let body = Body::Json(json!({"note": "it's $HOME `ls` ‹token#1›"}));
    let command = curl(&exchange("POST", "https://host/a?b=[1]", &headers, body));
    assert!(!command.contains("content-length"), "{command}");
    assert_eq!(
        run(&command, &[("TOKEN_1", "abc")])[..10],
        [
            "--request",
            "POST",
            "https://host/a?b=[1]",
            "--globoff",
            "--header",
            "authorization: Bearer abc",
            "--header",
            "content-type: application/json",
            "--compressed",
            "--data-raw"
        ]
    );
    assert_eq!(run(&command, &[("TOKEN_1", "abc")])[10], "{\"note\":\"it's $HOME `ls` abc\"}");
}

#[test]
fn bytes_and_long_texts_go_through_a_pipe() {
    let bytes = exchange("PUT", "http://h/", &[], Body::Bytes(vec![104, 0, 105]));
    assert_eq!(run(&curl(&bytes), &[])[6..].join("\0"), "@-\0h\0i");
    let long = "x".repeat(300_000);
    let command = curl(&exchange("PUT", "http://h/", &[], Body::Text(long.clone())));
    assert_eq!(run(&command, &[]).last(), Some(&long));
}

#[test]
fn an_empty_post_says_that_it_is_empty() {
    let command = curl(&exchange("POST", "http://h/", &[], Body::Empty));
    assert_eq!(command, "curl --request 'POST' 'http://h/' \\\n  --header 'content-length: 0'");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn no_text_gets_out_of_its_quotes(value in "[^\\x00\\r\\n‹]{0,20}", body in "[^\\x00‹]{1,40}") {
        let exchange = exchange("POST", "http://h/", &[("x-note", &format!("v{value}"))], Body::Text(body.clone()));
        let arguments = run(&curl(&exchange), &[]);
        prop_assert_eq!(&arguments[4], &format!("x-note: v{value}"));
        prop_assert_eq!(&arguments[8], &body);
    }
}
