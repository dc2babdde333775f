//! Token lanes below the rows: which generation was in force when, and how long not every node accepted it.
use egui::{CornerRadius, Rangef, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::areas::TOKEN_LANE;
use super::marks::dashes_in_sight;
use super::playhead::Phase;
use super::scene::Scene;
use crate::store::label::thousands;
use crate::store::tokens::{Generation, TokenLane};
use crate::ui::command::Commands;
use crate::ui::icon::Icon;
use crate::ui::stamps;
use crate::ui::text::elided;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::time_axis::TimeAxis;
use crate::ui::view_state::ViewCommand;

/// A generation that was in force for less than this is named with the one after it.
const LEAST_WIDTH: f32 = 12.0;
/// Generations before the view whose unsettled time may reach into it.
const N_BEFORE: usize = 8;
/// So many points before the view the axis is no longer exact, nor does anybody miss anything.
const FAR: f32 = 100_000.0;
/// Room that the diamond at the beginning of a generation takes on either side.
const DIAMOND: f32 = 14.0;
/// How many generations are gone back for one that stands apart.
const N_LOOKED_BACK: usize = 256;

/// Paints the lanes.
pub(super) fn tokens_ui(ui: &Ui, scene: &Scene<'_>, commands: &mut Commands) {
    let Scene { session, areas, theme, .. } = *scene;
    let mut top = areas.tokens.top();
    for lane in session.tokens().iter() {
        if top + TOKEN_LANE > areas.tokens.bottom() + 1.0 {
            break;
        }
        let painter = ui.painter_at(areas.tokens);
        if top > areas.tokens.top() {
            painter.hline(areas.whole.x_range(), top + 0.5, theme.line());
        }
        let words = format!("token · {}", session.name(lane.destination));
        let at = pos2(areas.labels.min + 2.0 * size::STEP, top + 14.0);
        let room = areas.labels.span() - 4.0 * size::STEP;
        let galley = elided(&painter, &words, Theme::font(size::TABLE_TEXT), theme.weak, room);
        painter.galley(at - egui::vec2(0.0, galley.size().y / 2.0), galley, theme.weak);
        lane_ui(ui, scene, lane, Rangef::new(top, top + TOKEN_LANE), commands);
        top += TOKEN_LANE;
    }
}

fn lane_ui(ui: &Ui, scene: &Scene<'_>, lane: &TokenLane, y: Rangef, commands: &mut Commands) {
    let Scene { areas, axis, theme, .. } = *scene;
    let clip = areas.plot_rect(y);
    let mut unsettled = Vec::new();
    for Stretch { generation, oldest_hidden, x } in stretches(lane, axis, axis.x_of(scene.origin()), areas.plot) {
        let bar = Rect::from_x_y_ranges(x, y.min + 7.0..=y.min + 7.0 + size::BAR);
        let phase = scene.phase_of(generation.since);
        if bar.right() > clip.left() && bar.left() < clip.right() {
            generation_ui(ui, (clip, phase), (generation, oldest_hidden), bar, theme, commands);
        }
        if let Some(until) = generation.unsettled_until.filter(|until| *until > generation.since) {
            let box_y = Rangef::new(bar.bottom() + 4.0, bar.bottom() + 18.0);
            let edges = Rect::from_x_y_ranges(axis.x_of(generation.since)..=axis.x_of(until), box_y);
            let length = stamps::duration(until.since(generation.since));
            unsettled.push(Unsettled { number: generation.number, edges, length, phase });
        }
    }
    unsettled_ui(ui, clip, &unsettled, theme);
}

/// The time in which a generation was in force, wide enough to see.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch<'a> {
    generation: &'a Generation,
    /// The first of those before it that are too narrow to be told apart.
    oldest_hidden: Option<u32>,
    x: Rangef,
}

/// The stretches in view and a few before, of which something may reach into view. Costs as much as there are points, not
/// generations.
fn stretches<'a>(lane: &'a TokenLane, axis: &TimeAxis<'_>, origin_x: f32, plot: Rangef) -> Vec<Stretch<'a>> {
    let all = lane.generations();
    let x_since = |place: usize| all.get(place).map(|generation| axis.x_of(generation.since));
    let mut first = first_place(lane, axis, plot.min);
    let mut left = if first == 0 { origin_x } else { x_since(first).unwrap_or(origin_x) };
    let mut stretches = Vec::new();
    while first < all.len() && left < plot.max {
        // The first that is followed by one which begins far enough away.
        let far_enough = axis.time_at(left + LEAST_WIDTH);
        let next = lane.first_since(first + 1, |since| since >= far_enough);
        let place = next - 1;
        let right = x_since(next).unwrap_or(plot.max).max(left);
        if let Some(generation) = all.get(place) {
            let oldest_hidden = (place > first).then(|| all[first].number);
            stretches.push(Stretch { generation, oldest_hidden, x: Rangef::new(left, right) });
        }
        (first, left) = (next, right);
    }
    stretches
}

