//! The program.
use delivery_inspector::app::window::{WindowOptions, open};
use delivery_inspector::app::{Picture, Start};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let theme = delivery_inspector::ui::theme::ThemeKind::from_name(&args[2]);
    let open_paths = args[3..].iter().filter(|a| *a != "compose").map(Into::into).collect();
    let start = Start { open: open_paths, theme, compose: args.iter().any(|a| a == "compose"), ..Start::default() };
    let picture = Some(Picture { path: args[1].clone().into(), size: (1400, 900) });
    if let Err(error) = open(WindowOptions { start, picture }) {
        eprintln!("{error}");
    }
}
