//! One exchange from all sides: response or fault, request, header fields.
use std::borrow::Cow;

use egui::{Align, Label, Layout, RichText, Ui};

use super::context::InspectorContext;
use super::section;
use super::state::{BodyKey, BodyPart, ExchangeTab, InspectorView, address};
use super::words;
use crate::core::http::{Body, Fault, FaultKind, Headers, Response};
use crate::core::record::{Attempt, Exchange};
use crate::ui::body_view::{Document, Kind};
use crate::ui::command::{Command, Commands, Verb};
use crate::ui::icon::{Icon, icon_button};
use crate::ui::segmented::segmented_ui;
use crate::ui::stamps;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::visible;

const TABS: &[(ExchangeTab, &str)] =
    &[(ExchangeTab::Response, "Response"), (ExchangeTab::Request, "Request"), (ExchangeTab::Headers, "Headers")];

/// More header fields than these are counted and not shown.
const MAX_FIELDS: usize = 100;

/// What the parts below share.
pub(super) struct Shown<'a> {
    pub(super) attempt: &'a Attempt,
    pub(super) context: &'a InspectorContext<'a>,
    pub(super) max_body_height: f32,
    pub(super) theme: &'a Theme,
}

pub(super) fn exchange_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    exchange_idx: usize,
    view: &mut InspectorView,
    commands: &mut Commands,
) {
    let Some(exchange) = shown.attempt.exchanges.get(exchange_idx) else { return };
    let theme = shown.theme;
    let (part, body) = match (view.exchange_tab, &exchange.result) {
        (ExchangeTab::Request, _) => (BodyPart::Request(exchange_idx), &exchange.request.body),
        (_, Ok(response)) => (BodyPart::Response(exchange_idx), &response.body),
        (_, Err(_)) => (BodyPart::Response(exchange_idx), &Body::Empty),
    };
    let mask = shown.context.mask;
    let key = BodyKey { attempt: shown.attempt.id.clone(), part, address: address(body), revealed: mask.revealed };
    view.detail_body.take(key, || Document::of_body(body, &mask));
    ui.add_space(3.0 * size::STEP);
    ui.horizontal(|ui| {
        segmented_ui(ui, TABS, &mut view.exchange_tab, theme);
        if view.exchange_tab != ExchangeTab::Headers && view.detail_body.document().kind != Kind::Empty {
            body_buttons_ui(ui, view, theme, commands);
        }
    });
    ui.add_space(size::STEP);
    match view.exchange_tab {
        ExchangeTab::Response => match &exchange.result {
            Ok(response) => response_ui(ui, shown, exchange, response, view, commands),
            Err(fault) => fault_ui(ui, exchange, fault, theme),
        },
        ExchangeTab::Request => request_ui(ui, shown, exchange, view, commands),
        ExchangeTab::Headers => headers_ui(ui, shown, exchange, commands),
    }
}

/// Copy, search and wrap, at the right end of the row.
pub(super) fn body_buttons_ui(ui: &mut Ui, view: &mut InspectorView, theme: &Theme, commands: &mut Commands) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        if icon_button(ui, Icon::Copy, "Copy body", theme).clicked() {
            commands.push(Command::Copy(view.detail_body.copied(), "Body"));
        }
        view.detail_body.buttons_ui(ui, theme);
    });
}

fn response_ui(
    ui: &mut Ui,
    shown: &Shown<'_>,
    exchange: &Exchange,
    response: &Response,
    view: &mut InspectorView,
    commands: &mut Commands,
) {
    let document = view.detail_body.document();
    let took = stamps::duration(exchange.ended_at.since(exchange.started_at));
    let facts = format!("{} · {took} · {} · {}", response.status, words::bytes(document.n_bytes), document.kind.word());
    ui.label(RichText::new(facts).size(size::TABLE_TEXT).color(shown.theme.weak));
    view.detail_body.body_ui(ui, "Response body", shown.max_body_height, shown.theme);
    hidden_ui(ui, view.detail_body.document().n_hidden, shown.theme, commands);
}

fn fault_ui(ui: &mut Ui, exchange: &Exchange, fault: &Fault, theme: &Theme) {
    let took = stamps::duration(exchange.ended_at.since(exchange.started_at));
    let title = format!("No response: {} after {took}", fault.kind);
    ui.label(RichText::new(title).font(Theme::semibold(size::TEXT)).color(theme.tone(Tone::Dropped)));
    ui.add(Label::new(RichText::new(meaning(fault.kind))).wrap());
    if !fault.message.is_empty() {
        ui.add(Label::new(section::text(&fault.message).monospace().color(theme.weak)).wrap());
    }
}

/// What a fault says about the receiver.
const fn meaning(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Timeout => "No whole response came within the time limit. The receiver may have acted.",
        FaultKind::ConnectionReset => "The connection broke after it stood. The receiver may have acted.",
        FaultKind::ConnectRefused => "Nobody listened there. The receiver has not acted.",
        FaultKind::Dns => "The host name has no address. The receiver has not acted.",
        FaultKind::Tls => "The encrypted channel could not be set up. The receiver has not acted.",
        FaultKind::TruncatedBody => "The response ended before its announced length. The receiver has acted.",
    }
}

