//! One thread at a time reads, all cores parse, and the caller takes what they made in the order of the file. The caller
//! parses as well while there is nothing to take, so that nobody is woken for every block.
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

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
        rack: Mutex::new(Rack { made: BTreeMap::new(), spent: Vec::new(), n_taken: 0, n_workers: n_threads.get() - 1 }),
        changed: Condvar::new(),
        stop: AtomicBool::new(false),
    };
    thread::scope(|scope| {
        // Workers stop when the caller leaves, whichever way.
        let stopping = Stopping(&shared);
        for worker in 1..n_threads.get() {
            let (shared, parse) = (&shared, &parse);
            thread::Builder::new()
                .name(format!("session parser {worker}"))
                .spawn_scoped(scope, move || work(shared, parse))
                .map_err(ReadError::Read)?;
        }
        let mut buffer = Buffer::default();
        loop {
            while let Some(made) = shared.next_made() {
                let spent = take(made)?;
                shared.on_rack().taken(spent);
                shared.changed.notify_all();
            }
            if !shared.is_too_far_ahead() && shared.make_one(&mut buffer, &parse).is_continue() {
                continue;
            }
            if !shared.wait_for_next() {
                break;
            }
        }
        drop(stopping);
        Ok(())
    })?;
    let (blocks, _) = shared.blocks.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(blocks.byte())
}

/// What the threads share.
struct Shared<R, T> {
    /// The stream, and the number of its next block.
    blocks: Mutex<(Blocks<R>, u64)>,
    rack: Mutex<Rack<T>>,
    /// Something came onto the rack, or went from it.
    changed: Condvar,
    stop: AtomicBool,
}

/// What was made and waits for its turn.
struct Rack<T> {
    /// What was made of a block, by its number, or why there is none.
    made: BTreeMap<u64, io::Result<T>>,
    /// To be used again.
    spent: Vec<T>,
    n_taken: u64,
    /// Workers that may still put something here.
    n_workers: usize,
}

impl<T> Rack<T> {
    fn taken(&mut self, spent: Option<T>) {
        self.n_taken += 1;
        self.spent.extend(spent);
    }
}

impl<R: Read, T> Shared<R, T> {
    fn on_rack(&self) -> MutexGuard<'_, Rack<T>> {
        self.rack.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is next in the order of the file, if it was made.
    fn next_made(&self) -> Option<io::Result<T>> {
        let mut rack = self.on_rack();
        let next = rack.n_taken;
        rack.made.remove(&next)
    }

    fn is_too_far_ahead(&self) -> bool {
        self.on_rack().made.len() as u64 >= MAX_AHEAD
    }

    /// Reads the next block and parses it; breaks at the end of the stream.
    fn make_one(&self, buffer: &mut Buffer, parse: &impl Fn(&Block<'_>, Option<T>) -> T) -> ControlFlow<()> {
        let Some((number, block)) = self.next_block(buffer) else { return ControlFlow::Break(()) };
        let spent = self.on_rack().spent.pop();
        let made = block.map(|block| parse(&block, spent));
        self.on_rack().made.insert(number, made);
        self.changed.notify_all();
        ControlFlow::Continue(())
    }

    /// The next block and its number; none at the end or after an error.
    fn next_block<'a>(&self, buffer: &'a mut Buffer) -> Option<(u64, io::Result<Block<'a>>)> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        let block = blocks.0.next(buffer).transpose()?;
        blocks.1 += 1;
        Some((blocks.1 - 1, block))
    }

    /// Waits until what is next was made; says whether it ever will be.
    fn wait_for_next(&self) -> bool {
        let is_awaited = |rack: &mut Rack<T>| !rack.made.contains_key(&rack.n_taken) && rack.n_workers > 0;
        let rack = self.changed.wait_while(self.on_rack(), is_awaited).unwrap_or_else(PoisonError::into_inner);
        rack.made.contains_key(&rack.n_taken)
    }

    /// Waits until the caller has caught up; says whether to go on.
    fn wait_for_room(&self) -> bool {
        let is_full = |rack: &mut Rack<T>| rack.made.len() as u64 >= MAX_AHEAD && !self.stop.load(Ordering::Relaxed);
        drop(self.changed.wait_while(self.on_rack(), is_full).unwrap_or_else(PoisonError::into_inner));
        !self.stop.load(Ordering::Relaxed)
    }
}

