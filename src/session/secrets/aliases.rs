//! The table of secrets and their aliases, and what is done with it to whatever is written.
//!
//! Two walks over each record: the first learns the secrets that stand in it by name (a header field, a parameter, a
//! member), the second puts aliases in place of all that are known, wherever they stand and however they are spelled.
use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::alias::{Alias, Kind, aliases_in, is_alias};
use super::finder::Finder;
use super::known;
use super::spelling::{is_secret, readings, spellings};
use super::visit::{self, Place, Visitor};
use crate::core::plan::Plan;
use crate::core::record::{Record, SessionHeader};
use crate::core::secret_names::{is_secret_key, secret_in_header, secrets_in_text};

/// Puts aliases in place of secrets. The same secret has the same alias in all that one of these was given, and the
/// numbers follow the order of appearance, so that the same run gives the same aliases.
#[derive(Clone, Debug, Default)]
pub struct Aliases {
    secrets: Vec<Secret>,
    by_value: HashMap<String, usize>,
    finder: Finder,
    n_numbered: [u32; Kind::N_KINDS],
}

#[derive(Clone, Debug)]
struct Secret {
    kind: Kind,
    /// None as long as it has not appeared.
    alias: Option<Alias>,
    /// A short secret counts only where it stands as a word of its own: one of two letters would be found everywhere.
    is_short: bool,
}

impl Aliases {
    /// Knows no secrets yet; those that stand where secrets stand are learnt.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Knows the tokens, keys and passwords of a plan, and everything that was read from the environment.
    #[must_use]
    pub fn of_plan(plan: &Plan) -> Self {
        let mut aliases = Self::new();
        aliases.learn_all(known::of_plan(plan));
        aliases
    }

    /// The header as it may be shown to others. The secrets of its plan are known from here on.
    #[must_use]
    pub fn header(&mut self, header: &SessionHeader) -> SessionHeader {
        self.learn_all(known::of_source(&header.plan));
        let mut header = header.clone();
        visit::header(&mut header, &mut Learn(self));
        visit::header(&mut header, &mut Replace(self));
        header
    }

    /// The record as it may be shown to others.
    #[must_use]
    pub fn record(&mut self, record: &Record) -> Record {
        self.owned(record.clone())
    }

    /// The same in place, where nobody else holds the record.
    #[must_use]
    pub fn owned(&mut self, mut record: Record) -> Record {
        match &mut record {
            Record::Event(event) => {
                let event = Arc::make_mut(event);
                visit::event(event, &mut Learn(self));
                visit::event(event, &mut Replace(self));
            }
            Record::Attempt(attempt) => {
                let attempt = Arc::make_mut(attempt);
                visit::attempt(attempt, &mut Learn(self));
                visit::attempt(attempt, &mut Replace(self));
            }
        }
        record
    }

    /// Any JSON as it may be shown to others.
    pub fn json(&mut self, json: &mut serde_json::Value) {
        visit::json(Place::Text, json, &mut Learn(self));
        visit::json(Place::Text, json, &mut Replace(self));
    }

    /// A message as it may be shown to others.
    #[must_use]
    pub fn text(&mut self, text: &str) -> String {
        Learn(self).text(Place::Text, text);
        Replace(self).text(Place::Text, text).unwrap_or_else(|| text.to_owned())
    }

    /// Leaves out the numbers of the aliases that stand in a text already, so that no new secret gets one of them.
    pub fn reserve(&mut self, text: &str) {
        for (_, alias) in aliases_in(text) {
            let n_numbered = &mut self.n_numbered[alias.kind as usize];
            *n_numbered = alias.number.max(*n_numbered);
        }
    }

    fn learn_all(&mut self, secrets: Vec<(String, Kind)>) {
        for (secret, kind) in secrets {
            self.learn(secret, kind, true);
        }
    }

    /// Learns a value as it was found in a text, where it may be encoded.
    fn learn_found(&mut self, found: &str, kind: Kind) {
        // A remote that calls a comma its token must not make commas disappear.
        const SOUGHT: usize = 6;
        let mut readings = readings(found);
        if !readings.iter().any(|reading| self.by_value.contains_key(reading)) {
            let secret = readings.swap_remove(0);
            let is_sought = secret.len() >= SOUGHT;
            self.learn(secret, kind, is_sought);
        }
    }

    /// Learns a secret; one that is not sought is replaced only where its name says what it is.
    fn learn(&mut self, secret: String, kind: Kind, is_sought: bool) {
        const SHORT: usize = 8;
        // A file can be made of tokens.
        const MAX_SOUGHT: usize = 20_000;
        if !is_secret(&secret) || aliases_in(&secret).next().is_some() || self.by_value.contains_key(&secret) {
            return;
        }
        let secret_idx = self.secrets.len();
        self.secrets.push(Secret { kind, alias: None, is_short: secret.len() < SHORT });
        if is_sought && secret_idx < MAX_SOUGHT {
            for spelling in spellings(&secret) {
                self.finder.add(spelling, secret_idx);
            }
        }
        self.by_value.insert(secret, secret_idx);
    }

