//! One comparison of a filter: a field, an operator and a value, understood.
use std::time::Duration;

use super::error::Mistake;
use super::field::{Field, Operator};
use super::text_match::{BodyFinder, TextMatch};
use super::words::{BatchWord, DuplicateWord, TokenWord, VerdictWord};
use crate::core::duration_words::from_words;
use crate::core::findings::Severity;
use crate::core::http::FaultKind;
use crate::core::spelling::nearest;
use crate::core::time::Timestamp;
use crate::store::search::Spellings;

/// What a delivery has to be.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Verdict(VerdictWord),
    /// One of the texts that many deliveries share.
    Name(NameField, TextMatch),
    Status(StatusTest),
    Finding(FindingTest),
    Attempts(Operator, u64),
    Waited(Operator, Duration),
    Took(Operator, Duration),
    Token(TokenWord),
    Generation(Operator, u32),
    Duplicate(DuplicateWord),
    Batch(BatchWord),
    BatchSize(Operator, u64),
    BatchName(TextMatch),
    User(TextMatch),
    Message(TextMatch),
    After(Moment),
    Before(Moment),
    Header(HeaderTest),
    Body(BodyFinder),
    /// Text without a field: in any of the names that a delivery goes by.
    Anywhere(TextMatch),
}

/// Fields whose values are names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameField {
    Destination,
    Action,
    Error,
    Rule,
    Event,
}

/// What the status of an attempt has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StatusTest {
    /// A code that stands so to another one.
    Code(Operator, u16),
    /// Any code with this first digit.
    Class(u16),
    /// No answer, for that reason.
    Fault(FaultKind),
    /// Nothing was sent and nothing failed.
    None,
}

/// What has to have been found.
#[derive(Clone, Debug)]
pub(super) enum FindingTest {
    Any,
    Severity(Severity),
    /// Its id or title.
    Like(TextMatch),
}

/// What a header has to be.
#[derive(Clone, Debug)]
pub(super) struct HeaderTest {
    /// In lower case.
    pub(super) name: String,
    /// What its value has to be, where that matters.
    pub(super) value: Option<TextMatch>,
}

impl HeaderTest {
    /// What the line of an attempt holds at least that has such a header.
    pub(super) fn spellings(&self) -> Spellings {
        let of_name = || Spellings::in_strings(Some(vec![self.name.clone()]));
        self.value.as_ref().map_or_else(of_name, TextMatch::spellings)
    }
}

/// An instant, perhaps one that only a session makes definite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    At(Timestamp),
    /// So long after the session began.
    SinceStart(Duration),
    /// A time of the UTC day on which the session began, as it is written in RFC 3339.
    OnFirstDay(String),
}

impl Condition {
    /// Understands a value.
    pub(super) fn new(field: Field, operator: Operator, value: &str, is_quoted: bool) -> Result<Self, Mistake> {
        if !field.operators().contains(&operator) {
            return Err(Mistake::NoSuchComparison { field, operator });
        }
        if value.is_empty() {
            return Err(Mistake::NoValue(field));
        }
        let text = || text_match(operator, value, is_quoted);
        match field {
            Field::Destination => return Ok(Self::Name(NameField::Destination, text())),
            Field::Action => return Ok(Self::Name(NameField::Action, text())),
            Field::Error => return Ok(Self::Name(NameField::Error, text())),
            Field::Rule => return Ok(Self::Name(NameField::Rule, text())),
            Field::Event => return Ok(Self::Name(NameField::Event, text())),
            Field::User => return Ok(Self::User(text())),
            Field::Message => return Ok(Self::Message(text())),
            Field::Body => return Ok(Self::Body(BodyFinder::new(value))),
            Field::Header => return Ok(Self::Header(header(value))),
            _ => (),
        }
        let word = value.to_ascii_lowercase();
        let condition = match field {
            Field::Verdict => verdict(&word).map(Self::Verdict),
            Field::Status => status(operator, &word).map(Self::Status),
            Field::Finding => Some(Self::Finding(finding(&word, text))),
            Field::Attempt => word.parse().ok().map(|n_attempts| Self::Attempts(operator, n_attempts)),
            Field::Waited => from_words(&word).map(|length| Self::Waited(operator, length)),
            Field::Duration => from_words(&word).map(|length| Self::Took(operator, length)),
            Field::Token => token(operator, &word),
            Field::Duplicate => DuplicateWord::from_name(&word).map(Self::Duplicate),
            Field::Batch => Some(batch(operator, &word, text)),
            Field::After => Moment::from_typed(value).map(Self::After),
            Field::Before => Moment::from_typed(value).map(Self::Before),
            _ => None,
        };
        let condition = condition.ok_or_else(|| wrong_value(field, value, &word))?;
        let is_word = !matches!(
            condition,
            Self::Attempts(..)
                | Self::Waited(..)
                | Self::Took(..)
                | Self::Generation(..)
                | Self::BatchSize(..)
                | Self::Status(StatusTest::Code(..))
        );
        if operator.is_order() && is_word {
            return Err(Mistake::NoOrder { field, value: value.to_owned() });
        }
        Ok(condition)
    }

