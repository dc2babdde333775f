//! Writes session files: record by record while things happen, or a whole session at once and atomically.
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::reader::KeptLine;
use super::secrets::{Aliases, Secrets};
use super::wire::{write_header, write_record};
use crate::core::record::{Record, SessionHeader};

/// A session file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("failed to write {}: {source}", path.display())]
pub struct WriteError {
    path: PathBuf,
    source: io::Error,
}

impl WriteError {
    /// Why nothing could be written there.
    #[must_use]
    pub fn of(path: &Path, source: io::Error) -> Self {
        Self { path: path.to_owned(), source }
    }

    /// Whether whoever read what was written has gone away.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        self.source.kind() == io::ErrorKind::BrokenPipe
    }
}

/// A session as a stream of lines. Only appends, so a crash costs at most the line that was being written.
#[derive(Debug)]
pub struct SessionWriter<W> {
    out: W,
    path: PathBuf,
    secrets: Secrets,
    batch: Vec<u8>,
}

impl SessionWriter<File> {
    /// Begins a session file that only its owner can read. A file of that name is replaced.
    ///
    /// # Errors
    /// If the file cannot be made or written.
    pub fn create(path: &Path, header: &SessionHeader, secrets: Secrets) -> Result<Self, WriteError> {
        let error = |source| WriteError { path: path.to_owned(), source };
        let out = private_file(OpenOptions::new().write(true).create(true).truncate(true), path).map_err(error)?;
        Self::begin(out, path.to_owned(), header, secrets)
    }

    /// Goes on with a session file, behind its last line. One that was cut off in the middle stays as it is.
    ///
    /// # Errors
    /// If the file cannot be opened or written, or is packed.
    pub fn append(path: &Path, secrets: Secrets) -> Result<Self, WriteError> {
        let error = |source| WriteError { path: path.to_owned(), source };
        let mut out = OpenOptions::new().read(true).append(true).open(path).map_err(error)?;
        let (mut head, mut last) = ([0], [b'\n']);
        let is_json = out.read(&mut head).map_err(error)? == 0 || head == *b"{" || head == [0xef];
        if !is_json {
            let packed = "it is packed; unpack it, or write what happens into another file";
            return Err(error(io::Error::new(io::ErrorKind::InvalidInput, packed)));
        }
        if out.seek(SeekFrom::End(-1)).is_ok() {
            out.read_exact(&mut last).map_err(error)?;
        }
        if last != *b"\n" {
            out.write_all(b"\n").map_err(error)?;
        }
        Ok(Self { out, path: path.to_owned(), secrets, batch: Vec::new() })
    }

    /// Makes sure that everything is on the disk.
    ///
    /// # Errors
    /// If the system cannot say so.
    pub fn finish(self) -> Result<(), WriteError> {
        self.out.sync_all().map_err(|source| WriteError { path: self.path, source })
    }
}

impl<W: Write> SessionWriter<W> {
    /// Begins a session on any stream; `name` stands in errors.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn begin(
        out: W,
        name: impl Into<PathBuf>,
        header: &SessionHeader,
        secrets: Secrets,
    ) -> Result<Self, WriteError> {
        let mut writer = Self { out, path: name.into(), secrets, batch: Vec::new() };
        let header = writer.secrets.header(header);
        let written = write_header(&mut writer.batch, &header, writer.secrets.name());
        writer.end_batch(written)?;
        Ok(writer)
    }

    /// Appends records and hands them to the system, so that they outlive this program.
    ///
    /// # Errors
    /// Those of the stream; nothing more should be written then.
    pub fn write<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> Result<(), WriteError> {
        let written = records.into_iter().try_for_each(|record| self.add(record));
        self.end_batch(written)
    }

    fn add(&mut self, record: &Record) -> io::Result<()> {
        write_record(&mut self.batch, &self.secrets.record(record))
    }

    fn add_kept(&mut self, line: &KeptLine) -> io::Result<()> {
        serde_json::to_writer(&mut self.batch, &self.secrets.json(&line.json))?;
        self.batch.push(b'\n');
        Ok(())
    }

    /// Appends records that are given one by one, lines that a reader kept back in their places.
    ///
    /// # Errors
    /// Those of the stream, and of whoever gives the records; nothing more should be written then.
    pub fn write_all(&mut self, records: &mut Give<'_>, kept: &[KeptLine]) -> Result<(), WriteError> {
        let written = self.add_all(records, kept);
        self.end_batch(written)
    }

    fn add_all(&mut self, records: &mut Give<'_>, kept: &[KeptLine]) -> io::Result<()> {
        const BATCH_BYTES: usize = 1 << 20;
        let (mut kept, mut n_records) = (kept.iter().peekable(), 0);
        records(&mut |record| {
            while let Some(line) = kept.next_if(|line| line.before_record <= n_records) {
                self.add_kept(line)?;
            }
            n_records += 1;
            let record = self.secrets.owned(record);
            write_record(&mut self.batch, &record)?;
            if self.batch.len() >= BATCH_BYTES { self.hand_over() } else { Ok(()) }
        })?;
        kept.try_for_each(|line| self.add_kept(line))
    }

    fn end_batch(&mut self, written: io::Result<()>) -> Result<(), WriteError> {
        let written = written.and_then(|()| self.hand_over());
        self.batch.clear();
        written.map_err(|source| WriteError { path: self.path.clone(), source })
    }

    fn hand_over(&mut self) -> io::Result<()> {
        self.out.write_all(&self.batch)?;
        self.batch.clear();
        self.out.flush()
    }
}

