//! What there is to say of an attempt that has not ended yet: a panel where nothing else is known of its delivery, a note
//! above what ended before.
use std::time::Duration;

use egui::{CornerRadius, Frame, Label, Margin, RichText, ScrollArea, Shape, Ui, vec2};

use super::context::InspectorContext;
use super::event_card::{Carried, carried_ui};
use super::head;
use super::section;
use super::state::InspectorView;
use crate::core::names::AttemptId;
use crate::core::stepping::Asked;
use crate::core::time::Timestamp;
use crate::store::Session;
use crate::store::beginning::{self, Beginning};
use crate::store::label::{Label as Who, counted};
use crate::ui::command::{Commands, Verb};
use crate::ui::icon::{Icon, icon_ui};
use crate::ui::stamps;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::timeline::rounded;
use crate::ui::waiting::waiting;

/// Width of the coloured edge.
const EDGE: f32 = 3.0;

/// Shows a delivery whose first attempt is under way in a run that is at `now`.
pub fn beginning_panel_ui(
    ui: &mut Ui,
    (session, beginning, now): (&Session, &Beginning, Timestamp),
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
    commands: &mut Commands,
) {
    let who = Who::of_beginning(session, beginning);
    ui.spacing_mut().item_spacing.y = 0.0;
    let strip = Frame::NONE.inner_margin(Margin::symmetric(12, 0)).show(ui, |ui| {
        ui.set_height(head::HEIGHT);
        ui.horizontal_centered(|ui| {
            let title = format!("Attempt {}", beginning.number);
            ui.label(RichText::new(title).font(Theme::semibold(size::TEXT)));
            let about = format!("{} · {}", who.message_id, context.instant(beginning.started_at));
            ui.add(Label::new(section::text(&about).size(size::TABLE_TEXT).color(theme.weak)).truncate());
        });
    });
    let edge = strip.response.rect;
    ui.painter().hline(edge.x_range(), edge.bottom(), theme.line());
    ScrollArea::vertical().id_salt("under way").auto_shrink(false).show(ui, |ui| {
        Frame::NONE.inner_margin(Margin::same(12)).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(2.0 * size::STEP, size::STEP);
            card_ui(ui, session, beginning, &who, now, context, theme);
            ui.add_space(2.0 * size::STEP);
            let give_up = Verb::GiveUp.info();
            if ui.button(give_up.text).on_hover_text(give_up.tooltip).clicked() {
                commands.verb(Verb::GiveUp);
            }
            if let Some(first) = beginning.first_event {
                let event = session.event(first);
                // No attempt has a name before it has ended; its delivery has one.
                let owner = AttemptId::from(beginning.delivery.as_str());
                let carried = Carried { owner: &owner, event_idx: 0, n_events: beginning.n_events };
                carried_ui(ui, carried, &event, context, view, theme, commands);
            }
        });
    });
}

fn card_ui(
    ui: &mut Ui,
    session: &Session,
    beginning: &Beginning,
    who: &Who,
    now: Timestamp,
    context: &InspectorContext<'_>,
    theme: &Theme,
) {
    let (edge, ground) = (ui.painter().add(Shape::Noop), ui.painter().add(Shape::Noop));
    let margin = Margin { left: 15, right: 12, top: 12, bottom: 12 };
    let card = Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.take_available_width();
        ui.horizontal_top(|ui| {
            icon_ui(ui, Icon::Dots, 16.0, theme.tone(Tone::Pending));
            let headline = format!("Under way · {}", lasts(now.since(beginning.started_at)));
            ui.add(Label::new(RichText::new(headline).font(Theme::semibold(14.0)).color(theme.tone(Tone::Pending))));
        });
        ui.add_space(size::STEP);
        ui.add(Label::new(waiting(beginning.asked.as_ref())).wrap());
        ui.add_space(2.0 * size::STEP);
        section::row_ui(ui, "Began", context.instant(beginning.started_at), theme);
        if let Some(Asked { host, sent_at, .. }) = &beginning.asked {
            let sent = format!("{}, {} ago", context.instant(*sent_at), lasts(now.since(*sent_at)));
            section::row_ui(ui, "Request sent", sent, theme);
            section::row_ui(ui, "To", section::text(host), theme);
        }
        let action = format!("{} · {}", beginning::destination(session), beginning::action(session));
        section::row_ui(ui, "Action", section::text(&action), theme);
        let carries = match beginning.n_events {
            0 | 1 => format!("{} for {}", who.what, who.who),
            n_events => format!("{} of {}", counted(n_events, "event", "events"), who.what),
        };
        section::row_ui(ui, "Carries", section::text(&carries), theme);
        section::row_ui(ui, "Verdict", "none before an answer is there, or a fault", theme);
    });
    let rect = card.response.rect;
    let radius = size::CARD_RADIUS;
    let left = CornerRadius { nw: radius, sw: radius, ..CornerRadius::ZERO };
    let edge_rect = rect.with_max_x(rect.left() + 4.0 * EDGE);
    ui.painter().set(edge, Shape::rect_filled(edge_rect, left, theme.tone(Tone::Pending)));
    ui.painter().set(ground, Shape::rect_filled(rect.with_min_x(rect.left() + EDGE), radius, theme.raised));
}

/// Above an attempt that has ended: its delivery's next one, `number`, is under way for so long.
pub fn under_way_note_ui(ui: &mut Ui, number: u32, length: Duration, asked: Option<&Asked>, theme: &Theme) {
    Frame::NONE.fill(theme.raised).inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            icon_ui(ui, Icon::Dots, 14.0, theme.tone(Tone::Pending));
            let title = format!("Attempt {number} is under way · {}", lasts(length));
            ui.label(RichText::new(title).font(Theme::semibold(size::TEXT)).color(theme.tone(Tone::Pending)));
            ui.label(waiting(asked));
        });
    });
}

fn lasts(length: Duration) -> String {
    stamps::duration(rounded(length))
}
