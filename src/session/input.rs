//! Bytes of a session file, unpacked: plain, gzip or zstd, told by the first bytes and never by the name. What comes
//! out is capped, for two megabytes of gzip can hold two gigabytes.
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

const CHUNK: usize = 1 << 20;
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Opens a file for reading. Directories and devices are refused: neither has an end to wait for.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if !(kind.is_file() || is_pipe(kind)) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a device, not a file"));
    }
    Ok(file)
}

#[cfg(unix)]
fn is_pipe(kind: std::fs::FileType) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    kind.is_fifo() || kind.is_socket()
}

#[cfg(not(unix))]
fn is_pipe(_: std::fs::FileType) -> bool {
    false
}

/// Whether a file is packed; it is read from its beginning afterwards.
pub(crate) fn is_packed(file: &mut File) -> io::Result<bool> {
    let mut head = Vec::new();
    (&mut *file).take(4).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(head.starts_with(GZIP) || head.starts_with(ZSTD))
}

/// Unpacks a stream if it is packed; at most `max_unpacked` bytes come out of a packed one.
pub(crate) fn unpacked<'a>(
    input: impl Read + Send + 'a,
    max_unpacked: u64,
) -> io::Result<Box<dyn BufRead + Send + 'a>> {
    unpacked_from(BufReader::with_capacity(CHUNK, input), max_unpacked)
}

/// The same of what is in memory already.
pub(crate) fn unpacked_from<'a>(
    mut input: impl BufRead + Send + 'a,
    max_unpacked: u64,
) -> io::Result<Box<dyn BufRead + Send + 'a>> {
    let head = input.fill_buf()?;
    let unpacker: Box<dyn Read + Send + 'a> = if head.starts_with(GZIP) {
        Box::new(MultiGzDecoder::new(input))
    } else if head.starts_with(ZSTD) {
        Box::new(Frames { input: Some(input), frame: None })
    } else {
        return Ok(Box::new(input));
    };
    let capped = Capped { unpacker, left: max_unpacked, max_unpacked };
    Ok(Box::new(BufReader::with_capacity(CHUNK, capped)))
}

/// A file that is read from its beginning to its end. The system is asked for what comes next ahead of time, so that a disk
/// has enough to do; a pipe is read as it comes.
#[derive(Debug)]
pub(crate) struct ReadAhead {
    file: File,
    at: u64,
    /// Up to where it was asked for.
    asked: u64,
}

impl ReadAhead {
    pub(crate) const fn new(file: File) -> Self {
        Self { file, at: 0, asked: 0 }
    }
}

impl Read for ReadAhead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const AHEAD: u64 = 16 << 20;
        if self.asked < self.at + AHEAD / 2 {
            ask_for(&self.file, self.asked, AHEAD);
            self.asked += AHEAD;
        }
        let n_read = self.file.read(buffer)?;
        self.at += n_read as u64;
        Ok(n_read)
    }
}

/// Tells the system that so many bytes will be read soon.
#[cfg(target_os = "linux")]
fn ask_for(file: &File, from: u64, n_bytes: u64) {
    use rustix::fs::{Advice, fadvise};
    // Only advice: a system that does not take it reads as it would have.
    fadvise(file, from, std::num::NonZeroU64::new(n_bytes), Advice::WillNeed).unwrap_or_default();
}

#[cfg(not(target_os = "linux"))]
fn ask_for(_: &File, _: u64, _: u64) {}

/// Counts what is read of a stream.
pub(crate) struct Counted<R> {
    pub(crate) input: R,
    pub(crate) n_bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.input.read(buffer)?;
        self.n_bytes.fetch_add(n_read as u64, Ordering::Relaxed);
        Ok(n_read)
    }
}

/// The frames of a zstd stream, one behind the other.
struct Frames<R: BufRead> {
    input: Option<R>,
    frame: Option<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let n_read = frame.read(buffer)?;
                if n_read > 0 || buffer.is_empty() {
                    return Ok(n_read);
                }
            }
            if let Some(frame) = self.frame.take() {
                self.input = Some(frame.into_inner());
            }
            let Some(mut input) = self.input.take() else { return Ok(0) };
            if input.fill_buf()?.is_empty() {
                return Ok(0);
            }
            self.frame = Some(StreamingDecoder::new(input).map_err(io::Error::other)?);
        }
    }
}

struct Capped<R> {
    unpacker: R,
    left: u64,
    max_unpacked: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.unpacker.read(buffer)?;
        self.left = self.left.checked_sub(n_read as u64).ok_or_else(|| {
            io::Error::other(format!("it unpacks to more than the {} bytes that are allowed", self.max_unpacked))
        })?;
        Ok(n_read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn read_all(packed: &[u8], max_unpacked: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        unpacked(packed, max_unpacked)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn packed_files_read_like_plain_ones_even_several_in_a_row() {
        let text = b"{\"type\":\"session\"}\n".repeat(1000);
        for packed in [text.clone(), gzip(&text), zstd(&text)] {
            assert_eq!(read_all(&packed, 1 << 20).unwrap(), text);
        }
        assert_eq!(read_all(&[gzip(&text), gzip(&text)].concat(), 1 << 20).unwrap(), text.repeat(2));
        assert_eq!(read_all(&[zstd(&text), zstd(&text)].concat(), 1 << 20).unwrap(), text.repeat(2));
    }

    #[test]
    fn a_bomb_stops_at_the_cap() {
        let zeros = vec![0; 1 << 20];
        for bomb in [gzip(&zeros), zstd(&zeros)] {
            assert!(bomb.len() < 10_000);
            let error = read_all(&bomb, 1000).unwrap_err();
            assert_eq!(error.to_string(), "it unpacks to more than the 1000 bytes that are allowed");
        }
    }

    #[test]
    fn folders_are_refused() {
        assert!(open(Path::new(env!("CARGO_MANIFEST_DIR"))).is_err());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn damaged_archives_are_errors_and_no_crash(
            damage in proptest::collection::vec((0_usize..200, proptest::num::u8::ANY), 1..8),
        ) {
            let text: Vec<u8> = (0..2000_u32).flat_map(|number| (number * 7919).to_string().into_bytes()).collect();
            for mut packed in [gzip(&text), zstd(&text)] {
                for (at, byte) in &damage {
                    let at = 4 + at % (packed.len() - 4);
                    packed[at] = *byte;
                }
                if let Ok(read) = read_all(&packed, 1 << 20) {
                    proptest::prop_assert!(read.len() <= 1 << 20);
                }
            }
        }
    }
}
