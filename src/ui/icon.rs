//! Small drawings that no font needs to have: what became of an attempt, and what a button does.
use std::f32::consts::TAU;

use egui::{Align2, Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};

use super::theme::{Theme, Tone, size};
use crate::store::Fate;
use crate::store::facets::Highlight;

/// A drawing. All are drawn into a square and need 12 points or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Delivered.
    Check,
    /// Tried again.
    Retry,
    /// Given up.
    Cross,
    /// A new token.
    Diamond,
    /// Two of the same.
    Twice,
    /// Not ended yet, or nothing to do.
    Dots,
    /// Never meant for the destination.
    Dash,
    /// Seen before, and not acted on again.
    Equal,
    /// Nobody can tell.
    Question,
    /// Something to look into.
    Exclamation,
    /// A token that was asked for in vain.
    HollowDiamond,
    /// A thing of a list.
    Dot,
    /// Sorted, or pointing up.
    Ascending,
    /// Sorted the other way, or open.
    Descending,
    /// To the one before.
    Previous,
    /// To the next one.
    Next,
    /// To the one above.
    Up,
    /// To the one below.
    Down,
    /// Search.
    Find,
    /// Break long lines.
    Wrap,
    /// Take a copy.
    Copy,
    /// Close.
    Close,
    /// Stands still.
    Pause,
}

impl From<Tone> for Icon {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Delivered => Self::Check,
            Tone::Retry => Self::Retry,
            Tone::Dropped => Self::Cross,
            Tone::Refresh => Self::Diamond,
            Tone::Twice => Self::Twice,
            Tone::Pending => Self::Dots,
        }
    }
}

impl From<Fate> for Icon {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Filtered => Self::Dash,
            _ => Tone::from(fate).into(),
        }
    }
}

impl From<Highlight> for Icon {
    fn from(highlight: Highlight) -> Self {
        match highlight {
            Highlight::TokenRefresh => Self::Diamond,
            Highlight::DeliveredTwice => Self::Twice,
            Highlight::Suppressed => Self::Equal,
            Highlight::Ambiguous => Self::Question,
            Highlight::Finding => Self::Exclamation,
        }
    }
}

impl Icon {
    /// Draws it so wide around a point.
    pub fn paint_at(self, painter: &Painter, center: Pos2, side: f32, color: Color32) {
        self.paint(painter, Rect::from_center_size(center, vec2(side, side)), color);
    }

