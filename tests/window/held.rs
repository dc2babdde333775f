//! A receiver on this machine that answers when a test lets it, so that what is under way stays so for as long as the test
//! looks at it.
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::{io, thread};

/// What Pendo says when it has taken a visitor.
const TAKEN: &str = r#"{"multistatus":[{"operation":"add","status":200}]}"#;

/// The receiver. When it is dropped, whoever still waits is answered.
pub(crate) struct Held {
    address: String,
    gate: Arc<Gate>,
}

/// How many answers may still be given.
#[derive(Default)]
struct Gate {
    state: Mutex<Count>,
    has_opened: Condvar,
}

/// Requests that have come, and those of them that may be answered.
#[derive(Default)]
struct Count {
    n_come: usize,
    n_let_in: usize,
}

impl Held {
    pub(crate) fn listen() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let gate = Arc::<Gate>::default();
        let of_threads = Arc::clone(&gate);
        let accept = move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let gate = Arc::clone(&of_threads);
                // Who hangs up has no need of an answer.
                let serve = move || serve(&stream, &gate).ok();
                if thread::Builder::new().name("one answer".to_owned()).spawn(serve).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name("receiver".to_owned()).spawn(accept)?;
        Ok(Self { address, gate })
    }

    /// Where plans send to.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Lets so many requests more be answered.
    pub(crate) fn answer(&self, n_answers: usize) {
        let mut state = self.gate.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.n_let_in = state.n_let_in.saturating_add(n_answers);
        self.gate.has_opened.notify_all();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.answer(usize::MAX);
    }
}

impl Gate {
    /// Waits for an answer; who came first gets it first.
    fn pass(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = state.n_come;
        state.n_come += 1;
        drop(self.has_opened.wait_while(state, |state| state.n_let_in <= ticket));
    }
}

/// One request, one answer.
fn serve(mut stream: &TcpStream, gate: &Gate) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
    gate.pass();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
    write!(stream, "{head}content-length: {}\r\n\r\n{TAKEN}", TAKEN.len())
}
