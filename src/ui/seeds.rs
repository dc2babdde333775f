//! How what comes of a plan is spread over many seeds: a table of spreads, and bars of one figure.
use std::time::Duration;

use egui::{Align, Align2, Button, FontId, Grid, Layout, ProgressBar, Rect, RichText, Sense, Ui, pos2, vec2};

use super::command::{Command, Commands, Verb};
use super::modals::{dialog, scrolling_ui, set_width};
use super::theme::{Theme, Tone, size};
use crate::core::distribution::{Distribution, Figure, Spread};
use crate::core::duration_words::in_words;
use crate::store::label::thousands;

/// What is shown of the runs of one plan.
#[derive(Debug, Default)]
pub struct SeedsView {
    /// What the plan is called.
    pub title: String,
    /// How many runs have ended, of how many, while they go on.
    pub progress: Option<(u32, u32)>,
    /// What they came to.
    pub distribution: Option<Distribution>,
    /// Why there is nothing to show.
    pub problem: Option<String>,
    /// What the bars show; none for the time to delivery.
    figure: Option<Figure>,
}

impl SeedsView {
    /// Of a plan of that name, with nothing known yet.
    #[must_use]
    pub fn new(title: String) -> Self {
        Self { title, ..Self::default() }
    }
}

/// One bar.
#[derive(Debug, PartialEq, Eq)]
struct Bar {
    label: String,
    count: u64,
}

