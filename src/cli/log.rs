//! `munjigi log`.

use std::{
    io::{BufWriter, Write},
    path::PathBuf,
};

use serde_json::json;

use super::{Failure, day, day_text, open, unix};
use crate::{
    gate::age,
    kiosk::event,
    log,
    pass::{Reason, Verdict},
    store::{Entry, EntryFilter, EntryKind, Store},
};

/// Rows that are read at once.
const PAGE: u64 = 500;

/// Arguments of `munjigi log`.
#[derive(Debug, clap::Args)]
pub struct Log {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands of `munjigi log`.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Shows entries, newest first
    List {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// Entries at most
        #[arg(long, default_value_t = 50)]
        limit: u64,
        /// A JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Writes entries to a file, oldest last
    Export {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// csv, or a JSON object a line
        #[arg(long, default_value = "csv", value_parser = ["csv", "jsonl"])]
        format: String,
        /// Where to; standard output by default
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Compares every entry with its stored hash; names the first that was changed
    Verify {
        /// Data folder of the kiosk
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Erases entries for good and prints a receipt
    Erase {
        /// Data folder of the kiosk
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Entries of days before this one, in Seoul
        #[arg(long, value_name = "DATE", value_parser = day)]
        before: i64,
    },
}

/// Which entries.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Data folder of the kiosk
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Only this day in Seoul
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub day: Option<i64>,
    /// Only this verdict
    #[arg(long, value_name = "granted|refused|undecided", value_parser = verdict)]
    pub verdict: Option<Verdict>,
    /// Only this exact reason
    #[arg(long, value_name = "CODE", value_parser = reason)]
    pub reason: Option<Reason>,
    /// Only this pass number
    #[arg(long, value_name = "NUMBER")]
    pub pass: Option<String>,
}

fn verdict(text: &str) -> Result<Verdict, String> {
    let all = [Verdict::Granted, Verdict::Refused, Verdict::Undecided];
    all.into_iter()
        .find(|verdict| verdict.name() == text)
        .ok_or_else(|| format!("'{text}' is no verdict: granted, refused or undecided"))
}

fn reason(text: &str) -> Result<Reason, String> {
    Reason::from_code(text).ok_or_else(|| {
        let codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        format!("'{text}' is no reason: {}", codes.join(", "))
    })
}

impl Which {
    fn filter(&self) -> EntryFilter {
        EntryFilter {
            day: self.day,
            verdict: self.verdict,
            reason: self.reason,
            pass: self.pass.as_deref().map(str::to_uppercase),
            ..EntryFilter::default()
        }
    }

    /// Every row, a page at a time, so that memory does not grow with the log.
    fn each(
        &self,
        store: &Store,
        limit: u64,
        mut tell: impl FnMut(&Entry) -> std::io::Result<()>,
    ) -> Result<(), Failure> {
        let mut filter = self.filter();
        let mut left = limit;
        while left > 0 {
            filter.limit = PAGE.min(left);
            let rows = store.entries(&filter).map_err(failed)?;
            for row in &rows {
                tell(row).map_err(|error| {
                    Failure::device(error, "Is there room, and may this user write?")
                })?;
            }
            // By number, not by place: what the kiosk writes meanwhile moves every place.
            filter.before = rows.last().map(|row| row.seq);
            left -= rows.len() as u64;
            if (rows.len() as u64) < filter.limit {
                break;
            }
        }
        Ok(())
    }
}

impl Log {
    /// Runs it; `false` means that the log does not hold.
    ///
    /// # Errors
    /// [`Failure`] with what to do.
    pub fn run(self) -> Result<bool, Failure> {
        match self.command {
            Command::List { which, limit, json } => {
                let store = open(&which.data)?;
                accessed(&store, "list")?;
                let mut out = std::io::stdout().lock();
                which.each(&store, limit, |row| {
                    if json {
                        writeln!(out, "{}", object(row))
                    } else {
                        writeln!(out, "{}", line(row))
                    }
                })?;
                Ok(true)
            }
            Command::Export { which, format, out } => {
                let store = open(&which.data)?;
                accessed(&store, "export")?;
                let out: Box<dyn Write> = match out {
                    Some(path) => Box::new(private(&path).map_err(|error| {
                        Failure::device(
                            format!("{}: {error}", path.display()),
                            "Give a file that may be written with --out.",
                        )
                    })?),
                    None => Box::new(std::io::stdout()),
                };
                export(&which, &store, BufWriter::new(out), &format)?;
                Ok(true)
            }
            Command::Verify { data, json } => verify(&open(&data)?, json),
            Command::Erase { data, before } => {
                let store = open(&data)?;
                let today = age::seoul_day(unix());
                if before > today {
                    return Err(Failure::usage(
                        format!("{} is in the future", day_text(before)),
                        "Give today's date to erase everything before today.",
                    ));
                }
                let receipt = store.erase_older_than(before, unix()).map_err(failed)?;
                let receipt = json!({"erased": receipt.entries, "before": day_text(receipt.before), "at": event::at(receipt.at * 1000), "wiped": receipt.wiped});
                let _ = writeln!(std::io::stdout(), "{receipt}");
                Ok(true)
            }
        }
    }
}

/// A file for this user only: pass numbers stand in it.
fn private(path: &std::path::Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new();
    file.create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(path)
}

fn accessed(store: &Store, what: &str) -> Result<(), Failure> {
    store
        .record_access("command line", &format!("log {what}"), unix())
        .map_err(failed)
}

fn export(which: &Which, store: &Store, mut out: impl Write, format: &str) -> Result<(), Failure> {
    let written =
        |error: std::io::Error| Failure::device(error, "Is there room, and may this user write?");
    if format == "csv" {
        writeln!(
            out,
            "seq,at,verdict,reason,service,kind,issuer,pass,outcome"
        )
        .map_err(written)?;
    }
    which.each(store, u64::MAX, |row| {
        if format == "csv" {
            writeln!(out, "{}", comma_separated(row))
        } else {
            writeln!(out, "{}", object(row))
        }
    })?;
    out.flush().map_err(written)
}

fn object(row: &Entry) -> serde_json::Value {
    json!({
        "seq": row.seq,
        "at": event::at(row.at_ms),
        "verdict": row.reason.verdict().name(),
        "reason": row.reason.code(),
        "service": row.service.name(),
        "kind": row.kind.map(EntryKind::name),
        "issuer": row.issuer,
        "pass": row.pass,
        "outcome": row.outcome,
    })
}

/// No field has a comma or a quote: numbers, times, codes, ids of `[a-z0-9-]` and base32.
fn comma_separated(row: &Entry) -> String {
    let fields = [
        row.seq.to_string(),
        event::at(row.at_ms),
        row.reason.verdict().name().into(),
        row.reason.code().into(),
        row.service.name().into(),
        row.kind.map_or("", EntryKind::name).into(),
        row.issuer.clone().unwrap_or_default(),
        row.pass.clone().unwrap_or_default(),
        row.outcome.clone().unwrap_or_default(),
    ];
    fields.join(",")
}

fn line(row: &Entry) -> String {
    let seoul = jiff::tz::TimeZone::get("Asia/Seoul").unwrap_or(jiff::tz::TimeZone::UTC);
    let at = i64::try_from(row.at_ms)
        .ok()
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
        .unwrap_or_default();
    format!(
        "{:>7}  {}  {:<9} {:<19} {:<5} {:<7} {:<12} {:<8} {}",
        row.seq,
        at.to_zoned(seoul).strftime("%Y-%m-%d %H:%M:%S"),
        row.reason.verdict().name(),
        row.reason.code(),
        row.service.name(),
        row.kind.map_or("-", EntryKind::name),
        row.issuer.as_deref().unwrap_or("-"),
        row.pass.as_deref().unwrap_or("-"),
        row.outcome.as_deref().unwrap_or(""),
    )
}

fn verify(store: &Store, json: bool) -> Result<bool, Failure> {
    let mut tree = log::Tree::new();
    let mut broken = None;
    store
        .verify(|leaf| {
            tree.push(leaf.hash);
            if broken.is_none() {
                broken = leaf.problem.map(|problem| (leaf.n, problem));
            }
        })
        .map_err(failed)?;
    let root = hex::encode(tree.root());
    let (at, problem) = broken.unzip();
    if json {
        let said =
            json!({"leaves": tree.len(), "root": root, "first_broken": at, "problem": problem});
        let _ = writeln!(std::io::stdout(), "{said}");
    } else if let (Some(at), Some(problem)) = (at, &problem) {
        let _ = writeln!(std::io::stdout(), "broken at leaf {at}: {problem}");
    } else {
        let _ = writeln!(
            std::io::stdout(),
            "whole: {} leaves, root {root}",
            tree.len()
        );
    }
    Ok(problem.is_none())
}

fn failed(error: impl ToString) -> Failure {
    Failure::device(error, "Run munjigi doctor.")
}
