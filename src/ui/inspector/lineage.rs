//! All tokens of the destination, one row each: who made it, when it was first used and by whom, how often, and how long
//! some of the remote's nodes still turned it down.
use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::context::InspectorContext;
use super::row::paint_line;
use super::section;
use super::state::InspectorView;
use crate::core::record::{Attempt, TokenUse};
use crate::store::label::counted;
use crate::store::tokens::{Generation, TokenLane};
use crate::ui::icon::Icon;
use crate::ui::row_list::RowList;
use crate::ui::stamps;
use crate::ui::theme::{Theme, Tone, size};

const ROW: f32 = 9.0 * size::STEP;
/// Rows in sight before the list scrolls on its own.
const MAX_ROWS: f32 = 5.5;
/// Room for a generation's name.
const NAME: f32 = 12.0 * size::STEP;

pub(super) fn lineage_ui(
    ui: &mut Ui,
    lane: &TokenLane,
    token: TokenUse,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    let n_rows = lane.generations().len();
    let list = RowList { name: "Tokens", n_rows, row_height: ROW, max_height: MAX_ROWS * ROW };
    let mut anchor = view.generations;
    list.show(ui, &mut anchor, theme, |ui, row_idx| {
        if let Some(generation) = lane.generations().get(row_idx) {
            let is_own = (token.generation_before..=token.generation_after).contains(&generation.number);
            row_ui(ui, generation, is_own, context, view, theme);
        }
    });
    view.generations = anchor;
}

/// What a row says.
struct Told {
    made: String,
    used: String,
}

impl Told {
    fn of(generation: &Generation, context: &InspectorContext<'_>) -> Self {
        let since = context.instant(generation.since);
        let made = generation.made_by.map_or_else(
            || format!("from the plan, in use since {since}"),
            |maker| format!("made by {} at {since}", name(&(context.attempt)(maker), context)),
        );
        let mut used = counted(usize::try_from(generation.n_uses).unwrap_or(usize::MAX), "use", "uses");
        if let Some((user, at)) = generation.first_use.filter(|_| generation.made_by.is_some()) {
            let after = stamps::duration(at.since(generation.since));
            used = format!("first used {after} later by {} · {used}", name(&(context.attempt)(user), context));
        }
        if let Some(until) = generation.unsettled_until.filter(|until| *until > generation.since) {
            used = format!("{used} · turned down for {}", stamps::duration(until.since(generation.since)));
        }
        Self { made, used }
    }
}

/// `attempt 1 of m-7f21`.
fn name(attempt: &Attempt, context: &InspectorContext<'_>) -> String {
    let of = match attempt.events.as_slice() {
        [event] => context.event_name(event),
        _ => attempt.delivery.to_string(),
    };
    format!("attempt {} of {of}", attempt.number)
}

fn row_ui(
    ui: &Ui,
    generation: &Generation,
    is_own: bool,
    context: &InspectorContext<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    let rect = ui.max_rect();
    let told = Told::of(generation, context);
    let response = ui.interact(rect, ui.scope_id().with("generation"), Sense::click());
    let label = format!("gen {}, {}, {}", generation.number, told.made, told.used);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_own, &label));
    if is_own || response.hovered() || response.has_focus() {
        let ground = if is_own { theme.selection } else { theme.raised };
        ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), size::CONTROL_RADIUS, ground);
    }
    let color = theme.tone(Tone::Refresh);
    let mark = Rect::from_center_size(pos2(rect.left() + 3.0 * size::STEP, rect.center().y), vec2(12.0, 12.0));
    let icon = if generation.made_by.is_some() { Icon::Diamond } else { Icon::Dot };
    icon.paint(ui.painter(), mark, color);
    let left = mark.right() + 1.5 * size::STEP;
    let number = section::line(&format!("gen {}", generation.number), Theme::semibold(size::TABLE_TEXT), color);
    paint_line(ui, number, left, rect.center().y, NAME);
    let left = left + NAME;
    let room = rect.right() - left - size::STEP;
    let font = || Theme::font(size::TABLE_TEXT);
    paint_line(ui, section::line(&told.made, font(), theme.text), left, rect.center().y - 7.5, room);
    paint_line(ui, section::line(&told.used, font(), theme.weak), left, rect.center().y + 7.5, room);
    if response.on_hover_text(&label).clicked()
        && let Some(attempt) = generation.made_by.or(generation.first_use.map(|(user, _)| user))
    {
        view.goto = Some((context.attempt)(attempt).id.clone());
    }
}
