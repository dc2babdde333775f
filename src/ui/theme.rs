//! Colours, sizes and type: the only place that names them. Three themes from one table of tokens.
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Vec2, Visuals};

use crate::core::names::Decision;
use crate::store::Fate;
use crate::store::facets::Highlight;

/// Which table of tokens is in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ThemeKind {
    /// Light text on dark ground.
    #[default]
    Dark,
    /// Dark text on light ground.
    Light,
    /// White on black, no half tones.
    HighContrast,
}

impl ThemeKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::HighContrast];

    /// The name in the settings and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What happened, as far as colour, shape and word go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tone {
    /// The receiver has it.
    Delivered,
    /// Tried again.
    Retry,
    /// Given up.
    Dropped,
    /// A new token.
    Refresh,
    /// The receiver acted twice.
    Twice,
    /// Not ended yet, or never meant for the destination.
    Pending,
}

impl Tone {
    /// Every tone.
    pub const ALL: [Self; 6] = [Self::Delivered, Self::Retry, Self::Dropped, Self::Refresh, Self::Twice, Self::Pending];

    /// The word that goes with it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retry => "retried",
            Self::Dropped => "dropped",
            Self::Refresh => "token refresh",
            Self::Twice => "delivered twice",
            Self::Pending => "pending",
        }
    }
}

impl From<Decision> for Tone {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Delivered => Self::Delivered,
            Decision::Retry => Self::Retry,
            Decision::Discard => Self::Dropped,
            Decision::Filtered => Self::Pending,
        }
    }
}

impl From<Fate> for Tone {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Delivered => Self::Delivered,
            Fate::DeliveredTwice => Self::Twice,
            Fate::Partial | Fate::Dropped => Self::Dropped,
            Fate::Pending | Fate::Filtered => Self::Pending,
        }
    }
}

impl From<Highlight> for Tone {
    fn from(highlight: Highlight) -> Self {
        match highlight {
            Highlight::TokenRefresh => Self::Refresh,
            Highlight::DeliveredTwice => Self::Twice,
            Highlight::Suppressed | Highlight::Ambiguous => Self::Pending,
            Highlight::Finding => Self::Retry,
        }
    }
}

/// The tokens of one theme. See `shared/mock` for the originals; greys and reds are moved where text in them would
/// have less contrast than 4.5 : 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Which one it is.
    pub kind: ThemeKind,
    /// Behind everything.
    pub background: Color32,
    /// Panels.
    pub panel: Color32,
    /// Cards, inputs, group heads.
    pub raised: Color32,
    /// Lines between things.
    pub hairline: Color32,
    /// The selected row.
    pub selection: Color32,
    /// Text to read.
    pub text: Color32,
    /// Text beside it.
    pub weak: Color32,
    /// Text that may be overlooked.
    pub faint: Color32,
    /// What can be pressed, links, focus.
    pub accent: Color32,
    /// Text on the accent and on verdict bars.
    pub on_color: Color32,
    delivered: Ink,
    retry: Ink,
    dropped: Ink,
    refresh: Ink,
    twice: Ink,
    pending: Ink,
}

/// Points of the four-point grid and what is measured by them.
pub mod size {
    /// One step of the grid.
    pub const STEP: f32 = 4.0;
    /// A row of the timeline or the table.
    pub const ROW: f32 = 25.0;
    /// A group head.
    pub const GROUP: f32 = 22.0;
    /// The head over a panel.
    pub const PANEL_HEAD: f32 = 22.0;
    /// An attempt's bar.
    pub const BAR: f32 = 14.0;
    /// Corners of bars.
    pub const BAR_RADIUS: u8 = 3;
    /// Corners of controls.
    pub const CONTROL_RADIUS: u8 = 6;
    /// Corners of cards.
    pub const CARD_RADIUS: u8 = 8;
    /// Body type.
    pub const TEXT: f32 = 12.0;
    /// Type of tables.
    pub const TABLE_TEXT: f32 = 11.0;
    /// Type of the timeline.
    pub const TIMELINE_TEXT: f32 = 10.0;
    /// Type of bodies and the filter.
    pub const MONO: f32 = 11.0;
}

/// Name of the semi-bold family that [`super::fonts`] installs.
pub const SEMIBOLD: &str = "semibold";

#[expect(clippy::disallowed_methods, reason = "this is where colours live")]
const fn hex(rgb: u32) -> Color32 {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

/// The colours of one tone.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ink {
    /// Text and thin lines.
    text: Color32,
    /// Areas: bars and columns. Freer than text, which needs more contrast.
    fill: Color32,
}