fn work<R: Read, T>(shared: &Shared<R, T>, parse: &impl Fn(&Block<'_>, Option<T>) -> T) {
    let leaving = Leaving(shared);
    let mut buffer = Buffer::default();
    while shared.wait_for_room() && shared.make_one(&mut buffer, parse).is_continue() {}
    drop(leaving);
}

/// A worker that says so when it leaves, be it by a panic.
struct Leaving<'a, R: Read, T>(&'a Shared<R, T>);

impl<R: Read, T> Drop for Leaving<'_, R, T> {
    fn drop(&mut self) {
        let mut rack = self.0.on_rack();
        rack.n_workers = rack.n_workers.saturating_sub(1);
        drop(rack);
        self.0.changed.notify_all();
    }
}

/// Tells workers to stop when the caller leaves.
struct Stopping<'a, R: Read, T>(&'a Shared<R, T>);

impl<R: Read, T> Drop for Stopping<'_, R, T> {
    fn drop(&mut self) {
        // Under the lock, so that no worker begins to wait in between.
        let rack = self.0.on_rack();
        self.0.stop.store(true, Ordering::Relaxed);
        drop(rack);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::super::blocks::Content;
    use super::*;

    /// Goes over so many numbered lines; gives what was taken, up to a limit.
    fn taken(n_lines: u32, n_threads: usize, limit: usize) -> (Vec<u32>, bool) {
        let text: Vec<u8> = (0..n_lines).flat_map(|number| format!("line {number}\n").into_bytes()).collect();
        let blocks = Blocks::new(&text[..], 0, 1 << 20, None);
        let parse = |block: &Block<'_>, _: Option<Vec<u32>>| {
            let Content::Lines(lines) = block.content else { panic!("no line is long") };
            let lines = std::str::from_utf8(lines).unwrap().lines();
            lines.map(|line| line.trim_start_matches("line ").parse().unwrap()).collect::<Vec<u32>>()
        };
        let mut all = Vec::new();
        let ended = pump(blocks, NonZeroUsize::new(n_threads).unwrap(), parse, |lines| {
            let lines = lines.map_err(ReadError::Read)?;
            all.extend(&lines);
            if all.len() > limit { Err(ReadError::Stopped) } else { Ok(Some(lines)) }
        });
        (all, ended.is_ok_and(|end| end == text.len() as u64))
    }

    #[test]
    fn every_block_is_taken_once_in_the_order_of_the_file_on_any_number_of_threads() {
        for n_threads in [1, 2, 3, 8] {
            let (all, has_ended) = taken(1_500_000, n_threads, usize::MAX);
            assert!(has_ended && all.iter().copied().eq(0..1_500_000), "{n_threads} threads");
        }
        assert_eq!(taken(0, 2, usize::MAX), (Vec::new(), true));
    }

    #[test]
    fn who_takes_no_more_ends_all_of_it() {
        for n_threads in [1, 2, 8] {
            let (all, has_ended) = taken(1_500_000, n_threads, 100_000);
            assert!(!has_ended && all.len() < 1_500_000, "{n_threads} threads");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_behind_what_could() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let lines: Vec<u8> = b"a line\n".repeat(200_000);
        for n_threads in [1, 2, 4] {
            let blocks = Blocks::new((&lines[..]).chain(Failing), 0, 1 << 20, None);
            let mut told = Vec::new();
            pump(
                blocks,
                NonZeroUsize::new(n_threads).unwrap(),
                |_, _: Option<()>| (),
                |made| {
                    told.push(made.is_ok());
                    Ok(made.ok())
                },
            )
            .unwrap();
            assert!(told.len() > 2 && told.iter().filter(|is_fine| !**is_fine).count() == 1, "{told:?}");
            assert_eq!(told.last(), Some(&false));
        }
    }

    #[test]
    #[should_panic = "a scoped thread panicked"]
    fn a_worker_that_panics_leaves_nobody_waiting() {
        let lines: Vec<u8> = b"a line\n".repeat(2_000_000);
        let caller = thread::current().id();
        let parse = |_: &Block<'_>, _: Option<()>| assert!(thread::current().id() == caller, "as it must");
        let waiting = |made: io::Result<()>| {
            thread::sleep(std::time::Duration::from_millis(1));
            Ok(made.ok())
        };
        drop(pump(Blocks::new(&lines[..], 0, 1 << 20, None), NonZeroUsize::new(2).unwrap(), parse, waiting));
    }
}
