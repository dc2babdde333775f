//! The comparison on the screen: two choosers, and below them what differs.
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{ComboBox, Role, Sense, Ui, WidgetInfo};

use super::lines::{Line, Told, lines, text};
use super::question::{DifferenceAnswer, DifferenceQuestion, is_large, sections};
use super::sides::{Compared, DifferenceView, End, Pair, Side, Subject, Wish, Work};
use crate::core::record::Attempt;
use crate::ui::command::{Command, Commands};
use crate::ui::icon::{Icon, icon_button};
use crate::ui::inspector::context::InspectorContext;
use crate::ui::inspector::head::subject;
use crate::ui::inspector::row::paint_line;
use crate::ui::inspector::section;
use crate::ui::inspector::state::{Detail, InspectorView};
use crate::ui::row_list::RowList;
use crate::ui::theme::{Theme, Tone, size};

const ROW: f32 = 4.5 * size::STEP;
/// Lines in sight before the list scrolls on its own.
const MAX_ROWS: f32 = 18.5;
/// Width of a character of the fixed-width face.
const COLUMN: f32 = size::MONO * 0.6;

/// Shows what changed, where there is anything to compare with.
pub(in crate::ui::inspector) fn difference_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
    commands: &mut Commands,
) {
    let wish = view.difference.wish.take();
    if wish == Some(Wish::Keep)
        && let Some(this) = context.attempts.iter().find(|other| other.id == attempt.id)
    {
        view.difference.keep(Arc::clone(this), subject(attempt, context));
    }
    let kept = view.difference.kept.clone();
    let kept_attempt = kept.as_ref().map(|kept| &*kept.attempt);
    let exchange_idx = match view.detail(attempt) {
        Detail::Exchange(exchange_idx) => Some(exchange_idx),
        Detail::Item(_) => attempt.exchanges.len().checked_sub(1),
    };
    let pair = Pair::chosen(&view.difference, context.attempts, kept_attempt)
        .or_else(|| Pair::implied(attempt, exchange_idx, context.attempts, kept_attempt));
    let Some(pair) = pair else { return };
    let subject = Subject::of(&pair);
    if view.difference.differing.as_ref().is_none_or(|differing| differing.subject != subject) {
        ask(&mut view.difference, &subject, &pair, context.attempts);
    }
    let n_columns = columns(ui.available_width());
    let is_shown = |compared: &Compared| {
        compared.subject == subject && compared.n_columns == n_columns && compared.is_revealed == context.mask.revealed
    };
    let DifferenceView { differing, compared, scroll, .. } = &mut view.difference;
    let differing = differing.as_ref().filter(|differing| differing.subject == subject);
    if let Some(differing) = differing.filter(|_| !compared.as_ref().is_some_and(is_shown)) {
        let lines = lines(&differing.sections, &context.mask, n_columns);
        *compared = Some(Compared { subject, is_revealed: context.mask.revealed, n_columns, lines });
    }
    let lines = compared.as_ref().filter(|_| differing.is_some()).map_or(&[][..], |compared| &compared.lines);
    let mut forgets = false;
    if wish == Some(Wish::Reveal) {
        let below = ui.available_rect_before_wrap();
        ui.scroll_to_rect(below, Some(egui::Align::TOP));
    }
    section::heading_ui(ui, "Difference", theme, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        if let Some(differing) = differing
            && icon_button(ui, Icon::Copy, "Copy difference", theme).clicked()
        {
            commands.push(Command::Copy(text(&differing.sections, &context.mask), "Difference"));
        }
        forgets =
            kept.is_some() && icon_button(ui, Icon::Close, "Compare with the kept attempt no longer", theme).clicked();
    });
    let list = RowList { name: "Differences", n_rows: lines.len(), row_height: ROW, max_height: MAX_ROWS * ROW };
    let sides =
        choosers_ui(ui, &pair, context.attempts, kept_attempt.zip(kept.as_ref().map(|kept| &*kept.subject)), theme);
    ui.add_space(size::STEP);
    if differing.is_some() {
        list.show(ui, scroll, theme, |ui, line_idx| {
            if let Some(line) = lines.get(line_idx) {
                line_ui(ui, line, theme);
            }
        });
    } else {
        work_ui(ui, &mut view.difference, theme);
    }
    if forgets {
        view.difference.kept = None;
    }
    if forgets || sides.is_some() {
        view.difference.follow();
        view.difference.chosen = sides;
    }
}

/// How far a comparison is that takes long, and a button to stop it, or to begin again.
fn work_ui(ui: &mut Ui, view: &mut DifferenceView, theme: &Theme) {
    ui.horizontal_wrapped(|ui| {
        if view.work == Work::Stopped {
            ui.label(egui::RichText::new("The comparison of large bodies was stopped.").color(theme.weak));
            if ui.button("Compare again").clicked() {
                (view.asked, view.work) = (None, Work::None);
            }
            return;
        }
        let percent = if let Work::Running(percent) = view.work { percent } else { 0 };
        let share = f32::from(u16::try_from(percent).unwrap_or(100)) / 100.0;
        let bar = egui::ProgressBar::new(share).desired_width(96.0).desired_height(6.0).fill(theme.accent);
        ui.add(bar).widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, "comparing large bodies");
            info.value = Some(f64::from(percent));
            info
        });
        ui.label(egui::RichText::new(format!("Comparing large bodies, {percent} %")).color(theme.weak));
        if ui.button("Stop comparing").clicked() {
            view.work = Work::Stopping;
        }
    });
}