/// Shows the window in front of everything. True when it is closed.
pub fn seeds_ui(ui: &mut Ui, view: &mut SeedsView, theme: &Theme, commands: &mut Commands) -> bool {
    let mut closed = false;
    let modal = dialog("seeds", ui).show(ui.ctx(), |ui| {
        set_width(ui, 640.0);
        ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
        ui.label(RichText::new("Under many seeds").font(Theme::semibold(18.0)));
        ui.label(RichText::new(&view.title).color(theme.weak));
        if let Some((n_ended, n_seeds)) = view.progress {
            #[expect(clippy::cast_precision_loss, reason = "a share of a bar")]
            let share = n_ended as f32 / n_seeds.max(1) as f32;
            ui.add(ProgressBar::new(share).text(format!("{n_ended} of {n_seeds} runs")));
        }
        if let Some(problem) = &view.problem {
            ui.label(RichText::new(problem).color(theme.tone(Tone::Dropped)));
        }
        if let Some(distribution) = &view.distribution {
            scrolling_ui(ui, |ui| {
                egui::ScrollArea::horizontal().show(ui, |ui| {
                    spreads_ui(ui, distribution, &mut view.figure, theme, commands);
                });
                bars_ui(ui, distribution, view.figure, theme);
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let word = if view.progress.is_some() { "Cancel" } else { "Close" };
            closed = ui.button(word).clicked();
            let again = ui.add_enabled(view.progress.is_none(), Button::new("Run again"));
            if again.on_hover_text("Runs what the composer holds now").clicked() {
                commands.verb(Verb::RunSeeds);
            }
        });
    });
    closed || modal.should_close()
}

fn spreads_ui(
    ui: &mut Ui,
    distribution: &Distribution,
    chosen: &mut Option<Figure>,
    theme: &Theme,
    commands: &mut Commands,
) {
    Grid::new("spreads").num_columns(7).striped(true).spacing([16.0, 4.0]).show(ui, |ui| {
        for heading in ["in a run", "least", "p50", "p90", "p99", "most", "at seed"] {
            ui.label(RichText::new(heading).color(theme.weak));
        }
        ui.end_row();
        times_row_ui(ui, distribution, chosen);
        for figure in Figure::ALL {
            let Some(spread) = distribution.spread(*figure) else { continue };
            if spread.most > 0 || matches!(figure, Figure::Delivered | Figure::Dropped) {
                if ui.selectable_label(*chosen == Some(*figure), figure.words()).clicked() {
                    *chosen = Some(*figure);
                }
                spread_row_ui(ui, *figure, spread, commands);
                ui.end_row();
            }
        }
    });
}

fn times_row_ui(ui: &mut Ui, distribution: &Distribution, chosen: &mut Option<Figure>) {
    let times = distribution.time_to_delivery();
    if times.count() == 0 {
        return;
    }
    if ui.selectable_label(chosen.is_none(), "time to delivery").clicked() {
        *chosen = None;
    }
    for percent in [0, 50, 90, 99] {
        ui.label(times.percentile(percent).map(in_words).unwrap_or_default());
    }
    ui.label(in_words(times.most()));
    ui.end_row();
}

fn spread_row_ui(ui: &mut Ui, figure: Figure, spread: Spread, commands: &mut Commands) {
    for value in [spread.least, spread.p50, spread.p90, spread.p99, spread.most] {
        ui.label(words(figure, value));
    }
    if spread.least < spread.most {
        let link = ui.link(spread.most_at_seed.to_string());
        if link.on_hover_text(format!("Run this seed alone: the first with the most {}", figure.words())).clicked() {
            commands.push(Command::FireSeed(spread.most_at_seed));
        }
    }
}

fn words(figure: Figure, value: u64) -> String {
    if figure.is_time() {
        in_words(Duration::from_millis(value))
    } else {
        thousands(usize::try_from(value).unwrap_or(usize::MAX))
    }
}

/// The bars of a figure, or of the time to delivery. Where there are many values, neighbours share one.
fn bars(distribution: &Distribution, figure: Option<Figure>) -> Vec<Bar> {
    if let Some(figure) = figure {
        return binned(&distribution.counts(figure), |value| words(figure, value));
    }
    let millis = |length: Duration| u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
    let times = distribution.time_to_delivery().buckets();
    let counts: Vec<(u64, u64)> = times.map(|bucket| (millis(bucket.from), bucket.count)).collect();
    binned(&counts, |value| in_words(Duration::from_millis(value)))
}

/// Values in order with how often each came up, in bars of equal width.
fn binned(counts: &[(u64, u64)], label: impl Fn(u64) -> String) -> Vec<Bar> {
    const MOST: u64 = 24;
    let (Some((least, _)), Some((most, _))) = (counts.first(), counts.last()) else { return Vec::new() };
    let span = most - least + 1;
    let width = span.div_ceil(MOST);
    let mut bars: Vec<Bar> =
        (0..span.div_ceil(width)).map(|idx| Bar { label: label(least + idx * width), count: 0 }).collect();
    for (value, count) in counts {
        let idx = usize::try_from((value - least) / width).unwrap_or_default();
        bars[idx].count += count;
    }
    bars
}

fn bars_ui(ui: &mut Ui, distribution: &Distribution, figure: Option<Figure>, theme: &Theme) {
    let bars = bars(distribution, figure);
    let most = bars.iter().map(|bar| bar.count).max().unwrap_or_default().max(1);
    let all: u64 = bars.iter().map(|bar| bar.count).sum();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 180.0), Sense::hover());
    let title = figure.map_or("time to delivery", Figure::words);
    let told = bars.iter().map(|bar| format!("{}: {}", bar.label, bar.count)).collect::<Vec<_>>().join(", ");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, format!("{title}: {told}")));
    let plot = Rect::from_min_max(rect.min + vec2(0.0, size::TEXT + 4.0), rect.max - vec2(0.0, size::TEXT + 6.0));
    let painter = ui.painter();
    painter.hline(plot.x_range(), plot.bottom(), theme.line());
    #[expect(clippy::cast_precision_loss, reason = "places on a screen")]
    let (step, height) =
        (plot.width() / bars.len().max(1) as f32, |count: u64| plot.height() * (count as f32 / most as f32));
    let label_every = bars.len().div_ceil(8).max(1);
    let hovered = response.hover_pos();
    for (idx, bar) in bars.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "places on a screen")]
        let left = plot.left() + step * idx as f32;
        let column = Rect::from_min_max(
            pos2(left + 1.0, plot.bottom() - height(bar.count)),
            pos2(left + step - 1.0, plot.bottom()),
        );
        let is_hovered = hovered.is_some_and(|pos| (left..left + step).contains(&pos.x));
        painter.rect_filled(column, 2.0, if is_hovered { theme.text } else { theme.accent });
        let (font, color) = (FontId::proportional(size::TIMELINE_TEXT), theme.weak);
        if idx.is_multiple_of(label_every) {
            painter.text(
                pos2(left + step / 2.0, plot.bottom() + 3.0),
                Align2::CENTER_TOP,
                &bar.label,
                font.clone(),
                color,
            );
        }
        if is_hovered {
            let words = format!("{} · {} of {}", bar.label, bar.count, all);
            painter.text(rect.left_top(), Align2::LEFT_TOP, words, font, theme.text);
        }
    }
    if hovered.is_none() {
        let of = if figure.is_some() { "runs" } else { "events" };
        let words = format!("{title}, {of}");
        painter.text(rect.left_top(), Align2::LEFT_TOP, words, FontId::proportional(size::TIMELINE_TEXT), theme.weak);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::distribution::{Histogram, SeedRun};

    fn distribution(attempts: &[u64]) -> Distribution {
        let mut distribution = Distribution::default();
        for (seed, attempts) in (0..).zip(attempts) {
            let mut run = SeedRun::new(seed);
            run.set(Figure::Attempts, *attempts);
            let mut times = Histogram::default();
            times.add(Duration::from_secs(*attempts), 1);
            distribution.add(run, &times);
        }
        distribution
    }

    #[test]
    fn bars_count_every_run_whatever_the_span() {
        for attempts in [&[3, 3, 4, 6][..], &[1, 1_000_000], &[5]] {
            let bars = bars(&distribution(attempts), Some(Figure::Attempts));
            assert!(bars.len() <= 24 && bars[0].count > 0 && bars[bars.len() - 1].count > 0, "{bars:?}");
            assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), attempts.len() as u64);
        }
        assert_eq!(bars(&Distribution::default(), Some(Figure::Attempts)), []);
        assert_eq!(bars(&distribution(&[3, 70]), None).len(), 24, "three seconds to seventy in steps of three");
    }
}
