//! The chooser of how a value comes about.
use egui::{ComboBox, Ui, WidgetInfo};
use serde_json::Value;

use super::cell::{CHOOSER, Cell, Form, Place};
use super::edit::Edit;
use super::shape::{Kind, Shape};

impl Form<'_> {
    /// Shows the chooser of a value.
    pub(super) fn kind_ui(&mut self, ui: &mut Ui, cell: &Cell<'_>, shape: &Shape, default: Option<&Value>) {
        let kind = shape.kind();
        let combo = ComboBox::from_id_salt(("kind", &cell.name)).selected_text(kind.word()).width(CHOOSER).truncate();
        let shown = combo.show_ui(ui, |ui| {
            let offered = Kind::offered(&cell.field)
                .filter(|offered| *offered != Kind::Nothing || !matches!(cell.place, Place::Item { .. }));
            for offered in offered {
                let entry = ui.selectable_label(offered == kind, offered.word());
                let entry =
                    if offered.description().is_empty() { entry } else { entry.on_hover_text(offered.description()) };
                if entry.clicked() && offered != kind {
                    let opened = default.filter(|default| offered == Kind::Members && default.is_object());
                    let turned = opened.cloned().or_else(|| shape.turned_into(offered, &cell.field, cell.value));
                    let way = cell.way.clone();
                    self.edit = Some(turned.map_or(Edit::Remove(way.clone()), |turned| Edit::Set(way, turned)));
                }
            }
            if ui.selectable_label(kind == Kind::Other, "JSON …").clicked() {
                self.edit = Some(Edit::AsJson(cell.way.clone()));
            }
        });
        let name = format!("{} comes from", cell.name);
        shown.response.widget_info(|| {
            let info = WidgetInfo::labeled(egui::Role::ComboBox, true, &name);
            WidgetInfo { current_text_value: Some(kind.word().to_owned()), ..info }
        });
    }
}
