//! Where a panel that is being dragged would go: painted, and said in words.
use egui::{Align2, Id, Rect, Role, Sense, Ui, WidgetInfo};

use super::tree::Dock;
use crate::ui::layout::Part;
use crate::ui::theme::{Theme, size};

/// The room that a drop would take, and what it would take it from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    pub(super) parent: Option<Rect>,
    pub(super) room: Rect,
}

/// Says where a drop would put the panel, in the middle of that place.
pub(super) fn target_ui(ui: &Ui, dock: &Dock, target: Target, theme: &Theme) {
    let words = words(dock, target);
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, Id::unique("drop target")));
    let galley = painter.layout_no_wrap(words.clone(), Theme::semibold(size::TEXT), theme.text);
    let chip = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), target.room).expand(6.0);
    painter.rect(chip, size::CONTROL_RADIUS, theme.panel, theme.line(), egui::StrokeKind::Inside);
    painter.galley(chip.min + egui::vec2(6.0, 6.0), galley, theme.text);
    let response = ui.interact(target.room, Id::unique("drop target"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &words));
}

/// A room that is no thicker lies between two panels.
const THIN: f32 = 24.0;

fn words(dock: &Dock, Target { parent, room }: Target) -> String {
    let Some(parent) = parent else { return "drop here".to_owned() };
    let in_sight = || {
        let rect = |part: Part| Some((part, dock.tree.tiles.rect(Dock::tile_of(part))?));
        Part::DOCKED.into_iter().filter_map(rect).filter(move |(_, rect)| parent.expand(1.0).contains_rect(*rect))
    };
    let all = names(in_sight());
    let (way, from) = (room.center() - parent.center(), parent.size());
    let is_row = room.width() < 0.8 * from.x;
    let is_most = !is_row && room.height() > 0.7 * from.y;
    let is_over_heads = is_row && room.height() <= size::PANEL_HEAD + 2.0;
    if is_most || is_over_heads {
        return format!("as a tab beside {all}");
    }
    if room.width().min(room.height()) < THIN {
        let near = |edge: f32, middle: f32| (edge - middle).abs() < THIN + size::PANEL_HEAD;
        let middle = room.center();
        let before =
            names(in_sight().filter(
                |(_, rect)| {
                    if is_row { near(rect.right(), middle.x) } else { near(rect.bottom(), middle.y) }
                },
            ));
        let after =
            names(in_sight().filter(
                |(_, rect)| {
                    if is_row { near(rect.left(), middle.x) } else { near(rect.top(), middle.y) }
                },
            ));
        if !before.is_empty() && !after.is_empty() {
            return format!("between {before} and {after}");
        }
    }
    match (is_row, way.x < 0.0, way.y < 0.0) {
        (true, true, _) => format!("left of {all}"),
        (true, false, _) => format!("right of {all}"),
        (false, _, true) => format!("above {all}"),
        (false, _, false) => format!("below {all}"),
    }
}

fn names(panels: impl Iterator<Item = (Part, Rect)>) -> String {
    panels.map(|(part, _)| part.to_string()).collect::<Vec<_>>().join(" and ")
}
