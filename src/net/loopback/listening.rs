//! A server on a thread of its own, from the moment that its port is taken until it is stopped.
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::sync::{Notify, Semaphore};
use tokio::task::LocalSet;

use super::serve::{Handler, Limits, serve};

/// A server that listens on 127.0.0.1, and on `[::1]` where this machine has it. Dropping it stops it.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    stop: Arc<Notify>,
    thread: Option<JoinHandle<()>>,
}

/// A server could not begin to listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Somebody else has the port.
    #[error("port {0} on 127.0.0.1 is taken by another program; choose another one, or 0 for any that is free")]
    PortTaken(u16),
    /// Anything else that the system says.
    #[error("failed to listen on 127.0.0.1 port {port}: {source}")]
    System {
        /// The port that was asked for.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
}

impl Listening {
    /// Takes the port (0 for any that is free) and serves it on a thread of that name. The handler is made on that
    /// thread, and may keep what cannot leave it.
    ///
    /// # Errors
    /// [`ListenError`] if the port cannot be had.
    pub fn start(
        port: u16,
        thread_name: &str,
        limits: Limits,
        make_handler: impl FnOnce() -> Handler + Send + 'static,
    ) -> Result<Self, ListenError> {
        let told = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => ListenError::PortTaken(port),
            _ => ListenError::System { port, source },
        };
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(told)?;
        let address = first.local_addr().map_err(told)?;
        // Clients that look up "localhost" may try this address first; a machine without it does well with the other.
        let second = TcpListener::bind((Ipv6Addr::LOCALHOST, address.port())).ok();
        let listeners: Vec<TcpListener> = std::iter::once(first).chain(second).collect();
        for listener in &listeners {
            listener.set_nonblocking(true).map_err(told)?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(told)?;
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let body = move || {
            let handler = make_handler();
            let listening = async {
                let connections = Rc::new(Semaphore::new(limits.max_connections));
                for listener in listeners {
                    tokio::task::spawn_local(accept(listener, limits, Rc::clone(&connections), Rc::clone(&handler)));
                }
                stopped.notified().await;
            };
            LocalSet::new().block_on(&runtime, listening);
        };
        let thread = thread::Builder::new().name(thread_name.to_owned()).spawn(body).map_err(told)?;
        Ok(Self { address, stop, thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops listening, closes every connection, and waits until that is done.
    pub fn stop(mut self) {
        self.stop_and_wait();
    }

    fn stop_and_wait(&mut self) {
        self.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has stopped as well.
            let _has_panicked = thread.join().is_err();
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop_and_wait();
    }
}

async fn accept(listener: TcpListener, limits: Limits, connections: Rc<Semaphore>, handler: Handler) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        let Ok(permit) = connections.acquire().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                permit.forget();
                let (connections, handler) = (Rc::clone(&connections), Rc::clone(&handler));
                tokio::task::spawn_local(async move {
                    serve(stream, limits, handler).await;
                    connections.add_permits(1);
                });
            }
            // Out of file descriptors, or a connection that was gone before it was looked at: neither is for ever.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
}