    /// Draws it in the middle of a rectangle.
    pub fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        let side = rect.width().min(rect.height());
        let at = |x: f32, y: f32| rect.center() + vec2(x, y) * side;
        let stroke = Stroke::new((side / 8.0).max(1.3), color);
        let line = |points: Vec<Pos2>| painter.add(Shape::line(points, stroke));
        let filled = |points: Vec<Pos2>| painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
        match self {
            Self::Check => {
                line(vec![at(-0.32, 0.02), at(-0.08, 0.26), at(0.34, -0.24)]);
            }
            Self::Cross | Self::Close => {
                let reach = if self == Self::Cross { 0.28 } else { 0.22 };
                line(vec![at(-reach, -reach), at(reach, reach)]);
                line(vec![at(-reach, reach), at(reach, -reach)]);
            }
            Self::Retry => {
                let on_circle = |turn: f32| at(0.32 * (turn * TAU).sin(), -0.32 * (turn * TAU).cos());
                line((0_u8..=18).map(|step| on_circle(0.17 + f32::from(step) / 18.0 * 0.75)).collect());
                let (tip, back) = (on_circle(0.0), on_circle(0.93));
                let across = vec2(0.0, 0.17 * side);
                filled(vec![tip + vec2(0.12 * side, 0.0), back - across, back + across]);
            }
            Self::Diamond => {
                filled(vec![at(0.0, -0.42), at(0.42, 0.0), at(0.0, 0.42), at(-0.42, 0.0)]);
            }
            Self::Twice | Self::Question | Self::Exclamation => {
                let text = match self {
                    Self::Twice => "2×",
                    Self::Question => "?",
                    _ => "!",
                };
                let font = Theme::semibold(side * 0.8);
                painter.text(rect.center(), Align2::CENTER_CENTER, text, font, color);
            }
            Self::HollowDiamond => {
                let corners = vec![at(0.0, -0.4), at(0.4, 0.0), at(0.0, 0.4), at(-0.4, 0.0)];
                painter.add(Shape::closed_line(corners, stroke));
            }
            Self::Equal => {
                line(vec![at(-0.26, -0.14), at(0.26, -0.14)]);
                line(vec![at(-0.26, 0.14), at(0.26, 0.14)]);
            }
            Self::Dot => {
                painter.circle_filled(rect.center(), 0.13 * side, color);
            }
            Self::Ascending => {
                filled(vec![at(0.0, -0.22), at(0.3, 0.18), at(-0.3, 0.18)]);
            }
            Self::Descending => {
                filled(vec![at(-0.3, -0.18), at(0.3, -0.18), at(0.0, 0.22)]);
            }
            Self::Dots => {
                for x in [-0.3, 0.0, 0.3] {
                    painter.circle_filled(at(x, 0.0), 0.09 * side, color);
                }
            }
            Self::Dash => {
                line(vec![at(-0.3, 0.0), at(0.3, 0.0)]);
            }
            Self::Previous => {
                filled(vec![at(0.2, -0.34), at(0.2, 0.34), at(-0.3, 0.0)]);
            }
            Self::Next => {
                filled(vec![at(-0.2, -0.34), at(0.3, 0.0), at(-0.2, 0.34)]);
            }
            Self::Pause => {
                for x in [-0.18, 0.18] {
                    painter.rect_filled(Rect::from_center_size(at(x, 0.0), vec2(0.2, 0.68) * side), 1, color);
                }
            }
            Self::Up => {
                line(vec![at(-0.26, 0.13), at(0.0, -0.13), at(0.26, 0.13)]);
            }
            Self::Down => {
                line(vec![at(-0.26, -0.13), at(0.0, 0.13), at(0.26, -0.13)]);
            }
            Self::Find => {
                painter.circle_stroke(at(-0.08, -0.08), 0.24 * side, stroke);
                line(vec![at(0.1, 0.1), at(0.36, 0.36)]);
            }
            Self::Wrap => {
                line(vec![
                    at(-0.36, -0.26),
                    at(0.3, -0.26),
                    at(0.36, -0.14),
                    at(0.36, 0.1),
                    at(0.26, 0.2),
                    at(0.0, 0.2),
                ]);
                line(vec![at(-0.36, 0.2), at(-0.24, 0.2)]);
                filled(vec![at(0.08, 0.04), at(0.08, 0.36), at(-0.14, 0.2)]);
            }
            Self::Copy => {
                let sheet = |center: Pos2| Rect::from_center_size(center, vec2(0.44, 0.52) * side);
                let outline = Stroke::new((side / 11.0).max(1.0), color);
                line(vec![at(-0.12, 0.18), at(-0.34, 0.18), at(-0.34, -0.36), at(0.12, -0.36), at(0.12, -0.2)]);
                painter.rect_stroke(sheet(at(0.12, 0.1)), 1, outline, egui::StrokeKind::Middle);
            }
        }
    }
}

/// A button that shows only a drawing; its name is its tooltip and its accessible name.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str, theme: &Theme) -> Response {
    icon_toggle(ui, icon, name, None, theme)
}

/// A button that shows only a drawing and may be switched on.
pub fn icon_toggle(ui: &mut Ui, icon: Icon, name: &str, is_on: Option<bool>, theme: &Theme) -> Response {
    let side = 6.0 * size::STEP;
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo { selected: is_on, ..WidgetInfo::labeled(Role::Button, enabled, name) });
    let is_hot = response.hovered() || response.has_focus();
    if is_hot {
        ui.painter().rect_filled(rect, size::CONTROL_RADIUS, theme.selection);
    } else if is_on == Some(true) {
        ui.painter().rect_filled(rect, size::CONTROL_RADIUS, theme.raised);
    }
    let color = match (enabled, is_hot, is_on) {
        (false, _, _) => theme.hairline,
        (true, _, Some(true)) => theme.accent,
        (true, true, _) => theme.text,
        (true, false, _) => theme.weak,
    };
    let square = Rect::from_center_size(rect.center(), vec2(12.0, 12.0));
    icon.paint(ui.painter(), square, color);
    response.on_hover_text(name)
}

/// Draws an icon at the cursor, in a square of its own.
pub fn icon_ui(ui: &mut Ui, icon: Icon, side: f32, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    icon.paint(ui.painter(), rect, color);
}
