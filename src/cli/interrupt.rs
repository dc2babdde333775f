//! Ctrl-C and the system's request to end: the first asks the work to end, the second ends the program.
use std::io;
use std::sync::mpsc::sync_channel;
use std::thread;

/// Calls `end` at the first interrupt, from a thread of its own. An interrupt that comes after this has returned is heard.
///
/// If the system gives no thread or no signals, an interrupt ends the program at once, as it does by default.
pub(super) fn on_interrupt(end: impl Fn() + Send + 'static) {
    const BY_SIGINT: i32 = 130;
    let (listening, is_listening) = sync_channel::<()>(0);
    let wait_twice = move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        runtime.block_on(async {
            let Ok(mut interrupts) = Interrupts::listen() else { return };
            drop(listening);
            interrupts.next().await;
            end();
            interrupts.next().await;
            std::process::exit(BY_SIGINT);
        });
    };
    if thread::Builder::new().name("interrupts".to_owned()).spawn(wait_twice).is_ok() {
        // The other end is dropped as soon as the thread listens, or cannot.
        is_listening.recv().unwrap_or_default();
    }
}

/// What the system sends to end a program.
struct Interrupts {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    termination: tokio::signal::unix::Signal,
    #[cfg(windows)]
    ctrl_c: tokio::signal::windows::CtrlC,
}

impl Interrupts {
    /// Listens from now on.
    #[cfg(unix)]
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, termination: signal(SignalKind::terminate())? })
    }

    /// Listens from now on.
    #[cfg(windows)]
    fn listen() -> io::Result<Self> {
        Ok(Self { ctrl_c: tokio::signal::windows::ctrl_c()? })
    }

    /// Waits for the next one.
    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => (),
            _ = self.termination.recv() => (),
        }
        #[cfg(windows)]
        self.ctrl_c.recv().await;
    }
}
