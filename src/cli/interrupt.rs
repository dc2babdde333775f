//! Ctrl-C and the system's request to end: the first asks the work to end, the second ends the program.
use std::thread;

/// Calls `end` at the first interrupt, from a thread of its own.
///
/// If the system gives no thread or no signals, an interrupt ends the program at once, as it does by default.
pub(super) fn on_interrupt(end: impl Fn() + Send + 'static) {
    const BY_SIGINT: i32 = 130;
    let wait_twice = move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        runtime.block_on(async {
            if interrupted().await {
                end();
                if interrupted().await {
                    std::process::exit(BY_SIGINT);
                }
            }
        });
    };
    // Without the thread there is nothing to undo and nothing to tell.
    drop(thread::Builder::new().name("interrupts".to_owned()).spawn(wait_twice));
}

/// Waits for an interrupt; false if none can be waited for.
async fn interrupted() -> bool {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut termination) = signal(SignalKind::terminate()) else { return false };
        tokio::select! {
            interrupt = tokio::signal::ctrl_c() => interrupt.is_ok(),
            _ = termination.recv() => true,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.is_ok()
}
