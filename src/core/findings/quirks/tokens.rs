//! Token lineage: refreshes that clash, that nobody uses, that come again and again; and tokens that are rejected, too new
//! told from too old.
use std::time::Duration;

use super::sources::{KIT, LINKEDIN_DOCS, PROPAGATION};
use crate::core::duration_words::in_words;
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::past::Past;
use crate::core::findings::scene::Scene;
use crate::core::findings::sighting::{Sighting, count};
use crate::core::lineage::{self, Asked, Rejection, Step};
use crate::core::names::{AttemptId, Decision};
use crate::core::record::Exchange;
use crate::core::time::Timestamp;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("F-21"),
        title: "Deliveries raced to refresh one token",
        severity: Severity::Warning,
        why: "Several deliveries met the rejection of the same token, and each asked for a new one. One would have done for \
              all. Where a refresh ends the tokens or the refresh token before it, they cut each other off.",
        advice: "Have refreshes take turns, with the hook that the framework calls before each of them, and share what \
                 comes of it. A plan shows what that saves: refresh_hook \"lock\" and \"share\".",
        cites: &[KIT],
        detect: Detect::InHistory(raced),
    },
    Entry {
        id: FindingId("F-22"),
        title: "Refresh wasted",
        severity: Severity::Note,
        why: "The token that a delivery fetched was replaced before anything was sent with it. The refresh cost a request \
              of the quota, and brought nothing.",
        advice: "Look for the race or the loop that replaced it; it is found by itself where the session shows it.",
        cites: &[KIT],
        detect: Detect::InHistory(wasted),
    },
    Entry {
        id: FindingId("F-23"),
        title: "Refresh loop",
        severity: Severity::Warning,
        why: "Attempt after attempt refreshes the token and is rejected all the same. It is not the token that is wrong: the \
              account or the permission is gone, or the remote takes longer to know a token than the pipeline waits.",
        advice: "Look at what the rejection says. Connect the account again, or give the remote more time between attempts.",
        cites: &[KIT, PROPAGATION],
        detect: Detect::InHistory(in_a_loop),
    },
    Entry {
        id: FindingId("F-24"),
        title: "Token rejected",
        severity: Severity::Note,
        why: "LinkedIn rejects a token that it does not know everywhere yet in the words that it has for a revoked one. A \
              fresh one needs time and no refresh; an old one needs a refresh and no time.",
        advice: "Fresh: try again later with the same token. Old: refresh, or, where that fails, connect the account again.",
        cites: &[PROPAGATION, LINKEDIN_DOCS],
        detect: Detect::InHistory(rejected),
    },
];

fn seconds(duration: Duration) -> String {
    if duration < Duration::from_mins(2) { format!("{:.1} s", duration.as_secs_f64()) } else { in_words(duration) }
}

fn raced(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    lineage::asked(scene.attempt).into_iter().find_map(|asked| raced_with(scene, past, asked))
}

fn raced_with(scene: &Scene<'_>, past: Past<'_>, own: Asked) -> Option<Sighting> {
    let rejected = own.rejected;
    let exchange = &scene.attempt.exchanges[own.exchange_idx];
    let (asked_at, answered_at) = (exchange.started_at, exchange.ended_at);
    let others: Vec<_> = past.tokens.asked_over(scene, rejected).collect();
    let overlapping = others.iter().find(|other| other.sent_at < answered_at && asked_at < other.answered_at);
    let other = *overlapping.or(others.first())?;
    let (own_got, other_got) = (got(own.brought), got(other.brought));
    let seen = if overlapping.is_some() {
        let more = match others.len() - 1 {
            0 => String::new(),
            more => format!(", and {} besides", count(more, "request")),
        };
        format!(
            "Generation {rejected} was rejected here and in attempt {}, and both asked for a new token at the same time: \
             this one got {own_got}, that one {other_got}{more}.",
            other.attempt
        )
    } else if other.answered_at <= asked_at {
        let before = seconds(asked_at.since(other.answered_at));
        format!(
            "Attempt {} had asked for a new token over the rejection of generation {rejected} and got {other_got}, {before} \
             before this one asked as well and got {own_got}.",
            other.attempt
        )
    } else {
        let later = seconds(other.sent_at.since(answered_at));
        format!(
            "This attempt asked for a new token over the rejection of generation {rejected} and got {own_got}; {later} later \
             attempt {} asked as well and got {other_got}.",
            other.attempt
        )
    };
    let sighting = Sighting::new(seen).at(At::Request(own.exchange_idx), "").at(At::Attempt(other.attempt.clone()), "");
    let sighting = match overlapping {
        Some(_) => sighting,
        None => sighting.titled("Refreshed a token that had been replaced"),
    };
    // Where one of them took the refresh token from the other, its events go with it.
    let is_lost = own.brought.is_none() && scene.attempt.verdict.decision == Decision::Discard;
    Some(if is_lost { sighting.of_severity(Severity::Severe) } else { sighting })
}

fn got(brought: Option<u32>) -> String {
    brought.map_or_else(|| "none".to_owned(), |generation| format!("generation {generation}"))
}

fn wasted(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    let (attempt, generation) = past.chain.brought.as_ref()?;
    let before = scene.attempt.token?.generation_before;
    let is_unused = past.tokens.known(scene, *generation).is_none_or(|known| known.n_uses == 0);
    if before <= *generation || !is_unused {
        return None;
    }
    let seen = format!(
        "Generation {generation}, which attempt {attempt} had fetched, was replaced before any request of this session \
         carried it: this attempt begins with generation {before}."
    );
    Some(Sighting::new(seen).at(At::Attempt(attempt.clone()), "/token").at(At::Request(0), ""))
}

