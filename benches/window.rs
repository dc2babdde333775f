//! The real window: whole frames, paint and all, while a large session opens and is panned, scrolled and zoomed by a
//! script, beside a bare table; and what the window costs at rest.
//!
//! `cargo bench --bench window -- move FILE…` and `… -- rest FILE…`, where there is a screen; `xvfb-run -s "-screen 0
//! 1400x900x24"` before it makes one, which Mesa draws on the processor. Every scene has a process of its own. A frame is
//! timed from the beginning of its layout to that of the next one, with nothing to wait for between them. Beside that
//! stands the processor time of a frame, of all threads of this process, from which other programs take nothing away.
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use delivery_inspector::app::{App, Start};
use egui::{
    Align2, Color32, Event, FontId, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, TouchPhase, Ui,
    Vec2, pos2, vec2,
};

/// Scenes of a round; the bare table is what the others are held against.
const MOVING: [Scene; 6] = [Scene::BareTable, Scene::Open, Scene::PanLooking, Scene::Pan, Scene::Scroll, Scene::Zoom];
const N_ROUNDS: usize = 3;
/// Frames of a scene, after those in which fonts and panels settle.
const N_FRAMES: usize = 360;
const N_WARM: usize = 40;
/// Frames that stopping the search for findings takes.
const ASKING: usize = 8;
/// How often the direction changes.
const TURN: usize = 60;
/// How long the window is watched at rest, and how long it may settle before.
const REST: Duration = Duration::from_secs(30);
const SETTLE: Duration = Duration::from_secs(15);
/// The plan whose finished run is looked at.
const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-sessions/token-propagation.plan.json");

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What a window shows and what is done in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    /// Forty rows of eight cells, every text another one in every frame.
    BareTable,
    /// From the first frame until everything is there.
    Open,
    /// The wheel moves the timeline sideways, each time at another zoom.
    Pan,
    /// The same while the session is looked through for findings, for which the other core is used. In other scenes that is
    /// stopped before.
    PanLooking,
    /// The wheel moves the table.
    Scroll,
    /// The wheel zooms the timeline in and out.
    Zoom,
    /// Nobody touches anything.
    Rest,
    /// The same with the caret in the field of the search.
    Caret,
}

impl Scene {
    const ALL: [Self; 8] =
        [Self::BareTable, Self::Open, Self::Pan, Self::PanLooking, Self::Scroll, Self::Zoom, Self::Rest, Self::Caret];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scene| format!("{scene:?}") == name)
    }

    fn is_at_rest(self) -> bool {
        matches!(self, Self::Rest | Self::Caret)
    }
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["scene", name, files @ ..] => {
            let scene = Scene::named(name).ok_or("no such scene")?;
            window(scene, start(files))
        }
        ["move", files @ ..] => files.iter().try_for_each(|file| all_moving(file)),
        ["rest", files @ ..] => all_at_rest(files),
        _ => Err("say `move FILE…` or `rest FILE…`".into()),
    }
}

fn start(files: &[&str]) -> Start {
    let open = files.iter().filter(|file| !file.starts_with("--")).map(PathBuf::from).collect();
    Start { open, compose: files.contains(&"--compose"), fire: files.contains(&"--fire"), ..Start::default() }
}

/// All scenes in turns, a few rounds.
fn all_moving(file: &str) -> Outcome<()> {
    println!(
        "{file}\n{:<11} {:>9} {:>9} {:>9} {:>9} {:>7}   MB",
        "", "p50 ms", "p99 ms", "most ms", "cpu ms", "frames"
    );
    for _ in 0..N_ROUNDS {
        for scene in MOVING {
            let files: &[&str] = if scene == Scene::BareTable { &[] } else { &[file] };
            print!("{}", in_own_process(scene, files)?);
        }
    }
    Ok(())
}

fn all_at_rest(files: &[&str]) -> Outcome<()> {
    println!("{:<44} frames a second, share of a core", format!("at rest for {} s", REST.as_secs()));
    let mut scenes = vec![
        ("first run".to_owned(), Scene::Rest, vec![]),
        ("composer open".to_owned(), Scene::Rest, vec!["--compose"]),
        ("a finished run".to_owned(), Scene::Rest, vec!["--fire", PLAN]),
        ("caret in a text field".to_owned(), Scene::Caret, vec![]),
    ];
    for file in files {
        let name = Path::new(file).file_name().unwrap_or_default().display().to_string();
        scenes.push((name, Scene::Rest, vec![file]));
    }
    for (name, scene, arguments) in scenes {
        print!("{name:<44} {}", in_own_process(scene, &arguments)?);
    }
    Ok(())
}

