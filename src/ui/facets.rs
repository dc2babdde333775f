//! Counts beside the timeline: verdicts, highlights, destinations, errors; a shape beside every colour. A click shows
//! only what was counted.
use egui::{Align2, Color32, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::command::Commands;
use super::icon::Icon;
use super::text::elided;
use super::theme::{Theme, Tone, size};
use super::view_state::{ViewCommand, ViewState};
use crate::store::facets::Highlight;
use crate::store::filter::Facet;
use crate::store::label::thousands;
use crate::store::{Fate, Session};

/// Height of a line.
const LINE: f32 = 22.0;

/// Shows the counts in all the room there is.
pub fn facets_ui(ui: &mut Ui, session: &Session, view: &ViewState, theme: &Theme, commands: &mut Commands) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut list = List { ui, session, view, theme, commands };
        list.verdicts_ui();
        list.highlights_ui();
        list.title_ui("Destination");
        for (name, count) in session.facets().destinations() {
            list.line_ui(Facet::Destination(name), None, session.name(name), count);
        }
        let errors: Vec<_> = session.facets().errors().collect();
        if !errors.is_empty() {
            list.title_ui("Error");
        }
        for (error, count) in errors {
            list.line_ui(Facet::Error(error), None, session.name(error), count);
        }
        if !view.arrangement.filter.is_empty() {
            list.ui.add_space(2.0 * size::STEP);
            if list.ui.button("Show everything").clicked() {
                list.commands.view(ViewCommand::ClearFacets);
            }
        }
    });
}

struct List<'a> {
    ui: &'a mut Ui,
    session: &'a Session,
    view: &'a ViewState,
    theme: &'a Theme,
    commands: &'a mut Commands,
}

impl List<'_> {
    fn verdicts_ui(&mut self) {
        let facets = self.session.facets();
        self.title_ui("Verdict");
        for fate in Fate::ALL {
            let count = facets.n_of(fate);
            let is_usual = matches!(fate, Fate::Delivered | Fate::Dropped | Fate::Pending);
            if is_usual || (count > 0 && fate != Fate::DeliveredTwice) {
                let mark = (Icon::from(fate), self.theme.tone(Tone::from(fate)));
                self.line_ui(Facet::Fate(fate), Some(mark), &fate.to_string(), count);
            }
            if fate == Fate::Delivered {
                let mark = (Icon::Retry, self.theme.tone(Tone::Retry));
                self.line_ui(Facet::Retried, Some(mark), "retried", facets.n_retried());
            }
        }
    }

    fn highlights_ui(&mut self) {
        self.title_ui("Highlights");
        for highlight in Highlight::ALL {
            let mark = (Icon::from(highlight), self.theme.tone(Tone::from(highlight)));
            let count = self.session.facets().n_highlighted(highlight);
            self.line_ui(Facet::Highlight(highlight), Some(mark), &highlight.to_string(), count);
        }
    }

    fn title_ui(&mut self, title: &str) {
        let is_first = self.ui.min_rect().height() < 1.0;
        self.ui.add_space(if is_first { 0.0 } else { 3.0 * size::STEP });
        self.ui.label(RichText::new(title).font(Theme::semibold(size::TABLE_TEXT)).color(self.theme.weak));
        self.ui.add_space(size::STEP);
    }

    fn line_ui(&mut self, facet: Facet, mark: Option<(Icon, Color32)>, name: &str, count: usize) {
        let theme = self.theme;
        let is_chosen = self.view.arrangement.filter.has(facet, self.session);
        let (rect, response) = self.ui.allocate_exact_size(vec2(self.ui.available_width(), LINE), Sense::CLICK);
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(count.to_string()),
            ..WidgetInfo::selected(Role::CheckBox, true, is_chosen, format!("{name}: {count}"))
        });
        if response.clicked() {
            self.commands.view(ViewCommand::ToggleFacet(facet));
        }
        if !self.ui.is_rect_visible(rect) {
            return;
        }
        let painter = self.ui.painter().with_clip_rect(rect.expand2(vec2(6.0, 0.0)));
        if is_chosen || response.hovered() {
            let ground = if is_chosen { theme.selection } else { theme.raised };
            painter.rect_filled(rect.expand2(vec2(6.0, -1.0)), size::BAR_RADIUS, ground);
        }
        let (icon, color) = mark.unwrap_or((Icon::Dot, theme.faint));
        let text = if count == 0 { theme.weak } else { theme.text };
        icon.paint_at(&painter, pos2(rect.left() + 6.0, rect.center().y), 12.0, color);
        let font = || Theme::font(size::TEXT);
        let (edge, middle) = (pos2(rect.right(), rect.center().y), rect.center().y);
        let counted = painter.text(edge, Align2::RIGHT_CENTER, thousands(count), font(), theme.weak);
        let left = rect.left() + 5.0 * size::STEP;
        let galley = elided(&painter, name, font(), text, counted.left() - 2.0 * size::STEP - left);
        let is_elided = galley.elided;
        painter.galley(pos2(left, middle - galley.size().y / 2.0), galley, text);
        if is_elided {
            response.on_hover_text(name);
        }
    }
}