/// Gives the records of a session one by one, as often as it is called; its errors are those of reading them and of whoever
/// takes them.
pub type Give<'a> = dyn FnMut(&mut dyn FnMut(Record) -> io::Result<()>) -> io::Result<()> + 'a;

/// Writes a whole session in place of the file, all of it or nothing: into a file beside it, then renamed.
///
/// # Errors
/// If the file cannot be written; an older one is then as it was.
pub fn save(
    path: &Path,
    header: &SessionHeader,
    records: &[Record],
    kept: &[KeptLine],
    secrets: Secrets,
) -> Result<(), WriteError> {
    save_from(path, header, &mut |take| records.iter().cloned().try_for_each(take), kept, secrets)
}

/// The same of a session whose records are read while they are written, so that there are never many in memory. They are
/// gone over once, and once more before if it [has aliases](has_aliases).
///
/// # Errors
/// As [`save`], and if a record cannot be read.
pub fn save_from(
    path: &Path,
    header: &SessionHeader,
    records: &mut Give<'_>,
    kept: &[KeptLine],
    mut secrets: Secrets,
) -> Result<(), WriteError> {
    if let Secrets::Aliased(aliases) = &mut secrets
        && has_aliases(header)
    {
        let reserved = records(&mut |record| {
            reserve_in(&record, aliases);
            Ok(())
        });
        reserved.map_err(|source| WriteError { path: path.to_owned(), source })?;
    }
    replace_file(path, |file| {
        let mut writer = SessionWriter::begin(file, path, header, secrets).map_err(|error| error.source)?;
        writer.write_all(records, kept).map_err(|error| error.source)
    })
}

/// Whether aliases stand in a session for its secrets.
#[must_use]
pub fn has_aliases(header: &SessionHeader) -> bool {
    header.extra.get("secrets").is_some_and(|secrets| secrets == "aliased")
}

/// Writes a file that only its owner can read in place of another, all of it or nothing. A pipe or a device is written to.
///
/// # Errors
/// Those of `write`, and if the file cannot be made; an older one is then as it was.
pub fn replace_file(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), WriteError> {
    // A link stays a link: what it leads to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|target| !target.is_file() && !target.is_dir()) {
        // A pipe or a device is nothing that could be replaced.
        let written = OpenOptions::new().write(true).open(&target).and_then(|mut file| write(&mut file));
        return written.map_err(|source| WriteError::of(path, source));
    }
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = target.with_file_name(name);
    let written = private_file(OpenOptions::new().write(true).create(true).truncate(true), &temporary)
        .and_then(|mut file| {
            write(&mut file)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&temporary, &target));
    if written.is_err() {
        // The first error is the one to tell; the temporary file may not even be there.
        fs::remove_file(&temporary).unwrap_or_default();
    }
    written.and_then(|()| sync_folder(&target)).map_err(|source| WriteError { path: path.to_owned(), source })
}

