//! What would be sent, before anything is: the requests of the first attempt, as they would go on the wire.
use std::fmt;

use egui::{Label, RichText, ScrollArea, Ui};

use super::draft::{Draft, parse_events};
use super::form;
use crate::core::destinations::{Action, Destination, takers_of};
use crate::core::record::Exchange;
use crate::ui::body_view::{BodyView, Document};
use crate::ui::mask::Mask;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::visible;

/// The requests of a draft's first attempt, and who gave the answers that led from one to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Previewed {
    /// The requests in order, each with the answer that it got.
    pub exchanges: Vec<Exchange>,
    /// Why no request is made, where none is.
    pub reason: String,
    /// Whether the simulator stood in for real hosts.
    pub stands_in: bool,
}

/// The preview, as far as it has got.
#[derive(Default)]
pub struct PreviewView {
    /// The draft that was asked about last.
    pub asked: Option<Draft>,
    /// What came of it, or why it cannot be fired. What was there before stays until the next answer.
    pub outcome: Option<Result<Previewed, String>>,
    /// Who takes the event of which nothing is sent.
    takers: Vec<(&'static dyn Destination, &'static dyn Action)>,
    chosen: usize,
    n_answers: u64,
    body: BodyView<(u64, usize, bool)>,
}

impl PreviewView {
    /// Takes an answer.
    pub fn answer(&mut self, outcome: Result<Previewed, String>) {
        let is_nothing = outcome.as_ref().is_ok_and(|previewed| previewed.exchanges.is_empty());
        let events = self.asked.as_ref().filter(|_| is_nothing).and_then(|draft| parse_events(&draft.events).ok());
        self.takers = events.and_then(|events| events.first().map(takers_of)).unwrap_or_default();
        self.outcome = Some(outcome);
        self.n_answers += 1;
    }
}

impl fmt::Debug for PreviewView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreviewView").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

/// Shows the preview.
pub(super) fn preview_ui(ui: &mut Ui, view: &mut PreviewView, draft: &mut Draft, secrets_shown: bool, theme: &Theme) {
    let previewed = match &view.outcome {
        None => return drop(ui.label(RichText::new("Working out what would be sent …").color(theme.weak))),
        Some(Err(why)) => {
            ui.add(Label::new(RichText::new(why).color(theme.tone(Tone::Dropped))).wrap());
            return;
        }
        Some(Ok(previewed)) => previewed,
    };
    let about = match (previewed.exchanges.is_empty(), previewed.stands_in) {
        (true, _) => format!("Nothing is sent: {}", previewed.reason),
        (false, true) => "The first attempt; the simulator stands in for the answers.".to_owned(),
        (false, false) => "The first attempt, exactly as it will be sent.".to_owned(),
    };
    ui.add(Label::new(RichText::new(about).color(theme.weak)).wrap());
    if previewed.exchanges.is_empty() {
        return takers_ui(ui, &view.takers, draft, theme);
    }
    let mask = Mask { revealed: secrets_shown, ..Mask::HIDE_ALL };
    view.chosen = view.chosen.min(previewed.exchanges.len().saturating_sub(1));
    for (exchange_idx, exchange) in previewed.exchanges.iter().enumerate() {
        let url = mask.text(exchange.sent_to.as_deref().unwrap_or(&exchange.request.url));
        let line = format!("{}  {} {}", exchange.purpose, exchange.request.method, visible::label(&url));
        let row = ui.add(egui::Button::selectable(exchange_idx == view.chosen, line).truncate());
        if row.clicked() {
            view.chosen = exchange_idx;
        }
    }
    let Some(exchange) = previewed.exchanges.get(view.chosen) else { return };
    ScrollArea::vertical().id_salt("preview").auto_shrink(false).show(ui, |ui| {
        for (name, value) in exchange.request.headers.iter() {
            let line = format!("{name}: {}", mask.header(name, value));
            ui.add(Label::new(RichText::new(visible::label(&line)).font(Theme::mono(size::MONO))).wrap());
        }
        view.body
            .take((view.n_answers, view.chosen, secrets_shown), || Document::of_body(&exchange.request.body, &mask));
        view.body.body_ui(ui, "Request body of the preview", MAX_BODY_HEIGHT, &[], theme);
    });
}

const MAX_BODY_HEIGHT: f32 = 400.0;

/// Who else takes an event that this action does not take.
fn takers_ui(
    ui: &mut Ui,
    takers: &[(&'static dyn Destination, &'static dyn Action)],
    draft: &mut Draft,
    theme: &Theme,
) {
    let is_other = |(to, action): &&(&dyn Destination, &dyn Action)| {
        to.name() != draft.destination || action.name() != draft.action
    };
    let others: Vec<_> = takers.iter().filter(is_other).copied().collect();
    if others.is_empty() {
        return;
    }
    ui.add_space(size::STEP);
    ui.label(RichText::new("It is taken by:").color(theme.weak));
    for (destination, action) in others {
        let button = ui.button(format!("{} · {}", destination.title(), action.title()));
        if button.on_hover_text("Deliver to this one instead").clicked() {
            form::take_destination(draft, destination);
            action.name().clone_into(&mut draft.action);
        }
    }
}
