//! One thread at a time reads, all cores parse, the caller takes what they made in the order of the file.
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::blocks::{Block, Blocks, Buffer};
use crate::session::reader::ReadError;

/// How far workers may run ahead of the caller, in blocks.
const MAX_AHEAD: u64 = 32;

/// Reads to the end of the stream, or until `take` refuses more; gives where that is. What `take` is done with it gives
/// back, and `parse` can make the next one of it.
pub(super) fn pump<R: Read + Send, T: Send>(
    blocks: Blocks<R>,
    n_threads: NonZeroUsize,
    parse: impl Fn(&Block<'_>, Option<T>) -> T + Sync,
    mut take: impl FnMut(io::Result<T>) -> Result<Option<T>, ReadError>,
) -> Result<u64, ReadError> {
    let shared = Shared {
        blocks: Mutex::new((blocks, 0)),
        spent: Mutex::default(),
        n_taken: AtomicU64::new(0),
        stop: AtomicBool::new(false),
    };
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Sent<T>>(n_threads.get() * 2);
        for worker in 0..n_threads.get() {
            let (sender, shared, parse) = (sender.clone(), &shared, &parse);
            thread::Builder::new()
                .name(format!("session parser {worker}"))
                .spawn_scoped(scope, move || work(shared, parse, &sender))
                .map_err(ReadError::Read)?;
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let taken = (|| {
            for (number, made) in &receiver {
                waiting.insert(number, made);
                while let Some(made) = waiting.remove(&next) {
                    next += 1;
                    if let Some(spent) = take(made)? {
                        shared.spent.lock().unwrap_or_else(PoisonError::into_inner).push(spent);
                    }
                    shared.n_taken.store(next, Ordering::Relaxed);
                }
            }
            Ok(())
        })();
        shared.stop.store(true, Ordering::Relaxed);
        drop(receiver);
        taken
    })?;
    let (blocks, _) = shared.blocks.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(blocks.byte())
}

/// What workers send: what was made of a block, by its number, or why there is none.
type Sent<T> = (u64, io::Result<T>);

/// What the workers share.
struct Shared<R, T> {
    /// The stream, and the number of its next block.
    blocks: Mutex<(Blocks<R>, u64)>,
    /// To be used again.
    spent: Mutex<Vec<T>>,
    n_taken: AtomicU64,
    stop: AtomicBool,
}

fn work<R: Read, T>(shared: &Shared<R, T>, parse: &impl Fn(&Block<'_>, Option<T>) -> T, sender: &SyncSender<Sent<T>>) {
    let mut buffer = Buffer::default();
    while !shared.stop.load(Ordering::Relaxed) {
        let Some((number, block)) = next_block(shared, &mut buffer) else { return };
        let spent = || shared.spent.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if sender.send((number, block.map(|block| parse(&block, spent())))).is_err() {
            return;
        }
    }
}

/// The next block and its number; none at the end or after an error.
fn next_block<'a, R: Read, T>(shared: &Shared<R, T>, buffer: &'a mut Buffer) -> Option<(u64, io::Result<Block<'a>>)> {
    let mut blocks = shared.blocks.lock().unwrap_or_else(PoisonError::into_inner);
    while blocks.1 > shared.n_taken.load(Ordering::Relaxed) + MAX_AHEAD {
        if shared.stop.load(Ordering::Relaxed) {
            return None;
        }
        thread::sleep(Duration::from_micros(200));
    }
    let block = blocks.0.next(buffer).transpose()?;
    blocks.1 += 1;
    Some((blocks.1 - 1, block))
}
