//! Short messages in the corner: what was done, what went wrong. They go away by themselves, errors when dismissed.
use std::time::Duration;

use egui::{Align2, Area, Frame, Id, Margin, Order, RichText, Ui, vec2};

use super::theme::{Theme, Tone, size};

/// How long a message that needs no answer is shown.
const SHOWN_FOR: Duration = Duration::from_secs(5);

/// So many of these are shown at once: more would cover what they tell of.
const MOST_DONE: usize = 4;

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done.
    Done,
    /// Something went wrong; stays until dismissed.
    Error,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// How it is meant.
    pub kind: NoticeKind,
    /// What it says.
    pub text: String,
    /// When it goes away, in seconds of egui's clock; unset until it is first shown.
    until: Option<f64>,
}

/// The messages that are shown, oldest first.
#[derive(Debug, Default)]
pub struct Notices(Vec<Notice>);

impl Notices {
    /// Tells that something was done.
    pub fn done(&mut self, text: impl Into<String>) {
        self.push(NoticeKind::Done, text.into());
    }

    /// Tells that something went wrong.
    pub fn error(&mut self, text: impl Into<String>) {
        self.push(NoticeKind::Error, text.into());
    }

    fn push(&mut self, kind: NoticeKind, text: String) {
        self.0.retain(|notice| notice.text != text);
        self.0.push(Notice { kind, text, until: None });
        let done = |notice: &Notice| notice.kind == NoticeKind::Done;
        if self.0.iter().filter(|notice| done(notice)).count() > MOST_DONE
            && let Some(oldest) = self.0.iter().position(done)
        {
            self.0.remove(oldest);
        }
    }

    /// What is shown now.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        self.0.iter().map(|notice| notice.text.as_str()).collect()
    }
}

/// Below the bars, over the overview: at the bottom they would stand on what fires.
const BELOW_BARS: f32 = 80.0;

/// Shows the messages above everything else.
pub fn notices_ui(ui: &mut Ui, notices: &mut Notices, theme: &Theme) {
    let (now, is_looked_at) = ui.input(|input| (input.time, input.focused));
    notices.0.retain(|notice| notice.until.is_none_or(|until| now < until));
    if notices.0.is_empty() {
        return;
    }
    let mut dismissed = None;
    Area::new(Id::unique("notices")).order(Order::Foreground).anchor(Align2::RIGHT_TOP, vec2(-12.0, BELOW_BARS)).show(
        ui.ctx(),
        |ui| {
            for (notice_idx, notice) in notices.0.iter_mut().enumerate() {
                let tone = theme.tone(if notice.kind == NoticeKind::Error { Tone::Dropped } else { Tone::Delivered });
                // What ended while the person was elsewhere stays until they are back.
                if notice.kind == NoticeKind::Done && is_looked_at {
                    let until = *notice.until.get_or_insert(now + SHOWN_FOR.as_secs_f64());
                    ui.ctx().request_repaint_after(Duration::from_secs_f64((until - now).max(0.05)));
                }
                Frame::NONE
                    .fill(theme.raised)
                    .stroke(egui::Stroke::new(1.0, tone))
                    .corner_radius(size::CARD_RADIUS)
                    .inner_margin(Margin::symmetric(12, 8))
                    .show(ui, |ui| {
                        ui.set_max_width(420.0);
                        ui.horizontal_top(|ui| {
                            ui.vertical(|ui| {
                                ui.set_max_width(360.0);
                                ui.label(RichText::new(&notice.text).color(theme.text));
                            });
                            if ui.small_button("×").on_hover_text("Dismiss").clicked() {
                                dismissed = Some(notice_idx);
                            }
                        });
                    });
                ui.add_space(size::STEP);
            }
        },
    );
    if let Some(notice_idx) = dismissed {
        notices.0.remove(notice_idx);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_long_ago_makes_room_and_errors_stay() {
        let mut notices = Notices::default();
        notices.error("e");
        for number in 0..6 {
            notices.done(format!("d{number}"));
        }
        notices.done("d3");
        assert_eq!(notices.texts(), ["e", "d2", "d4", "d5", "d3"]);
    }
}
