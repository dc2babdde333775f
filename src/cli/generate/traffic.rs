//! Scenes one after the other and over one another: when each begins, and whose record is the next.
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::stories::{Library, Phase, Scene};
use super::template::Filling;
use crate::core::time::Timestamp;
use crate::net::dice::Dice;

const SECOND_NANOS: f64 = 1e9;
/// Mean time between the beginnings of two scenes.
const MEAN_STEP_SECONDS: f64 = 1.5;
/// How likely an outage or a lull begins with a scene.
const OUTAGE_CHANCE: f64 = 0.000_5;
const LULL_CHANCE: f64 = 0.000_3;

/// A scene that goes on.
struct Act<'a> {
    scene: &'a Scene,
    next_record: usize,
    filling: Filling,
}

/// The records of a session in the order in which they become known.
pub(super) struct Traffic<'a> {
    library: &'a Library,
    dice: Dice,
    now: Timestamp,
    outage_until: Timestamp,
    /// How many attempts were written, and how many events and deliveries belong to scenes that began.
    n_attempts: u64,
    n_events: u64,
    n_deliveries: u64,
    /// Token generations of each destination.
    generations: [u64; 4],
    acts: Vec<Option<Act<'a>>>,
    free: Vec<usize>,
    /// When the next record of each act becomes known; acts that began earlier come first.
    due: BinaryHeap<Reverse<(Timestamp, u64, usize)>>,
    n_acts: u64,
}

impl<'a> Traffic<'a> {
    /// Begins at an instant.
    pub(super) fn new(library: &'a Library, seed: u64, start: Timestamp) -> Self {
        Self {
            library,
            dice: Dice::new(seed, 0),
            now: start,
            outage_until: start,
            n_attempts: 0,
            n_events: 0,
            n_deliveries: 0,
            generations: [0; 4],
            acts: Vec::new(),
            free: Vec::new(),
            due: BinaryHeap::new(),
            n_acts: 0,
        }
    }

    /// Appends the next line. Gives whether it is an attempt.
    pub(super) fn next_line(&mut self, line: &mut Vec<u8>) -> bool {
        while self.due.peek().is_none_or(|Reverse((due, _, _))| *due >= self.now) {
            self.begin_scene();
        }
        let Some(Reverse((_, order, act_idx))) = self.due.pop() else { return false };
        let Some(Some(act)) = self.acts.get_mut(act_idx) else { return false };
        let Some(record) = act.scene.records.get(act.next_record) else { return false };
        if record.is_attempt {
            self.n_attempts += 1;
            act.filling.attempts.push(self.n_attempts);
        }
        // Writing to memory does not fail.
        record.write(line, &act.filling).unwrap_or_default();
        act.next_record += 1;
        if let Some(next) = act.scene.records.get(act.next_record) {
            let known_at = act.filling.begins_at.as_nanos() + next.known_after_nanos;
            self.due.push(Reverse((Timestamp::from_nanos(known_at), order, act_idx)));
        } else {
            self.acts[act_idx] = None;
            self.free.push(act_idx);
        }
        record.is_attempt
    }

    fn begin_scene(&mut self) {
        let phase = if self.now < self.outage_until { Phase::Outage } else { Phase::Calm };
        if let Some(scene) = self.library.choose(phase, self.dice.unit(), self.dice.unit()) {
            let n_generations = self.generations[scene.lane];
            let filling = Filling {
                begins_at: self.now,
                attempts: Vec::new(),
                n_events: self.n_events,
                n_deliveries: self.n_deliveries,
                n_generations,
            };
            self.n_events += scene.n_events;
            self.n_deliveries += scene.n_deliveries;
            self.generations[scene.lane] += scene.n_refreshes;
            let act = Some(Act { scene, next_record: 0, filling });
            let act_idx = self.free.pop().unwrap_or_else(|| {
                self.acts.push(None);
                self.acts.len() - 1
            });
            self.acts[act_idx] = act;
            self.due.push(Reverse((self.now, self.n_acts, act_idx)));
            self.n_acts += 1;
        }
        self.advance();
    }

    /// Moves to when the next scene begins.
    fn advance(&mut self) {
        let mut seconds = -MEAN_STEP_SECONDS * (1.0 - self.dice.unit()).ln();
        if self.dice.happens(LULL_CHANCE) {
            seconds += 3_600.0 * (1.0 + 4.0 * self.dice.unit());
        }
        let outage_seconds = 60.0 * (10.0 + 50.0 * self.dice.unit());
        self.now = later(self.now, seconds);
        if self.dice.happens(OUTAGE_CHANCE) {
            self.outage_until = later(self.now, outage_seconds);
        }
    }
}

/// To the millisecond, as most clocks tell.
fn later(from: Timestamp, seconds: f64) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "a few hours")]
    let nanos = (seconds * SECOND_NANOS) as i64;
    Timestamp::from_nanos(from.as_nanos().saturating_add(nanos)).cut_to_millis()
}