    /// Whether it asks for what stands in records.
    pub(super) const fn looks_into_records(&self) -> bool {
        matches!(self, Self::Body(_) | Self::Header(_) | Self::User(_) | Self::Message(_) | Self::Anywhere(_))
    }

    /// How dear it is to look: rows cost nothing, bodies most.
    pub(super) const fn cost(&self) -> u8 {
        match self {
            Self::Body(_) => 4,
            Self::Header(_) => 3,
            Self::User(_) | Self::Message(_) | Self::Anywhere(_) => 2,
            Self::Finding(_)
            | Self::Waited(..)
            | Self::Status(_)
            | Self::Name(NameField::Error | NameField::Rule, _) => 1,
            _ => 0,
        }
    }
}

fn text_match(operator: Operator, value: &str, is_quoted: bool) -> TextMatch {
    match operator {
        _ if value.contains('*') && !is_quoted => TextMatch::pattern(value),
        Operator::Is => TextMatch::equals(value),
        _ => TextMatch::contains(value),
    }
}

fn verdict(word: &str) -> Option<VerdictWord> {
    match word {
        "delivered-twice" | "delivered twice" => Some(VerdictWord::Twice),
        "partly-delivered" | "partly delivered" => Some(VerdictWord::Partial),
        word => VerdictWord::from_name(word),
    }
}

fn status(operator: Operator, word: &str) -> Option<StatusTest> {
    if let Ok(code) = word.parse() {
        return Some(StatusTest::Code(operator, code));
    }
    match word.strip_suffix("xx").map(str::parse) {
        Some(Ok(class @ 1..=9)) => Some(StatusTest::Class(class)),
        _ if word == "none" => Some(StatusTest::None),
        _ => FaultKind::from_name(word).map(StatusTest::Fault),
    }
}

fn finding(word: &str, text: impl FnOnce() -> TextMatch) -> FindingTest {
    match Severity::from_name(word) {
        Some(severity) => FindingTest::Severity(severity),
        None if word == "*" => FindingTest::Any,
        None => FindingTest::Like(text()),
    }
}

fn token(operator: Operator, word: &str) -> Option<Condition> {
    let number = word.strip_prefix("gen").unwrap_or(word).trim_start().parse().ok();
    number
        .map(|generation| Condition::Generation(operator, generation))
        .or_else(|| TokenWord::from_name(word).map(Condition::Token))
}

fn batch(operator: Operator, word: &str, text: impl FnOnce() -> TextMatch) -> Condition {
    match (BatchWord::from_name(word), word.parse()) {
        (Some(word), _) => Condition::Batch(word),
        (None, Ok(n_events)) => Condition::BatchSize(operator, n_events),
        (None, Err(_)) => Condition::BatchName(text()),
    }
}

