//! The two faces of a part of a plan: rows to fill in, or its text.
use egui::Ui;

use crate::ui::segmented::segmented_ui;
use crate::ui::theme::Theme;

/// How a part of a plan is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Face {
    /// Rows.
    #[default]
    Form,
    /// Text.
    Json,
}

/// The switch.
pub(super) fn face_ui(ui: &mut Ui, face: &mut Face, theme: &Theme) {
    segmented_ui(ui, &[(Face::Form, "Form"), (Face::Json, "JSON")], face, theme);
}