/// A window opens once in a process.
fn in_own_process(scene: Scene, files: &[&str]) -> Outcome<String> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.args(["scene", &format!("{scene:?}")]).args(files).stderr(Stdio::inherit()).output()?;
    if output.status.success() { Ok(String::from_utf8(output.stdout)?) } else { Err("a window failed".into()) }
}

/// Opens the window, and ends the process when the scene is over.
fn window(scene: Scene, start: Start) -> Outcome<()> {
    let viewport = egui::ViewportBuilder::default().with_title("benchmark").with_inner_size([1280.0, 800.0]);
    let mut native = eframe::NativeOptions { viewport, dithering: false, ..Default::default() };
    native.glow_options.vsync = scene.is_at_rest();
    let run = move |creation: &eframe::CreationContext<'_>| {
        let app = (scene != Scene::BareTable).then(|| App::new(&creation.egui_ctx, start));
        let window = Window::new(scene, app);
        if scene.is_at_rest() {
            window.watch_rest()?;
        }
        Ok(Box::new(window) as Box<dyn eframe::App>)
    };
    Ok(eframe::run_native("benchmark", native, Box::new(run))?)
}

/// The program's window, or the bare table in its place.
struct Window {
    scene: Scene,
    app: Option<App>,
    /// Frames since everything was there.
    n_ready: usize,
    /// Frames since somebody began to stop the search for findings.
    n_asked: usize,
    n_drawn: Arc<AtomicU64>,
    is_busy: Arc<AtomicBool>,
    last: Option<Instant>,
    times: Vec<Duration>,
    ticks_before: Option<u64>,
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(app) = &mut self.app {
            app.tick(ctx);
        }
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.app.as_ref().map_or([0.0, 0.0, 0.0, 1.0], App::ground)
    }

    fn raw_input_hook(&mut self, _ctx: &egui::Context, raw_input: &mut RawInput) {
        if self.n_ready > 0 {
            let stops = matches!(self.scene, Scene::Pan | Scene::Scroll | Scene::Zoom);
            let events = if stops && self.asks_to_stop() { self.stopping() } else { self.events() };
            raw_input.events.extend(events);
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.time_frame();
        match &mut self.app {
            Some(app) => app.show(ui),
            None => bare_table(ui, self.n_ready),
        }
        let is_busy = self.app.as_ref().is_some_and(App::is_busy);
        self.is_busy.store(is_busy, Ordering::Relaxed);
        self.n_drawn.fetch_add(1, Ordering::Relaxed);
        if !is_busy {
            self.n_ready += 1;
        }
        if self.scene.is_at_rest() {
            return;
        }
        ui.ctx().request_repaint();
        let is_over = match self.scene {
            Scene::Open => self.n_ready > 2,
            _ => self.n_ready > N_WARM + N_FRAMES,
        };
        if is_over {
            self.report();
            std::process::exit(0);
        }
    }
}

impl Window {
    fn new(scene: Scene, app: Option<App>) -> Self {
        let (n_drawn, is_busy) = (Arc::default(), Arc::new(AtomicBool::new(true)));
        Self { scene, app, n_ready: 0, n_asked: 0, n_drawn, is_busy, last: None, times: Vec::new(), ticks_before: None }
    }

    fn time_frame(&mut self) {
        let now = Instant::now();
        let counts = self.scene == Scene::Open || self.n_ready > N_WARM;
        if let Some(last) = self.last.replace(now).filter(|_| counts) {
            self.times.push(now.duration_since(last));
            self.ticks_before.get_or_insert_with(ticks);
        }
    }

    /// Whether the search for findings is to be stopped, or is being stopped.
    fn asks_to_stop(&mut self) -> bool {
        let is_looking = self.app.as_ref().is_some_and(App::is_looking);
        if is_looking || self.n_asked > 0 {
            self.n_asked += 1;
        }
        (1..=ASKING).contains(&self.n_asked)
    }

    /// What the person does to stop it, frame by frame.
    fn stopping(&self) -> Vec<Event> {
        match self.n_asked {
            1 => press(Key::K, Modifiers::COMMAND),
            3 => vec![Event::Text("stop looking for findings".to_owned())],
            5 => press(Key::Enter, Modifiers::NONE),
            _ => Vec::new(),
        }
    }

