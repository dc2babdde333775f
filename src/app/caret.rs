//! The caret blinks while somebody types and for a while after that, then it stands still: a window that nobody touches
//! is not painted again.

/// How long the caret goes on blinking, in seconds. Desktops have agreed on about ten.
const BLINKS_FOR: f64 = 10.0;

/// When the person did something last.
#[derive(Debug, Default)]
pub(super) struct Caret {
    touched_at: f64,
}

impl Caret {
    /// Lets the caret blink or stand. With reduced motion it always stands.
    pub(super) fn keep(&mut self, ctx: &egui::Context, reduced_motion: bool) {
        let (now, is_touched) = ctx.input(|input| (input.time, !input.events.is_empty()));
        if is_touched {
            self.touched_at = now;
        }
        let blinks = !reduced_motion && now - self.touched_at < BLINKS_FOR;
        if ctx.global_style().visuals.text_cursor.blink != blinks {
            ctx.all_styles_mut(|style| style.visuals.text_cursor.blink = blinks);
        }
    }
}
