//! A picture of the window, made by the window itself: waits until everything is loaded and drawn, writes a PNG, closes.
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use egui::ColorImage;

use super::window::WindowError;

/// What picture is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Where the PNG goes.
    pub path: PathBuf,
    /// Width and height of the window in points.
    pub size: (u16, u16),
    /// Takes it so long after the start, whatever goes on; none waits until nothing goes on.
    pub after: Option<Duration>,
}

impl Picture {
    /// Width and height of the window in points.
    #[must_use]
    pub fn size(&self) -> [f32; 2] {
        [f32::from(self.size.0), f32::from(self.size.1)]
    }
}

/// How many quiet frames are drawn before the picture: fonts, scroll bars and panels settle within a few.
const N_QUIET_FRAMES: u32 = 12;

/// Takes one picture. Clones share its outcome.
#[derive(Clone)]
pub(super) struct Screenshot {
    picture: Picture,
    n_quiet: u32,
    began: Instant,
    outcome: Arc<Mutex<Option<Result<(), String>>>>,
}

impl Screenshot {
    pub(super) fn new(picture: Picture) -> Self {
        Self { picture, n_quiet: 0, began: Instant::now(), outcome: Arc::default() }
    }

    /// Counts quiet frames, asks for the picture when there were enough, closes the window when it is written.
    pub(super) fn after_frame(&mut self, ctx: &egui::Context, is_busy: bool) {
        let is_time = match self.picture.after {
            Some(after) => self.began.elapsed() >= after,
            None => !is_busy,
        };
        self.n_quiet = if is_time { self.n_quiet + 1 } else { 0 };
        ctx.request_repaint();
        if self.n_quiet == N_QUIET_FRAMES {
            let (path, outcome, ctx) = (self.picture.path.clone(), Arc::clone(&self.outcome), ctx.clone());
            let wake = ctx.clone();
            ctx.request_screenshot(move |image| {
                let written = write_png(&path, &image).map_err(|error| error.to_string());
                *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(written);
                wake.send_viewport_cmd(egui::ViewportCommand::Close);
            });
        }
    }

    /// Whether the picture was written.
    pub(super) fn outcome(&self) -> Result<(), WindowError> {
        let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        let failed = |message| WindowError::Picture { path: self.picture.path.clone(), message };
        outcome.unwrap_or_else(|| Err("the window was closed before it was taken".to_owned())).map_err(failed)
    }
}

fn write_png(path: &Path, image: &ColorImage) -> Result<(), png::EncodingError> {
    let [width, height] = image.size.map(|points| u32::try_from(points).unwrap_or(u32::MAX));
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    let pixels: Vec<u8> = image.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]).collect();
    encoder.write_header()?.write_image_data(&pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_a_png_of_its_size() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("x.png");
        write_png(&path, &ColorImage::filled([3, 2], egui::Color32::WHITE))?;
        let reader = png::Decoder::new(std::io::BufReader::new(File::open(path)?)).read_info()?;
        assert_eq!((reader.info().width, reader.info().height), (3, 2));
        Ok(())
    }
}