fn request_ui(ui: &mut Ui, shown: &Shown<'_>, exchange: &Exchange, view: &mut InspectorView, commands: &mut Commands) {
    let (theme, mask) = (shown.theme, shown.context.mask);
    let url = mask.text(&exchange.request.url);
    ui.horizontal_top(|ui| {
        ui.label(RichText::new(visible::label(&exchange.request.method)).font(Theme::semibold(size::TABLE_TEXT)));
        copyable_ui(ui, &url, "Copy URL", "URL", theme, commands);
    });
    if let Some(sent_to) = &exchange.sent_to {
        ui.horizontal_top(|ui| {
            ui.label(RichText::new("sent to").size(size::TABLE_TEXT).color(theme.weak));
            copyable_ui(ui, &mask.text(sent_to), "Copy real URL", "URL", theme, commands);
        });
    }
    let document = view.detail_body.document();
    let facts = format!("{} · {}", words::bytes(document.n_bytes), document.kind.word());
    ui.label(RichText::new(facts).size(size::TABLE_TEXT).color(theme.weak));
    view.detail_body.body_ui(ui, "Request body", shown.max_body_height, theme);
    let in_url = usize::from(url != exchange.request.url);
    hidden_ui(ui, view.detail_body.document().n_hidden + in_url, theme, commands);
}

/// Fixed-width text that wraps, with a button behind it that copies it.
fn copyable_ui(ui: &mut Ui, text: &str, button: &str, what: &'static str, theme: &Theme, commands: &mut Commands) {
    let width = ui.available_width() - 7.0 * size::STEP;
    ui.allocate_ui(egui::vec2(width, 0.0), |ui| {
        ui.set_max_width(width);
        ui.add(Label::new(section::text(text).monospace()).wrap());
    });
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        if icon_button(ui, Icon::Copy, button, theme).clicked() {
            commands.push(Command::Copy(text.to_owned(), what));
        }
    });
}

fn headers_ui(ui: &mut Ui, shown: &Shown<'_>, exchange: &Exchange, commands: &mut Commands) {
    let mut n_hidden = 0;
    fields_ui(ui, "Request", &exchange.request.headers, shown, &mut n_hidden, commands);
    if let Ok(response) = &exchange.result {
        ui.add_space(2.0 * size::STEP);
        fields_ui(ui, "Response", &response.headers, shown, &mut n_hidden, commands);
    }
    hidden_ui(ui, n_hidden, shown.theme, commands);
}

fn fields_ui(
    ui: &mut Ui,
    title: &str,
    headers: &Headers,
    shown: &Shown<'_>,
    n_hidden: &mut usize,
    commands: &mut Commands,
) {
    let theme = shown.theme;
    ui.label(RichText::new(title).font(Theme::semibold(size::TABLE_TEXT)).color(theme.weak));
    if headers.is_empty() {
        ui.label(RichText::new("none").color(theme.faint));
    }
    for (name, value) in headers.iter().take(MAX_FIELDS) {
        let masked = shown.context.mask.header(name, value);
        *n_hidden += usize::from(matches!(masked, Cow::Owned(_)));
        let name = visible::label(name);
        ui.horizontal_top(|ui| {
            let text = format!("{name}: {masked}");
            let mut job = egui::text::LayoutJob::default();
            let font = Theme::mono(size::MONO);
            job.append(&name, 0.0, egui::TextFormat::simple(font.clone(), theme.accent));
            job.append(": ", 0.0, egui::TextFormat::simple(font.clone(), theme.weak));
            job.append(&visible::label(&masked), 0.0, egui::TextFormat::simple(font, theme.text));
            let width = ui.available_width() - 7.0 * size::STEP;
            ui.allocate_ui(egui::vec2(width, 0.0), |ui| {
                ui.set_max_width(width);
                ui.add(Label::new(job).wrap());
            });
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                if icon_button(ui, Icon::Copy, &format!("Copy {name}"), theme).clicked() {
                    commands.push(Command::Copy(text, "Header"));
                }
            });
        });
    }
    if let Some(more) = headers.len().checked_sub(MAX_FIELDS).filter(|more| *more > 0) {
        ui.label(RichText::new(format!("and {} more", words::grouped(more))).color(theme.weak));
    }
}

/// How many secrets are hidden, and the way to see them.
pub(super) fn hidden_ui(ui: &mut Ui, n_hidden: usize, theme: &Theme, commands: &mut Commands) {
    if n_hidden == 0 {
        return;
    }
    ui.horizontal(|ui| {
        let words =
            if n_hidden == 1 { "1 secret is hidden.".to_owned() } else { format!("{n_hidden} secrets are hidden.") };
        ui.label(RichText::new(words).size(size::TABLE_TEXT).color(theme.weak));
        if ui.link(RichText::new("Show secrets").size(size::TABLE_TEXT)).clicked() {
            commands.verb(Verb::ToggleSecrets);
        }
    });
}