/// `retry-after`, `retry-after=30` or `retry-after: 30`.
fn header(value: &str) -> HeaderTest {
    let (name, wanted) = value.split_once(['=', ':']).unwrap_or((value, ""));
    let wanted = wanted.trim();
    HeaderTest {
        name: name.trim().to_ascii_lowercase(),
        value: (!wanted.is_empty()).then(|| TextMatch::contains(wanted)),
    }
}

fn wrong_value(field: Field, value: &str, word: &str) -> Mistake {
    let names = |words: &[&'static str]| nearest(word, words.iter().copied());
    let nearest = match field {
        Field::Verdict => nearest(word, VerdictWord::ALL.iter().map(|word| word.name())),
        Field::Duplicate => nearest(word, DuplicateWord::ALL.iter().map(|word| word.name())),
        Field::Token => nearest(word, TokenWord::ALL.iter().map(|word| word.name())),
        Field::Status => names(&FaultKind::ALL.map(FaultKind::name)),
        _ => None,
    };
    Mistake::WrongValue { field, value: value.to_owned(), nearest }
}

impl Moment {
    fn from_typed(typed: &str) -> Option<Self> {
        if let Some(length) = typed.strip_prefix('+') {
            return from_words(length).or_else(|| stopwatch(length)).map(Self::SinceStart);
        }
        let whole = [typed.to_owned(), format!("{typed}Z"), format!("{typed}:00Z"), format!("{typed}T00:00:00Z")];
        if let Some(at) = whole.iter().find_map(|text| text.parse().ok()) {
            return Some(Self::At(at));
        }
        let times = [format!("T{typed}Z"), format!("T{typed}:00Z")];
        times.into_iter().find(|time| format!("1970-01-01{time}").parse::<Timestamp>().is_ok()).map(Self::OnFirstDay)
    }

    /// The instant, in a session that began at `start`.
    pub(super) fn in_session(&self, start: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => *at,
            Self::SinceStart(length) => start.saturating_add(*length),
            Self::OnFirstDay(time) => {
                let day = start.to_string();
                let day = day.split('T').next().unwrap_or_default();
                format!("{day}{time}").parse().unwrap_or(start)
            }
        }
    }
}

/// `31:05.2` and `2:31:05`, as the window writes them.
fn stopwatch(text: &str) -> Option<Duration> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [minutes, seconds] => ("0", minutes, seconds),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let whole =
        hours.parse::<u64>().ok()?.checked_mul(3600)?.checked_add(minutes.parse::<u64>().ok()?.checked_mul(60)?)?;
    let seconds = Duration::try_from_secs_f64(seconds.parse().ok()?).ok()?;
    Duration::from_secs(whole).checked_add(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_typed_as_they_are_read() {
        let start: Timestamp = "2026-11-25T07:00:00Z".parse().unwrap();
        for (typed, at) in [
            ("2026-11-25T07:31:02.114Z", "2026-11-25T07:31:02.114Z"),
            ("2026-11-25T08:31:02+01:00", "2026-11-25T07:31:02.000Z"),
            ("2026-11-25T07:31:02", "2026-11-25T07:31:02.000Z"),
            ("2026-11-25T07:31", "2026-11-25T07:31:00.000Z"),
            ("2026-11-25", "2026-11-25T00:00:00.000Z"),
            ("07:31", "2026-11-25T07:31:00.000Z"),
            ("07:31:02.5", "2026-11-25T07:31:02.500Z"),
            ("+10m", "2026-11-25T07:10:00.000Z"),
            ("+10.5 s", "2026-11-25T07:00:10.500Z"),
            ("+31:05.2", "2026-11-25T07:31:05.200Z"),
            ("+2:00:00", "2026-11-25T09:00:00.000Z"),
        ] {
            let moment = Moment::from_typed(typed).unwrap();
            assert_eq!(moment.in_session(start).to_string(), at, "{typed}");
        }
        for typed in ["yesterday", "25:00", "+", "+1:2:3:4", "+-5", "", "2026-13-01", "+99999999999999999999:00"] {
            assert_eq!(Moment::from_typed(typed), None, "{typed}");
        }
    }
}