    /// What the person does in the next frame, once everything is there.
    fn events(&self) -> Vec<Event> {
        let step = self.n_ready.saturating_sub(1 + self.n_asked.min(ASKING));
        let forth = if (step / TURN).is_multiple_of(2) { 1.0 } else { -1.0 };
        let turns = step.is_multiple_of(TURN);
        let timeline = Event::PointerMoved(pos2(700.0, 240.0));
        match self.scene {
            // Ten times nearer, then sideways for a while; it begins nearer, so that the session is never out of sight.
            Scene::Pan | Scene::PanLooking if turns && step < 5 * TURN => vec![timeline, Event::Zoom(10.0)],
            Scene::Pan | Scene::PanLooking => vec![timeline, wheel(vec2(14.0 * forth, 0.0))],
            Scene::Zoom => vec![timeline, Event::Zoom(if forth > 0.0 { 1.12 } else { 1.0 / 1.12 })],
            Scene::Scroll => vec![Event::PointerMoved(pos2(500.0, 690.0)), wheel(vec2(0.0, -180.0 * forth))],
            Scene::Caret if self.n_ready == 2 => press(Key::F, Modifiers::COMMAND),
            Scene::BareTable | Scene::Open | Scene::Rest | Scene::Caret => Vec::new(),
        }
    }

    fn report(&mut self) {
        self.times.sort();
        let at = |percent: usize| {
            let nth = (self.times.len() * percent / 100).min(self.times.len().saturating_sub(1));
            self.times.get(nth).copied().unwrap_or_default().as_secs_f64() * 1e3
        };
        let name = format!("{:?}", self.scene);
        let (n_frames, memory) = (self.times.len(), anonymous_megabytes());
        #[expect(clippy::cast_precision_loss, reason = "a few thousand hundredths of a second")]
        let cpu = (ticks() - self.ticks_before.unwrap_or_default()) as f64 * 10.0 / n_frames.max(1) as f64;
        println!("{name:<11} {:>9.1} {:>9.1} {:>9.1} {cpu:>9.1} {n_frames:>7} {memory:>4}", at(50), at(99), at(100));
    }

    /// Counts frames and processor time from outside the window, so that counting wakes nobody.
    fn watch_rest(&self) -> std::io::Result<()> {
        let (n_drawn, is_busy) = (Arc::clone(&self.n_drawn), Arc::clone(&self.is_busy));
        let watch = move || {
            while is_busy.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(200));
            }
            thread::sleep(SETTLE);
            let (n_before, ticks_before) = (n_drawn.load(Ordering::Relaxed), ticks());
            thread::sleep(REST);
            #[expect(clippy::cast_precision_loss, reason = "a few thousand frames")]
            let a_second = |count: u64| count as f64 / REST.as_secs_f64();
            let frames = a_second(n_drawn.load(Ordering::Relaxed) - n_before);
            // The system counts in hundredths of a second.
            println!("{frames:>6.2} {:>6.2} %", a_second(ticks().saturating_sub(ticks_before)));
            std::process::exit(0);
        };
        thread::Builder::new().name("watching".into()).spawn(watch).map(drop)
    }
}

fn wheel(delta: Vec2) -> Event {
    let (unit, phase, source) = (MouseWheelUnit::Point, TouchPhase::Move, MouseWheelSource::Unknown);
    Event::MouseWheel { unit, delta, phase, source, modifiers: Modifiers::NONE }
}

fn press(key: Key, modifiers: Modifiers) -> Vec<Event> {
    let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    vec![Event::ModifiersChanged(modifiers), event(true), event(false), Event::ModifiersChanged(Modifiers::NONE)]
}

fn bare_table(ui: &Ui, frame_idx: usize) {
    let painter = ui.painter();
    for row in 0..40_u16 {
        for column in 0..8_u16 {
            let at: Pos2 = pos2(8.0 + 158.0 * f32::from(column), 10.0 + 19.5 * f32::from(row));
            let text = format!("cell {column} of row {}", frame_idx + usize::from(row));
            painter.text(at, Align2::LEFT_CENTER, text, FontId::proportional(13.0), Color32::LIGHT_GRAY);
        }
    }
}

/// Processor time of this process in hundredths of a second.
fn ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(") ").next().unwrap_or_default();
    behind_name.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// Memory of this process that is in no file.
fn anonymous_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) >> 10
}
