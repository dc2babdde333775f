//! What a frame of the window costs before anything is painted: layout of every panel and its tessellation, on one core.
//! `cargo bench --bench frame_cost [-- FRAMES]`.
use std::error::Error;
use std::time::{Duration, Instant};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod generated;

use delivery_inspector::app::{App, Start};
use egui::{Event, Key, Modifiers, Pos2, RawInput, Rect, vec2};
use generated::generate;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The window that the pictures have.
const SIZE: egui::Vec2 = vec2(1_400.0, 900.0);
/// How long a session may take to open.
const LONGEST: Duration = Duration::from_mins(1);

/// What is done while frames are timed.
#[derive(Clone, Copy)]
enum Moving {
    /// The pointer crosses the window.
    Pointer,
    /// The wheel turns over the timeline.
    Wheel,
    /// The selection goes from row to row.
    Selection,
}

fn main() -> Outcome<()> {
    let asked = std::env::args().find_map(|argument| argument.parse().ok());
    let n_frames = asked.unwrap_or(600);
    let folder = tempfile::tempdir()?;
    let large = folder.path().join("large.session.jsonl");
    generate(10_000, &large)?;
    println!("{:<38} {:<10} {:>9} {:>9} {:>9}", "window", "moving", "p50 ms", "p99 ms", "triangles");
    let first_run = || Start::default();
    let all_open = || Start { open: vec![large.clone()], compose: true, ..Start::default() };
    let plain = || Start { open: vec![large.clone()], ..Start::default() };
    for (name, start, beside) in [
        ("first run", &first_run as &dyn Fn() -> Start, false),
        ("10,000 attempts, four panels", &plain, false),
        ("10,000 attempts, composer beside", &all_open, true),
    ] {
        for moving in [Moving::Pointer, Moving::Wheel, Moving::Selection] {
            measure(name, start(), beside, moving, n_frames)?;
        }
    }
    Ok(())
}

/// Opens a window, brings it to rest, and times frames.
fn measure(name: &str, start: Start, beside: bool, moving: Moving, n_frames: usize) -> Outcome<()> {
    let mut window = Window::open(start)?;
    if beside {
        // The composer and the table side by side, so that every panel is drawn.
        window.ask_for("move composer to the bottom");
    }
    for _ in 0..30 {
        window.frame(Vec::new());
    }
    let mut frames: Vec<Duration> = Vec::with_capacity(n_frames);
    let mut n_triangles = 0;
    for frame_idx in 0..n_frames {
        let events = events(moving, frame_idx);
        let began = Instant::now();
        n_triangles = window.frame(events);
        frames.push(began.elapsed());
    }
    frames.sort_unstable();
    let at = |percent: usize| frames[(frames.len() * percent / 100).min(frames.len() - 1)].as_secs_f64() * 1e3;
    let moving = match moving {
        Moving::Pointer => "pointer",
        Moving::Wheel => "wheel",
        Moving::Selection => "selection",
    };
    println!("{name:<38} {moving:<10} {:>9.2} {:>9.2} {n_triangles:>9}", at(50), at(99));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred frames")]
fn events(moving: Moving, frame_idx: usize) -> Vec<Event> {
    let share = (frame_idx % 200) as f32 / 200.0;
    match moving {
        Moving::Pointer => vec![Event::PointerMoved(Pos2::new(share * SIZE.x, (0.2 + 0.7 * share) * SIZE.y))],
        Moving::Wheel => vec![
            Event::PointerMoved(Pos2::new(700.0, 350.0)),
            Event::Zoom(if frame_idx % 200 < 100 { 1.02 } else { 1.0 / 1.02 }),
        ],
        Moving::Selection if frame_idx.is_multiple_of(2) => press(Key::ArrowDown, Modifiers::NONE),
        Moving::Selection => Vec::new(),
    }
}

fn press(key: Key, modifiers: Modifiers) -> Vec<Event> {
    let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    vec![Event::ModifiersChanged(modifiers), event(true), event(false), Event::ModifiersChanged(Modifiers::NONE)]
}

/// The program without a screen.
struct Window {
    ctx: egui::Context,
    app: App,
    began: Instant,
}

impl Window {
    fn open(start: Start) -> Outcome<Self> {
        let ctx = egui::Context::default();
        let app = App::new(&ctx, start);
        let mut window = Self { ctx, app, began: Instant::now() };
        let began = Instant::now();
        loop {
            window.frame(Vec::new());
            if !window.app.is_busy() {
                return Ok(window);
            }
            if began.elapsed() > LONGEST {
                return Err("the session did not open".into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn ask_for(&mut self, words: &str) {
        self.frame(press(Key::K, Modifiers::COMMAND));
        self.frame(Vec::new());
        self.frame(vec![Event::Text(words.to_owned())]);
        self.frame(press(Key::Enter, Modifiers::NONE));
        self.frame(Vec::new());
    }

    /// One frame, up to what the graphics card would get. Gives its triangles.
    fn frame(&mut self, events: Vec<Event>) -> usize {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.began.elapsed().as_secs_f64()),
            events,
            ..RawInput::default()
        };
        let app = &mut self.app;
        app.tick(&self.ctx);
        let output = self.ctx.run_ui(input, |ui| app.show(ui));
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let indices = primitives.iter().map(|primitive| match &primitive.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.indices.len(),
            egui::epaint::Primitive::Callback(_) => 0,
        });
        indices.sum::<usize>() / 3
    }
}
