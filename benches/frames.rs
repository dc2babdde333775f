//! What a frame of the window costs the processor when the session is large: counts, overview, timeline and table, run and
//! tessellated as in the window, no GPU needed. At every zoom, panning; beside it what walking over all rows would cost,
//! and a large body beside an `egui::Label` of the same text. `cargo bench --bench frames [-- ATTEMPTS|FILE…]`; 10,000 and
//! 1,000,000 attempts unless told otherwise, or sessions that are there. A file of ten million takes 22 GB in the system's
//! temporary folder.
use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod generated;

use delivery_inspector::core::http::Body;
use delivery_inspector::session::loader::{LoadOptions, load};
use delivery_inspector::store::Session;
use delivery_inspector::store::activity::Span;
use delivery_inspector::store::rows::Rows;
use delivery_inspector::ui::body_view::{BodyView, Document};
use delivery_inspector::ui::command::Commands;
use delivery_inspector::ui::facets::facets_ui;
use delivery_inspector::ui::fonts;
use delivery_inspector::ui::mask::Mask;
use delivery_inspector::ui::overview::overview_ui;
use delivery_inspector::ui::table::{Columns, table_ui};
use delivery_inspector::ui::theme::{Theme, ThemeKind};
use delivery_inspector::ui::timeline::timeline_ui;
use delivery_inspector::ui::view_state::{ViewCommand, ViewState};
use egui::{CentralPanel, Context, Panel, RawInput, Rect, Ui, pos2, vec2};
use generated::generate;

/// How much of the session is in sight: all of it, a tenth, …
const PARTS: [u32; 6] = [1, 10, 100, 1_000, 10_000, 100_000];
/// Frames of each zoom, each a little further on.
const N_FRAMES: u32 = 60;
const N_COLUMNS: usize = 1_280;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if asked.is_empty() {
        asked = vec!["10000".to_owned(), "1000000".to_owned()];
    }
    let folder = tempfile::tempdir()?;
    for of in asked {
        let mut path = PathBuf::from(&of);
        if let Ok(n_attempts) = of.parse() {
            path = folder.path().join("large.session.jsonl");
            generate(n_attempts, &path)?;
        }
        let start = Instant::now();
        let loaded = load(&path, LoadOptions::default(), &mut |_| ControlFlow::Continue(()))?;
        let (n_attempts, memory) = (loaded.session().attempts().len(), anonymous_bytes()? >> 20);
        println!("{n_attempts} attempts: opened in {:.2?}, {memory} MB of memory in all", start.elapsed());
        frames(loaded.session())?;
        scan(loaded.session());
    }
    large_body()
}

/// A context as the window has it, and a clock for its animations.
struct Window {
    ctx: Context,
    n_frames: u32,
    n_vertices: usize,
}

impl Window {
    fn new() -> Self {
        let ctx = Context::default();
        fonts::install(&ctx);
        Theme::of(ThemeKind::Dark).apply(&ctx);
        Self { ctx, n_frames: 0, n_vertices: 0 }
    }

    /// Runs and tessellates one frame.
    fn frame(&mut self, draw: impl FnMut(&mut Ui)) -> Duration {
        self.n_frames += 1;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1280.0, 800.0))),
            time: Some(f64::from(self.n_frames) / 60.0),
            ..RawInput::default()
        };
        let start = Instant::now();
        let output = self.ctx.run_ui(input, draw);
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let took = start.elapsed();
        self.n_vertices = meshes
            .iter()
            .map(|clipped| match &clipped.primitive {
                egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
                egui::epaint::Primitive::Callback(_) => 0,
            })
            .sum();
        took
    }
}

fn draw(ui: &mut Ui, session: &Session, view: &mut ViewState, commands: &mut Commands) {
    let theme = Theme::of(ThemeKind::Dark);
    Panel::top("overview").exact_size(60.0).show(ui, |ui| overview_ui(ui, session, view, theme, commands));
    Panel::left("facets").exact_size(184.0).show(ui, |ui| facets_ui(ui, session, view, theme, commands));
    Panel::bottom("table")
        .exact_size(240.0)
        .show(ui, |ui| table_ui(ui, session, view, &mut Columns::default(), theme, commands));
    CentralPanel::default().show(ui, |ui| timeline_ui(ui, session, view, theme, commands));
}

