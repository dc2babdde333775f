//! Bars, waits, diamonds and end marks of the rows in view: painted, named, and what a click on them does.
use egui::{
    Align2, Color32, CornerRadius, Mesh, Painter, Rangef, Rect, Response, Role, Sense, Shape, Ui, WidgetInfo, pos2,
};

use super::beginning::open_bar;
use super::hover;
use super::lane::{Bar, Diamond, Run, Wait};
use super::marks::{self, RING, dashes_in_sight};
use super::playhead::Phase;
use super::rows::{Row, VisibleRows, bar_rect};
use super::ruler;
use super::scene::Scene;
use super::words::{self, End};
use crate::core::http::FaultKind;
use crate::core::names::Decision;
use crate::store::activity::Span;
use crate::store::{AttemptIdx, Status};
use crate::ui::command::Commands;
use crate::ui::icon::Icon;
use crate::ui::stamps;
use crate::ui::text::elided;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::view_state::ViewCommand;

/// More things than this in one frame have no names of their own; nobody could listen to them.
const MAX_NAMED: usize = 600;
/// Bars narrower than this have square corners and share one mesh.
const LEAST_ROUNDED: f32 = 8.0;
/// Length of a dash of a wait, and of the gap behind it, in points.
const DASH: f32 = 4.0;
const DASH_GAP: f32 = 3.0;

/// Everything on the plot.
pub(super) fn bars_ui(ui: &Ui, scene: &Scene<'_>, visible: &VisibleRows, commands: &mut Commands) {
    let Scene { areas, axis, .. } = *scene;
    let mut plot = Plot {
        ui,
        scene,
        painter: scene.plot_painter(ui, areas.rows.y_range()),
        clip: areas.plot_rect(areas.rows.y_range()),
        folds: axis.visible_folds().map(|(_, left, right)| ruler::band(left, right)).collect(),
        mesh: Mesh::default(),
        n_named: 0,
        phase: Phase::Past,
        commands,
    };
    // A painter of its own: that of the plot fades what is to come, and with it all that is set through it.
    let below = scene.plot_painter(ui, areas.rows.y_range());
    let mesh_idx = below.add(Shape::Noop);
    for row in visible.rows.iter().filter(|row| !row.lane.is_out_of_view(areas.plot)) {
        plot.row_ui(row);
    }
    let mesh = std::mem::take(&mut plot.mesh);
    below.set(mesh_idx, Shape::mesh(mesh));
}

struct Plot<'a> {
    ui: &'a Ui,
    scene: &'a Scene<'a>,
    painter: Painter,
    clip: Rect,
    /// Where zigzags are.
    folds: Vec<Rangef>,
    /// Dashes and narrow bars of all rows.
    mesh: Mesh,
    n_named: usize,
    /// What has become of the thing that is painted by the instant that people look at.
    phase: Phase,
    commands: &'a mut Commands,
}