/// A session that was read with aliases in it and went on with secrets: new ones must not get the old numbers.
pub fn reserve_aliases(header: &SessionHeader, records: &[Record], secrets: &mut Secrets) {
    if let Secrets::Aliased(aliases) = secrets
        && has_aliases(header)
    {
        for record in records {
            reserve_in(record, aliases);
        }
    }
}

fn reserve_in(record: &Record, aliases: &mut Aliases) {
    let mut line = Vec::new();
    if write_record(&mut line, record).is_ok() {
        aliases.reserve(&String::from_utf8_lossy(&line));
    }
}

fn private_file(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let file = options.mode(0o600).open(path)?;
        // The mode counts for a new file only.
        if file.metadata()?.is_file() {
            file.set_permissions(fs::Permissions::from_mode(0o600))?;
        }
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

/// Makes the new name durable, where folders can be synced.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::EventRecord;
    use crate::core::time::Timestamp;
    use crate::session::reader::{read_bytes, read_file};
    use crate::session::secrets::Aliases;
    use serde_json::{Map, json};

    fn header() -> SessionHeader {
        SessionHeader::new("s", "n", Timestamp::EPOCH, "fired")
    }

    fn event(number: u32, payload: serde_json::Value) -> Record {
        let id = format!("e{number}").into();
        let received_at = Timestamp::EPOCH;
        Record::Event(EventRecord { id, received_at, message_id: None, payload, extra: Map::new() }.into())
    }

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_was_written_is_there_before_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.jsonl");
        let mut writer = SessionWriter::create(&path, &header(), Secrets::Kept).unwrap();
        for number in 0..3 {
            writer.write(&[event(number, json!({}))]).unwrap();
            let (session, problems) = read_file(&path).unwrap();
            assert_eq!((session.records.len(), problems.len()), (number as usize + 1, 0));
        }
        writer.finish().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn files_are_for_their_owner_only_even_if_they_were_not_before() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["new", "old"] {
            let path = folder.path().join(name);
            if name == "old" {
                fs::write(&path, "public").unwrap();
            }
            SessionWriter::create(&path, &header(), Secrets::Kept).unwrap().finish().unwrap();
            assert_eq!(mode(&path), 0o600, "{name}");
            save(&path, &header(), &[], &[], Secrets::Kept).unwrap();
            assert_eq!(mode(&path), 0o600, "{name}");
        }
    }

    #[test]
    fn a_saved_session_has_its_kept_lines_where_they_were() {
        let text = "{\"type\":\"session\",\"version\":1,\"id\":\"s\",\"created_at\":\"2026-11-22T00:00:00Z\"}\n\
                    {\"type\":\"note\",\"n\":1}\n\
                    {\"type\":\"event\",\"id\":\"e1\",\"received_at\":\"2026-11-22T00:00:00.000Z\",\"brief\":{\"name\":\"\"},\"payload\":{},\"new\":2}\n\
                    {\"type\":\"note\",\"n\":3}\n";
        let (session, _) = read_bytes(text.as_bytes()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.jsonl");
        save(&path, &session.header, &session.records, &session.kept, Secrets::aliased(Aliases::new())).unwrap();
        let written = fs::read_to_string(&path).unwrap();
        let lines = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(lines(&written), lines(text));
        assert!(
            written.starts_with("{\"type\":\"session\"") && written.contains("\"secrets\":\"aliased\""),
            "{written}"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_save_that_fails_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.jsonl");
        fs::write(&path, "old").unwrap();
        let failed = replace_file(&path, |file| {
            file.write_all(b"half")?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = save(&folder.path().join("no/such"), &header(), &[], &[], Secrets::Kept).unwrap_err();
        assert!(nowhere.to_string().starts_with("failed to write "), "{nowhere}");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        use std::os::unix::fs::FileTypeExt as _;
        let null = Path::new("/dev/null");
        replace_file(null, |file| file.write_all(b"text")).unwrap();
        assert!(fs::metadata(null).unwrap().file_type().is_char_device());
    }

    #[test]
    fn new_secrets_of_an_opened_session_get_numbers_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.jsonl");
        let mut header = header();
        header.extra.insert("secrets".into(), json!("aliased"));
        let records = [event(1, json!({"access_token": "fired-now"})), event(2, json!({"access_token": "‹token#1›"}))];
        save(&path, &header, &records, &[], Secrets::aliased(Aliases::new())).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("‹token#2›") && !text.contains("fired-now"), "{text}");
    }
}
