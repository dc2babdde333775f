//! The only code that knows eframe: opens the window, hands each frame to the shell, takes a picture if asked to.
use std::path::PathBuf;

use super::screenshot::{Picture, Screenshot};
use super::shell::{App, Start};

/// How the window is opened.
#[derive(Clone, Debug, Default)]
pub struct WindowOptions {
    /// What the shell starts with.
    pub start: Start,
    /// Takes a picture of the window, then ends the program.
    pub picture: Option<Picture>,
}

/// The window could not be opened, or its picture not written.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// There is no screen, or none that this program can draw on.
    #[error("failed to open the window: {0}")]
    Open(String),
    /// The picture could not be written.
    #[error("failed to write the picture {path}: {message}")]
    Picture {
        /// Where it was to go.
        path: PathBuf,
        /// What the file system said.
        message: String,
    },
}

/// Opens the window and stays until it is closed.
///
/// # Errors
/// No screen to draw on, or a picture that could not be written.
pub fn open(options: WindowOptions) -> Result<(), WindowError> {
    let size = options.picture.as_ref().map_or([1400.0, 900.0], Picture::size);
    let viewport = egui::ViewportBuilder::default()
        .with_title("Delivery Inspector")
        .with_app_id("delivery-inspector")
        .with_inner_size(size)
        .with_min_inner_size([800.0, 520.0]);
    let native = eframe::NativeOptions { viewport, dithering: false, ..eframe::NativeOptions::default() };
    let screenshot = options.picture.map(Screenshot::new);
    let written = screenshot.clone();
    let start = options.start;
    eframe::run_native(
        "delivery-inspector",
        native,
        Box::new(move |creation| Ok(Box::new(Window { app: App::new(&creation.egui_ctx, start), screenshot }))),
    )
    .map_err(|error| WindowError::Open(error.to_string()))?;
    written.map_or(Ok(()), |screenshot| screenshot.outcome())
}

struct Window {
    app: App,
    screenshot: Option<Screenshot>,
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.app.tick(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.app.show(ui);
        if let Some(screenshot) = &mut self.screenshot {
            self.app.end_without_asking();
            screenshot.after_frame(ui.ctx(), self.app.is_busy());
        }
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.app.ground()
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.app.end();
    }
}
