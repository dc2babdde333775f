//! The event that the attempt carried, as it arrived; of a batch the one of the chosen item.
use egui::{RichText, Ui};

use super::exchange_view::hidden_ui;
use super::section;
use super::state::{BodyKey, BodyPart, Detail, InspectorView, address};
use crate::core::names::AttemptId;
use crate::core::record::{Attempt, EventRecord};
use crate::store::label::thousands;
use crate::ui::body_view::Document;
use crate::ui::command::{Command, Commands};
use crate::ui::icon::{Icon, icon_button};
use crate::ui::inspector::context::InspectorContext;
use crate::ui::theme::{Theme, size};
use crate::ui::visible;

/// The payload takes at most so much of the panel.
const MAX_HEIGHT: f32 = 70.0 * size::STEP;

pub(super) fn event_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
    commands: &mut Commands,
) {
    let event_idx = match view.detail(attempt) {
        Detail::Item(item_idx) => item_idx,
        Detail::Exchange(_) => 0,
    };
    let Some(id) = attempt.events.get(event_idx) else { return };
    let carried = Carried { owner: &attempt.id, event_idx, n_events: attempt.events.len() };
    if let Some(event) = (context.event)(id) {
        carried_ui(ui, carried, &event, context, view, theme, commands);
    } else {
        section::heading_ui(ui, &carried.title(), theme, |_| ());
        let text = format!("The session has no record of event {id}.");
        ui.label(section::text(&text).color(theme.weak));
    }
}

/// Which event of those that something carries.
#[derive(Clone, Copy)]
pub(super) struct Carried<'a> {
    /// What carries it.
    pub(super) owner: &'a AttemptId,
    pub(super) event_idx: usize,
    pub(super) n_events: usize,
}

impl Carried<'_> {
    fn title(self) -> String {
        match self.n_events {
            0 | 1 => "Event".to_owned(),
            n_events => format!("Event {} of {}", thousands(self.event_idx + 1), thousands(n_events)),
        }
    }
}

/// An event that is known.
pub(super) fn carried_ui(
    ui: &mut Ui,
    carried: Carried<'_>,
    event: &EventRecord,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
    commands: &mut Commands,
) {
    let key = BodyKey {
        attempt: carried.owner.clone(),
        part: BodyPart::Event(carried.event_idx),
        address: address(event),
        revealed: context.mask.revealed,
    };
    view.event_body.take(key, || Document::of_json(&event.payload, &context.mask));
    section::heading_ui(ui, &carried.title(), theme, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        if ui.button("Compose").on_hover_text("Put this event into the composer").clicked() {
            commands.push(Command::Compose(format!("{:#}", event.payload)));
        }
        ui.add_space(size::STEP);
        if icon_button(ui, Icon::Copy, "Copy event", theme).clicked() {
            commands.push(Command::Copy(view.event_body.copied(), "Event"));
        }
        view.event_body.buttons_ui(ui, theme);
    });
    let about = format!("{} · received {}", name(event), context.instant(event.received_at));
    ui.add(egui::Label::new(RichText::new(visible::label(&about)).size(size::TABLE_TEXT).color(theme.weak)).truncate());
    view.event_body.body_ui(ui, "Event payload", MAX_HEIGHT, &[], theme);
    hidden_ui(ui, view.event_body.document().n_hidden, theme, commands);
}

/// What kind of event it is, as people call it: `track Audience Entered`.
fn name(event: &EventRecord) -> String {
    let text = |key: &str| event.payload.get(key).and_then(serde_json::Value::as_str);
    let parts = [text("type"), text("event").or_else(|| text("name")), event.message_id.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
