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
use crate::ui::view_state::ViewCommand;

/// A generation that was in force for less than this is named with the one after it.
const LEAST_WIDTH: f32 = 12.0;

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
    let mut generations = lane.generations().peekable();
    let mut left = axis.x_of(scene.origin());
    let (mut oldest_hidden, mut unsettled) = (None, Vec::new());
    while let Some(generation) = generations.next() {
        let right = generations.peek().map_or(areas.plot.max, |next| axis.x_of(next.since)).max(left);
        if generations.peek().is_some() && right - left < LEAST_WIDTH {
            oldest_hidden = oldest_hidden.or(Some(generation.number));
            continue;
        }
        let bar = Rect::from_x_y_ranges(left..=right, y.min + 7.0..=y.min + 7.0 + size::BAR);
        if bar.right() > clip.left() && bar.left() < clip.right() {
            let phase = scene.phase_of(generation.since);
            generation_ui(ui, (clip, phase), (generation, oldest_hidden), bar, theme, commands);
        }
        if let Some(until) = generation.unsettled_until.filter(|until| *until > generation.since) {
            let box_y = Rangef::new(bar.bottom() + 4.0, bar.bottom() + 18.0);
            let edges = Rect::from_x_y_ranges(axis.x_of(generation.since)..=axis.x_of(until), box_y);
            let length = stamps::duration(until.since(generation.since));
            let phase = scene.phase_of(generation.since);
            unsettled.push(Unsettled { number: generation.number, edges, length, phase });
        }
        (left, oldest_hidden) = (right, None);
    }
    unsettled_ui(ui, clip, &unsettled, theme);
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
    painter.set_opacity(phase.strength());
    let color = theme.fill(Tone::Refresh);
    let shown = bar.intersect(clip);
    let plural = if generation.n_uses == 1 { "use" } else { "uses" };
    let before = oldest_hidden.map_or(String::new(), |oldest| format!("{oldest} → "));
    let words = format!("gen {before}{} · {} {plural}", generation.number, thousands(generation.n_uses as usize));
    painter.rect_filled(bar, CornerRadius::same(size::BAR_RADIUS), color);
    painter.vline(bar.left(), bar.y_range(), Stroke::new(2.0, theme.panel));
    let mut left = shown.left() + 6.0;
    if let Some(maker) = generation.made_by {
        let center = pos2(bar.left(), bar.center().y);
        Icon::Diamond.paint_at(&painter, center, 21.0, theme.panel);
        Icon::Diamond.paint_at(&painter, center, 15.0, color);
        left = left.max(bar.left() + 14.0);
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
    let galley = elided(&painter, &words, font, theme.on_color, shown.right() - left - 4.0);
    if !galley.elided || galley.size().x > 20.0 {
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
        painter.set_opacity(phase.strength());
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