fn columns(width: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a panel is a few hundred characters wide"
    )]
    let columns = (width / COLUMN).max(0.0) as usize;
    columns
}

/// Compares small bodies at once, and leaves large ones to the shell.
fn ask(view: &mut DifferenceView, subject: &Subject, pair: &Pair<'_>, shared: &[Arc<Attempt>]) {
    if view.asked.as_ref() == Some(subject) {
        return;
    }
    if is_large(pair) {
        view.question = Some(DifferenceQuestion::new(subject.clone(), pair, shared));
        view.asked = Some(subject.clone());
    } else {
        view.differing = Some(DifferenceAnswer { subject: subject.clone(), sections: sections(pair) });
        (view.question, view.asked) = (None, None);
    }
}

/// Both choosers; the sides if people chose one.
fn choosers_ui(
    ui: &mut Ui,
    pair: &Pair<'_>,
    attempts: &[Arc<Attempt>],
    kept: Option<(&Attempt, &str)>,
    theme: &Theme,
) -> Option<(Side, Side)> {
    let mut sides = None;
    section::row_with(ui, "Compare", theme, |ui| {
        if let Some(before) = chooser_ui(ui, "Compare", pair.before, attempts, kept) {
            sides = Some((before, pair.after.side()));
        }
    });
    section::row_with(ui, "with", theme, |ui| {
        if let Some(after) = chooser_ui(ui, "with", pair.after, attempts, kept) {
            sides = Some((pair.before.side(), after));
        }
    });
    sides
}

fn chooser_ui(
    ui: &mut Ui,
    name: &str,
    chosen: End<'_>,
    attempts: &[Arc<Attempt>],
    kept: Option<(&Attempt, &str)>,
) -> Option<Side> {
    let mut side = None;
    let subject_of = |end: &End<'_>| {
        kept.filter(|(kept, _)| std::ptr::eq(*kept, end.attempt) && attempts.iter().all(|other| other.id != kept.id))
            .map(|(_, subject)| subject)
    };
    let shown = chosen.name(subject_of(&chosen));
    let combo = ComboBox::from_id_salt(name).selected_text(&shown).width(ui.available_width()).truncate();
    let response = combo.show_ui(ui, |ui| {
        let ours = attempts.iter().map(|attempt| &**attempt);
        let all =
            ours.clone().chain(kept.map(|(kept, _)| kept).filter(|kept| ours.clone().all(|own| own.id != kept.id)));
        for attempt in all {
            for exchange_idx in exchanges_of(attempt) {
                let end = End { attempt, exchange_idx };
                if ui.selectable_label(end.side() == chosen.side(), end.name(subject_of(&end))).clicked() {
                    side = Some(end.side());
                }
            }
        }
    });
    response.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("{name} {shown}")));
    side
}

/// Every exchange of an attempt, or that there is none.
fn exchanges_of(attempt: &Attempt) -> Vec<Option<usize>> {
    if attempt.exchanges.is_empty() { vec![None] } else { (0..attempt.exchanges.len()).map(Some).collect() }
}

fn line_ui(ui: &Ui, line: &Line, theme: &Theme) {
    let rect = ui.max_rect();
    let response = ui.interact(rect, ui.scope_id().with("line"), Sense::hover());
    let (name, told) = match line {
        Line::Head(title) => (title.clone(), None),
        Line::Whole(told) | Line::Place(told) => (told.sentence(), Some(told)),
        Line::Before(told) => (format!("{} before", told.place), Some(told)),
        Line::After(told) => (format!("{} after", told.place), Some(told)),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
    let job = job(line, theme);
    let left = if matches!(line, Line::Head(_)) { rect.left() } else { rect.left() + 2.0 * size::STEP };
    paint_line(ui, job, left, rect.center().y, rect.right() - left);
    if let Some(told) = told {
        response.on_hover_ui(|ui| {
            ui.set_max_width(480.0);
            ui.label(section::text(&told.sentence()));
        });
    }
}

fn job(line: &Line, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    let place = TextFormat::simple(Theme::font(size::TABLE_TEXT), theme.weak);
    let value = |tone| TextFormat::simple(Theme::mono(size::MONO), theme.tone(tone));
    let sides = |job: &mut LayoutJob, told: &Told, gap: f32| match (&told.before, &told.after) {
        (Some(before), Some(after)) => {
            job.append(before, gap, value(Tone::Dropped));
            job.append(" → ", 0.0, place.clone());
            job.append(after, 0.0, value(Tone::Delivered));
        }
        (Some(before), None) => job.append(&format!("− {before}"), gap, value(Tone::Dropped)),
        (None, Some(after)) => job.append(&format!("+ {after}"), gap, value(Tone::Delivered)),
        (None, None) => (),
    };
    match line {
        Line::Head(title) => {
            job.append(title, 0.0, TextFormat::simple(Theme::semibold(size::TABLE_TEXT), theme.text));
        }
        Line::Whole(told) => {
            job.append(&told.place, 0.0, place.clone());
            sides(&mut job, told, 2.0 * size::STEP);
        }
        Line::Place(told) => job.append(&told.place, 0.0, place.clone()),
        Line::Before(told) => sides(&mut job, &Told { after: None, ..told.clone() }, 0.0),
        Line::After(told) => sides(&mut job, &Told { before: None, ..told.clone() }, 0.0),
    }
    job
}
