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

fn words(dock: &Dock, Target { parent, room }: Target) -> String {
    let names = |within: Rect| -> Vec<String> {
        let inside = |part: &Part| {
            let rect = dock.tree.tiles.rect(Dock::tile_of(*part));
            rect.is_some_and(|rect| within.expand(1.0).contains_rect(rect))
        };
        Part::DOCKED.into_iter().filter(inside).map(|part| part.to_string()).collect()
    };
    let Some(parent) = parent else { return "drop here".to_owned() };
    let names = names(parent).join(" and ");
    let (way, from) = (room.center() - parent.center(), parent.size());
    let is_most = room.width() > 0.8 * from.x && room.height() > 0.7 * from.y;
    let is_head = room.height() <= size::PANEL_HEAD + 2.0;
    match () {
        () if is_most || is_head => format!("as a tab beside {names}"),
        () if room.width() < 0.8 * from.x && way.x < 0.0 => format!("left of {names}"),
        () if room.width() < 0.8 * from.x => format!("right of {names}"),
        () if way.y < 0.0 => format!("above {names}"),
        () => format!("below {names}"),
    }
}
