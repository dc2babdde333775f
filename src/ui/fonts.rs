//! The type that the program ships: one family for words, a fixed-width one for bodies. egui's own fonts stand behind
//! them for what they lack.
use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

use super::theme::SEMIBOLD;

/// Installs the shipped type; call it once.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(definitions());
}

fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    for (name, bytes) in [
        ("Inter", &include_bytes!("../../assets/fonts/Inter-Regular.otf")[..]),
        ("Inter SemiBold", include_bytes!("../../assets/fonts/Inter-SemiBold.otf")),
        ("JetBrains Mono", include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf")),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let semibold: Vec<String> = ["Inter SemiBold".to_owned()].into_iter().chain(fallback).collect();
    fonts.families.insert(FontFamily::Name(SEMIBOLD.into()), semibold);
    for (family, name) in [(FontFamily::Proportional, "Inter"), (FontFamily::Monospace, "JetBrains Mono")] {
        fonts.families.entry(family).or_default().insert(0, name.to_owned());
    }
    fonts
}
