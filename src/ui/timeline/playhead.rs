//! The two instants that the timeline can mark: where a run stands, and the one that people look at. The latter is dragged
//! along the ruler; what comes after it is drawn faint.
use egui::{
    Align2, Color32, CursorIcon, FontId, Rangef, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use super::areas::Areas;
use super::measure::is_measuring;
use super::rows::VisibleRows;
use super::scene::Scene;
use crate::core::time::Timestamp;
use crate::ui::stamps;
use crate::ui::theme::{Theme, ThemeKind, size};

/// An instant this near to where an attempt begins or ends is meant to be there.
const SNAP: f32 = 5.0;
/// Height of a mark on the ruler.
const CHIP: f32 = 18.0;

/// What has become of an attempt by the instant that people look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It has ended, or nobody looks at an instant.
    Past,
    /// It has begun.
    UnderWay,
    /// It has not begun.
    Ahead,
}

impl Phase {
    /// Of what lasts from one instant to another, seen from `at`.
    pub(super) fn at(at: Option<Timestamp>, start: Timestamp, end: Timestamp) -> Self {
        match at {
            Some(at) if at < start => Self::Ahead,
            Some(at) if at < end => Self::UnderWay,
            _ => Self::Past,
        }
    }

    /// How strongly it is drawn. In high contrast nothing is faint: there bars are outlines.
    pub(super) const fn strength(self, theme: &Theme) -> f32 {
        match (self, theme.kind) {
            (Self::Past | Self::UnderWay, _) => 1.0,
            (Self::Ahead, ThemeKind::HighContrast) => 0.7,
            (Self::Ahead, _) => 0.22,
        }
    }

    /// Whether bars are drawn as outlines, since they must not be faint.
    pub(super) fn is_outlined(self, theme: &Theme) -> bool {
        self == Self::Ahead && theme.kind == ThemeKind::HighContrast
    }

    /// What its name says of it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Past => "",
            Self::UnderWay => ", under way at the playhead",
            Self::Ahead => ", after the playhead",
        }
    }
}

/// Reads the pointer on the ruler; below everything else there.
pub(super) fn ruler_response(ui: &Ui, areas: &Areas) -> Response {
    let ruler = Rect::from_x_y_ranges(areas.plot, areas.ruler.y_range());
    let response = ui.interact(ruler, ui.scope_id().with("scrub"), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, "Playhead: click or drag to look at an instant"));
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    response
}

/// Where the pointer puts the instant in this frame, if it does.
pub(super) fn dragged(ui: &Ui, ruler: &Response, scene: &Scene<'_>, visible: &VisibleRows) -> Option<Timestamp> {
    let pointer = ruler.interact_pointer_pos().filter(|_| ruler.dragged() || ruler.clicked())?;
    (!is_measuring(ui)).then(|| snapped(scene, visible, pointer.x))
}

/// The instant at `x`, or a start or an end of an attempt in view, if one is near.
fn snapped(scene: &Scene<'_>, visible: &VisibleRows, x: f32) -> Timestamp {
    let axis = scene.axis;
    let x = x.clamp(scene.areas.plot.min, scene.areas.plot.max);
    let bars = visible.rows.iter().flat_map(|row| &row.lane.bars);
    let edges = bars.flat_map(|bar| [bar.row.started_at, bar.row.ended_at]);
    let distance = |at: &Timestamp| (axis.x_of(*at) - x).abs();
    let nearest = edges.min_by(|left, right| distance(left).total_cmp(&distance(right)));
    nearest.filter(|at| distance(at) <= SNAP).unwrap_or_else(|| axis.time_at(x))
}

/// What people did with the mark of the instant that they look at.
pub(super) enum Moved {
    To(Timestamp),
    Away,
}

/// The lines of both, behind everything that has words.
pub(super) fn lines(ui: &Ui, scene: &Scene<'_>) {
    let (timeline, theme) = (&scene.view.timeline, scene.theme);
    let painter = scene.plot_painter(ui, scene.areas.whole.y_range());
    for (at, color) in [(timeline.now(), theme.text), (timeline.playhead(), theme.accent)] {
        let Some(at) = at else { continue };
        let y = Rangef::new(scene.areas.ruler.bottom(), scene.areas.grid().max);
        painter.vline(scene.axis.x_of(at), y, Stroke::new(1.4, color));
    }
}