const fn ink(text: u32, fill: u32) -> Ink {
    Ink { text: hex(text), fill: hex(fill) }
}

const DARK: Theme = Theme {
    kind: ThemeKind::Dark,
    background: hex(0x14_16_1a),
    panel: hex(0x1a_1d_23),
    raised: hex(0x22_26_2e),
    hairline: hex(0x2c_31_3a),
    selection: hex(0x22_30_4a),
    text: hex(0xe6_e8_eb),
    weak: hex(0x9f_a7_b4),
    faint: hex(0x94_9c_ab),
    accent: hex(0x6e_a8_fe),
    on_color: hex(0x0d_0f_12),
    delivered: ink(0x3f_b6_8b, 0x3f_b6_8b),
    retry: ink(0xe0_a4_3a, 0xe0_a4_3a),
    dropped: ink(0xf8_72_69, 0xe5_53_4b),
    refresh: ink(0xa7_8b_fa, 0xa7_8b_fa),
    twice: ink(0xf5_7b_b3, 0xf0_6a_a8),
    pending: ink(0x98_a0_ae, 0x98_a0_ae),
};

const LIGHT: Theme = Theme {
    kind: ThemeKind::Light,
    background: hex(0xee_f0_f3),
    panel: hex(0xff_ff_ff),
    raised: hex(0xf5_f6_f8),
    hairline: hex(0xd9_dd_e3),
    selection: hex(0xdb_e8_ff),
    text: hex(0x1b_20_28),
    weak: hex(0x56_60_70),
    faint: hex(0x5c_66_75),
    accent: hex(0x1a_5f_d0),
    on_color: hex(0xff_ff_ff),
    delivered: ink(0x12_71_4d, 0x18_85_5c),
    retry: ink(0x8a_59_00, 0xa1_69_00),
    dropped: ink(0xb4_2b_24, 0xc4_32_2b),
    refresh: ink(0x63_44_c9, 0x6d_4f_d1),
    twice: ink(0xa8_2a_6e, 0xb8_32_7a),
    pending: ink(0x5f_67_74, 0x6f_76_81),
};

const HIGH_CONTRAST: Theme = Theme {
    kind: ThemeKind::HighContrast,
    background: hex(0x00_00_00),
    panel: hex(0x00_00_00),
    raised: hex(0x12_12_12),
    hairline: hex(0x8a_8a_8a),
    selection: hex(0x00_2a_5c),
    text: hex(0xff_ff_ff),
    weak: hex(0xe2_e2_e2),
    faint: hex(0xd0_d0_d0),
    accent: hex(0x8f_c1_ff),
    on_color: hex(0x00_00_00),
    delivered: ink(0x5c_f0_b4, 0x5c_f0_b4),
    retry: ink(0xff_c2_4d, 0xff_c2_4d),
    dropped: ink(0xff_9a_92, 0xff_9a_92),
    refresh: ink(0xc9_b5_ff, 0xc9_b5_ff),
    twice: ink(0xff_9c_cb, 0xff_9c_cb),
    pending: ink(0xd0_d0_d0, 0xd0_d0_d0),
};

