//! The program: a window, and verbs that work without one.
use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "gui")]
    let open_window = Some(open_window as delivery_inspector::cli::OpenWindow);
    #[cfg(not(feature = "gui"))]
    let open_window = None;
    delivery_inspector::cli::main(open_window)
}

#[cfg(feature = "gui")]
fn open_window(args: delivery_inspector::cli::WindowArgs) -> Result<(), String> {
    use delivery_inspector::app::window::{WindowOptions, open};
    use delivery_inspector::app::{Picture, Start};
    use delivery_inspector::ui::theme::ThemeKind;

    let theme = match args.theme.as_deref() {
        Some(name) => {
            Some(ThemeKind::from_name(name).ok_or(format!("failed to open the window: no theme is called {name}"))?)
        }
        None => None,
    };
    let picture = args.picture.map(|path| Picture { path, size: args.size });
    // A picture shows the program as it is, not as its user has arranged it.
    let start =
        if picture.is_some() { Start { open: args.files, ..Start::default() } } else { Start::for_person(args.files) };
    let start = Start { theme, compose: args.compose, ..start };
    open(WindowOptions { start, picture }).map_err(|error| error.to_string())
}
