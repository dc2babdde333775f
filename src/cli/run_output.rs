//! Where the records of a run go: a session file, and what is printed.
use std::io::{self, BufWriter, Stdout, Write};
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::args::{Format, RunArgs};
use super::failure::Failure;
use super::output::{self, counted};
use super::session_out::SessionOut;
use crate::core::duration_words::in_words;
use crate::core::names::ClockKind;
use crate::core::record::{Record, SessionHeader};
use crate::net::engine::RunSummary;
use crate::session::export::text::{Order, TextExport};
use crate::session::export::{JsonExport, Shape};
use crate::session::secrets::Secrets;

/// What a run came to, for people and for programs.
pub(super) struct Ending {
    sentence: String,
    json: Value,
}

impl Ending {
    /// A run that came to its end or was stopped.
    pub(super) fn of(summary: &RunSummary) -> Self {
        let count = |count: u64, thing: &str| counted(usize::try_from(count).unwrap_or(usize::MAX), thing);
        let fates = [
            (summary.n_delivered, "delivered"),
            (summary.n_discarded, "given up"),
            (summary.n_filtered, "filtered"),
            (summary.n_unfinished, "unfinished"),
        ];
        let fates = fates.into_iter().filter(|(count, _)| *count > 0).map(|(count, fate)| format!("{count} {fate}"));
        let mut parts: Vec<String> = vec![count(summary.n_events, "event")];
        parts.extend(fates);
        let slept = match summary.slept {
            Duration::ZERO => String::new(),
            slept => format!(", {} of it asleep", in_words(slept)),
        };
        let sentence = format!(
            "{} · {}, {} · {}{slept}",
            parts.join(", "),
            count(summary.n_attempts, "attempt"),
            count(summary.n_requests, "request"),
            in_words(summary.ended_at.since(summary.started_at)),
        );
        let json = json!({
            "events": summary.n_events,
            "deliveries": summary.n_deliveries,
            "attempts": summary.n_attempts,
            "requests": summary.n_requests,
            "delivered": summary.n_delivered,
            "discarded": summary.n_discarded,
            "filtered": summary.n_filtered,
            "unfinished": summary.n_unfinished,
            "cut_off": summary.n_cut_off,
            "was_stopped": summary.was_cancelled,
            "slept_ms": u64::try_from(summary.slept.as_millis()).unwrap_or(u64::MAX),
            "started_at": summary.started_at.to_string(),
            "ended_at": summary.ended_at.to_string(),
        });
        Self { sentence, json }
    }

    /// A run that could not go on. The message goes to standard error; here it stands for programs.
    pub(super) fn failed(message: &str) -> Self {
        Self { sentence: "the run broke off".to_owned(), json: json!({ "error": message }) }
    }
}

/// Takes the records of a run, secrets treated already.
pub(super) struct Sinks {
    session: Option<SessionOut>,
    report: Report,
    batch: Vec<Record>,
    batch_size: usize,
}

enum Report {
    Text(TextExport<BufWriter<Stdout>>),
    Json(JsonExport<BufWriter<Stdout>>),
    Nothing,
}

impl Sinks {
    /// Opens what the command line asks for. `secrets` says how they were treated in what comes.
    pub(super) fn open(
        args: &RunArgs,
        header: &SessionHeader,
        clock: ClockKind,
        secrets: &Secrets,
    ) -> Result<Self, Failure> {
        Self::refuse_both_to_stdout(args)?;
        let open = |path: &PathBuf| SessionOut::open(path, header, Self::treated(secrets));
        let session = args.out.as_ref().map(open).transpose()?;
        Self::new(session, args, header, clock, secrets)
    }

    /// Two things cannot be written to standard output.
    pub(super) fn refuse_both_to_stdout(args: &RunArgs) -> Result<(), Failure> {
        if args.out.as_deref().is_some_and(output::is_dash) && args.format.is_some() {
            let message = "`--out -` writes the session to standard output, where `--format` would write as well";
            return Err(Failure::Usage(message.to_owned()));
        }
        Ok(())
    }

    /// What is to be said of secrets that were treated so in what comes.
    pub(super) const fn treated(secrets: &Secrets) -> Secrets {
        match secrets {
            Secrets::Kept => Secrets::Kept,
            Secrets::Aliased(_) | Secrets::AliasedBefore => Secrets::AliasedBefore,
        }
    }

    /// The same with a session that is open.
    pub(super) fn new(
        session: Option<SessionOut>,
        args: &RunArgs,
        header: &SessionHeader,
        clock: ClockKind,
        secrets: &Secrets,
    ) -> Result<Self, Failure> {
        let secrets = Self::treated(secrets);
        let session_to_stdout = args.out.as_deref().is_some_and(output::is_dash);
        let report = match args.format {
            None if session_to_stdout => Report::Nothing,
            None | Some(Format::Text) => {
                let order = if clock == ClockKind::Wall { Order::AsTheyEnd } else { Order::AsTheyBegan };
                Report::Text(TextExport::begin(output::stdout(), header, secrets, output::paint(), order))
            }
            Some(Format::Json) => Report::Json(JsonExport::begin(output::stdout(), header, secrets, Shape::Document)?),
        };
        // In real time every record is on its way to the disk before the next one comes.
        let batch_size = if clock == ClockKind::Wall { 1 } else { 512 };
        Ok(Self { session, report, batch: Vec::new(), batch_size })
    }

    /// Takes a record.
    pub(super) fn add(&mut self, record: Record) -> Result<(), Failure> {
        self.report(&record)?;
        self.batch.push(record);
        if self.batch.len() >= self.batch_size { self.write_batch() } else { Ok(()) }
    }

    /// Takes a record for what is printed, but not for the session.
    pub(super) fn report(&mut self, record: &Record) -> Result<(), Failure> {
        let reported = match &mut self.report {
            Report::Text(export) => export.add(record),
            Report::Json(export) => export.add(record),
            Report::Nothing => Ok(()),
        };
        match reported {
            // Nobody reads on, but the session is still wanted.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && self.session.is_some() => {
                self.report = Report::Nothing;
            }
            other => other?,
        }
        Ok(())
    }

    fn write_batch(&mut self) -> Result<(), Failure> {
        if let Some(session) = &mut self.session {
            session.write(&self.batch)?;
        }
        self.batch.clear();
        Ok(())
    }

    /// Writes the end of everything. The session is durable before anything is said of it.
    pub(super) fn finish(mut self, ending: &Ending) -> Result<(), Failure> {
        self.write_batch()?;
        if let Some(session) = self.session {
            session.finish()?;
        }
        match self.report {
            Report::Text(export) => {
                let mut out = export.finish()?;
                writeln!(out, "{}", ending.sentence)?;
                out.flush()?;
            }
            Report::Json(export) => export.finish(&ending.json)?,
            Report::Nothing => {}
        }
        Ok(())
    }
}