/// So many attempts in a row that refresh in vain are a loop.
const LOOP_FROM: u32 = 3;

fn in_a_loop(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    let refreshes = past.chain.refreshes_with(scene).filter(|refreshes| refreshes.n_attempts == LOOP_FROM)?;
    let seen = format!(
        "This is attempt {LOOP_FROM} in a row, since {}, that was rejected, refreshed the token and came no further.",
        refreshes.since
    );
    let own = lineage::asked(scene.attempt).first().map_or(0, |asked| asked.exchange_idx);
    Some(Sighting::new(seen).at(At::Attempt(refreshes.since.clone()), "").at(At::Request(own), ""))
}

/// A token that was rejected, and what is to be said of it.
struct Rejected<'a> {
    exchange_idx: usize,
    exchange: &'a Exchange,
    generation: u32,
    why: Rejection,
    /// The attempt that fetched it, and when.
    fetched: Option<(AttemptId, Timestamp)>,
    was_accepted: bool,
    /// Since when it has been rejected.
    since: Timestamp,
}

impl Rejected<'_> {
    /// Whether nobody can tell if it is too old or too new: it came with the plan, was never accepted, and has not been
    /// rejected for long.
    fn is_either(&self) -> bool {
        let for_how_long = self.exchange.started_at.since(self.since);
        let is_young = self.fetched.is_none() && !self.was_accepted && for_how_long < lineage::TOO_NEW_FOR;
        self.why == Rejection::Revoked && is_young
    }
}

/// The last rejection of a scene.
fn last_rejected<'a>(scene: &Scene<'a>, past: Past<'_>) -> Option<Rejected<'a>> {
    let exchanges = &scene.attempt.exchanges;
    exchanges.iter().enumerate().rev().find_map(|(exchange_idx, exchange)| {
        let generation = exchange.token_generation.filter(|_| Step::of(exchange).is_rejected())?;
        let known = past.tokens.known(scene, generation);
        let own = lineage::asked(scene.attempt).into_iter().find(|asked| asked.brought == Some(generation));
        let own = own.map(|asked| (scene.attempt.id.clone(), exchanges[asked.exchange_idx].ended_at));
        let fetched = own.or_else(|| known.and_then(|known| known.fetched.clone()));
        let accepted =
            |earlier: &Exchange| earlier.token_generation == Some(generation) && Step::of(earlier).is_accepted();
        let was_accepted =
            known.is_some_and(|known| known.was_accepted) || exchanges[..exchange_idx].iter().any(accepted);
        let issued_at = fetched.as_ref().map(|(_, at)| *at);
        let why = lineage::rejection(exchange.started_at, lineage::service_error(exchange), issued_at, was_accepted);
        let since = known.and_then(|known| known.rejected_since).unwrap_or(exchange.started_at);
        Some(Rejected { exchange_idx, exchange, generation, why, fetched, was_accepted, since })
    })
}

/// What a delivery was told of a rejected token, so that it is not told again at each retry.
pub(in crate::core::findings) type ToldRejection = (u32, Rejection, bool);

/// What this attempt's rejection is.
pub(in crate::core::findings) fn rejection_told(scene: &Scene<'_>, past: Past<'_>) -> Option<ToldRejection> {
    last_rejected(scene, past).map(|rejected| (rejected.generation, rejected.why, rejected.is_either()))
}

fn rejected(scene: &Scene<'_>, past: Past<'_>) -> Option<Sighting> {
    let rejected = last_rejected(scene, past)?;
    let Rejected { exchange_idx, exchange, generation, why, .. } = rejected;
    if past.chain.told_rejection == Some((generation, why, rejected.is_either())) {
        return None;
    }
    let code = lineage::service_error(exchange).map_or_else(|| "401".to_owned(), |code| format!("401 ({code})"));
    let origin = match &rejected.fetched {
        Some((attempt, at)) => {
            let age = seconds(exchange.started_at.since(*at));
            format!("Generation {generation}, which attempt {attempt} had fetched {age} before,")
        }
        None if rejected.was_accepted => format!("Generation {generation}, which had been accepted before,"),
        None if rejected.since < exchange.started_at => {
            let rejected_for = seconds(exchange.started_at.since(rejected.since));
            format!("Generation {generation}, rejected for {rejected_for} now and never accepted,")
        }
        None => format!("Generation {generation}, of which no request had gone through in this session,"),
    };
    let (words, title) = match why {
        Rejection::TooNew => ("is not known everywhere yet", Some("Fresh token rejected")),
        _ if rejected.is_either() => ("may be revoked or too new; the answer is the same", None),
        Rejection::Revoked => ("was revoked", Some("Old token rejected: revoked")),
        Rejection::Expired => ("has expired", Some("Old token rejected: expired")),
        Rejection::Refused => ("is not accepted", None),
    };
    let sighting = Sighting::new(format!("{origin} was answered with {code}: it {words}."))
        .at(At::Request(exchange_idx), "/headers/authorization")
        .at(At::Response(exchange_idx), "");
    Some(match title {
        Some(title) => sighting.titled(title),
        None => sighting,
    })
}
