//! Events that nothing was done with yet, as they were captured or opened: one row an event, to be taken into the
//! composer.
use egui::{Align, Button, Layout, RichText, ScrollArea, Ui, vec2};
use serde_json::Value;

use super::command::{Command, Commands};
use super::stamps;
use super::theme::{Theme, size};
use super::view_state::ViewState;
use crate::core::record::EventRecord;
use crate::store::label::{event_name, thousands};
use crate::store::{EventIdx, Session};

/// Shows the events of a session, newest first; only the rows in view are laid out.
pub fn event_list_ui(ui: &mut Ui, session: &Session, view: &ViewState, theme: &Theme, commands: &mut Commands) {
    let n_events = session.n_events();
    ui.horizontal(|ui| {
        let words = if n_events == 1 { "1 event".to_owned() } else { format!("{} events", thousands(n_events)) };
        ui.label(RichText::new(words).font(Theme::semibold(size::TEXT)));
        if session.attempts().is_empty() {
            ui.label(RichText::new("not fired yet").color(theme.weak));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("Compose all").on_hover_text("Takes all events into the composer").clicked() {
                let payloads = (0..n_events).map(|event| session.event(EventIdx::new(event)).payload.clone()).collect();
                commands.push(Command::Compose(format!("{:#}", Value::Array(payloads))));
            }
        });
    });
    ui.separator();
    let origin = session.header().created_at;
    ScrollArea::vertical().id_salt("events").auto_shrink(false).show_rows(ui, size::ROW, n_events, |ui, rows| {
        for row_idx in rows {
            let event = &session.event(EventIdx::new(n_events - 1 - row_idx));
            ui.allocate_ui_with_layout(
                vec2(ui.available_width(), size::ROW - ui.spacing().item_spacing.y),
                Layout::left_to_right(Align::Center),
                |ui| row_ui(ui, event, &stamps::instant(view.times, event.received_at, origin), theme, commands),
            );
        }
    });
}

fn row_ui(ui: &mut Ui, event: &EventRecord, received: &str, theme: &Theme, commands: &mut Commands) {
    let text = |key: &str| event.payload.get(key).and_then(Value::as_str).unwrap_or_default();
    let who = [text("userId"), text("anonymousId")].into_iter().find(|id| !id.is_empty()).unwrap_or("nobody");
    let message_id = event.message_id.as_deref().unwrap_or("no messageId");
    let cell = |ui: &mut Ui, width: f32, text: RichText| {
        ui.allocate_ui_with_layout(vec2(width, size::ROW), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(width);
            ui.add(egui::Label::new(text).truncate());
        });
    };
    cell(ui, 110.0, RichText::new(received).font(Theme::mono(size::TABLE_TEXT)).color(theme.weak));
    cell(ui, 70.0, RichText::new(text("type")).color(theme.weak));
    cell(ui, 200.0, RichText::new(event_name(&event.payload)));
    cell(ui, 160.0, RichText::new(who));
    let room_for_button = 96.0;
    let message_width = (ui.available_width() - room_for_button).max(60.0);
    cell(ui, message_width, RichText::new(message_id).color(theme.faint));
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.add(Button::new("Compose").small()).on_hover_text("Takes this event into the composer").clicked() {
            commands.push(Command::Compose(format!("{:#}", event.payload)));
        }
    });
}
