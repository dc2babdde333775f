//! What can be asked of a delivery, and with which operators.
use std::fmt;

use crate::core::names::closed_names;

closed_names! {
    /// What a term asks about.
    Field {
        /// What became of the delivery, or what was decided about one of its attempts.
        Verdict = "verdict",
        /// Who gets it.
        Destination = "dest",
        /// Which action of the destination.
        Action = "action",
        /// The status on the bar of one of its attempts.
        Status = "status",
        /// An error that one of its attempts ended with.
        Error = "error",
        /// A rule that decided about one of its attempts.
        Rule = "rule",
        /// Something that was found in one of its attempts.
        Finding = "finding",
        /// How many attempts it took.
        Attempt = "attempt",
        /// The longest wait between two of its attempts.
        Waited = "waited",
        /// From the start of its first attempt to the end of its last one.
        Duration = "duration",
        /// Generations of its tokens, and what became of refreshes.
        Token = "token",
        /// What was found out about duplicates.
        Duplicate = "dup",
        /// Whether it is a batch, how large, and its name.
        Batch = "batch",
        /// Who an event of it is about.
        User = "user",
        /// Message id of one of its events.
        Message = "message",
        /// Name of one of its events.
        Event = "event",
        /// Its first attempt began then or later.
        After = "after",
        /// Its first attempt began earlier.
        Before = "before",
        /// A header of one of its requests or responses.
        Header = "header",
        /// Text in the body of one of its requests or responses.
        Body = "body",
    }
}

impl Field {
    /// The field of that name, in any case and under its long name.
    pub(super) fn from_typed(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "destination" => Some(Self::Destination),
            "duplicate" => Some(Self::Duplicate),
            "attempts" => Some(Self::Attempt),
            name => Self::from_name(name),
        }
    }

    /// What it asks about, in a few words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Verdict => "what became of it: delivered, dropped, pending …",
            Self::Destination => "who gets it",
            Self::Action => "which action of the destination",
            Self::Status => "the status of an attempt: 409, 4xx, timeout",
            Self::Error => "an error that an attempt ended with",
            Self::Rule => "a rule that decided about an attempt",
            Self::Finding => "something found in an attempt: Q-03, severe",
            Self::Attempt => "how many attempts it took",
            Self::Waited => "the longest wait between two attempts",
            Self::Duration => "how long it took in all",
            Self::Token => "token generation or refresh: gen2, refreshed",
            Self::Duplicate => "duplicates: delivered-twice, suppressed",
            Self::Batch => "batches: yes, no, their size or name",
            Self::User => "who an event is about",
            Self::Message => "message id of an event",
            Self::Event => "name of an event",
            Self::After => "began at an instant or later",
            Self::Before => "began before an instant",
            Self::Header => "a header: retry-after, content-type=json",
            Self::Body => "text in a body",
        }
    }

    /// What its values look like, to be read on from "it takes".
    pub(super) const fn takes(self) -> &'static str {
        match self {
            Self::Verdict => "delivered, twice, partial, pending, dropped, filtered, retry or discard",
            Self::Destination | Self::Action | Self::Error | Self::Rule | Self::User | Self::Message | Self::Event => {
                "a text"
            }
            Self::Status => "a status such as 409, a class such as 4xx, a fault such as timeout, or none",
            Self::Finding => "a finding such as Q-03, severe, warning or note, or *",
            Self::Attempt => "a number",
            Self::Waited | Self::Duration => "a duration such as 500ms, 30s or 1h30m",
            Self::Token => "a generation such as gen2, refresh, refreshed, failed, shared or *",
            Self::Duplicate => "delivered-twice, suppressed, wrongly-suppressed, ambiguous or *",
            Self::Batch => "yes, no, a number of events or the name of a batch",
            Self::After | Self::Before => {
                "an instant such as 2026-11-25T07:31:02Z, a date, a time of the first day such as 07:31, or +10m from \
                 the start"
            }
            Self::Header => "the name of a header, alone or with a value as in content-type=json",
            Self::Body => "a text, in quotes if it has spaces",
        }
    }

    /// The operators that it can be used with, the usual one first.
    #[must_use]
    pub const fn operators(self) -> &'static [Operator] {
        const WORDS: &[Operator] = &[Operator::Has, Operator::Is, Operator::IsNot];
        const TEXT: &[Operator] = &[Operator::Has, Operator::Is, Operator::IsNot, Operator::Contains];
        const NUMBER: &[Operator] = &[
            Operator::More,
            Operator::AtLeast,
            Operator::Less,
            Operator::AtMost,
            Operator::Is,
            Operator::IsNot,
            Operator::Has,
        ];
        const NUMBER_OR_WORD: &[Operator] = &[
            Operator::Has,
            Operator::Is,
            Operator::IsNot,
            Operator::More,
            Operator::AtLeast,
            Operator::Less,
            Operator::AtMost,
        ];
        match self {
            Self::Verdict | Self::Duplicate | Self::Finding => WORDS,
            Self::Status | Self::Token | Self::Batch => NUMBER_OR_WORD,
            Self::Attempt | Self::Waited | Self::Duration => NUMBER,
            Self::After | Self::Before => &[Operator::Has],
            Self::Header => &[Operator::Has, Operator::Contains],
            Self::Body => &[Operator::Contains, Operator::Has],
            _ => TEXT,
        }
    }
}

closed_names! {
    /// How a field is compared with a value.
    Operator {
        /// Contains a text, or is one of a closed set of words.
        Has = ":",
        /// Equals.
        Is = "=",
        /// Does not equal.
        IsNot = "!=",
        /// Contains a text.
        Contains = "~",
        /// Less than.
        Less = "<",
        /// At most.
        AtMost = "<=",
        /// More than.
        More = ">",
        /// At least.
        AtLeast = ">=",
    }
}

impl Operator {
    /// Whether a figure stands to another one as it says.
    pub(super) fn holds<T: PartialOrd>(self, figure: &T, other: &T) -> bool {
        match self {
            Self::Has | Self::Is | Self::Contains => figure == other,
            Self::IsNot => figure != other,
            Self::Less => figure < other,
            Self::AtMost => figure <= other,
            Self::More => figure > other,
            Self::AtLeast => figure >= other,
        }
    }

    /// Whether it compares sizes.
    pub(super) const fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::AtMost | Self::More | Self::AtLeast)
    }
}

/// Several operators for people: `:`, `=` or `~`.
pub(super) struct Operators(pub(super) &'static [Operator]);

impl fmt::Display for Operators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (idx, operator) in self.0.iter().enumerate() {
            let between = match idx {
                0 => "",
                idx if idx + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(f, "{between}`{operator}`")?;
        }
        Ok(())
    }
}