/// The mark of where the run stands.
pub(super) fn now_ui(ui: &Ui, scene: &Scene<'_>) {
    let Some(now) = scene.view.timeline.now() else { return };
    let theme = scene.theme;
    let words = now_words(scene, now);
    let x = scene.axis.x_of(now);
    let Some(chip) = chip(ui, scene, x, &words, (theme.text, theme.panel)) else { return };
    let response = ui.interact(chip, ui.scope_id().with("now"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    response.on_hover_text("The virtual time: the run stands here");
}

/// The mark of the instant that people look at. It can be dragged.
pub(super) fn playhead_ui(ui: &Ui, scene: &Scene<'_>, visible: &VisibleRows) -> Option<Moved> {
    let at = scene.view.timeline.playhead()?;
    let theme = scene.theme;
    let instant = playhead_words(scene, at);
    let x = scene.axis.x_of(at);
    let chip = chip(ui, scene, x, &instant, (theme.accent, theme.on_color))?;
    let response = ui.interact(chip, ui.scope_id().with("playhead"), Sense::CLICK | Sense::DRAG);
    let name = format!("playhead at {instant}");
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, &name));
    let moved =
        if response.clicked() { Some(Moved::Away) } else { dragged(ui, &response, scene, visible).map(Moved::To) };
    let response = response.on_hover_cursor(CursorIcon::ResizeHorizontal);
    response.on_hover_text("Drag to look at another instant, comma and point go from event to event. Click to close.");
    moved
}

/// Where on the ruler the marks of both stand; nothing else can be read there.
pub(super) fn chips(ui: &Ui, scene: &Scene<'_>) -> Vec<Rangef> {
    let timeline = &scene.view.timeline;
    let now = timeline.now().map(|now| (now, now_words(scene, now)));
    let playhead = timeline.playhead().map(|at| (at, playhead_words(scene, at)));
    let chips = [now, playhead].into_iter().flatten();
    chips.filter_map(|(at, words)| Some(place(ui, scene, scene.axis.x_of(at), &words)?.x_range())).collect()
}

fn now_words(scene: &Scene<'_>, now: Timestamp) -> String {
    format!("now {}", playhead_words(scene, now))
}

fn playhead_words(scene: &Scene<'_>, at: Timestamp) -> String {
    stamps::instant(scene.view.times, at, scene.origin())
}

fn chip_font() -> FontId {
    Theme::semibold(size::TIMELINE_TEXT)
}

/// As near to `x` as there is room for a mark; none where that is out of view.
fn place(ui: &Ui, scene: &Scene<'_>, x: f32, words: &str) -> Option<Rect> {
    let areas = scene.areas;
    if !areas.plot.expand(1.0).contains(x) {
        return None;
    }
    let width = ui.painter().layout_no_wrap(words.to_owned(), chip_font(), scene.theme.text).size().x;
    let reach = width / 2.0 + 6.0;
    let middle = x.clamp(areas.plot.min + reach, (areas.plot.max - reach).max(areas.plot.min + reach));
    Some(Rect::from_center_size(pos2(middle, areas.ruler.center().y), vec2(2.0 * reach, CHIP)))
}

fn chip(ui: &Ui, scene: &Scene<'_>, x: f32, words: &str, (fill, ink): (Color32, Color32)) -> Option<Rect> {
    let chip = place(ui, scene, x, words)?;
    ui.painter().rect(chip, size::BAR_RADIUS, fill, Stroke::NONE, StrokeKind::Inside);
    ui.painter().text(chip.center(), Align2::CENTER_CENTER, words, chip_font(), ink);
    Some(chip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Tone, contrast};

    #[test]
    fn an_attempt_is_ahead_then_under_way_then_past() {
        let at = Timestamp::from_millis;
        for (instant, phase) in
            [(9, Phase::Ahead), (10, Phase::UnderWay), (19, Phase::UnderWay), (20, Phase::Past), (21, Phase::Past)]
        {
            assert_eq!(Phase::at(Some(at(instant)), at(10), at(20)), phase, "at {instant}");
        }
        assert_eq!(Phase::at(None, at(10), at(20)), Phase::Past);
        assert_eq!(Phase::at(Some(at(10)), at(10), at(10)), Phase::Past, "what takes no time is over at once");
    }

    #[test]
    fn what_is_to_come_can_be_read_in_high_contrast() {
        let theme = Theme::of(ThemeKind::HighContrast);
        for ink in Tone::ALL.map(|tone| theme.tone(tone)).into_iter().chain([theme.text, theme.weak]) {
            let shown = ink.gamma_multiply(Phase::Ahead.strength(theme));
            // On black, light is what is left of the ink.
            let ratio = contrast(shown.to_opaque(), theme.panel);
            assert!(ratio >= 4.5, "{ink:?} has {ratio:.2}");
        }
        assert!(Phase::Ahead.is_outlined(theme) && !Phase::Past.is_outlined(theme));
        assert!(!Phase::Ahead.is_outlined(Theme::of(ThemeKind::Dark)), "there it is faint");
    }
}