    /// The alias of a secret that was learnt.
    fn alias(&mut self, secret_idx: usize) -> Alias {
        let secret = &mut self.secrets[secret_idx];
        *secret.alias.get_or_insert_with(|| {
            let number = &mut self.n_numbered[secret.kind as usize];
            *number += 1;
            Alias { kind: secret.kind, number: *number }
        })
    }

    fn alias_of_found(&mut self, found: &str) -> Option<Alias> {
        let secret_idx = readings(found).iter().find_map(|reading| self.by_value.get(reading).copied())?;
        Some(self.alias(secret_idx))
    }

    /// What is to be replaced in a text, in order and without overlap.
    fn replacements(&mut self, place: Place<'_>, text: &str) -> Vec<(Range<usize>, Alias)> {
        let standing: Vec<Range<usize>> = aliases_in(text).map(|(place, _)| place).collect();
        let mut found: Vec<(Range<usize>, Alias)> = Vec::new();
        for by_name in secrets_by_name(place, text) {
            let is_free = !standing.iter().any(|other| overlap(other, &by_name));
            if is_free && let Some(alias) = self.alias_of_found(&text[by_name.clone()]) {
                found.push((by_name, alias));
            }
        }
        let taken: Vec<Range<usize>> =
            standing.into_iter().chain(found.iter().map(|(place, _)| place.clone())).collect();
        for (known, secret_idx) in self.known_in(text.as_bytes()) {
            if !taken.iter().any(|other| overlap(other, &known)) {
                found.push((known, self.alias(secret_idx)));
            }
        }
        found.sort_by_key(|(place, _)| place.start);
        found
    }

    /// Where known secrets stand, however they are spelled; where they overlap, the first and then the longest counts.
    fn known_in(&self, bytes: &[u8]) -> Vec<(Range<usize>, usize)> {
        let mut found = self.finder.find_all(bytes);
        found.retain(|(place, secret_idx)| !self.secrets[*secret_idx].is_short || is_own_word(bytes, place));
        found.sort_by_key(|(place, _)| (place.start, Reverse(place.end)));
        let mut end = 0;
        found.retain(|(place, _)| {
            let is_free = place.start >= end;
            end = if is_free { place.end } else { end };
            is_free
        });
        found
    }
}

/// Whether no letter, digit or alias stands beside.
fn is_own_word(bytes: &[u8], place: &Range<usize>) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let (before, after) = (&bytes[..place.start], &bytes[place.end..]);
    let continues_before = before.last().is_some_and(is_letter) || before.ends_with("›".as_bytes());
    let continues_behind = after.first().is_some_and(is_letter) || after.starts_with("‹".as_bytes());
    !continues_before && !continues_behind
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Which parts of a text are secrets because of the name that stands before them.
fn secrets_by_name(place: Place<'_>, text: &str) -> Vec<Range<usize>> {
    match place {
        Place::Header(name) if let Some(secret) = secret_in_header(name, text) => vec![secret],
        Place::Member(key) if is_secret_key(key) => std::iter::once(0..text.len()).collect(),
        _ => secrets_in_text(text),
    }
}

fn kind_by_name(place: Place<'_>, before: &str) -> Kind {
    match place {
        Place::Header(name) if secret_in_header(name, "x").is_some() => Kind::of_name(name),
        Place::Member(key) if is_secret_key(key) => Kind::of_name(key),
        _ => {
            let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
            let name = before.trim_end_matches(|c| !is_word(c)).rsplit(|c| !is_word(c)).next().unwrap_or_default();
            if is_secret_key(name) { Kind::of_name(name) } else { Kind::Password }
        }
    }
}

/// The first walk.
struct Learn<'a>(&'a mut Aliases);

impl Visitor for Learn<'_> {
    fn text(&mut self, place: Place<'_>, text: &str) -> Option<String> {
        self.0.reserve(text);
        for secret in secrets_by_name(place, text) {
            self.0.learn_found(&text[secret.clone()], kind_by_name(place, &text[..secret.start]));
        }
        None
    }

    fn bytes(&mut self, _: &mut Vec<u8>) {}

    fn number(&mut self, place: Place<'_>, number: &str) -> Option<String> {
        self.text(place, number)
    }
}

/// The second walk.
struct Replace<'a>(&'a mut Aliases);

impl Visitor for Replace<'_> {
    fn text(&mut self, place: Place<'_>, text: &str) -> Option<String> {
        let replacements = self.0.replacements(place, text);
        if replacements.is_empty() {
            return None;
        }
        let mut text = text.to_owned();
        for (secret, alias) in replacements.into_iter().rev() {
            text.replace_range(secret, &alias.to_string());
        }
        Some(text)
    }

    fn bytes(&mut self, bytes: &mut Vec<u8>) {
        for (secret, secret_idx) in self.0.known_in(bytes).into_iter().rev() {
            let alias = self.0.alias(secret_idx).to_string();
            bytes.splice(secret, alias.into_bytes());
        }
    }

    fn number(&mut self, place: Place<'_>, number: &str) -> Option<String> {
        self.text(place, number).filter(|text| is_alias(text))
    }
}
