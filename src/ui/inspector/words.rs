//! Words for people: the headline of a verdict, sizes, paths and statuses.
use crate::core::names::{Decision, DuplicateOutcome};
use crate::core::record::{Attempt, ErrorOutcome, Exchange, Item, Outcome};
use crate::store::label::thousands;
use crate::ui::icon::Icon;
use crate::ui::stamps;
use crate::ui::theme::Tone;

/// The decision in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Headline {
    pub(super) tone: Tone,
    pub(super) icon: Icon,
    /// `Retry in 30 s`.
    pub(super) decision: String,
    /// `as 503`; may be empty.
    pub(super) detail: String,
}

impl Headline {
    /// What became of an attempt.
    pub(super) fn of(attempt: &Attempt) -> Self {
        let verdict = &attempt.verdict;
        let is_twice = attempt.duplicate.as_ref().is_some_and(|mark| mark.outcome == DuplicateOutcome::DeliveredTwice);
        let (tone, decision) = match verdict.decision {
            Decision::Delivered if is_twice => (Tone::Twice, "Delivered twice".to_owned()),
            Decision::Delivered => (Tone::Delivered, "Delivered".to_owned()),
            Decision::Retry => match verdict.next_attempt_at {
                Some(next) => (Tone::Retry, format!("Retry in {}", stamps::duration(next.since(attempt.ended_at)))),
                None => (Tone::Retry, "Retry".to_owned()),
            },
            Decision::Discard => (Tone::Dropped, "Dropped".to_owned()),
            Decision::Filtered => match attempt.outcome {
                Outcome::NotSubscribed => (Tone::Pending, "Not subscribed".to_owned()),
                Outcome::Rejected { .. } => (Tone::Pending, "Rejected".to_owned()),
                _ => (Tone::Pending, "Filtered".to_owned()),
            },
        };
        let icon = if verdict.decision == Decision::Filtered { Icon::Dash } else { tone.into() };
        let detail = match &attempt.outcome {
            Outcome::Error(error) => as_error(error, verdict.decision),
            Outcome::Multistatus(items) => items_in_words(items),
            _ => String::new(),
        };
        Self { tone, icon, decision, detail }
    }
}

/// `as 503`, and for errors that end it all the code as well.
fn as_error(error: &ErrorOutcome, decision: Decision) -> String {
    let status = error.status.unwrap_or(500);
    if decision == Decision::Retry {
        return format!("as {status}");
    }
    format!("as {status} {}", error.code.as_deref().unwrap_or(&error.name))
}

/// `997 delivered · 3 dropped`.
pub(super) fn items_in_words(items: &[Item]) -> String {
    let parts: Vec<String> = [
        (Decision::Delivered, "delivered"),
        (Decision::Retry, "to retry"),
        (Decision::Discard, "dropped"),
        (Decision::Filtered, "filtered"),
    ]
    .into_iter()
    .map(|(decision, word)| (items.iter().filter(|item| item.decision == decision).count(), word))
    .filter(|(n_items, _)| *n_items > 0)
    .map(|(n_items, word)| format!("{} {word}", thousands(n_items)))
    .collect();
    parts.join(" · ")
}

/// A size in bytes: `152 B`, `1.4 kB`, `10.2 MB`.
pub(super) fn bytes(n_bytes: usize) -> String {
    let tenths = |unit: usize| (n_bytes + unit / 20) / (unit / 10);
    match n_bytes {
        0..1_000 => format!("{n_bytes} B"),
        1_000..1_000_000 if tenths(1_000) < 10_000 => format!("{}.{} kB", tenths(1_000) / 10, tenths(1_000) % 10),
        _ => format!("{}.{} MB", tenths(1_000_000) / 10, tenths(1_000_000) % 10),
    }
}

/// The path of a URL, `?…` behind it where it has a query; the whole text where it is no URL.
pub(super) fn path(url: &str) -> String {
    let Some((_, rest)) = url.split_once("://") else { return url.to_owned() };
    let path = rest.find(['/', '?', '#']).map_or("/", |start| &rest[start..]);
    match path.split_once('?') {
        Some((path, _)) => format!("{path}?…"),
        None => path.to_owned(),
    }
}

/// Status or fault of an exchange in a word, with its tone.
pub(super) fn result(exchange: &Exchange) -> (String, Tone) {
    match &exchange.result {
        Ok(response) if response.is_success() => (response.status.to_string(), Tone::Delivered),
        Ok(response) => (response.status.to_string(), Tone::Dropped),
        Err(fault) => (fault.kind.name().to_owned(), Tone::Dropped),
    }
}

/// How an exchange is told in a list: purpose, duration, token, pass.
pub(super) fn about(exchange: &Exchange) -> String {
    let mut parts =
        vec![exchange.purpose.name().to_owned(), stamps::duration(exchange.ended_at.since(exchange.started_at))];
    parts.extend(exchange.token_generation.map(|generation| format!("gen {generation}")));
    if exchange.pass > 1 {
        parts.push(format!("pass {}", exchange.pass));
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_easy_to_read() {
        for (n_bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (1_449, "1.4 kB"),
            (999_960, "1.0 MB"),
            (10_240_000, "10.2 MB"),
        ] {
            assert_eq!(bytes(n_bytes), text);
        }
    }

    #[test]
    fn of_a_url_the_path_is_shown() {
        for (url, shown) in [
            ("https://api.linkedin.com/rest/dmpSegments?q=account&x=1", "/rest/dmpSegments?…"),
            ("https://host/a/b", "/a/b"),
            ("http://127.0.0.1:9009", "/"),
            ("not a url", "not a url"),
        ] {
            assert_eq!(path(url), shown);
        }
    }
}