/// Pans at every zoom.
fn frames(session: &Session) -> Outcome<()> {
    let Some(whole) = session.activity().range() else { return Ok(()) };
    let (mut view, mut window) = (ViewState::default(), Window::new());
    let start = Instant::now();
    let rows = Rows::make(session, &view.arrangement, &mut |_| ControlFlow::Continue(()));
    view.rows = rows.ok_or("the rows were not made")?;
    println!("  {} rows made in {:.2?}", view.rows.lines().len(), start.elapsed());
    let (length, mut all) = (whole.end.since(whole.start), Vec::new());
    for parts in PARTS {
        let (mut times, mut n_vertices) = (Vec::new(), 0);
        for step in 0..N_FRAMES {
            let seen = length / parts;
            let start = whole.start.saturating_add(length.saturating_sub(seen) / N_FRAMES * step);
            view.apply(session, ViewCommand::ZoomTo(Span { start, end: start.saturating_add(seen) }));
            view.refresh(session);
            let took = window.frame(|ui| draw(ui, session, &mut view, &mut Commands::default()));
            n_vertices = n_vertices.max(window.n_vertices);
            // The first frames lay out text that is kept from then on.
            if step >= 3 {
                times.push(took);
            }
        }
        all.extend_from_slice(&times);
        println!("  frame, 1/{parts} in sight: {}, {n_vertices} vertices at most", spread(&mut times));
    }
    println!("  frame, every zoom: {}", spread(&mut all));
    Ok(())
}

/// The overview's columns out of the pyramid, and by walking over all rows.
fn scan(session: &Session) {
    let Some(whole) = session.activity().range() else { return };
    let mut times: Vec<Duration> =
        (0..20).map(|_| timed(|| drop(black_box(session.columns(None, whole, N_COLUMNS))))).collect();
    let walk = timed(|| {
        let length = whole.end.since(whole.start).as_nanos().max(1);
        let mut columns = vec![[0_u32; 4]; N_COLUMNS];
        for idx in session.attempts().indices() {
            let row = session.attempt(idx);
            let column = row.started_at.since(whole.start).as_nanos() * (N_COLUMNS as u128 - 1) / length;
            columns[usize::try_from(column).unwrap_or(0)][row.decision as usize] += 1;
        }
        drop(black_box(columns));
    });
    times.sort();
    let ratio = walk.as_secs_f64() / times[10].as_secs_f64();
    println!("  columns of all: {:.2?}; walking over all rows: {walk:.2?}, {ratio:.0} times as long", times[10]);
}

/// The first frame of ten megabytes of text.
fn large_body() -> Outcome<()> {
    let mut text = String::new();
    for number in 0..200_000_u32 {
        writeln!(text, "{{\"line\": {number:>8}, \"text\": \"of a large body\"}}")?;
    }
    let theme = Theme::of(ThemeKind::Dark);
    let mut window = Window::new();
    window.frame(|_| ());
    let body = Body::Text(text.clone());
    let mask = Mask { revealed: true, alias: &|_| "secret".into() };
    let made = Instant::now();
    let document = Document::of_body(&body, &mask);
    let made = made.elapsed();
    let mut view = BodyView::<u8>::default();
    view.take(1, || document);
    let mut ours: Vec<Duration> =
        (0..20).map(|_| window.frame(|ui| view.body_ui(ui, "body", 600.0, &[], theme))).collect();
    let first = ours[0];
    let mut label_window = Window::new();
    label_window.frame(|_| ());
    let label = label_window.frame(|ui| {
        egui::ScrollArea::vertical().show(ui, |ui| ui.label(&text));
    });
    println!(
        "body of {} MB: prepared in {made:.2?}, first frame {first:.2?}, later {}",
        text.len() >> 20,
        spread(&mut ours[1..])
    );
    println!("  egui::Label: first frame {label:.2?}, {:.0} times as long", label.as_secs_f64() / first.as_secs_f64());
    Ok(())
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn spread(times: &mut [Duration]) -> String {
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    format!("{:.2?} in the middle, {:.2?} in 99 of 100", at(50), at(99))
}

/// Memory of this process that is in no file.
fn anonymous_bytes() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")).unwrap_or("0");
    Ok(kilobytes.parse::<u64>()? << 10)
}
