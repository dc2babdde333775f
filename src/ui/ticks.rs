//! Where the ruler's lines stand and what they are called: round instants, as far apart as their names need.
use jiff::tz::TimeZone;

use super::command::TimeMode;
use super::stamps;
use super::time_axis::TimeAxis;
use crate::core::time::Timestamp;
use crate::store::activity::Span;

const SECOND: i64 = 1_000_000_000;
/// Distances between lines, in nanoseconds; below the first they go on in ones, twos and fives.
const LONG_STEPS: [i64; 20] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    60 * SECOND,
    120 * SECOND,
    300 * SECOND,
    600 * SECOND,
    900 * SECOND,
    1_800 * SECOND,
    3_600 * SECOND,
    7_200 * SECOND,
    10_800 * SECOND,
    21_600 * SECOND,
    43_200 * SECOND,
    86_400 * SECOND,
    7 * 86_400 * SECOND,
    28 * 86_400 * SECOND,
];
/// A name and the space beside it, in points.
const LEAST_DISTANCE: f64 = 76.0;
/// More lines than any screen has room for.
const MAX_TICKS: usize = 400;

/// A line of the ruler.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Its instant.
    pub at: Timestamp,
    /// Where it stands, in points.
    pub x: f32,
    /// Its name.
    pub label: String,
}

/// The lines in view. `origin` is when the session began.
#[must_use]
pub fn ticks(axis: &TimeAxis<'_>, mode: TimeMode, origin: Timestamp) -> Vec<Tick> {
    let step = step_for(axis.nanos_per_point());
    let base = match mode {
        TimeMode::Relative => origin.as_nanos(),
        TimeMode::Utc => 0,
        TimeMode::Local => -offset_nanos(axis.span().start),
    };
    let mut ticks = Vec::new();
    for stretch in axis.stretches() {
        for at in round_instants(stretch, step, base).take(MAX_TICKS - ticks.len().min(MAX_TICKS)) {
            ticks.push(Tick { at, x: axis.x_of(at), label: label(mode, at, origin, step) });
        }
    }
    ticks
}

/// The shortest round step that leaves room for names.
fn step_for(nanos_per_point: f64) -> i64 {
    let fits = |step: &i64| {
        std::time::Duration::from_nanos(step.unsigned_abs()).as_secs_f64() * 1.0e9 / nanos_per_point >= LEAST_DISTANCE
    };
    let short = (0..9).flat_map(|power| [1, 2, 5].map(|digit: i64| digit * 10_i64.pow(power)));
    short.chain(LONG_STEPS).find(fits).unwrap_or(LONG_STEPS[LONG_STEPS.len() - 1])
}

fn round_instants(stretch: Span, step: i64, base: i64) -> impl Iterator<Item = Timestamp> {
    let (start, end) = (i128::from(stretch.start.as_nanos()), stretch.end);
    let (step, base) = (i128::from(step), i128::from(base));
    let first = base + (start - base + step - 1).div_euclid(step) * step;
    std::iter::successors(Some(first), move |at| Some(at + step))
        .map_while(|at| i64::try_from(at).ok().map(Timestamp::from_nanos))
        .take_while(move |at| *at <= end)
}

fn label(mode: TimeMode, at: Timestamp, origin: Timestamp, step: i64) -> String {
    let zone = match mode {
        TimeMode::Relative => return relative(at, origin, step),
        TimeMode::Utc => TimeZone::UTC,
        TimeMode::Local => TimeZone::system(),
    };
    let pattern = match step {
        86_400_000_000_000.. => "%b %-d",
        60_000_000_000.. => "%H:%M",
        SECOND.. => "%H:%M:%S",
        1_000_000.. => "%H:%M:%S%.3f",
        _ => "%H:%M:%S%.6f",
    };
    stamps::clock_time(at, zone, pattern)
}

/// `0 s`, `+10 s`, `+1.25 s`, `+31:05`, `+2:31:05`, `+3 d 02:00`.
fn relative(at: Timestamp, origin: Timestamp, step: i64) -> String {
    let nanos = at.as_nanos().saturating_sub(origin.as_nanos());
    if nanos == 0 {
        return "0 s".to_owned();
    }
    let sign = if nanos < 0 { '−' } else { '+' };
    let (seconds, below) = (nanos.unsigned_abs() / 1_000_000_000, nanos.unsigned_abs() % 1_000_000_000);
    let decimals = (0..9).find(|decimals| step % 10_i64.pow(9 - decimals) == 0).unwrap_or(9);
    let fraction = if decimals == 0 {
        String::new()
    } else {
        let digits = format!("{below:09}");
        format!(".{}", &digits[..decimals as usize])
    };
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match seconds {
        0..60 => format!("{sign}{seconds}{fraction} s"),
        60..3_600 => format!("{sign}{minutes}:{:02}{fraction}", seconds % 60),
        3_600..86_400 => format!("{sign}{hours}:{minutes:02}:{:02}{fraction}", seconds % 60),
        _ => format!("{sign}{days} d {hours:02}:{minutes:02}"),
    }
}

fn offset_nanos(at: Timestamp) -> i64 {
    let stamp = jiff::Timestamp::from_nanosecond(i128::from(at.as_nanos())).unwrap_or_default();
    i64::from(TimeZone::system().to_offset(stamp).seconds()) * SECOND
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::time_axis::Folds;

    const ORIGIN: Timestamp = Timestamp::from_millis(1_764_055_862_114);

    fn labels(mode: TimeMode, start_millis: i64, end_millis: i64) -> Vec<String> {
        let folds = Folds::default();
        let at = |millis: i64| Timestamp::from_millis(ORIGIN.as_millis() + millis);
        let axis = TimeAxis::new(&folds, Span { start: at(start_millis), end: at(end_millis) }, 0.0, 320.0);
        ticks(&axis, mode, ORIGIN).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn lines_stand_at_round_times() {
        for (mode, start, end, wanted) in [
            (TimeMode::Relative, 0, 40_000, "0 s|+10 s|+20 s|+30 s|+40 s"),
            (TimeMode::Relative, 1_861_000, 1_876_000, "+31:05|+31:10|+31:15"),
            (TimeMode::Relative, -1_000, 1_000, "−1.0 s|−0.5 s|0 s|+0.5 s|+1.0 s"),
            (TimeMode::Relative, 10_100, 10_110, "+10.100 s|+10.105 s|+10.110 s"),
            (TimeMode::Relative, 3_600_000, 7_200_000, "+1:00:00|+1:15:00|+1:30:00|+1:45:00|+2:00:00"),
            (TimeMode::Utc, 0, 40_000, "07:31:10|07:31:20|07:31:30|07:31:40"),
            (TimeMode::Utc, 0, 86_400_000, "12:00|18:00|00:00|06:00"),
        ] {
            assert_eq!(labels(mode, start, end).join("|"), wanted, "{mode:?} {start} to {end}");
        }
    }

    #[test]
    fn there_is_always_room_for_the_names() {
        for nanos_per_point in [0.5, 1.0e3, 3.3e6, 7.7e9, 1.0e12] {
            let step = std::time::Duration::from_nanos(step_for(nanos_per_point).unsigned_abs());
            assert!(step.as_secs_f64() * 1.0e9 / nanos_per_point >= LEAST_DISTANCE);
        }
    }
}