/// Where to begin: before the left edge, at a generation that is told apart from the one before it whatever came earlier,
/// so that panning does not join them in another way. Where there is none near, they are too many to tell apart.
fn first_place(lane: &TokenLane, axis: &TimeAxis<'_>, left: f32) -> usize {
    let all = lane.generations();
    let edge = axis.time_at(left);
    let in_force = lane.first_since(0, |since| since > edge).saturating_sub(1);
    if all.get(in_force).is_none_or(|generation| axis.x_of(generation.since) < left - FAR) {
        return in_force;
    }
    let latest = in_force.saturating_sub(N_BEFORE);
    let is_apart = |place: &usize| {
        let x_since = |place: usize| axis.x_of(all[place].since);
        *place == 0 || x_since(*place) - x_since(*place - 1) >= LEAST_WIDTH
    };
    (latest.saturating_sub(N_LOOKED_BACK)..=latest).rev().find(is_apart).unwrap_or(latest)
}

/// The time in which the remote is known to have turned a token down somewhere.
struct Unsettled {
    number: u32,
    edges: Rect,
    length: String,
    phase: Phase,
}

/// The time in which one generation was in force.
fn generation_ui(
    ui: &Ui,
    (clip, phase): (Rect, Phase),
    (generation, oldest_hidden): (&Generation, Option<u32>),
    bar: Rect,
    theme: &Theme,
    commands: &mut Commands,
) {
    let mut painter = ui.painter_at(clip);
    painter.set_opacity(phase.strength(theme));
    let color = theme.fill(Tone::Refresh);
    let shown = bar.intersect(clip);
    let plural = if generation.n_uses == 1 { "use" } else { "uses" };
    let before = oldest_hidden.map_or(String::new(), |oldest| format!("{oldest} → "));
    let name = format!("gen {before}{}", generation.number);
    let words = [format!("{name} · {} {plural}", thousands(generation.n_uses as usize)), name];
    painter.rect_filled(bar, CornerRadius::same(size::BAR_RADIUS), color);
    painter.vline(bar.left(), bar.y_range(), Stroke::new(2.0, theme.panel));
    let mut left = shown.left() + 6.0;
    if let Some(maker) = generation.made_by {
        let center = pos2(bar.left(), bar.center().y);
        Icon::Diamond.paint_at(&painter, center, 21.0, theme.panel);
        Icon::Diamond.paint_at(&painter, center, 15.0, color);
        left = left.max(bar.left() + DIAMOND);
        let rect = Rect::from_center_size(center, egui::Vec2::splat(16.0)).intersect(clip);
        if rect.is_positive() {
            let response = ui.interact(rect, ui.scope_id().with(("maker", maker)), Sense::CLICK);
            let name = format!("refresh that made token generation {}", generation.number);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
            if response.on_hover_text("Select the attempt that made this token").clicked() {
                commands.view(ViewCommand::SelectAttempt(maker));
            }
        }
    }
    let font = Theme::font(size::TIMELINE_TEXT);
    // The next generation begins with a diamond that reaches into this one.
    let room = shown.right() - left - if bar.right() < clip.right() { DIAMOND } else { 4.0 };
    let laid_out = words.into_iter().map(|words| painter.layout_no_wrap(words, font.clone(), theme.on_color));
    if let Some(galley) = laid_out.into_iter().find(|galley| galley.size().x <= room) {
        painter.galley(pos2(left, bar.center().y - galley.size().y / 2.0), galley, theme.on_color);
    }
    let response =
        ui.interact(shown, ui.scope_id().with(("generation", generation.number, generation.since)), Sense::CLICK);
    let rejected = generation.rejection.map(|why| format!(", rejected: {why}")).unwrap_or_default();
    let name = format!("token generation {}, {} {plural}{rejected}", generation.number, generation.n_uses);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let response = response.on_hover_text(&name);
    if let Some((user, _)) = generation.first_use
        && response.on_hover_text("Select the attempt that used this token first").clicked()
    {
        commands.view(ViewCommand::SelectAttempt(user));
    }
}