impl Theme {
    /// The tokens of a kind.
    #[must_use]
    pub const fn of(kind: ThemeKind) -> &'static Self {
        match kind {
            ThemeKind::Dark => &DARK,
            ThemeKind::Light => &LIGHT,
            ThemeKind::HighContrast => &HIGH_CONTRAST,
        }
    }

    /// The colour of a tone's text and lines. It never stands alone: a shape and a word go with it.
    #[must_use]
    pub const fn tone(&self, tone: Tone) -> Color32 {
        self.ink(tone).text
    }

    /// The colour of a tone's areas, on which [`Self::on_color`] can be read.
    #[must_use]
    pub const fn fill(&self, tone: Tone) -> Color32 {
        self.ink(tone).fill
    }

    const fn ink(&self, tone: Tone) -> Ink {
        match tone {
            Tone::Delivered => self.delivered,
            Tone::Retry => self.retry,
            Tone::Dropped => self.dropped,
            Tone::Refresh => self.refresh,
            Tone::Twice => self.twice,
            Tone::Pending => self.pending,
        }
    }

    /// One hairline.
    #[must_use]
    pub const fn line(&self) -> Stroke {
        Stroke { width: 1.0, color: self.hairline }
    }

    /// Proportional type of a size.
    #[must_use]
    pub const fn font(size: f32) -> FontId {
        FontId::new(size, FontFamily::Proportional)
    }

    /// Semi-bold type of a size.
    #[must_use]
    pub fn semibold(size: f32) -> FontId {
        FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
    }

    /// Fixed-width type of a size.
    #[must_use]
    pub const fn mono(size: f32) -> FontId {
        FontId::new(size, FontFamily::Monospace)
    }

    /// Puts the theme in force for every widget of egui's own.
    pub fn apply(&self, ctx: &egui::Context) {
        let visuals = self.visuals();
        ctx.set_theme(if visuals.dark_mode { egui::Theme::Dark } else { egui::Theme::Light });
        ctx.all_styles_mut(|style| {
            style.visuals = visuals.clone();
            style.text_styles = [
                (TextStyle::Small, Self::font(size::TIMELINE_TEXT)),
                (TextStyle::Body, Self::font(size::TEXT)),
                (TextStyle::Button, Self::font(size::TEXT)),
                (TextStyle::Heading, Self::semibold(14.0)),
                (TextStyle::Monospace, Self::mono(size::MONO)),
            ]
            .into();
            style.spacing.item_spacing = Vec2::new(2.0 * size::STEP, size::STEP);
            style.spacing.button_padding = Vec2::new(2.0 * size::STEP, 3.0);
            style.spacing.interact_size = Vec2::new(24.0, 22.0);
            style.spacing.menu_margin = Margin::same(4);
            style.spacing.icon_width = 14.0;
            style.interaction.selectable_labels = true;
        });
    }

    fn visuals(&self) -> Visuals {
        let mut visuals = if self.kind == ThemeKind::Light { Visuals::light() } else { Visuals::dark() };
        let radius = CornerRadius::same(size::CONTROL_RADIUS);
        visuals.panel_fill = self.panel;
        visuals.window_fill = self.panel;
        visuals.window_stroke = self.line();
        visuals.window_corner_radius = CornerRadius::same(size::CARD_RADIUS);
        visuals.menu_corner_radius = radius;
        visuals.extreme_bg_color = self.background;
        visuals.faint_bg_color = self.raised;
        visuals.code_bg_color = self.background;
        visuals.hyperlink_color = self.accent;
        visuals.warn_fg_color = self.retry.text;
        visuals.error_fg_color = self.dropped.text;
        visuals.weak_text_color = Some(self.weak);
        visuals.selection.bg_fill = self.selection;
        visuals.selection.stroke = Stroke::new(1.0, self.text);
        let shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: Color32::from_black_alpha(60) };
        visuals.window_shadow = shadow;
        visuals.popup_shadow = shadow;
        let widgets = &mut visuals.widgets;
        for (widget, fill, line, ink) in [
            (&mut widgets.noninteractive, self.panel, self.hairline, self.text),
            (&mut widgets.inactive, self.raised, self.hairline, self.text),
            (&mut widgets.hovered, self.selection, self.accent, self.text),
            (&mut widgets.active, self.selection, self.accent, self.text),
            (&mut widgets.open, self.selection, self.hairline, self.text),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = Stroke::new(1.0, line);
            widget.fg_stroke = Stroke::new(1.0, ink);
            widget.corner_radius = radius;
            widget.expansion = 0.0;
        }
        visuals
    }
}

/// How much two opaque colours differ in light, by the web's rules for what people can read.
#[cfg(test)]
pub(crate) fn contrast(a: Color32, b: Color32) -> f64 {
    let luminance = |color: Color32| {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.039_28 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_text_has_a_contrast_of_four_and_a_half_to_one() {
        for kind in ThemeKind::ALL {
            let theme = Theme::of(kind);
            let tones = Tone::ALL.map(|tone| theme.tone(tone));
            for ground in [theme.background, theme.panel, theme.raised, theme.selection] {
                for ink in [theme.text, theme.weak, theme.faint, theme.accent].into_iter().chain(tones) {
                    let ratio = contrast(ink, ground);
                    assert!(ratio >= 4.5, "{kind:?}: {ink:?} on {ground:?} has {ratio:.2}");
                }
            }
            for bar in Tone::ALL.map(|tone| theme.fill(tone)).into_iter().chain([theme.accent]) {
                assert!(contrast(theme.on_color, bar) >= 4.5, "{kind:?}: text on {bar:?}");
                assert!(contrast(theme.panel, bar) >= 3.0, "{kind:?}: {bar:?} on the panel");
            }
        }
    }
}
