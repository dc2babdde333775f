//! What may be typed next: fields, and values that the session has.
use std::collections::BTreeSet;
use std::ops::Range;

use super::field::{Field, Operator};
use super::lexer::{Kind, Token, field_before, tokens, written};
use super::words::{BatchWord, DuplicateWord, TokenWord, VerdictWord};
use crate::core::findings::{Severity, entry};
use crate::core::http::FaultKind;
use crate::store::ids::{DeliveryIdx, EventIdx};
use crate::store::label::{counted, event_name, people};
use crate::store::marks::Status;
use crate::store::names::NameId;
use crate::store::session::Session;

/// Proposals for one place in a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Bytes that a proposal takes the place of.
    pub replace: Range<usize>,
    /// The likeliest first.
    pub proposals: Vec<Proposal>,
}

/// Something that may be typed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What takes the place.
    pub text: String,
    /// What it means, in a few words.
    pub what: String,
}

impl Proposal {
    fn new(text: impl Into<String>, what: impl Into<String>) -> Self {
        Self { text: text.into(), what: what.into() }
    }
}

/// How many proposals there are at most.
const MAX_PROPOSALS: usize = 12;
/// How many deliveries are looked at for values; there may be millions.
const MAX_LOOKED_AT: usize = 20_000;

/// What may be typed at `cursor`, a byte of `text`.
#[must_use]
pub fn complete(text: &str, cursor: usize, session: &Session) -> Completion {
    let cursor = (0..=cursor.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = tokens(&text[..cursor]);
    let touching = before.last().filter(|token| token.span.end == cursor);
    let (typed, start, earlier) = match touching {
        Some(Token { kind: Kind::Word(word), span, .. }) => (word.as_str(), span.start, &before[..before.len() - 1]),
        Some(Token { kind: Kind::Quoted { text, is_closed: false }, span, .. }) => {
            (text.as_str(), span.start, &before[..before.len() - 1])
        }
        _ => ("", cursor, &before[..]),
    };
    let is_value = match touching {
        Some(token) if start < cursor => token.is_value,
        _ => earlier.last().is_some_and(|token| matches!(token.kind, Kind::Operator(_) | Kind::Comma)),
    };
    let mut proposals = match (is_value, field_before(earlier)) {
        (true, Some((field, operator))) => values(field, operator, typed, session),
        (true, None) => Vec::new(),
        (false, _) => words(typed, is_after_term(earlier), session),
    };
    proposals.truncate(MAX_PROPOSALS);
    // What stands behind the cursor belongs to the same word.
    let whole = tokens(text).into_iter().find(|token| token.span.start == start && token.span.end >= cursor);
    let end = whole
        .filter(|token| matches!(token.kind, Kind::Word(_)) && start < cursor)
        .map_or(cursor, |token| token.span.end);
    Completion { replace: start..end, proposals }
}

/// Whether `and` or `or` may stand behind these tokens.
fn is_after_term(tokens: &[Token]) -> bool {
    match tokens.last().map(|token| (&token.kind, token.is_value)) {
        Some((Kind::Close | Kind::Quoted { .. }, _) | (Kind::Word(_), true)) => true,
        Some((Kind::Word(word), false)) => !["and", "or", "not"].iter().any(|joint| word.eq_ignore_ascii_case(joint)),
        _ => false,
    }
}

/// Fields, words that join terms, and names in the session that have what was typed at the beginning of a word.
fn words(typed: &str, after_term: bool, session: &Session) -> Vec<Proposal> {
    let joints: &[(&str, &str)] = if after_term {
        &[("or", "either of both"), ("and", "both; may be left out"), ("not", "not what follows")]
    } else {
        &[("not", "not what follows")]
    };
    let joints = joints.iter().map(|(word, what)| Proposal::new(format!("{word} "), *what));
    let fields = Field::ALL.iter().map(|field| {
        let operator = field.operators().first().copied().unwrap_or(Operator::Has);
        Proposal::new(format!("{field}{operator}"), field.what())
    });
    let typed = typed.to_lowercase();
    let mut proposals: Vec<Proposal> =
        fields.chain(joints).filter(|proposal| proposal.text.starts_with(&typed)).collect();
    if typed.chars().count() >= 2 {
        for field in [Field::Verdict, Field::Destination, Field::Event, Field::Error, Field::Rule, Field::Action] {
            let operator = if field == Field::Verdict { Operator::Has } else { Operator::Is };
            let found = values(field, operator, &typed, session).into_iter();
            proposals.extend(
                found
                    .filter(|value| begins_a_word(&value.text.to_lowercase(), &typed))
                    .map(|value| Proposal::new(format!("{field}{operator}{}", value.text), value.what)),
            );
        }
    }
    proposals
}

fn begins_a_word(text: &str, typed: &str) -> bool {
    text.match_indices(typed).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

/// Values of a field that contain what was typed, those that begin with it first.
fn values(field: Field, operator: Operator, typed: &str, session: &Session) -> Vec<Proposal> {
    let wanted = typed.to_lowercase();
    let mut proposals: Vec<(bool, Proposal)> = all_values(field, operator, &wanted, session)
        .into_iter()
        .filter_map(|(value, what)| {
            let at = value.to_lowercase().find(&wanted)?;
            let is_star = value == "*";
            Some((at > 0, Proposal::new(if is_star { value } else { written(&value) }, what)))
        })
        .collect();
    proposals.sort_by_key(|(is_inside, _)| *is_inside);
    proposals.into_iter().map(|(_, proposal)| proposal).collect()
}

/// Values of a field with what they mean. Where there is one for each delivery, only those that contain `wanted`.
fn all_values(field: Field, operator: Operator, wanted: &str, session: &Session) -> Vec<(String, String)> {
    let owned = |value: &str, what: &str| (value.to_owned(), what.to_owned());
    let facets = session.facets();
    let names = |names: &mut dyn Iterator<Item = (NameId, usize)>, one, many| -> Vec<_> {
        names.map(|(name, count)| (session.name(name).to_owned(), counted(count, one, many))).collect()
    };
    match field {
        Field::Verdict => VerdictWord::ALL.iter().map(|word| verdict(*word, session)).collect(),
        Field::Destination => names(&mut facets.destinations(), "delivery", "deliveries"),
        Field::Error => names(&mut facets.errors(), "attempt", "attempts"),
        Field::Action => shared_names(session, |idx, found| {
            found.insert(session.delivery(idx).action);
        }),
        Field::Rule => shared_names(session, |idx, found| {
            found.extend(session.attempts_of(idx).map(|attempt| session.attempt(attempt).rule));
        }),
        Field::Event => shared_names(session, |idx, found| {
            found.insert(session.delivery(idx).event_name);
        }),
        Field::Status => statuses(session, operator),
        Field::Finding => findings(session),
        Field::Token if !operator.is_order() => tokens_of(session),
        Field::Duplicate => DuplicateWord::ALL.iter().map(|word| owned(word.name(), word.what())).collect(),
        Field::Batch if !operator.is_order() => vec![
            owned(BatchWord::Yes.name(), "carries several events"),
            owned(BatchWord::No.name(), "carries one event"),
        ],
        Field::Attempt => ["1", "2", "3", "5"].map(|count| owned(count, "attempts")).into(),
        Field::Batch => ["10", "100", "1000"].map(|count| owned(count, "events")).into(),
        Field::Waited | Field::Duration => {
            ["1s", "10s", "1m", "10m", "1h"].map(|length| owned(length, "s, ms, m, h or d")).into()
        }
        Field::After | Field::Before => instants(session),
        Field::Header => headers(session),
        Field::User => texts(session, wanted, |payload, _| people(payload).map(str::to_owned).collect()),
        Field::Message => texts(session, wanted, |_, id| id.map(str::to_owned).into_iter().collect()),
        Field::Token | Field::Body => Vec::new(),
    }
}

fn verdict(word: VerdictWord, session: &Session) -> (String, String) {
    let what = match word.meaning() {
        Ok(fate) => format!("{} · {}", word.what(), counted(session.facets().n_of(fate), "delivery", "deliveries")),
        Err(_) => word.what().to_owned(),
    };
    (word.name().to_owned(), what)
}

/// The deliveries that are looked at for values.
fn looked_at(session: &Session) -> impl Iterator<Item = DeliveryIdx> {
    session.deliveries().indices().take(MAX_LOOKED_AT)
}

fn shared_names(session: &Session, add: impl Fn(DeliveryIdx, &mut BTreeSet<NameId>)) -> Vec<(String, String)> {
    let mut found = BTreeSet::new();
    looked_at(session).for_each(|idx| add(idx, &mut found));
    found.remove(&NameId::EMPTY);
    found.into_iter().map(|name| (session.name(name).to_owned(), String::new())).collect()
}

fn statuses(session: &Session, operator: Operator) -> Vec<(String, String)> {
    let (mut codes, mut faults) = (BTreeSet::new(), BTreeSet::new());
    for attempt in looked_at(session).flat_map(|idx| session.attempts_of(idx)) {
        match session.attempt(attempt).status {
            Status::Wire(code) | Status::Thrown(code) => drop(codes.insert(code)),
            Status::Fault(fault) => drop(faults.insert(fault.name())),
            Status::None => (),
        }
    }
    let classes: BTreeSet<u16> = codes.iter().map(|code| code / 100).collect();
    let mut values: Vec<_> = codes.into_iter().map(|code| (code.to_string(), String::new())).collect();
    if !operator.is_order() {
        let faults = FaultKind::ALL.iter().map(|fault| fault.name()).filter(|name| faults.contains(name));
        values.extend(faults.map(|fault| (fault.to_owned(), "no answer came".to_owned())));
        values.extend(classes.into_iter().map(|class| (format!("{class}xx"), format!("{class}00 to {class}99"))));
    }
    values
}

fn findings(session: &Session) -> Vec<(String, String)> {
    let severities = Severity::ALL.iter().map(|severity| (severity.name().to_owned(), "any so severe".to_owned()));
    let kinds = session.findings().counts().map(|(id, count)| {
        let title = entry(id).map(|entry| entry.title).unwrap_or_default();
        (id.to_string(), format!("{title} · {count}"))
    });
    [("*".to_owned(), "anything at all".to_owned())].into_iter().chain(severities).chain(kinds).collect()
}

fn tokens_of(session: &Session) -> Vec<(String, String)> {
    let generations: BTreeSet<u32> = session
        .tokens()
        .iter()
        .flat_map(|lane| lane.generations().iter().map(|generation| generation.number))
        .collect();
    let generations =
        generations.into_iter().map(|number| (format!("gen{number}"), "used it, or something between".to_owned()));
    let words = TokenWord::ALL.iter().map(|word| (word.name().to_owned(), word.what().to_owned()));
    words.chain(generations).collect()
}

fn instants(session: &Session) -> Vec<(String, String)> {
    let range =
        session.activity().range().map(|range| [(range.start, "the first attempt"), (range.end, "the last end")]);
    let instants = range.into_iter().flatten().map(|(at, what)| (at.to_string(), what.to_owned()));
    let since_start = ["+1m", "+10m", "+1h"].map(|length| (length.to_owned(), "from the start on".to_owned()));
    instants.chain(since_start).collect()
}

fn headers(session: &Session) -> Vec<(String, String)> {
    const MAX_ATTEMPTS: usize = 200;
    let mut found = BTreeSet::new();
    for attempt in session.attempts().indices().take(MAX_ATTEMPTS) {
        for exchange in &session.details(attempt).exchanges {
            found.extend(exchange.request.headers.iter().map(|(name, _)| name.to_owned()));
            let answered = exchange.result.as_ref().map(|response| response.headers.iter());
            found.extend(answered.into_iter().flatten().map(|(name, _)| name.to_owned()));
        }
    }
    found.into_iter().map(|name| (name, String::new())).collect()
}

/// Texts of which each event has its own: only so many as are shown, and only once something is typed.
fn texts(
    session: &Session,
    wanted: &str,
    of: impl Fn(&serde_json::Value, Option<&str>) -> Vec<String>,
) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for event in (0..session.n_events().min(MAX_LOOKED_AT)).map(|event| session.event(EventIdx::new(event))) {
        for text in of(&event.payload, event.message_id.as_deref()) {
            if text.to_lowercase().contains(wanted) && found.iter().all(|(have, _)| *have != text) {
                found.push((text, event_name(&event.payload).to_owned()));
            }
        }
        if found.len() >= MAX_PROPOSALS {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;

    /// Texts proposed where `|` stands, and the filter after the first one was taken.
    fn proposed(typed: &str) -> (Vec<String>, String) {
        let cursor = typed.find('|').unwrap();
        let text = typed.replace('|', "");
        let completion = complete(&text, cursor, &demo::session());
        let proposals: Vec<String> = completion.proposals.into_iter().map(|proposal| proposal.text).collect();
        let mut taken = text;
        if let Some(first) = proposals.first() {
            taken.replace_range(completion.replace, first);
        }
        (proposals, taken)
    }

    #[test]
    fn what_is_typed_is_completed_where_the_cursor_stands() {
        for (typed, n_proposals, taken) in [
            ("|", 12, "verdict:"),
            ("ver|", 1, "verdict:"),
            ("VER|", 1, "verdict:"),
            ("att|", 1, "attempt>"),
            ("verdict:|", 8, "verdict:delivered"),
            ("verdict:dr|", 1, "verdict:dropped"),
            ("verdict:dropped,p|", 3, "verdict:dropped,partial"),
            ("verdict:dr|opt", 1, "verdict:dropped"),
            ("verdict:dr| dest=x", 1, "verdict:dropped dest=x"),
            ("dest:|", 3, "dest:linkedin-audiences"),
            ("dest:audi|", 2, "dest:linkedin-audiences"),
            ("error=\"Retryable|", 5, "error=\"RetryableError 401\""),
            ("error=|", 7, "error=\"RetryableError 401\""),
            ("pendo|", 2, "dest=pendo-audiences"),
            ("status:4|", 5, "status:400"),
            ("status>4|", 4, "status>400"),
            ("token:gen|", 2, "token:gen1"),
            ("user:ada|", 1, "user:ada@example.com"),
            ("message:m-7f2|", 12, "message:m-7f21"),
            ("body~x|", 0, "body~x"),
            ("nothing:|", 0, "nothing:"),
            ("verdict:dropped o|", 1, "verdict:dropped or "),
            ("o|", 0, "o"),
            ("not |", 12, "not verdict:"),
            ("(|", 12, "(verdict:"),
        ] {
            let (proposals, filter) = proposed(typed);
            assert_eq!((proposals.len(), filter.as_str()), (n_proposals, taken), "{typed}: {proposals:?}");
        }
    }

    #[test]
    fn every_proposal_for_a_value_makes_a_filter() {
        let session = demo::session();
        for field in Field::ALL {
            for operator in field.operators() {
                let text = format!("{field}{operator}");
                for proposal in complete(&text, text.len(), &session).proposals {
                    let filter = format!("{text}{}", proposal.text);
                    assert!(crate::store::filter::Filter::parse(&filter).is_ok(), "{filter}");
                }
            }
        }
    }

    #[test]
    fn a_cursor_inside_a_letter_or_behind_the_end_does_no_harm() {
        let session = demo::session();
        for cursor in 0..12 {
            let completion = complete("user:ü\"日本", cursor, &session);
            assert!("user:ü\"日本".get(completion.replace).is_some());
        }
    }
}
