//! One exchange from all sides: response or fault, request, header fields.
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Label, Layout, RichText, Ui};
use serde_json::Value;

use super::context::InspectorContext;
use super::header_fields::headers_ui;
use super::section;
use super::state::{BodyKey, BodyPart, ExchangeTab, InspectorView, address};
use super::words;
use crate::core::http::{Body, Fault, FaultKind, Response};
use crate::core::http_status::reason_phrase;
use crate::core::record::{Attempt, Exchange};
use crate::ui::body_view::{Document, Kind};
use crate::ui::command::{Command, Commands, Verb};
use crate::ui::icon::{Icon, icon_button};
use crate::ui::mask::Mask;
use crate::ui::segmented::segmented_ui;
use crate::ui::stamps;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::visible;

const TABS: &[(ExchangeTab, &str)] =
    &[(ExchangeTab::Response, "Response"), (ExchangeTab::Request, "Request"), (ExchangeTab::Headers, "Headers")];

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
        (ExchangeTab::Response, Ok(response)) => (BodyPart::Response(exchange_idx), &response.body),
        (ExchangeTab::Response, Err(_)) => (BodyPart::Response(exchange_idx), &Body::Empty),
        (ExchangeTab::Request | ExchangeTab::Headers, _) => (BodyPart::Request(exchange_idx), &exchange.request.body),
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
            Err(fault) => fault_ui(ui, exchange, fault, &mask, theme),
        },
        ExchangeTab::Request => request_ui(ui, shown, exchange, view, commands),
        ExchangeTab::Headers => {
            ui.scope(|ui| headers_ui(ui, shown, exchange, commands));
        }
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
    let status = status(response.status);
    let facts = format!("{status} · {took} · {}", size_and_kind(document));
    ui.label(RichText::new(facts).size(size::TABLE_TEXT).color(shown.theme.weak));
    if document.kind == Kind::Empty {
        return;
    }
    view.detail_body.body_ui(ui, "Response body", shown.max_body_height, &lines_of_facts(shown.attempt), shown.theme);
    hidden_ui(ui, view.detail_body.document().n_hidden, shown.theme, commands);
}

/// `409 Conflict`.
fn status(status: u16) -> String {
    match reason_phrase(status) {
        "unknown" => status.to_string(),
        phrase => format!("{status} {phrase}"),
    }
}

/// `57 B · JSON`.
fn size_and_kind(document: &Document) -> String {
    match document.kind {
        Kind::Empty => document.kind.word().to_owned(),
        kind => format!("{} · {}", words::bytes(document.n_bytes), kind.word()),
    }
}

/// The lines of a response that hold a fact which the rule read: `"serviceErrorCode": 65601`.
fn lines_of_facts(attempt: &Attempt) -> Vec<String> {
    let line = |(fact, value): (&String, &Value)| {
        let key = match fact.as_str() {
            "oauth_error" => "error".to_owned(),
            fact => camel_case(fact),
        };
        format!("\"{key}\": {value}")
    };
    attempt.verdict.facts.iter().map(line).collect()
}

/// `serviceErrorCode` of `service_error_code`.
fn camel_case(snake_case: &str) -> String {
    let mut words = snake_case.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        let capital = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &capital.into_iter().chain(letters).collect::<String>()
    })
}

fn fault_ui(ui: &mut Ui, exchange: &Exchange, fault: &Fault, mask: &Mask<'_>, theme: &Theme) {
    let took = stamps::duration(exchange.ended_at.since(exchange.started_at));
    let title = format!("No response: {} after {took}", fault.kind);
    ui.label(RichText::new(title).font(Theme::semibold(size::TEXT)).color(theme.tone(Tone::Dropped)));
    ui.add(Label::new(RichText::new(meaning(fault))).wrap());
    if !fault.message.is_empty() {
        ui.add(Label::new(section::text(&mask.text(&fault.message)).monospace().color(theme.weak)).wrap());
    }
}

/// What a fault says about the receiver.
const fn meaning(fault: &Fault) -> &'static str {
    match fault.kind {
        FaultKind::Timeout if !fault.may_have_acted() => {
            "The time limit passed before the whole request had left. The receiver has not acted."
        }
        FaultKind::ConnectionReset if !fault.may_have_acted() => {
            "The connection broke before the whole request had left. The receiver has not acted."
        }
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
    let url_job = prefixed(&exchange.request.method, &url, theme);
    if section::copyable_ui(ui, url_job, "Copy URL", theme) {
        commands.push(Command::Copy(url.to_string(), "URL"));
    }
    if let Some(sent_to) = &exchange.sent_to {
        let sent_to = mask.text(sent_to);
        if section::copyable_ui(ui, prefixed("sent to", &sent_to, theme), "Copy real URL", theme) {
            commands.push(Command::Copy(sent_to.into_owned(), "URL"));
        }
    }
    let document = view.detail_body.document();
    ui.label(RichText::new(size_and_kind(document)).size(size::TABLE_TEXT).color(theme.weak));
    if document.kind != Kind::Empty {
        view.detail_body.body_ui(ui, "Request body", shown.max_body_height, &[], theme);
    }
    let in_url = usize::from(url != exchange.request.url);
    hidden_ui(ui, view.detail_body.document().n_hidden + in_url, theme, commands);
}

/// A word and behind it a text of fixed width.
fn prefixed(word: &str, text: &str, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.append(&visible::label(word), 0.0, TextFormat::simple(Theme::font(size::TABLE_TEXT), theme.weak));
    let font = Theme::mono(size::MONO);
    job.append(&visible::label(text), 2.0 * size::STEP, TextFormat::simple(font, theme.text));
    job
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
