//! The ring around what has the keyboard's focus: one for every widget, ours and egui's, so that none can lack it.
use egui::accesskit::{Action, ActionRequest, TreeId};
use egui::{Context, CornerRadius, Event, Id, Key, LayerId, Rect, Stroke, StrokeKind};

use super::theme::{Theme, size};

/// Width of the ring, and from the widget to it, in points.
const RING: f32 = 2.0;
const GAP: f32 = 1.0;
/// What shows less of itself than this share is brought into sight.
const LEAST_SEEN: f32 = 0.6;

/// Follows the focus.
#[derive(Debug, Default)]
pub struct FocusRing {
    /// What had the focus in the last frame.
    had: Option<Id>,
    /// What is to be scrolled into sight with the next frame.
    hidden: Option<Id>,
    /// What was left with Escape: Tab goes on from there, not from the first widget of all. It leads out of editors in which
    /// Tab is a letter.
    left: Option<Id>,
}

impl FocusRing {
    /// Scrolls to what has got the focus out of sight, and goes back to what was left. Call it before anything is drawn.
    pub fn begin(&mut self, ctx: &Context) {
        if ctx.memory(egui::Memory::focused).is_none()
            && ctx.input(|input| input.key_pressed(Key::Tab))
            && let Some(left) = self.left.take().and_then(|left| ctx.read_response(left))
            && ctx.memory(|memory| memory.allows_interaction(left.layer_id))
        {
            ctx.memory_mut(|memory| memory.request_focus(left.id));
        }
        if let Some(id) = self.hidden.take() {
            let request = ActionRequest {
                action: Action::ScrollIntoView,
                target_tree: TreeId::ROOT,
                target_node: id.accesskit_id(),
                data: None,
            };
            ctx.input_mut(|input| input.events.push(Event::AccessKitActionRequest(request)));
        }
    }

    /// Paints the ring. Call it when everything is drawn.
    pub fn show(&mut self, ctx: &Context, theme: &Theme) {
        let focused = ctx.memory(egui::Memory::focused);
        let had = std::mem::replace(&mut self.had, focused);
        let has_moved = had != focused;
        self.left = if focused.is_some() { None } else { had.or(self.left) };
        let Some(widget) = focused.and_then(|id| ctx.read_response(id)) else { return };
        let seen = widget.interact_rect;
        if has_moved && (!seen.is_positive() || seen.area() < LEAST_SEEN * widget.rect.area()) {
            self.hidden = focused;
            ctx.request_repaint();
        }
        if seen.is_positive() {
            ring(ctx, widget.layer_id, seen, theme);
        }
    }
}

/// A line in the colour of the ground sets the ring off from what is filled with the ring's own colour.
fn ring(ctx: &Context, layer: LayerId, widget: Rect, theme: &Theme) {
    let outer = widget.expand(GAP + RING).intersect(ctx.content_rect());
    let painter = ctx.layer_painter(layer);
    let corners = CornerRadius::same(size::CONTROL_RADIUS);
    painter.rect_stroke(outer.shrink(RING), corners, Stroke::new(GAP, theme.panel), StrokeKind::Inside);
    painter.rect_stroke(outer, corners, Stroke::new(RING, theme.accent), StrokeKind::Inside);
}