impl Plot<'_> {
    fn row_ui(&mut self, row: &Row) {
        for wait in &row.lane.waits {
            self.wait_ui(wait, row);
        }
        self.ahead_ui(row);
        for run in &row.lane.runs {
            self.run_ui(run, row);
        }
        for bar in &row.lane.bars {
            self.bar_ui(bar, row);
        }
        for diamond in &row.lane.diamonds {
            self.diamond_ui(diamond, row);
        }
        self.end_ui(row);
    }

    /// What is painted next is so far at the instant that people look at.
    fn set_phase(&mut self, phase: Phase) {
        self.phase = phase;
        self.painter.set_opacity(phase.strength(self.scene.theme));
    }

    fn bar_ui(&mut self, bar: &Bar, row: &Row) {
        self.set_phase(self.scene.phase(bar.row.started_at, bar.row.ended_at));
        let rect = bar_rect(bar.x, row.y);
        let color = self.scene.theme.fill(Tone::from(bar.row.decision));
        if self.phase == Phase::UnderWay {
            self.hollow(rect);
        } else if self.phase.is_outlined(self.scene.theme) {
            self.outline(rect, bar.row.decision);
        } else if rect.width() < LEAST_ROUNDED {
            self.mesh.add_colored_rect(
                rect.intersect(self.clip),
                color.gamma_multiply(self.phase.strength(self.scene.theme)),
            );
        } else {
            self.painter.rect_filled(rect, CornerRadius::same(size::BAR_RADIUS), color);
        }
        if self.scene.view.selection.is_some_and(|selection| selection.attempt == bar.attempt) {
            let stroke = egui::Stroke::new(1.5, self.scene.theme.text);
            let corners = CornerRadius::same(size::BAR_RADIUS + 2);
            self.painter.rect_stroke(rect.expand(2.0), corners, stroke, egui::StrokeKind::Middle);
        }
        let is_told = bar.shows_status && self.phase != Phase::UnderWay;
        if is_told {
            let middle = Rangef::new(rect.left().max(self.clip.left()), rect.right().min(self.clip.right())).center();
            let font = Theme::semibold(size::TIMELINE_TEXT);
            let is_outlined = self.phase.is_outlined(self.scene.theme);
            let tone = self.scene.theme.tone(Tone::from(bar.row.decision));
            let on = if is_outlined { tone } else { self.scene.theme.on_color };
            self.painter.text(pos2(middle, rect.center().y), Align2::CENTER_CENTER, short(bar.row.status), font, on);
        }
        if self.scene.view.timeline.learned.is_on_thread(bar.attempt) {
            let below = Rect::from_x_y_ranges(rect.x_range(), rect.bottom() + 1.5..=rect.bottom() + 3.0);
            self.painter.rect_filled(below, 0.0, self.scene.theme.accent);
        }
        if let Some((icon, tone)) = words::doubt(bar.row.marks).filter(|_| is_told) {
            let corner = rect.left_top() + egui::vec2(-2.0, -0.5);
            self.painter.circle_filled(corner, 5.5, self.ground(row));
            icon.paint_at(&self.painter, corner, 10.0, self.scene.theme.tone(tone));
        }
        if bar.row.marks.has(words::FOUND) && is_told {
            let corner = rect.right_top() + egui::vec2(-1.0, 1.0);
            self.painter.circle_filled(corner, 4.2, self.ground(row));
            self.painter.circle_filled(corner, 3.0, self.scene.theme.accent);
        }
        let phase = self.phase.words();
        let name = || {
            let name = words::bar_name(bar, &self.scene.session.delivery(row.delivery), &row.label);
            format!("{name}{phase}")
        };
        if let Some(response) = self.node(rect.expand2(egui::vec2(0.0, 3.0)), ("bar", bar.attempt), Role::Button, name)
        {
            self.attempt_response(&response, bar.attempt);
        }
    }

    /// An attempt that comes after the playhead, where nothing may be faint.
    fn outline(&self, rect: Rect, decision: Decision) {
        let stroke = egui::Stroke::new(1.5, self.scene.theme.tone(Tone::from(decision)));
        self.painter.rect_stroke(rect, CornerRadius::same(size::BAR_RADIUS), stroke, egui::StrokeKind::Inside);
    }

    /// An attempt of which nothing is known yet but that it has begun.
    fn hollow(&self, rect: Rect) {
        let color = self.scene.theme.tone(Tone::Pending);
        let corners = CornerRadius::same(size::BAR_RADIUS);
        let stroke = egui::Stroke::new(1.2, color);
        self.painter.rect(rect, corners, self.scene.theme.raised, stroke, egui::StrokeKind::Inside);
        let middle = rect.intersect(self.clip).center();
        Icon::Dots.paint_at(&self.painter, middle, 12.0_f32.min(rect.width()), color);
    }

    /// The wait for the next attempt while a run stands, and that attempt if it has begun.
    fn ahead_ui(&mut self, row: &Row) {
        if let Some(wait) = &row.lane.ahead {
            self.dashes(wait, row, Tone::Pending);
            let rect = Rect::from_x_y_ranges(wait.x, row.y.center() - 6.0..=row.y.center() + 6.0);
            let name = || words::ahead_name(wait, &row.label);
            if let Some(response) = self.node(rect, ("ahead", wait.attempt), Role::Label, name) {
                self.row_response(&response, row);
            }
        }
        if let Some((number, x)) = row.lane.under_way {
            let rect = bar_rect(x, row.y);
            let timeline = &self.scene.view.timeline;
            let pending = timeline.pending(row.delivery, &self.scene.session.delivery(row.delivery));
            let lasts = pending.map(|pending| pending.now.since(pending.starts_at)).unwrap_or_default();
            open_bar(&self.painter, rect, lasts, self.scene.theme);
            let last = self.scene.session.delivery(row.delivery).last_attempt;
            let name = || format!("attempt {number} under way, {}", row.label.message_id);
            if let Some(response) = self.node(rect, ("under way", last), Role::Label, name) {
                self.row_response(&response, row);
            }
        }
    }

    fn run_ui(&mut self, run: &Run, row: &Row) {
        self.set_phase(self.scene.phase(run.span.0, run.span.0));
        let rect = bar_rect(run.x, row.y);
        let color =
            self.scene.theme.fill(Tone::from(run.decision)).gamma_multiply(self.phase.strength(self.scene.theme));
        if self.phase.is_outlined(self.scene.theme) {
            self.outline(rect, run.decision);
        } else {
            self.mesh.add_colored_rect(rect.intersect(self.clip), color);
        }
        let name = || words::run_name(run, &row.label);
        if let Some(response) = self.node(rect.expand(3.0), ("run", run.worst), Role::Button, name) {
            if response.double_clicked() {
                let (start, end) = run.span;
                self.commands.view(ViewCommand::ZoomTo(Span { start, end }));
            } else if response.clicked() {
                self.commands.view(ViewCommand::SelectAttempt(run.worst));
            }
            let tip = format!("{} attempts, too close to tell apart. Double-click to zoom in.", run.n_attempts);
            response.on_hover_text(tip);
        }
    }

    fn wait_ui(&mut self, wait: &Wait, row: &Row) {
        self.set_phase(self.scene.phase_of(self.scene.session.attempt(wait.attempt).ended_at));
        self.dashes(wait, row, Tone::Retry);
        let rect = Rect::from_x_y_ranges(wait.x, row.y.center() - 6.0..=row.y.center() + 6.0);
        let name = || words::wait_name(wait, &row.label);
        if let Some(response) = self.node(rect, ("wait", wait.attempt), Role::Label, name) {
            let session = self.scene.session;
            let response = response.on_hover_ui(|ui| {
                let reason = &session.details(wait.attempt).verdict.reason;
                ui.label(format!("Waited {}. {reason}", stamps::duration(wait.length)));
            });
            self.row_response(&response, row);
        }
    }

    /// The dashes of a wait, and its words.
    fn dashes(&mut self, wait: &Wait, row: &Row, tone: Tone) {
        let color = self.scene.theme.tone(tone).gamma_multiply(self.phase.strength(self.scene.theme));
        let y = row.y.center();
        let shown = dashes_in_sight(wait.x, self.clip.x_range(), DASH + DASH_GAP);
        let mut x = shown.min;
        while x < shown.max {
            let dash = Rect::from_x_y_ranges(x..=(x + DASH).min(shown.max), y - 0.5..=y + 0.5);
            self.mesh.add_colored_rect(dash.intersect(self.clip), color);
            x += DASH + DASH_GAP;
        }
        self.wait_words(wait, row);
    }

    /// Length and reason in the middle of the dashes, as much as fits.
    fn wait_words(&self, wait: &Wait, row: &Row) {
        let stretch = self.longest_unbroken(wait.x);
        let room = stretch.span() - 20.0;
        let length = stamps::duration(wait.length);
        let font = || Theme::font(size::TIMELINE_TEXT);
        let session = self.scene.session;
        let why = words::why(session, &session.delivery(row.delivery), &session.attempt(wait.attempt));
        let mut galley = self.painter.layout_no_wrap(length.clone(), font(), self.scene.theme.weak);
        if galley.size().x > room {
            return;
        }
        if room > galley.size().x + 60.0 {
            let words = format!("{length} · {why}");
            galley = elided(&self.painter, &words, font(), self.scene.theme.weak, room.min(260.0));
        }
        let middle = pos2(stretch.center(), row.y.center());
        let patch = Rect::from_center_size(middle, galley.size() + egui::vec2(10.0, 0.0));
        self.painter.rect_filled(patch, 0.0, self.ground(row));
        self.painter.galley(middle - galley.size() / 2.0, galley, self.scene.theme.weak);
    }

    /// The longest part of a wait that no zigzag crosses.
    fn longest_unbroken(&self, wait: Rangef) -> Rangef {
        let mut longest = Rangef::new(wait.min, wait.min);
        let mut left = wait.min;
        for fold in self.folds.iter().filter(|fold| fold.intersects(wait)) {
            if fold.min - left > longest.span() {
                longest = Rangef::new(left, fold.min);
            }
            left = fold.max;
        }
        if wait.max - left > longest.span() { Rangef::new(left, wait.max) } else { longest }
    }

    /// The colour behind a row.
    fn ground(&self, row: &Row) -> Color32 {
        let is_selected = self.scene.view.selection.is_some_and(|selection| selection.delivery == row.delivery);
        let pointer = self.ui.input(|input| input.pointer.hover_pos());
        let is_hovered =
            pointer.is_some_and(|pointer| self.ui.clip_rect().contains(pointer) && row.y.contains(pointer.y));
        match (is_selected, is_hovered) {
            (true, _) => self.scene.theme.selection,
            (false, true) => self.scene.theme.raised,
            (false, false) => self.scene.theme.panel,
        }
    }

    fn diamond_ui(&mut self, diamond: &Diamond, row: &Row) {
        self.set_phase(self.scene.phase_of(self.scene.session.attempt(diamond.attempt).ended_at));
        let center = pos2(diamond.x, row.y.center());
        let icon = if diamond.succeeded { Icon::Diamond } else { Icon::HollowDiamond };
        icon.paint_at(&self.painter, center, 15.0, self.scene.theme.tone(Tone::Refresh));
        let rect = Rect::from_center_size(center, egui::vec2(14.0, 16.0));
        let name = || words::diamond_name(self.scene.session, diamond, &row.label);
        if let Some(response) = self.node(rect, ("diamond", diamond.attempt), Role::Button, name) {
            self.attempt_response(&response, diamond.attempt);
        }
    }

    fn end_ui(&mut self, row: &Row) {
        let center = pos2(row.lane.end_x, row.y.center());
        // An attempt that is under way stands there itself.
        if row.lane.under_way.is_some() || !self.clip.expand(RING).contains(center) {
            return;
        }
        let delivery = self.scene.session.delivery(row.delivery);
        self.set_phase(self.scene.phase_of(delivery.ended_at));
        let timeline = &self.scene.view.timeline;
        let pending = timeline.pending(row.delivery, &delivery);
        let end = End::of(self.scene.session, &delivery, &timeline.learned, pending);
        let color = self.scene.theme.tone(end.tone);
        if end.n_dropped > 0 {
            marks::ringed_count(&self.painter, center, end.n_dropped, color);
        } else if end.icon == Icon::Dots {
            end.icon.paint_at(&self.painter, center, 12.0, color);
        } else {
            marks::ringed(&self.painter, center, end.icon, color);
        }
        if end.icon == Icon::Twice {
            self.painter.circle_stroke(center, RING + 2.5, egui::Stroke::new(1.0, color));
        }
        let left = center.x + RING + 6.0;
        let ink = if end.tone == Tone::Delivered || end.tone == Tone::Pending { self.scene.theme.weak } else { color };
        let font = Theme::font(size::TIMELINE_TEXT);
        let note = elided(&self.painter, &end.note, font, ink, self.room_for_note(left));
        self.painter.galley(pos2(left, center.y - note.size().y / 2.0), note, ink);
        let rect = Rect::from_center_size(center, egui::Vec2::splat(2.0 * RING));
        let name = || words::end_name(&delivery, &end, &row.label);
        if let Some(response) = self.node(rect, ("end", delivery.last_attempt), Role::Button, name) {
            self.attempt_response(&response, delivery.last_attempt);
        }
    }

    /// How wide a note may be that begins at `left`: up to the next zigzag, or the edge.
    fn room_for_note(&self, left: f32) -> f32 {
        let next = self.folds.iter().map(|fold| fold.min).find(|fold| *fold > left + 24.0);
        (next.unwrap_or(self.clip.right()) - left - 4.0).clamp(0.0, 320.0)
    }

    /// Makes a thing known to screen readers and to the pointer. The value of a button is when its attempt was.
    fn node(&mut self, rect: Rect, key: (&str, AttemptIdx), role: Role, name: impl Fn() -> String) -> Option<Response> {
        let rect = rect.intersect(self.clip);
        if self.n_named >= MAX_NAMED || !rect.is_positive() {
            return None;
        }
        self.n_named += 1;
        let response = self.ui.interact(rect, self.ui.scope_id().with(key), Sense::CLICK);
        let attempt = self.scene.session.attempt(key.1);
        // The value of a label is its name.
        let when = || (role != Role::Label).then(|| self.scene.instants(attempt.started_at, attempt.ended_at));
        response.widget_info(|| WidgetInfo { current_text_value: when(), ..WidgetInfo::labeled(role, true, name()) });
        Some(response)
    }

    fn attempt_response(&mut self, response: &Response, attempt: AttemptIdx) {
        if response.double_clicked() {
            self.commands.view(ViewCommand::ZoomToDelivery(self.scene.session.attempt(attempt).delivery));
        } else if response.clicked() {
            self.commands.view(ViewCommand::SelectAttempt(attempt));
        }
        let (session, times, theme) = (self.scene.session, self.scene.view.times, self.scene.theme);
        response.clone().on_hover_ui(|ui| hover::attempt_ui(ui, session, attempt, times, theme));
    }

    fn row_response(&mut self, response: &Response, row: &Row) {
        if response.clicked() {
            self.commands.view(ViewCommand::SelectDelivery(row.delivery));
        }
    }
}

/// A status as it fits on a bar.
fn short(status: Status) -> String {
    let Status::Fault(kind) = status else { return status.to_string() };
    match kind {
        FaultKind::Timeout => "time",
        FaultKind::ConnectionReset => "reset",
        FaultKind::ConnectRefused => "refu",
        FaultKind::Dns => "DNS",
        FaultKind::Tls => "TLS",
        FaultKind::TruncatedBody => "cut",
    }
    .to_owned()
}