/// Paints the boxes of a lane, and beside or in each what it means. Words that would stand on another box, or on words
/// before them, are left out; the box keeps its name.
fn unsettled_ui(ui: &Ui, clip: Rect, all: &[Unsettled], theme: &Theme) {
    let mut painter = ui.painter_at(clip);
    let color = theme.tone(Tone::Refresh);
    let mut words_end = f32::NEG_INFINITY;
    let in_sight: Vec<(usize, &Unsettled)> =
        all.iter().enumerate().filter(|(_, unsettled)| unsettled.edges.intersects(clip)).collect();
    for (box_idx, Unsettled { number, edges, length, phase }) in in_sight.iter().copied() {
        painter.set_opacity(phase.strength(theme));
        let x = dashes_in_sight(edges.x_range(), clip.x_range(), 6.0);
        let drawn = Rect::from_x_y_ranges(x, edges.y_range());
        let corners =
            [drawn.left_top(), drawn.right_top(), drawn.right_bottom(), drawn.left_bottom(), drawn.left_top()];
        painter.extend(egui::Shape::dashed_line(&corners, Stroke::new(1.0, color), 3.0, 3.0));
        let words = format!("not yet accepted everywhere ({length})");
        let seen = edges.intersect(clip);
        if seen.is_positive() {
            let response = ui.interact(seen, ui.scope_id().with(("unsettled", number, box_idx)), Sense::hover());
            let name = format!("token generation {number} {words}");
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
            response.on_hover_text(name);
        }
        let galley = painter.layout_no_wrap(words, Theme::font(size::TIMELINE_TEXT), theme.weak);
        let inside = galley.size().x + 8.0 < edges.width();
        let left = if inside { edges.left().max(clip.left()) + 5.0 } else { edges.right() + 6.0 };
        let right = left + galley.size().x;
        let mut others = in_sight.iter().filter(|(idx, _)| *idx != box_idx).map(|(_, other)| other.edges);
        let is_free = left >= words_end
            && right <= clip.right()
            && others.all(|other| right < other.left() || left > other.right());
        if is_free {
            words_end = right + 6.0;
            painter.galley(pos2(left, edges.center().y - galley.size().y / 2.0), galley, theme.weak);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::time::Timestamp;
    use crate::store::activity::Span;
    use crate::store::demo::at;
    use crate::ui::time_axis::Folds;

    const PLOT: Rangef = Rangef { min: 200.0, max: 1_200.0 };

    fn span(start: i64, end: i64) -> Span {
        Span { start: at(start), end: at(end) }
    }

    fn axis(folds: &Folds, start: i64, end: i64) -> TimeAxis<'_> {
        TimeAxis::new(folds, span(start, end), PLOT.min, PLOT.max)
    }

    /// Generations at odd distances, now and then far apart.
    fn lane(n_generations: i64) -> TokenLane {
        TokenLane::beginning_at((0..n_generations).map(|n| at(n * 1_000 + (n * n * 37) % 900 + (n / 25) * 9_000)))
    }

    #[test]
    fn a_lane_of_very_many_generations_costs_as_much_as_there_are_points() {
        let lane = lane(100_000);
        let folds = Folds::default();
        for end in [140_000_000, 14_000_000, 1_400_000, 140_000, 14_000, 140] {
            let axis = axis(&folds, end / 3, end / 3 + end);
            let shown = stretches(&lane, &axis, axis.x_of(at(0)), PLOT);
            assert!(shown.len() <= 84 + N_BEFORE + N_LOOKED_BACK, "{end}: {}", shown.len());
            assert!(shown.iter().all(|stretch| stretch.x.span() >= LEAST_WIDTH || stretch.x.max >= PLOT.max), "{end}");
            let joins = shown.windows(2).all(|pair| {
                let [before, after] = pair else { return true };
                after.oldest_hidden.unwrap_or(after.generation.number) == before.generation.number + 1
                    && after.x.min <= before.x.max
            });
            assert!(joins, "none is left out at {end}");
            assert!(shown.last().is_some_and(|last| last.x.max >= PLOT.max), "{end}");
        }
    }

    #[test]
    fn panning_does_not_join_generations_in_another_way() {
        let (lane, folds) = (lane(2_000), Folds::default());
        let joined = |start: i64| {
            let axis = axis(&folds, start, start + 200_000);
            let shown = stretches(&lane, &axis, axis.x_of(at(0)), PLOT);
            let whole = shown.into_iter().filter(|stretch| stretch.x.max > 300.0 && stretch.x.max < 1_100.0);
            whole.map(|stretch| (stretch.oldest_hidden, stretch.generation.number)).collect::<Vec<_>>()
        };
        for start in (500_000..600_000).step_by(700) {
            let (here, aside) = (joined(start), joined(start + 2_000));
            let known: Vec<_> = aside.iter().filter(|join| here.contains(join)).collect();
            assert!(known.len() + 2 >= aside.len().min(here.len()), "{start}: {here:?} {aside:?}");
        }
    }

    #[test]
    fn zooming_in_between_two_generations_shows_the_one_in_force() {
        let (lane, folds) = (lane(2_000), Folds::default());
        let second: Timestamp = lane.generations()[1_000].since;
        let axis = TimeAxis::new(
            &folds,
            Span {
                start: second.saturating_add(std::time::Duration::from_millis(50)),
                end: second.saturating_add(std::time::Duration::from_millis(51)),
            },
            PLOT.min,
            PLOT.max,
        );
        let shown = stretches(&lane, &axis, axis.x_of(at(0)), PLOT);
        let in_view: Vec<_> = shown.iter().filter(|stretch| stretch.x.max > PLOT.min).collect();
        assert_eq!(in_view.len(), 1);
        assert_eq!((in_view[0].oldest_hidden, in_view[0].generation.number), (None, 1_001));
    }
}
