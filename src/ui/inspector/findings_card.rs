//! What detectors found in the attempt: a row each, and of the open one what was seen, why it matters and what to do.
use egui::{Label, Rect, Ui, pos2, vec2};

use super::row::{paint_line, row_response};
use super::section;
use super::state::{Detail, ExchangeTab, InspectorView};
use crate::core::findings::{At, Evidence, Finding, Severity};
use crate::core::record::Attempt;
use crate::ui::icon::Icon;
use crate::ui::mask::Mask;
use crate::ui::theme::{Theme, Tone, size};

const ROW: f32 = 6.0 * size::STEP;

pub(super) fn findings_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    findings: &[Finding],
    mask: &Mask<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    if findings.is_empty() {
        return;
    }
    section::heading_ui(ui, "Findings", theme, |_| ());
    for (finding_idx, finding) in findings.iter().enumerate() {
        let is_open = view.open_finding == Some(finding_idx);
        ui.push_id(finding_idx, |ui| {
            if row_ui(ui, finding, is_open, theme) {
                view.open_finding = (!is_open).then_some(finding_idx);
            }
            if is_open {
                open_ui(ui, attempt, finding, mask, view, theme);
            }
        });
    }
}

fn row_ui(ui: &mut Ui, finding: &Finding, is_open: bool, theme: &Theme) -> bool {
    let (id, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let name = || format!("{} {}: {}", finding.severity, finding.id, finding.title);
    let response = row_response(ui, rect, id, is_open, name, theme);
    let inner = rect.shrink2(vec2(2.0 * size::STEP, 0.0));
    let (tone, middle) = (tone(finding.severity), inner.center().y);
    let mark = Rect::from_center_size(pos2(inner.left() + 5.5, middle), vec2(12.0, 12.0));
    Icon::Exclamation.paint(ui.painter(), mark, theme.tone(tone));
    let id_width = 10.0 * size::STEP;
    let left = mark.right() + 1.5 * size::STEP;
    let title = section::line(finding.title, Theme::font(size::TEXT), theme.text);
    paint_line(ui, title, left, middle, inner.right() - id_width - left);
    let id = section::line(finding.id.as_str(), Theme::font(size::TABLE_TEXT), theme.weak);
    paint_line(ui, id, inner.right() - id_width + size::STEP, middle, id_width - size::STEP);
    response.clicked()
}

const fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Severe => Tone::Dropped,
        Severity::Warning => Tone::Retry,
        Severity::Note => Tone::Pending,
    }
}

fn open_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    finding: &Finding,
    mask: &Mask<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    let frame = egui::Frame::NONE.inner_margin(egui::Margin { left: 8, right: 8, top: 2, bottom: 6 });
    frame.show(ui, |ui| {
        ui.add(Label::new(section::text(&mask.text(&finding.seen))).wrap());
        section::row_ui(ui, "Why", section::text(finding.why).color(theme.weak), theme);
        section::row_ui(ui, "Advice", section::text(finding.advice).color(theme.weak), theme);
        if finding.evidence.is_empty() {
            return;
        }
        section::row_with(ui, "See", theme, |ui| {
            for evidence in &finding.evidence {
                evidence_ui(ui, attempt, evidence, view, theme);
            }
        });
    });
}

/// A place to look at: a link where the panel can show it.
fn evidence_ui(ui: &mut Ui, attempt: &Attempt, evidence: &Evidence, view: &mut InspectorView, theme: &Theme) {
    let words = section::text(&place(evidence));
    let leads_somewhere = matches!(evidence.at, At::Request(_) | At::Response(_) | At::Item(_) | At::Attempt(_));
    if !leads_somewhere {
        ui.add(Label::new(words.color(theme.weak)).truncate());
        return;
    }
    if !ui.add(egui::Link::new(words)).clicked() {
        return;
    }
    match &evidence.at {
        At::Request(exchange_idx) => {
            view.choose(attempt, Detail::Exchange(*exchange_idx));
            view.exchange_tab =
                if evidence.path.starts_with("/headers") { ExchangeTab::Headers } else { ExchangeTab::Request };
        }
        At::Response(exchange_idx) => {
            view.choose(attempt, Detail::Exchange(*exchange_idx));
            view.exchange_tab =
                if evidence.path.starts_with("/headers") { ExchangeTab::Headers } else { ExchangeTab::Response };
        }
        At::Item(item_idx) => view.choose(attempt, Detail::Item(*item_idx)),
        At::Attempt(other) => view.goto = Some(other.clone()),
        At::Plan | At::Event(_) | At::Outcome | At::Verdict => (),
    }
}

/// Counted from 1, as the panel counts.
fn place(evidence: &Evidence) -> String {
    match &evidence.at {
        At::Request(exchange_idx) => format!("request {}{}", exchange_idx + 1, evidence.path),
        At::Response(exchange_idx) => format!("response {}{}", exchange_idx + 1, evidence.path),
        At::Item(item_idx) => format!("item {}{}", item_idx + 1, evidence.path),
        _ => evidence.to_string(),
    }
}
